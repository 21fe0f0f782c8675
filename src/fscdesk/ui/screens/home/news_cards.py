"""Freshness, and what was done last: whose silence is ours, and what can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.services.reports.freshness import (
    BANK_LATE,
    IMPORT_LATE,
    PAYER_LATE,
    Fresh,
    Freshness,
    LastDone,
)
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
        super().__init__("Freshness")
        self._shell = shell
        self._rows = _Rows(self)

    def show_freshness(self, found: Freshness) -> None:
        """Show what is late and what is up to date; of many payers, those silent longest."""
        banks = (*found.accounts, *found.deposits)
        every = (*found.payers, *banks, *found.imports)
        late = sum(one.late for one in every)
        self.note.setText(f"{count_text(late)} late" if late else "all up to date" if every else "")
        most = PAYERS_BESIDE_BANKS if banks else PAYERS_SHOWN
        silent = found.payers[::-1]
        if len(silent) == most + 1:
            most += 1  # the line that tells of one more takes no less room than that one
        self._rows.begin()
        if silent:
            self._rows.heading("Payments by payer")
        for fresh in silent[:most]:
            asked = {"view": "waiting_on_payer", "payer": (fresh.id,)}
            self._row(fresh, ("payment", PAYER_LATE), "sessions", asked)
        if silent[most:]:
            self._more(silent[most:])
        for heading, heard, list_, place, tab in (
            ("Bank statements", ("bank line", BANK_LATE), found.accounts, "reconciliation", "bank"),
            ("Deposits", ("deposit", BANK_LATE), found.deposits, "payments", "deposits"),
        ):
            if list_:
                self._rows.heading(heading)
            for fresh in list_:
                self._row(fresh, heard, place, {"tab": tab, "account": fresh.id})
        self._rows.heading("Files imported")
        for fresh in found.imports:
            heard = ("import", IMPORT_LATE)
            self._row(fresh, heard, "importing", {"batch": fresh.id})
        if not found.imports:
            self._rows.add(RowButton(RowWords("clock", "None yet", ""), opens=False, last=True))
        self._rows.end()

    def _row(self, fresh: Fresh, heard: tuple[str, int], place: str, asked: dict[str, Any]) -> None:
        verb, after = heard
        last = f"last {verb} {day_text(fresh.day)}" if fresh.day else f"no {verb} yet"
        tip = f"{fresh.name}: {last}. It is late after {count_text(after, 'day')} without one."
        right = _age(fresh.days) + (", late" if fresh.late else "")
        self._add(fresh.name, right, tip, place, asked, late=fresh.late)

    def _more(self, rest: Sequence[Fresh]) -> None:
        """Say of the payers that have no line of their own how they stand."""
        late = sum(one.late for one in rest)
        said = f"{count_text(late)} late" if late else "up to date"
        words = f"{count_text(len(rest))} more payers"
        asked = {"view": "waiting_on_payer"}
        self._add(words, said, f"{words}: {said}", "sessions", asked, late=bool(late))

    def _add(
        self, words: str, right: str, tip: str, place: str, asked: dict[str, Any], *, late: bool
    ) -> None:
        opens = self._shell.has(place)
        icon, tone = ("clock", "amber") if late else ("circle-check", "green")
        row = RowButton(RowWords(icon, words, right, tone, warns=late, tip=tip), opens=opens)
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
        return "none yet"
    return "today" if days == 0 else count_text(days, "day")


def _when(act: LastDone, today: date, zone: ZoneInfo) -> str:
    day = act.at.astimezone(zone).date()
    if day == today:
        return time_text(act.at, zone)
    return short_day_text(day) if day.year == today.year else day_text(day)
