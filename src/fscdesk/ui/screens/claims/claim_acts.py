"""What can be done with claims in the list: each act says what it did, and most can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from uuid import uuid4

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.services.claims.building import drop_claims
from fscdesk.services.claims.correcting import resend_rejected
from fscdesk.services.claims.listing import ClaimRow, rows_of_claims
from fscdesk.services.claims.scrubbing import ScrubResult, scrub_claims
from fscdesk.services.claims.tracking import add_claim_note, assign_claims, plan_next
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog, reason_field
from fscdesk.ui.forms.amounts import DateField
from fscdesk.ui.forms.fields import NoteField, TextField
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.claims.sending_acts import SendingActs
from fscdesk.ui.tables.spec import RowsAct
from fscdesk.ui.text import count_text, day_text
from fscdesk.ui.undo import Undo

Rows = Sequence[ClaimRow]
CLAIM, BUILD, PATIENTS = "claim", "claim-build", "patients"
_NOT_SENT = frozenset({"draft", "scrubbed"})


class ClaimActs(QObject):
    """The acts of the list, of a row's menu and of the pane."""

    def __init__(self, shell: Shell, window: QWidget, today: Callable[[], date]) -> None:
        super().__init__(window)
        self._shell, self._window, self._today = shell, window, today
        self.sending = SendingActs(shell, window)

    def build(self) -> None:
        """Show what today's claims would be (Ctrl+B)."""
        if self._shell.has(BUILD):
            self._shell.open(BUILD, build=True)

    def open(self, row: ClaimRow) -> None:
        """Show one claim."""
        if self._shell.has(CLAIM):
            self._shell.open(CLAIM, claim=row.id)

    def open_account(self, row: ClaimRow) -> None:
        """Show the account of a claim's client (Ctrl+L)."""
        if self._shell.has(PATIENTS):
            self._shell.open(PATIENTS, patient=row.patient_id)

    def send(self, rows: Rows) -> None:
        """Send these claims; what cannot go stays behind."""
        self.sending.send([row.id for row in rows])

    def scrub(self, rows: Rows) -> None:
        """Check claims again that are not sent."""
        ids = [row.id for row in rows]

        def done(result: ScrubResult) -> None:
            self._shell.messages.info(result.sentence())

        self._shell.desk.act(
            self,
            lambda work: scrub_claims(work, ids),
            done,
            self._shell.messages.refused,
            title=f"Checking {count_text(len(ids), 'claim')}",
        )

    def resend(self, rows: Rows) -> None:
        """Make rejected claims ready to be sent again as originals."""
        seen = {row.id: row.version for row in rows}

        def done(ids: tuple[int, ...]) -> None:
            are = "is" if len(ids) == 1 else "are"
            self._shell.messages.info(
                f"{count_text(len(ids), 'claim')} {are} checked again, to be sent as originals."
            )

        self._shell.desk.act(
            self, lambda work: resend_rejected(work, seen), done, self._shell.messages.refused
        )

    def take(self, rows: Rows) -> None:
        """Assign claims to the person at the desk."""
        ids = [row.id for row in rows]
        before = {row.id: row.assigned_to for row in rows}

        def act(work: Work) -> int:
            seen = {row.id: row.version for row in rows}
            return assign_claims(work, seen, work.actor.staff_id)

        def done(count: int) -> None:
            are = "is" if count == 1 else "are"
            self._shell.messages.info(
                f"{count_text(count, 'claim')} {are} yours now.",
                undo=Undo("the assignment", partial(_assign_back, ids, before)) if count else None,
            )

        self._shell.desk.act(self, act, done, self._shell.messages.refused)

    def plan(self, rows: Rows) -> FieldsDialog:
        """Ask what is to be done next, and when."""
        dialog = FieldsDialog(
            "Next action",
            f"For {count_text(len(rows), 'claim')}; the list shows it, and the queue on its day.",
            ("Save", "Saving…"),
            self._window,
        )
        first = rows[0]
        what = TextField("What", longest=200, optional=True, example="Call the payer")
        when = DateField("On", today=self._today, optional=True)
        what.set_value(first.next_action)
        when.set_value(first.next_action_on)
        dialog.row(what=what)
        dialog.row(when=when)
        seen = {row.id: row.version for row in rows}

        def save() -> None:
            words, day = dialog.value("what") or "", dialog.value("when")

            def said(count: int) -> None:
                on = f" on {day_text(day)}" if day else ""
                self._shell.messages.info(
                    f"{count_text(count, 'claim')}: {words or 'nothing'} is next{on}."
                )

            carry_out(self._shell, dialog, lambda work: plan_next(work, seen, words, day), said)

        dialog.wanted.connect(save)
        open_dialog(dialog)
        return dialog

    def note(self, rows: Rows) -> FieldsDialog:
        """Ask for a note, and keep it on each of some claims."""
        dialog = FieldsDialog(
            "Add a note",
            f"It is kept with {count_text(len(rows), 'claim')}; notes are never changed.",
            ("Keep the note", "Keeping…"),
            self._window,
        )
        dialog.row(text=NoteField("Note"))
        keys = {row.id: uuid4().hex for row in rows}

        def act(work: Work) -> None:
            words = str(dialog.value("text"))
            for one, key in keys.items():
                add_claim_note(work, one, words, request_key=key)

        def said(_none: None) -> None:
            self._shell.messages.info(f"The note is kept with {count_text(len(keys), 'claim')}.")

        dialog.wanted.connect(lambda: carry_out(self._shell, dialog, act, said))
        open_dialog(dialog)
        return dialog

    def drop(self, rows: Rows) -> FieldsDialog:
        """Ask why claims are dropped that no payer has; their sessions can be built again."""
        dialog = FieldsDialog(
            f"Drop {count_text(len(rows), 'claim')}?",
            "Their sessions become ready to bill again. The numbers stay taken.",
            ("Drop", "Keep"),
            self._window,
        )
        dialog.row(reason=reason_field(example="Built for the wrong payer"))
        ids = [row.id for row in rows]

        def save() -> None:
            why = str(dialog.value("reason"))

            def said(count: int) -> None:
                are = "is" if count == 1 else "are"
                self._shell.messages.info(f"{count_text(count, 'claim')} {are} dropped.")

            carry_out(self._shell, dialog, lambda work: drop_claims(work, ids, why), said)

        dialog.wanted.connect(save)
        open_dialog(dialog)
        return dialog

    # What the list declares

    def bulk(self) -> tuple[RowsAct[ClaimRow], ...]:
        """Return what can be done with ticked rows: the likely one is primary."""
        return (
            RowsAct(
                "send",
                "Send",
                self.send,
                "send",
                off_because=_why_not_sent,
                likely=lambda rows: all(row.ready for row in rows),
                in_menu=False,
            ),
            RowsAct(
                "resend",
                "Send again",
                self.resend,
                "redo-2",
                off_because=_why_not_resent,
                likely=lambda rows: all(row.status.value == "rejected" for row in rows),
                in_menu=False,
            ),
            RowsAct(
                "scrub",
                "Check again",
                self.scrub,
                "list-checks",
                "Ctrl+Shift+B",
                off_because=_why_not_checked,
                likely=lambda rows: all(bool(row.why_held) for row in rows),
            ),
            RowsAct("mine", "Assign to me", self.take, "user", "Ctrl+Shift+A"),
            RowsAct("next", "Next action…", self.plan, "calendar-check", "Ctrl+Shift+D"),
            RowsAct("note", "Add a note…", self.note, "message-square", "Ctrl+Shift+N"),
            RowsAct("drop", "Drop…", self.drop, "ban", off_because=_why_not_dropped),
        )

    def row_acts(self) -> tuple[RowsAct[ClaimRow], ...]:
        """Return what a row's menu has."""
        return (
            RowsAct("open", "Open the claim", lambda rows: self.open(rows[0]), "file-text"),
            RowsAct(
                "account",
                "Open the account",
                lambda rows: self.open_account(rows[0]),
                "users",
                "Ctrl+L",
            ),
            RowsAct("send", "Send it", self.send, "send", off_because=_why_not_sent),
            RowsAct("resend", "Send it again", self.resend, off_because=_why_not_resent),
            RowsAct("check", "Check it again", self.scrub, off_because=_why_not_checked),
            RowsAct("mine", "Assign to me", self.take, "user"),
            RowsAct("next", "Next action…", self.plan, "calendar-check"),
            RowsAct("drop", "Drop…", self.drop, "ban", off_because=_why_not_dropped),
        )


def _why_not_sent(rows: Rows) -> str:
    for row in rows:
        if not row.ready:
            return f"{row.number}: {row.why_held or 'it was sent already'}"
    return ""


def _why_not_resent(rows: Rows) -> str:
    other = next((row for row in rows if row.status.value != "rejected"), None)
    return "" if other is None else f"{other.number} was not rejected."


def _why_not_checked(rows: Rows) -> str:
    other = next((row for row in rows if row.status.value not in _NOT_SENT), None)
    return "" if other is None else f"{other.number} was sent already."


def _why_not_dropped(rows: Rows) -> str:
    other = next((row for row in rows if row.status.value not in {*_NOT_SENT, "rejected"}), None)
    return "" if other is None else f"{other.number} was sent. Void it on its page."


def _assign_back(ids: Sequence[int], before: Mapping[int, int | None], work: Work) -> str:
    now = {row.id: row for row in rows_of_claims(work, ids)}
    for one in ids:
        if one in now:
            assign_claims(work, {one: now[one].version}, before[one])
    return f"{count_text(len(ids), 'claim')} as before."
