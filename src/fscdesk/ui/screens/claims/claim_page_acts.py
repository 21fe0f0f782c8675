"""What can be done with the claim on its page: each act says what it did, and how to undo it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar
from uuid import uuid4

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.services.claims.answers import PayersAnswer, record_answer
from fscdesk.services.claims.as_cms1500 import CmsMode, claim_pdf
from fscdesk.services.claims.building import drop_claims
from fscdesk.services.claims.changing import (
    Changed,
    Put,
    Typed,
    change_fields,
    put_back,
    put_in_batch,
    take_from_batch,
)
from fscdesk.services.claims.correcting import void_claim
from fscdesk.services.claims.detail import ClaimPage, FindingRow
from fscdesk.services.claims.editing import hold_claim, release_claim
from fscdesk.services.claims.giving_forms import note_forms_given
from fscdesk.services.claims.going_back import take_back_resend
from fscdesk.services.claims.listing import claim_row
from fscdesk.services.claims.printers import known_printer
from fscdesk.services.claims.scrubbing import accept_warning, take_back_acceptance
from fscdesk.services.claims.tracking import add_claim_note, assign_claims
from fscdesk.services.setup.people import people
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import (
    FieldsDialog,
    carry_out,
    open_dialog,
    reason_field,
)
from fscdesk.ui.forms.fields import ChoiceField
from fscdesk.ui.given_out import noted
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.claims.answer_dialog import AnswerDialog
from fscdesk.ui.screens.claims.wording import FREQUENCIES, status_mark
from fscdesk.ui.text import count_text, day_text
from fscdesk.ui.undo import Undo

T = TypeVar("T")
UNDONE = "Undone"


class ClaimPageActs(QObject):
    """The acts; ``page`` is the claim in front, as the person sees it."""

    def __init__(self, shell: Shell, window: QWidget, today: Callable[[], date]) -> None:
        super().__init__(window)
        self._shell, self._window, self._today = shell, window, today
        self.page: ClaimPage | None = None
        self._key = uuid4().hex

    # What is typed

    def save(
        self,
        typed: Sequence[Typed],
        then: Callable[[Changed], object],
        refused: Callable[[BaseException], object],
    ) -> None:
        """Save what was typed; ``then`` is told which claim took it."""
        page = self._page
        claim_id, version = page.row.id, page.row.version

        def done(what: Changed) -> None:
            self._shell.messages.info(saved_words(page, what), undo=undo_of(what))
            then(what)

        def not_done(fault: BaseException) -> None:
            refused(fault)

        self._shell.desk.act(
            self,
            lambda work: change_fields(work, claim_id, typed, expected_version=version),
            done,
            not_done,
        )

    def put(self, then: Callable[[Put], object]) -> None:
        """Put the claim into the next batch, as what it must go."""
        row = self._page.row

        def done(what: Put) -> None:
            self._shell.messages.info(put_words(what), undo=_undo_put(what))
            then(what)

        self._act(lambda work: put_in_batch(work, row.id, expected_version=row.version), done)

    def accept(self, finding: FindingRow) -> None:
        """Let a warning pass."""
        claim_id, number = self._page.row.id, self._page.row.number

        def back(work: Work) -> str:
            take_back_acceptance(work, claim_id, finding.rule, finding.line)
            return f"The warning on {number} waits for a look again."

        self._act(
            lambda work: accept_warning(work, claim_id, finding.rule, finding.line),
            lambda _count: self._shell.messages.info(
                f"{number} goes with this warning: {finding.message}",
                undo=Undo("letting the warning pass", back),
            ),
        )

    # Holding, dropping, taking back

    def hold(self) -> FieldsDialog:
        """Ask why a claim shall stay, and hold it."""
        row = self._page.row
        dialog = self._dialog(
            f"Hold claim {row.number}?",
            "It stays behind when claims are sent, until somebody releases it.",
            ("Hold", "Holding…"),
        )
        dialog.row(reason=reason_field(example="Waiting for the new card"))

        def back(work: Work) -> str:
            release_claim(work, row.id, expected_version=claim_row(work, row.id).version)
            return f"{row.number} is not held any more."

        self._carry(
            dialog,
            lambda work: hold_claim(
                work, row.id, str(dialog.value("reason")), expected_version=row.version
            ),
            lambda _none: self._shell.messages.info(
                f"{row.number} is held.", undo=Undo("holding the claim", back)
            ),
        )
        return dialog

    def release(self) -> None:
        """Let a held claim go on."""
        row, why = self._page.row, self._page.held_for

        def back(work: Work) -> str:
            version = claim_row(work, row.id).version
            hold_claim(work, row.id, why, expected_version=version)
            return f"{row.number} is held again."

        self._act(
            lambda work: release_claim(work, row.id, expected_version=row.version),
            lambda _none: self._shell.messages.info(
                f"{row.number} is released and checked again.",
                undo=Undo("releasing the claim", back),
            ),
        )

    def drop(self) -> FieldsDialog:
        """Ask why a claim is dropped that no payer has."""
        row = self._page.row
        dialog = self._dialog(
            f"Drop claim {row.number}?",
            "Its sessions can be built again. The number stays taken.",
            ("Drop", "Dropping…"),
        )
        dialog.row(reason=reason_field(example="Built for the wrong payer"))
        self._carry(
            dialog,
            lambda work: drop_claims(work, [row.id], str(dialog.value("reason"))),
            lambda _count: self._shell.messages.info(f"{row.number} is dropped."),
        )
        return dialog

    def void(self, then: Callable[[int], object]) -> FieldsDialog:
        """Ask why a claim is taken back at its payer, and make the claim that does it (8)."""
        row = self._page.row
        dialog = self._dialog(
            f"Take claim {row.number} back?",
            f"A void (8) under {row.payer_number} is made; the payer takes back what it paid.",
            ("Make the void (8)", "Making it…"),
        )
        dialog.row(reason=reason_field(example="Wrong client"))

        def done(new_id: int) -> None:
            def back(work: Work) -> str:
                drop_claims(work, [new_id], UNDONE)
                return f"{row.number} is not taken back."

            self._shell.messages.info(
                f"The void (8) of {row.number} is made. It goes with the next batch.",
                undo=Undo("the void", back),
            )
            then(new_id)

        self._carry(
            dialog,
            lambda work: void_claim(
                work, row.id, str(dialog.value("reason")), expected_version=row.version
            ),
            done,
        )
        return dialog

    # What the payer said, and who follows it

    def answer(self) -> AnswerDialog:
        """Ask what the payer said of it, as somebody heard or read it."""
        page, row = self._page, self._page.row
        dialog = AnswerDialog(page, self._today, self._window)

        def save() -> None:
            answer: PayersAnswer = dialog.answer()
            carry_out(
                self._shell,
                dialog,
                lambda work: record_answer(work, row.id, answer, expected_version=row.version),
                lambda status: self._shell.messages.info(
                    f"{row.number} is {status_mark(status.value).word.lower()}, as of "
                    f"{day_text(answer.on)}."
                ),
            )

        dialog.wanted.connect(save)
        open_dialog(dialog)
        return dialog

    def assign(self) -> FieldsDialog:
        """Ask who looks after the claim."""
        row = self._page.row
        dialog = self._dialog(f"Who looks after claim {row.number}?", "", ("Assign", "Assigning…"))
        who: ChoiceField[int] = ChoiceField("With", optional=True)
        dialog.row(who=who)

        def offer(found: Sequence[tuple[int, str]]) -> None:
            who.set_options(found)
            if row.assigned_to in {one for one, _name in found}:
                who.set_value(row.assigned_to)

        self._shell.desk.ask(dialog, _people, offer)

        def back(work: Work) -> str:
            seen = {row.id: claim_row(work, row.id).version}
            assign_claims(work, seen, row.assigned_to)
            return f"{row.number} is with {row.assigned or 'nobody'} again."

        def said(count: int) -> None:
            name = who.combo.currentText() or "nobody"
            self._shell.messages.info(
                f"{row.number} is with {name}.",
                undo=Undo("the assignment", back) if count else None,
            )

        self._carry(
            dialog,
            lambda work: assign_claims(work, {row.id: row.version}, dialog.value("who")),
            said,
        )
        return dialog

    def note(self, text: str, then: Callable[[], object]) -> None:
        """Keep a note."""
        claim_id, key = self._page.row.id, self._key

        def done(_id: int) -> None:
            self._key = uuid4().hex
            self._shell.messages.info("The note is kept.")
            then()

        self._act(lambda work: add_claim_note(work, claim_id, text, request_key=key), done)

    # Paper

    def print_(self, mode: CmsMode) -> None:
        """Show the CMS-1500 as it prints: the text for a red form, or a copy for the file."""
        row = self._page.row
        red = mode is CmsMode.RED_FORM
        what = "on the red form" if red else "file copy"
        wanted = self._shell.preferences.forms_printer()
        given = noted(
            self._shell,
            self,
            lambda work, how: note_forms_given(work, [row.id], how, what=mode.value),
        )

        def show(pdf: bytes) -> None:
            self._shell.preview(
                pdf, f"CMS-1500 of {row.number}, {what}", f"cms1500-{row.number}.pdf", given
            )

        self._shell.desk.ask(
            self,
            lambda work: claim_pdf(
                work, [row.id], mode, printer=known_printer(work, wanted) if red else ""
            ),
            show,
            self._shell.messages.refused,
        )

    # Inside

    @property
    def _page(self) -> ClaimPage:
        assert self.page is not None
        return self.page

    def _dialog(self, title: str, sentence: str, verbs: tuple[str, str]) -> FieldsDialog:
        return FieldsDialog(title, sentence, verbs, self._window)

    def _carry(
        self, dialog: FieldsDialog, act: Callable[[Work], T], then: Callable[[T], object]
    ) -> None:
        dialog.wanted.connect(lambda: carry_out(self._shell, dialog, act, then))
        open_dialog(dialog)

    def _act(self, act: Callable[[Work], T], then: Callable[[T], object]) -> None:
        def told(value: T) -> None:
            then(value)

        self._shell.desk.act(self, act, told, self._shell.messages.refused)


def saved_words(page: ClaimPage, what: Changed) -> str:
    """Return what saving did, in a sentence."""
    others = f" {count_text(what.others, 'other claim')} checked again." if what.others else ""
    mended = f" Mended in {' and '.join(what.sources)}.{others}" if what.sources else ""
    if what.made:
        kind = {"7": "corrected claim (7)"}.get(what.frequency.value, "new original")
        return f"{what.number} is made, the {kind} of {page.row.number}.{mended}"
    return f"{what.number} is saved and checked again.{mended}"


def put_words(what: Put) -> str:
    """Return what putting into the batch did, in a sentence."""
    kind = FREQUENCIES.get(what.frequency.value, "").lower()
    under = f" under {what.original_number}" if what.original_number else ""
    if what.ready:
        return f"{what.number} is in today's batch: {kind}{under}."
    return f"{what.number} is not in today's batch yet: {what.why}"


def undo_of(what: Changed) -> Undo | None:
    """Return how to take back what was saved: the new claim, or the claim's own fields."""
    if what.made and not what.sources:

        def drop(work: Work) -> str:
            drop_claims(work, [what.claim_id], UNDONE)
            return f"{what.number} is dropped; the first claim stands as it was."

        return Undo("the correction", drop)
    if what.sources or what.after == what.before:
        return None

    def back(work: Work) -> str:
        return f"{put_back(work, what)} is as it was."

    return Undo("the change of the claim", back)


def _undo_put(what: Put) -> Undo | None:
    if what.made:

        def drop(work: Work) -> str:
            drop_claims(work, [what.claim_id], UNDONE)
            return f"{what.number} is dropped; the first claim stands as it was."

        return Undo("the correction", drop)
    if what.resent:

        def reject(work: Work) -> str:
            return f"{take_back_resend(work, what.claim_id)} is rejected, as it was."

        return Undo("sending it again", reject)
    if not what.back:
        return None

    def hold(work: Work) -> str:
        return f"{take_from_batch(work, what.claim_id)} is out of today's batch."

    return Undo("putting it into the batch", hold)


def _people(work: Work) -> Sequence[tuple[int, str]]:
    return [(one.id, one.name) for one in people(work) if one.active]
