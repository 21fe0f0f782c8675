"""Asks for a new billing status, and for the reason where it is not the usual next step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from fscdesk.services.sessions.changing import BILLING_STATUSES, needs_reason, usual_steps
from fscdesk.services.sessions.queries import SessionRow
from fscdesk.ui import icons, theme
from fscdesk.ui.dialogs.acting import ActDialog, ReasonChoice
from fscdesk.ui.forms.fields import Choice
from fscdesk.ui.text import Label, count_text, day_text

FIRST_OFF = "Choose the new status first"


class StatusDialog(ActDialog):
    """``status()`` and ``reason()`` say what was chosen when ``wanted`` is sent."""

    def __init__(self, rows: Sequence[SessionRow], parent: QWidget | None = None) -> None:
        self._olds = [row.billing_status for row in rows]
        super().__init__(
            f"Set the status of {what_is_meant(rows)}",
            f"{_now(self._olds)} The change is recorded with your name and the reason.",
            "Set status",
            "Setting…",
            parent,
        )
        self.combo = Choice()
        self.combo.setAccessibleName("New status")
        for key in BILLING_STATUSES:
            status = theme.now.billing_status(key)
            picture = icons.icon(status.icon, f"{status.tone}.fg")
            self.combo.addItem(picture, status.word, key)
        label = Label("New status", "label")
        label.setBuddy(self.combo)
        field = QVBoxLayout()
        field.setSpacing(4)
        field.addWidget(label)
        field.addWidget(self.combo)
        self.hint = Label("", "hint", wrap=True)
        field.addWidget(self.hint)
        self.fields.addLayout(field)
        self.reasons = ReasonChoice()
        self.fields.addWidget(self.reasons)
        self.combo.setCurrentIndex(self._likely())
        self.combo.currentIndexChanged.connect(self._look)
        self.reasons.changed.connect(self._look)
        self._look()
        self.combo.setFocus()

    def status(self) -> str:
        """Return the status that is chosen, or ""."""
        return str(self.combo.currentData() or "")

    def reason(self) -> str:
        """Return the reason that was given."""
        return self.reasons.reason()

    def choose(self, status: str) -> None:
        """Choose a status, as picking it in the list does."""
        self.combo.setCurrentIndex(BILLING_STATUSES.index(status))

    def _likely(self) -> int:
        """Propose the way forward where all of them stand on one step."""
        if len(set(self._olds)) != 1:
            return -1
        return BILLING_STATUSES.index(usual_steps(self._olds[0])[0])

    def _look(self) -> None:
        new = self.status()
        if not new:
            self.hint.setText("")
            self.judge(FIRST_OFF)
            return
        word = theme.now.billing_status(new).word
        moving = [old for old in self._olds if old != new]
        off_ladder = sorted({old for old in moving if needs_reason([old], new)})
        if not moving:
            self.hint.setText(f"{'It is' if len(self._olds) == 1 else 'They are'} {word} already.")
            self.judge("Choose another status")
        elif off_ladder:
            words = " and ".join(theme.now.billing_status(old).word for old in off_ladder)
            self.hint.setText(f"From {words} to {word} is not the usual next step: say why.")
            self.judge("" if self.reason() else "Give a reason first")
        else:
            self.hint.setText("A usual next step. A reason is optional.")
            self.judge("")
        self.refusal.say("")
        self.fit()


def what_is_meant(rows: Sequence[SessionRow]) -> str:
    """Return what a title calls the rows: one session by its day, several by their number."""
    if len(rows) == 1:
        return f"the session of {day_text(rows[0].day)}"
    return count_text(len(rows), "session")


def _now(olds: Sequence[str]) -> str:
    counts = Counter(olds)
    words = {key: theme.now.billing_status(key).word for key in counts}
    if len(counts) == 1:
        return f"Now {next(iter(words.values()))}."
    told = [f"{counts[key]} {words[key]}" for key in BILLING_STATUSES if key in counts]
    return f"Now {', '.join(told)}."
