"""Every list at 10,000 and at 1,000,000 sessions: open, tabs, sort, filter, search, page.

The limit is a person's, not a machine's: 100 ms from the question to the page of 100 rows, for
95 of 100 questions (DESIGN.md section 12). Each round begins with a change that throws away all
remembered answers, as if a colleague had just saved something.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from bench.big_practice import LAST_DAY, practice_of
from bench.measure import Measure
from fscdesk.services.connecting import open_office
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.patients import queries as patients
from fscdesk.services.patients.account import AccountFilter, page_of_account
from fscdesk.services.sessions import queries as sessions
from fscdesk.services.sessions.queries import SessionFilter
from fscdesk.services.work import Topic, Work

LIMIT_S = 0.1
ROUNDS, ROWS = 3, 100
SIZES = (10_000, 1_000_000)
WORDS = ("Abcd", "client", "plan 07", "90837", "03/31/2026", "3/31", "nobody", "P000077")

Question = Callable[[Work], object]


def measures(folder: Path, sizes: Sequence[int] = SIZES) -> list[Measure]:
    """The 95th percentile of every question a list is asked, at each size."""
    return [
        Measure(
            "lists: open, sort, filter, search, page (p95)", size, p95, LIMIT_S, p95 / LIMIT_S, 1
        )
        for size in sizes
        for p95 in (percentile([taken for _, taken in timings(folder, size)], 95),)
    ]


def timings(folder: Path, size: int) -> list[tuple[str, float]]:
    """Each question with its seconds, for every round."""
    office = open_office(practice_of(folder, size))
    try:
        office.read(lambda work: sessions.page_of_sessions(work, SessionFilter(), _span(0)))
        taken: list[tuple[str, float]] = []
        for _ in range(ROUNDS):
            office.write(lambda work: work.touch(*Topic))
            taken += [(name, _seconds(office, ask)) for name, ask in _questions(size)]
        return taken
    finally:
        office.close()


def percentile(values: Sequence[float], share: int) -> float:
    """The smallest value that ``share`` of a hundred values do not exceed."""
    ordered = sorted(values)
    return ordered[math.ceil(len(ordered) * share / 100) - 1]


def _questions(size: int) -> Iterator[tuple[str, Question]]:
    everything = SessionFilter()
    yield "open", partial(sessions.page_of_sessions, wanted=everything, span=_span(0, down=True))
    yield "tabs", sessions.session_counts
    for sort in sessions.SORTS:
        for place in (0, size // 3, size // 2, size - ROWS):
            yield (
                f"sort by {sort} at {place}",
                partial(sessions.page_of_sessions, wanted=everything, span=_span(place, sort)),
            )
    for name, wanted in _filters().items():
        for sort in ("day", "client", "fee"):
            yield (
                f"{name}, by {sort}",
                partial(sessions.page_of_sessions, wanted=wanted, span=_span(0, sort, down=True)),
            )
        yield (
            f"{name}, next page",
            partial(sessions.page_of_sessions, wanted=wanted, span=_span(ROWS, down=True)),
        )
    for column in ("status", "attendance", "note", "code", "payer", "clinician"):
        yield f"chip {column}", partial(sessions.choices, column=column)
    yield "one session", partial(sessions.session_detail, session_id=size // 2)
    yield "its story", partial(sessions.story, session_id=size // 2)
    for sort in patients.SORTS:
        yield (
            f"clients by {sort}",
            partial(
                patients.page_of_patients, wanted=patients.PatientFilter(), span=_span(0, sort)
            ),
        )
    yield (
        "find a client",
        partial(
            patients.page_of_patients, wanted=patients.PatientFilter("abc"), span=_span(0, "name")
        ),
    )
    yield (
        "an account",
        partial(page_of_account, patient_id=7, wanted=AccountFilter(), span=_span(0)),
    )


def _filters() -> dict[str, SessionFilter]:
    year = LAST_DAY.year - 1
    return {
        "paid": SessionFilter(billing=("paid",)),
        "submitted": SessionFilter(billing=("submitted",)),
        "a payer": SessionFilter(payers=(5,)),
        "a payer, paid": SessionFilter(payers=(5,), billing=("paid",)),
        "self-pay": SessionFilter(payers=(sessions.SELF_PAY,)),
        "a clinician": SessionFilter(providers=(7,)),
        "a month": SessionFilter(from_day=date(year, 3, 1), to_day=date(year, 3, 31)),
        "a year, paid": SessionFilter(
            from_day=date(year, 1, 1), to_day=date(year, 12, 31), billing=("paid",)
        ),
        "a client": SessionFilter(patient_id=7),
        **{f"view {view}": SessionFilter(view=view) for view in sessions.VIEWS if view != "all"},
        **{f"words {words}": SessionFilter(words) for words in WORDS},
    }


def _span(start: int, sort: str = "day", *, down: bool = False) -> Span:
    return Span(max(start, 0), ROWS, sort, down)


def _seconds(office: Office, question: Question) -> float:
    began = time.perf_counter()
    office.read(question)
    return time.perf_counter() - began
