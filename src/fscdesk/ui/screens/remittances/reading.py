"""Reads remittances from files, in the order of the payer's days; the first that waits opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from fscdesk.services.errors import Problem
from fscdesk.services.remittances.incoming import EraDone, apply_era
from fscdesk.services.remittances.reading_order import reading_order
from fscdesk.services.work import Work
from fscdesk.ui.messages import Help
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.remittances.page_words import explained_words
from fscdesk.ui.text import count_text

AskFiles = Callable[[QWidget], Sequence[Path]]


class Reading(QObject):
    """``window`` gives what the file dialog stands on, ``open_`` shows a remittance."""

    def __init__(
        self,
        shell: Shell,
        window: Callable[[], QWidget],
        open_: Callable[[int], object],
        ask_files: AskFiles | None = None,
    ) -> None:
        super().__init__()
        self._shell, self._window, self._open = shell, window, open_
        self._ask_files = ask_files or _ask_files
        self._queue: list[Path] = []
        self._done: list[EraDone] = []
        self._faults: list[Problem] = []
        self._busy = False

    def choose(self) -> None:
        """Ask for files, and read them."""
        self.read(self._ask_files(self._window()))

    def read(self, paths: Sequence[Path]) -> None:
        """Read files one after the other; what one of them lacks does not stop the next.

        The payer's oldest check comes first, and what takes back after what it takes back.
        """
        if not paths or self._busy:
            return
        self._queue, self._done, self._faults = list(paths), [], []
        self._busy = True
        if len(paths) == 1:
            self._next()
            return
        self._shell.desk.ask(
            self, partial(_ordered, tuple(paths)), self._on_ordered, self._on_refused
        )

    def _on_ordered(self, paths: list[Path]) -> None:
        self._queue = paths
        self._next()

    def _next(self) -> None:
        if not self._queue:
            self._busy = False
            self._tell()
            return
        path = self._queue.pop(0)
        self._shell.desk.act(
            self,
            partial(_read, path),
            self._on_read,
            self._on_refused,
            title=f"Reading {path.name}",
        )

    def _on_read(self, done: EraDone) -> None:
        self._done.append(done)
        self._next()

    def _on_refused(self, fault: BaseException) -> None:
        if not isinstance(fault, Problem):
            self._busy = False
            self._shell.messages.refused(fault)
            return
        self._faults.append(fault)
        self._next()

    def _tell(self) -> None:
        """Say what came of it, and open the first that needs somebody."""
        waiting = [one for done in self._done for one in waiting_of(done)]
        words, shown = read_words(self._done)
        if self._faults:
            first, rest = self._faults[0], len(self._faults) - 1
            message = f"{words} {first.message}" if self._done else first.message
            others = f" {count_text(rest, 'other file')} could not be read either." if rest else ""
            self._shell.messages.problem(message, hint=f"{first.hint}{others}")
        elif waiting or shown is None:
            self._shell.messages.info(words)
        else:
            self._shell.messages.info(words, help=Help("Show it", partial(self._open, shown)))
        if waiting:
            self._open(waiting[0])


def waiting_of(done: EraDone) -> list[int]:
    """Return the remittances of a file that need somebody, by id."""
    return [
        kept
        for one, kept, posted in zip(done.plan.transactions, done.kept, done.posted, strict=True)
        if one.before is None and (posted is None or posted.unposted)
    ]


def read_words(every: Sequence[EraDone]) -> tuple[str, int | None]:
    """Return what reading did, and the remittance to show where nothing waits."""
    new = before = posted = waits = conflicts = 0
    said, shown = "", None
    for done in every:
        for one, kept, gone in zip(done.plan.transactions, done.kept, done.posted, strict=True):
            shown = kept if shown is None else shown
            if one.before is not None:
                before += 1
                said = said or f"{one.before.number} was {one.before.words}."
                continue
            new += 1
            posted += gone is not None
            waits += gone is None or bool(gone.unposted)
            conflicts += one.conflict is not None
    if not new:
        if before == 1:
            return f"This remittance is not new: {said} Nothing changed.", shown
        return f"None of {count_text(before, 'remittance')} is new: {said} Nothing changed.", shown
    words = f"{count_text(new, 'remittance')} read"
    parts = [f"{posted:,} posted"] if posted else []
    parts += [f"{waits:,} {'waits' if waits == 1 else 'wait'} for you"] if waits else []
    words = f"{words}: {', '.join(parts)}." if parts else f"{words}."
    words += _explained(every)
    if conflicts:
        words += " One has a check that is known and says something else."
    if before:
        words += f" {before:,} {'was' if before == 1 else 'were'} known: {said}"
    return words, shown


def _explained(every: Sequence[EraDone]) -> str:
    """Return which money of the bank had waited for what was posted; empty where none had."""
    found = [
        one.explained
        for done in every
        for one in done.posted
        if one is not None and one.explained is not None
    ]
    if len(found) == 1:
        return f" {explained_words(found[0])}"
    return f" The bank had the money of {len(found):,} of them: it is explained." if found else ""


def _read(path: Path, work: Work) -> EraDone:
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise Problem(
            f"{path.name} cannot be read.", hint="Nothing was read. Is it still there?"
        ) from fault
    return apply_era(work, path.name, data)


def _ordered(paths: Sequence[Path], work: Work) -> list[Path]:
    """Return files in the order in which they are read; what cannot be read comes last."""
    return [paths[at] for at in reading_order(work, [_bytes(path) for path in paths])]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _ask_files(window: QWidget) -> Sequence[Path]:
    chosen, _kind = QFileDialog.getOpenFileNames(
        window.window(),
        "Read remittances",
        "",
        "Remittances (*.835 *.era *.x12 *.edi *.txt *.dat *.rmt);;All files (*)",
    )
    return [Path(one) for one in chosen]
