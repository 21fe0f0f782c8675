"""Asks whether sessions took place, and says beforehand what that does to their charges."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fscdesk.services.sessions.attending import Outlook
from fscdesk.services.sessions.queries import SessionRow
from fscdesk.ui import theme
from fscdesk.ui.dialogs.acting import ActDialog, ReasonChoice
from fscdesk.ui.forms.segmented import Segmented
from fscdesk.ui.screens.sessions.status_dialog import what_is_meant
from fscdesk.ui.text import Label, money_text

OFFERED = ("completed", "late_cancelled", "no_show", "cancelled")


class AttendanceDialog(ActDialog):
    """Answers ``asked`` with ``foretell``; the verb is off until what will happen is known."""

    asked = Signal(str)

    def __init__(
        self, rows: Sequence[SessionRow], patient: str = "Client", parent: QWidget | None = None
    ) -> None:
        super().__init__(
            f"Set the attendance of {what_is_meant(rows)}",
            "Charges follow. What was charged before is reversed, never deleted.",
            "Set attendance",
            "Setting…",
            parent,
        )
        self._patient = patient.lower()
        self._single = len(rows) == 1
        olds = {row.attendance for row in rows}
        only = next(iter(olds)) if len(olds) == 1 else ""
        self.choice = Segmented(
            "Attendance",
            [(key, theme.now.attendance(key).word) for key in OFFERED],
            only if only in OFFERED else OFFERED[0],
        )
        label = Label("Attendance", "label")
        label.setBuddy(self.choice)
        self.outlook = Label("", "quiet", wrap=True)
        field = QVBoxLayout()
        field.setSpacing(6)
        field.addWidget(label)
        field.addWidget(self.choice)
        field.addWidget(self.outlook)
        self.fields.addLayout(field)
        self.reasons = ReasonChoice(note="Optional")
        self.fields.addWidget(self.reasons)
        self.outlook.hide()
        self.choice.chosen.connect(self._on_chosen)
        self.judge("Reading what is charged…")
        self.choice.setFocus()

    def attendance(self) -> str:
        """Return the attendance that is chosen."""
        return self.choice.value()

    def reason(self) -> str:
        """Return the reason that was given, or ""."""
        return self.reasons.reason()

    def ask(self) -> None:
        """Ask what the choice will do."""
        self.asked.emit(self.attendance())

    def foretell(self, attendance: str, outlook: Outlook) -> None:
        """Say what a choice would do; an answer about an earlier choice is dropped."""
        if attendance != self.attendance():
            return
        self.refusal.say("")
        if not outlook.changing:
            word = theme.now.attendance(attendance).word
            self._say(f"{'It is' if self._single else 'They are'} {word} already.")
            self.judge("Choose another attendance")
        elif outlook.refusal:
            self._say("")
            hint = "Correct the session in SimplePractice and import it again."
            self.refusal.say(f"{outlook.refusal} {hint}")
            self.judge(outlook.refusal)
        else:
            self._say(outlook_words(outlook, self._patient))
            self.judge("")
        self.fit()

    def _say(self, words: str) -> None:
        self.outlook.setText(words)
        self.outlook.setVisible(bool(words))

    def _on_chosen(self, _key: str) -> None:
        self.judge("Reading what is charged…")
        self.ask()


def outlook_words(outlook: Outlook, patient: str = "client") -> str:
    """Return what will be charged: ``Charged now 160.00. Then 50.00, …``."""
    before = f"Charged now {money_text(outlook.before, zero_dash=False)}."
    after = outlook.payer + outlook.client
    if not after:
        then = "Then nothing." if outlook.before else "Nothing will be charged."
    elif not outlook.payer:
        then = f"Then {money_text(after)}, all to the {patient}."
    elif not outlook.client:
        then = f"Then {money_text(after)}, all to the payer."
    else:
        then = (
            f"Then {money_text(after)}: payer {money_text(outlook.payer)}, "
            f"{patient} {money_text(outlook.client)}."
        )
    return f"{before} {then}"
