"""What a list asks beside its pages: the count of everything, and all rows at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from fscdesk.services.errors import Problem
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Work
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.paged_model import PagedModel
from fscdesk.ui.tables.selection_bar import SelectionBar
from fscdesk.ui.tables.spec import ListSpec
from fscdesk.ui.tables.ticks import MOST
from fscdesk.ui.text import count_text, time_text

PAGE = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """How many rows there are without any filter (None: not known yet), and when that was."""

    every: int | None = None
    checked: str = ""


def ask_counts(
    desk: Desk,
    owner: QObject,
    spec: ListSpec[Any],
    then: Callable[[Asked], None],
    refused: Callable[[BaseException], None],
) -> None:
    """Count everything in the background."""

    def question(work: Work) -> Asked:
        if spec.all_total is not None:
            every = spec.all_total(work)
        else:
            every = spec.query(work, FilterState(), Span(0, 0, spec.first_sort)).total
        return Asked(every, f"Last checked {time_text(work.now(), work.zone)}.")

    desk.ask(owner, question, then, refused)


def read_all(
    work: Work, query: Callable[[Work, Span], Page[Any]], span: Span, noun: str
) -> Sequence[Any]:
    """Return every matching row, to tick them all. Raises Problem where they are too many."""
    rows: list[Any] = []
    while True:
        page = query(work, Span(len(rows), PAGE, span.sort, span.descending))
        if page.total > MOST:
            raise Problem(
                f"{count_text(page.total)} {noun} match; at most {count_text(MOST)} can be ticked.",
                hint="Nothing more was ticked. Narrow the list first.",
            )
        rows += page.rows
        work.job.step(len(rows), page.total)
        if not page.rows or len(rows) >= page.total:
            return rows


class TickAll(QObject):
    """Ticks every matching row when "All 2,418" is pressed; rows of an older question never."""

    done = Signal()
    refused = Signal(object)

    def __init__(self, desk: Desk, model: PagedModel[Any], bar: SelectionBar, noun: str) -> None:
        super().__init__(model)
        self._desk, self._model, self._bar, self._noun = desk, model, bar, noun

    @Slot()
    def start(self) -> None:
        """Read all rows in the background, then tick them."""
        query, span = self._model.query, self._model.whole_span
        if query is None:
            return
        self._bar.say_busy("Ticking…")
        self._desk.ask(
            self,
            lambda work: read_all(work, query, span, self._noun),
            partial(self._tick, query),
            self._refuse,
        )

    def _tick(self, query: object, rows: Sequence[Any]) -> None:
        self._bar.say_busy("")
        if query is self._model.query:
            self._model.ticks.put(rows, on=True)
        self._model.ticks.changed.emit()
        self.done.emit()

    def _refuse(self, fault: BaseException) -> None:
        self._bar.say_busy("")
        self._model.ticks.changed.emit()
        self.refused.emit(fault)
