"""What can be done with denied lines: their claims are opened, assigned, argued, billed further."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.models.values import Money
from fscdesk.services.billing.adjustment_entry import PAYER
from fscdesk.services.claims.build_plan import Built
from fscdesk.services.claims.building import build_claims, undo_build
from fscdesk.services.claims.denial_detail import DeniedBy
from fscdesk.services.claims.denials import DenialRow
from fscdesk.services.claims.listing import ClaimRow, rows_of_claims
from fscdesk.services.claims.secondary import plan_secondary
from fscdesk.services.claims.tracking import assign_claims
from fscdesk.services.setup.people import people
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog
from fscdesk.ui.forms.fields import ChoiceField
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.claims.claim_acts import ClaimActs
from fscdesk.ui.screens.claims.denial_words import NO_CLAIM, line_words
from fscdesk.ui.screens.patients.charge_acts import ChargeActs
from fscdesk.ui.tables.spec import RowsAct
from fscdesk.ui.text import count_text
from fscdesk.ui.undo import Undo

Rows = Sequence[DenialRow]
CLAIM, PATIENTS, SESSIONS, REMITTANCE = "claim", "patients", "sessions", "remittance"
NOTHING_OPEN = "The payer owes nothing of it any more."


@dataclass(frozen=True, slots=True)
class _Owed:
    """A denied line as the adjustment of charges knows it."""

    id: int
    day: date
    what: str
    client: Money
    payer: Money


class DenialActs(QObject):
    """The acts of the list, of a row's menu and of the pane. ``claims`` does those of claims."""

    def __init__(
        self, shell: Shell, window: QWidget, claims: ClaimActs, charges: ChargeActs
    ) -> None:
        super().__init__(window)
        self._shell, self._window = shell, window
        self._claims, self._charges = claims, charges

    # Opening

    def open(self, row: DenialRow) -> None:
        """Open the claim at the line that is denied (Enter); without a claim the session."""
        if row.claim_id is None:
            self.open_session(row)
        elif self._shell.has(CLAIM):
            self._shell.open(CLAIM, claim=row.claim_id, field="line_code", line=row.line)

    def open_session(self, row: DenialRow) -> None:
        """Open the session of a line."""
        if row.session_id is not None and self._shell.has(SESSIONS):
            self._shell.open(SESSIONS, session=row.session_id)
        else:
            self._shell.messages.note(NO_CLAIM)

    def correct(self, row: DenialRow) -> None:
        """Open the claim at the field that the payer's reason points to: typing corrects it."""
        if row.claim_id is not None and self._shell.has(CLAIM):
            self._shell.open(CLAIM, claim=row.claim_id)

    def appeal(self, row: DenialRow) -> None:
        """Open the appeal of the claim: a new one, or the one that is open."""
        if row.claim_id is not None and self._shell.has(CLAIM):
            self._shell.open(CLAIM, claim=row.claim_id, tab="appeal")

    def open_account(self, row: DenialRow) -> None:
        """Open the account of the client."""
        if self._shell.has(PATIENTS):
            self._shell.open(PATIENTS, patient=row.patient_id)

    def open_remittance(self, said: DeniedBy) -> None:
        """Open the remittance that denied a line, on its claim."""
        if self._shell.has(REMITTANCE):
            self._shell.open(REMITTANCE, remittance=said.remittance_id, position=said.position)

    def open_linked(self, key: str) -> None:
        """Open what a step of the pane names: ``claim:12``."""
        kind, _colon, number = key.partition(":")
        if kind == CLAIM and self._shell.has(CLAIM):
            self._shell.open(CLAIM, claim=int(number))

    # Following up

    def take(self, rows: Rows) -> None:
        """Assign the claims of lines to the person at the desk."""
        self._with_claims(rows, self._claims.take)

    def plan(self, rows: Rows) -> None:
        """Ask what is next with the claims of lines, and when."""
        self._with_claims(rows, self._claims.plan)

    def note(self, rows: Rows) -> None:
        """Ask for a note, and keep it on the claims of lines."""
        self._with_claims(rows, self._claims.note)

    def assign(self, rows: Rows) -> None:
        """Ask who looks after the claims of lines."""
        self._with_claims(rows, self._assign)

    def _with_claims(self, rows: Rows, act: Callable[[Sequence[ClaimRow]], object]) -> None:
        ids = list(dict.fromkeys(one.claim_id for one in rows if one.claim_id is not None))

        def found(claims: tuple[ClaimRow, ...]) -> None:
            act(claims)

        self._shell.desk.ask(
            self, lambda work: rows_of_claims(work, ids), found, self._shell.messages.refused
        )

    def _assign(self, claims: Sequence[ClaimRow]) -> None:
        many = claims[0].number if len(claims) == 1 else count_text(len(claims), "claim")
        dialog = FieldsDialog(
            f"Who looks after {many}?", "", ("Assign", "Assigning…"), self._window
        )
        who: ChoiceField[int] = ChoiceField("With", optional=True)
        dialog.row(who=who)

        def offer(found: Sequence[tuple[int, str]]) -> None:
            who.set_options(found)
            if len({one.assigned_to for one in claims}) == 1 and claims[0].assigned_to in {
                one for one, _name in found
            }:
                who.set_value(claims[0].assigned_to)

        self._shell.desk.ask(dialog, _people, offer)
        seen = {one.id: one.version for one in claims}
        before = {one.id: one.assigned_to for one in claims}

        def said(count: int) -> None:
            name = who.combo.currentText() or "nobody"
            self._shell.messages.info(
                f"{many} {'is' if len(claims) == 1 else 'are'} with {name}.",
                undo=Undo("the assignment", partial(_assign_back, before)) if count else None,
            )

        dialog.wanted.connect(
            lambda: carry_out(
                self._shell,
                dialog,
                lambda work: assign_claims(work, seen, dialog.value("who")),
                said,
            )
        )
        open_dialog(dialog)

    # Money

    def bill_next(self, row: DenialRow) -> None:
        """Build the claim to the payer behind the one that denied; it goes with the next batch."""
        session = row.session_id

        def act(work: Work) -> Built | None:
            plan = plan_secondary(work, [session] if session is not None else [])
            return build_claims(work, plan) if plan.claims else None

        def done(built: Built | None) -> None:
            if built is None:
                words = "No payer stands behind this one on that day. Nothing was built."
                self._shell.messages.problem(words)
                return
            self._shell.messages.info(
                f"{', '.join(built.numbers)} over {built.total} is built for the next payer.",
                undo=Undo("the claim to the next payer", partial(_unbuild, built)),
            )

        self._shell.desk.act(self, act, done, self._shell.messages.refused)

    def adjust(self, rows: Rows) -> None:
        """Ask how much less is owed and why; a write-off waits for a second person."""
        owed = {
            one.charge_id: _Owed(one.charge_id, one.day, line_words(one), one.client_open, one.open)
            for one in rows
            if one.open
        }
        self._charges.adjust(list(owed.values()), first=PAYER)

    # What the list declares

    def bulk(self) -> tuple[RowsAct[DenialRow], ...]:
        """Return what can be done with ticked rows."""
        return (
            RowsAct(
                "mine",
                "Assign to me",
                self.take,
                "user",
                "Ctrl+Shift+A",
                off_because=no_claim,
                likely=lambda _rows: True,
            ),
            RowsAct("assign", "Assign…", self.assign, "users", off_because=no_claim),
            RowsAct(
                "next",
                "Next action…",
                self.plan,
                "calendar-check",
                "Ctrl+Shift+D",
                off_because=no_claim,
            ),
            RowsAct(
                "note",
                "Add a note…",
                self.note,
                "message-square",
                "Ctrl+Shift+N",
                off_because=no_claim,
            ),
            RowsAct(
                "adjust",
                "Adjust or write off…",
                self.adjust,
                "circle-minus",
                "Ctrl+Shift+M",
                off_because=nothing_open,
            ),
        )

    def row_acts(self) -> tuple[RowsAct[DenialRow], ...]:
        """Return what a row's menu has besides."""
        return (
            RowsAct(
                "correct",
                "Correct the claim",
                lambda rows: self.correct(rows[0]),
                "pen-line",
                "Ctrl+Shift+K",
                off_because=no_claim,
            ),
            RowsAct(
                "appeal",
                "Write appeal",
                lambda rows: self.appeal(rows[0]),
                "scale",
                "Ctrl+Shift+P",
                off_because=no_claim,
            ),
            RowsAct(
                "next_payer",
                "Bill the next payer",
                lambda rows: self.bill_next(rows[0]),
                "git-merge",
                off_because=no_session,
            ),
            RowsAct(
                "account",
                "Open the account",
                lambda rows: self.open_account(rows[0]),
                "users",
                "Ctrl+L",
            ),
        )


def no_claim(rows: Rows) -> str:
    """Return why nothing can be done with the claims of rows: there are none here."""
    return "" if any(one.claim_id is not None for one in rows) else NO_CLAIM


def no_session(rows: Rows) -> str:
    """Return why a line cannot be billed to another payer."""
    if rows[0].claim_id is None:
        return NO_CLAIM
    return "" if rows[0].session_id is not None else "It belongs to no session."


def nothing_open(rows: Rows) -> str:
    """Return why nothing can be taken off."""
    return "" if any(one.open for one in rows) else NOTHING_OPEN


def _assign_back(before: dict[int, int | None], work: Work) -> str:
    for row in rows_of_claims(work, list(before)):
        assign_claims(work, {row.id: row.version}, before[row.id])
    return f"{count_text(len(before), 'claim')} as before."


def _unbuild(built: Built, work: Work) -> str:
    undo_build(work, built)
    return f"{', '.join(built.numbers)} is dropped; nothing goes to the next payer."


def _people(work: Work) -> Sequence[tuple[int, str]]:
    return [(one.id, one.name) for one in people(work) if one.active]
