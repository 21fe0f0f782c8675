"""Freshness, and what was done last: whose silence is ours, and what can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.services.reports.freshness import Fresh, Freshness, LastDone
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import Card
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.home.row_button import RowButton, RowWords
from fscdesk.ui.text import Label, count_text, day_text, moment_text, short_day_text, time_text

PAYERS_SHOWN, PAYERS_BESIDE_BANKS = 6, 4
"""Words for the program's own kinds of files; a mapped kind has the name that it was given."""
_ICONS = {"import": "file-input", "undo": "undo-2", "statements": "mail"}


class FreshnessCard(Card):
    """When each payer last paid, each account had its last line and deposit, each file came."""

    opened = Signal(str, object)
    """A place, and what to ask there."""

    def __init__(self, shell: Shell) -> None:
        super().__init__("Freshness", "last heard of")
        self._shell = shell
        self._rows = _Rows(self)

    def show_freshness(self, found: Freshness) -> None:
        """Show how old what the office knows is; of many payers, those silent longest."""
        banks = (*found.accounts, *found.deposits)
        payers = found.payers[-(PAYERS_BESIDE_BANKS if banks else PAYERS_SHOWN) :]
        more = len(found.payers) - len(payers)
        title = "Payments by payer" + (f", {count_text(more)} more are fresher" if more else "")
        self._rows.begin()
        if payers:
            self._rows.heading(title)
        for fresh in payers:
            asked = {"view": "waiting_on_payer", "payer": (fresh.id,)}
            self._row(fresh, "paid", "sessions", asked)
        for heading, verb, list_, place, tab in (
            ("Bank statements", "bank line", found.accounts, "reconciliation", "bank"),
            ("Deposits", "deposit", found.deposits, "payments", "deposits"),
        ):
            if list_:
                self._rows.heading(heading)
            for fresh in list_:
                self._row(fresh, verb, place, {"tab": tab, "account": fresh.id})
        self._rows.heading("Files imported")
        for fresh in found.imports:
            self._row(fresh, "imported", "importing", {"batch": fresh.id})
        if not found.imports:
            self._rows.add(RowButton(RowWords("clock", "None yet", ""), opens=False, last=True))
        self._rows.end()

    def _row(self, fresh: Fresh, verb: str, place: str, asked: dict[str, Any]) -> None:
        opens = self._shell.has(place)
        tip = f"{fresh.name}: last {verb} {day_text(fresh.day)}" if fresh.day else fresh.name
        said = RowWords(
            "clock" if fresh.late else "circle-check",
            fresh.name,
            _age(fresh.days),
            "amber" if fresh.late else "green",
            warns=fresh.late,
            tip=tip,
        )
        row = RowButton(said, opens=opens)
        if opens:
            row.clicked.connect(lambda: self.opened.emit(place, asked))
        self._rows.add(row)


class LastDoneCard(Card):
    """The last acts of the office; the newest import that stands has its Undo beside it.

    An older one is undone from its own page, which says what stands on it.
    """

    opened = Signal(str, object)
    undo_wanted = Signal(object)
    """LastDone."""

    def __init__(self, shell: Shell) -> None:
        super().__init__("Last done")
        self._shell = shell
        self._rows = _Rows(self)

    def show_done(self, done: Sequence[LastDone], today: date) -> None:
        """Show acts, newest first."""
        zone = self._shell.practice.zone
        self._rows.begin()
        standing = next((act for act in done if act.undoable), None)
        for place, act in enumerate(done):
            last = place == len(done) - 1
            self._row(act, today, zone, last=last, undoable=act is standing)
        if not done:
            self._rows.add(RowButton(RowWords("clock", "Nothing yet", ""), opens=False, last=True))
        self._rows.end()

    def _row(
        self, act: LastDone, today: date, zone: ZoneInfo, *, last: bool, undoable: bool
    ) -> None:
        opens = act.kind in ("import", "undo") and self._shell.has("importing")
        said = RowWords(
            _ICONS.get(act.kind, "check"),
            act.words,
            _when(act, today, zone),
            tip=f"{act.words}, {moment_text(act.at, zone)}",
        )
        row = RowButton(said, opens=opens, last=last)
        if opens:
            row.clicked.connect(lambda: self.opened.emit("importing", {"batch": act.id}))
        if not undoable:
            self._rows.add(row)
            return
        undo = Button("Undo", kind="link", compact=True, on=lambda: self.undo_wanted.emit(act))
        undo.setAccessibleName(f"Undo: {act.words}, {said.right}")
        both = QWidget()
        line = QHBoxLayout(both)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(row, 1)
        line.addWidget(undo)
        self._rows.add(both)


class _Rows:
    """The lines of a card, made anew with every answer; the keys stay on the line they were on."""

    def __init__(self, card: Card) -> None:
        self._box = QWidget()
        self._column = QVBoxLayout(self._box)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        card.body.addWidget(self._box)
        card.body.addStretch(1)
        self._focused = ""

    def begin(self) -> None:
        """Take the old lines away."""
        focused = self._box.focusWidget()
        has = focused is not None and focused.hasFocus()
        self._focused = focused.accessibleName() if has and focused is not None else ""
        while (item := self._column.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()

    def heading(self, words: str) -> None:
        """Add a small heading."""
        label = Label(words, "hint")
        label.setContentsMargins(0, 4 if self._column.count() else 0, 0, 0)
        self._column.addWidget(label)

    def add(self, row: QWidget) -> None:
        """Add a line, on view at once: a hidden one could not take the keys back."""
        self._column.addWidget(row)
        row.show()

    def end(self) -> None:
        """Give the keys back to the line that had them, if it is still there."""
        if self._focused:
            for child in self._box.findChildren(QWidget):
                if child.accessibleName() == self._focused and not child.isHidden():
                    child.setFocus(Qt.FocusReason.OtherFocusReason)


def _age(days: int | None) -> str:
    if days is None:
        return "never"
    return "today" if days == 0 else count_text(days, "day")


def _when(act: LastDone, today: date, zone: ZoneInfo) -> str:
    day = act.at.astimezone(zone).date()
    if day == today:
        return time_text(act.at, zone)
    return short_day_text(day) if day.year == today.year else day_text(day)
