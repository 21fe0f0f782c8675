"""Keeps the entry that is written a moment after the last key, and reads it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer

from fscdesk.models.values import Money
from fscdesk.services.accounting.chart import NamedAccount, named_account
from fscdesk.services.accounting.entry_drafts import forget_entry, keep_entry, kept_entry
from fscdesk.services.accounting.journal import EntryKind
from fscdesk.services.errors import Problem
from fscdesk.services.work import Work
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.screens.accounting.entry_lines import LineDraft
from fscdesk.ui.undo import Undo

PAUSE_MS: Final = 400


@dataclass(frozen=True, slots=True)
class EntryWords:
    """What stands in the form. ``papers`` counts documents: their files are not kept."""

    on: date | None
    kind: EntryKind
    reference: str
    reverse_on: date | None
    memo: str
    late: str
    lines: tuple[LineDraft, ...]
    papers: int = 0


class EntryKeeper(QObject):
    """``words`` gives what stands in the form, None while that is nothing."""

    def __init__(self, desk: Desk, words: Callable[[], EntryWords | None], parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._words = desk, words
        self._stored = False
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self._save)

    def soon(self) -> None:
        """Keep what was typed, a moment after the last key."""
        self._timer.start()

    def flush(self) -> None:
        """Keep at once what waits to be kept: the form is left."""
        if self._timer.isActive():
            self._timer.stop()
            self._save()

    def forget(self) -> None:
        """Forget what was kept: the entry is posted."""
        self._timer.stop()
        if self._stored:
            self._stored = False
            self._desk.act(self, forget_entry, lambda _done: None)

    def discard(self) -> Undo | None:
        """Forget what stands there, and return how it comes back."""
        self._timer.stop()
        words = self._words()
        self._stored = True
        self.forget()
        if words is None:
            return None
        content = _written(words)

        def act(work: Work) -> str:
            keep_entry(work, content)
            return "The entry is kept again: New entry shows it."

        return Undo("throwing the entry away", act)

    def read(self, then: Callable[[EntryWords], object]) -> None:
        """Ask for what was kept, and tell it if there is something and nothing is typed."""

        def found(kept: EntryWords | None) -> None:
            if kept is not None and self._words() is None:
                self._stored = True
                then(kept)

        if self._words() is None:
            self._desk.ask(self, _read, found)

    def _save(self) -> None:
        words = self._words()
        if words is None:
            self.forget()
            return
        content = _written(words)
        self._stored = True
        self._desk.act(self, lambda work: keep_entry(work, content), lambda _done: None)


def _written(words: EntryWords) -> dict[str, Any]:
    return {
        "on": None if words.on is None else words.on.isoformat(),
        "kind": words.kind.value,
        "reference": words.reference,
        "reverse_on": None if words.reverse_on is None else words.reverse_on.isoformat(),
        "memo": words.memo,
        "late": words.late,
        "lines": [
            [
                None if one.account is None else one.account.code,
                None if one.amount is None else one.amount.cents,
                one.centre,
                one.note,
            ]
            for one in words.lines
        ],
        "papers": words.papers,
    }


def _read(work: Work) -> EntryWords | None:
    kept = kept_entry(work)
    if kept is None:
        return None
    return EntryWords(
        _day(kept.get("on")),
        EntryKind(kept.get("kind", EntryKind.MANUAL.value)),
        str(kept.get("reference", "")),
        _day(kept.get("reverse_on")),
        str(kept.get("memo", "")),
        str(kept.get("late", "")),
        tuple(_line(work, one) for one in kept.get("lines", ())),
        int(kept.get("papers", 0)),
    )


def _line(work: Work, kept: Any) -> LineDraft:
    code, cents, centre, note = kept
    account: NamedAccount | None = None
    if code is not None:
        try:
            account = named_account(work, str(code))
        except Problem:  # taken out of the chart since
            account = None
    amount = None if cents is None else Money(int(cents))
    return LineDraft(account, amount, None if centre is None else str(centre), str(note))


def _day(kept: Mapping[str, Any] | str | None) -> date | None:
    return date.fromisoformat(kept) if isinstance(kept, str) else None
