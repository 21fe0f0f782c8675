"""Ids first: which sessions stand on a page, before anything is joined to them.

Three ways, by what is asked (domain/speed.md, Lists):

* few match, or an index of open sessions holds them: all their ids are put in order once
  and kept, so that the next page costs nothing;
* many match and the column has few values (status, payer, …): the values are put in order
  here, counted, and only the value on which the page stands is read from its index;
* many match otherwise: the sort column's covering index is walked, from the nearer end.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, case, literal_column, select, type_coerce

from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.models.session import Attendance, BillingStatus, Session
from fscdesk.services.bulk import is_postgres
from fscdesk.services.index_hints import from_index
from fscdesk.services.paging import Span
from fscdesk.services.patients.names import fold, sort_name
from fscdesk.services.remembering import remembered
from fscdesk.services.sessions.filters import BY_DAY, Matching, SessionFilter, matching
from fscdesk.services.sessions.searching import distinct_words
from fscdesk.services.sessions.totalling import (
    GROUP_INDEX,
    GROUPED,
    TOPICS,
    dated,
    groups_of,
    totals_of,
)
from fscdesk.services.work import Topic, Work

GATHERED = 20_000
"""Up to so many matching sessions are put in order at once; their ids take 160 kB."""
LOOKED_UP = 8_000
"""Up to so many rows are looked up for what their index lacks; above, the index by day,
which has all that is asked for, is read through instead."""

WALKED: dict[str, tuple[str, tuple[Any, ...]]] = {
    "day": ("ix_session_by_day", (Session.day, Session.minute, Session.id)),
    "fee": ("ix_session_by_fee", (Session.fee, Session.id)),
    "insurance": ("ix_session_by_insurance", (Session.insurance_balance, Session.id)),
    "patient": ("ix_session_by_patient_owes", (Session.patient_balance, Session.id)),
}
_IN_GROUP: dict[str, tuple[Any, ...]] = {
    "status": (Session.day, Session.id),
    "payer": (Session.day, Session.id),
    "clinician": (Session.day, Session.id),
}
_PICKED = {
    "status": "billing",
    "attendance": "attendance",
    "note": "notes",
    "code": "codes",
    "payer": "payers",
    "clinician": "providers",
}
_BY_CLIENT = (
    Patient.sort_name,
    Patient.id,
    Session.day,
    Session.minute,
    Session.provider_id,
    Session.occurrence,
)
SORTS = (*WALKED, *GROUPED, "client")
"""Every key that a list of sessions can be sorted by."""

ATTENDANCE_ORDER = tuple(Attendance)
STATUS_ORDER = MappingProxyType({status: place for place, status in enumerate(BillingStatus)})


def ids_in_order(work: Work, wanted: SessionFilter, span: Span, total: int) -> list[int]:
    """Return the ids of one page. ``total`` is how many match in all.

    Raises KeyError for a sort key that is not in ``SORTS``.
    """
    if span.sort not in SORTS:
        raise KeyError(span.sort)
    start, stop = span.start, min(span.start + span.size, total)
    if start >= stop:
        return []
    found = matching(work, wanted)
    few = LOOKED_UP if span.sort == "day" else GATHERED
    if total <= min(few, GATHERED) or found.open or found.narrow:
        return list(_gathered(work, wanted, span, total)[start:stop])
    if span.sort in GROUPED:
        return _by_groups(work, wanted, found, span, (start, stop))
    return _nearer_end(span, (start, stop), total, _walk(work, found, span.sort))


def all_ids(work: Work, wanted: SessionFilter, sort: str = "day") -> Sequence[int]:
    """Return the ids of everything that matches, in order: for acts on all of it."""
    return _gathered(work, wanted, Span(0, 0, sort), totals_of(work, wanted).count)


def _gathered(work: Work, wanted: SessionFilter, span: Span, total: int) -> array[int]:
    def compute() -> array[int]:
        found = matching(work, wanted)
        if found.never:
            return array("q")
        order, joins = _order_of(work, span.sort)
        query = joins(select(Session.id).select_from(Session)).where(*found.conditions)
        # Wrapped, so that no index of the sort column tempts a planner away from the
        # conditions, which are the narrow part.
        index = found.index
        if total > LOOKED_UP and span.sort != "fee" and not (found.open or found.narrow):
            index = BY_DAY
        query = from_index(query.add_columns(*_named(order)), Session, index)
        inner = query.cte("found").prefix_with("MATERIALIZED")
        columns = [inner.c[f"k{place}"] for place in range(len(order))]
        keys = [key.desc() if span.descending else key.asc() for key in columns]
        return array("q", work.db.scalars(select(inner.c.id).order_by(*keys)))

    key = ("gathered", span.sort, span.descending, dated(work, "", wanted))
    return remembered(work, TOPICS, key, compute)


def _named(order: Sequence[Any]) -> list[Any]:
    return [column.label(f"k{place}") for place, column in enumerate(order)]


def _order_of(work: Work, sort: str) -> tuple[Sequence[Any], Callable[[Select[Any]], Select[Any]]]:
    """Return what to sort by, and how to join what that needs."""
    if sort == "client":
        return _BY_CLIENT, lambda query: query.join(Patient, Patient.id == Session.patient_id)
    if sort in WALKED:
        return WALKED[sort][1], lambda query: query
    values = ranked(work, sort, _values(work, sort))
    column = GROUPED[sort]
    places = {value: place for place, value in enumerate(values) if value is not None}
    rank = case(places, value=column, else_=-1) if places else type_coerce(-1, BigInteger)
    inside = _IN_GROUP.get(sort, (Session.id,))
    return (rank, *inside), lambda query: query


def ranked(work: Work, sort: str, values: Iterable[Any]) -> list[Any]:
    """Return the values of a column in the order that a person expects.

    Statuses in the order of their life, payers and clinicians by name, self-pay first.
    """
    if sort == "status":
        return sorted(values, key=lambda value: STATUS_ORDER[BillingStatus(value)])
    if sort == "attendance":
        return sorted(values, key=lambda value: ATTENDANCE_ORDER.index(Attendance(value)))
    if sort == "payer":
        names = payer_names(work)
        return sorted(values, key=lambda one: (one is not None, fold(names.get(one, "")), one or 0))
    if sort == "clinician":
        people = provider_names(work)
        return sorted(values, key=lambda one: (sort_name(people.get(one, "")), one))
    return sorted(values)


def payer_names(work: Work) -> dict[int, str]:
    """Return what lists call each payer."""
    return remembered(
        work,
        frozenset({Topic.PAYERS, Topic.IMPORTS}),
        "payer names",
        lambda: {row[0]: row[1] for row in work.db.execute(select(Payer.id, Payer.short_name))},
    )


def provider_names(work: Work) -> dict[int, str]:
    """Return each clinician's name."""
    return remembered(
        work,
        frozenset({Topic.PROVIDERS, Topic.IMPORTS}),
        "provider names",
        lambda: {row[0]: row[1] for row in work.db.execute(select(Provider.id, Provider.name))},
    )


def _by_groups(
    work: Work, wanted: SessionFilter, found: Matching, span: Span, page: tuple[int, int]
) -> list[int]:
    """Read a page group by group: only the groups on which it stands are touched."""
    if page[0] == 0:
        return _first_by_groups(work, wanted, found, span, page[1])
    counts = groups_of(work, wanted, span.sort)
    ids: list[int] = []
    before = 0
    for value in _in_turn(ranked(work, span.sort, counts), span):
        size = counts[value]
        low, high = max(page[0] - before, 0), min(page[1] - before, size)
        before += size
        if low < high:
            walk = _group_walk(work, found, span.sort, value)
            ids += _nearer_end(span, (low, high), size, walk)
    return ids


def _first_by_groups(
    work: Work, wanted: SessionFilter, found: Matching, span: Span, size: int
) -> list[int]:
    """Read the first page: it needs no counts, so it is there at once."""
    picked = getattr(wanted, _PICKED[span.sort])
    values = [
        value
        for value in ranked(work, span.sort, _values(work, span.sort))
        if not picked or (value or 0) in picked or value in picked
    ]
    ids: list[int] = []
    for value in _in_turn(values, span):
        walk = _group_walk(work, found, span.sort, value)
        ids += walk(span.descending, 0, size - len(ids))
        if len(ids) >= size:
            break
    return ids


def _in_turn(values: list[Any], span: Span) -> list[Any]:
    return values[::-1] if span.descending else values


def _values(work: Work, sort: str) -> list[Any]:
    """Return the values that a column may have, without counting sessions."""
    if sort == "payer":
        return [None, *payer_names(work)]
    if sort == "clinician":
        return list(provider_names(work))
    if sort == "status":
        return list(BillingStatus)
    if sort == "attendance":
        return list(Attendance)
    return list(distinct_words(work, GROUPED[sort]))


def _group_walk(work: Work, found: Matching, sort: str, value: Any) -> Walker:
    column = GROUPED[sort]
    alone: ColumnElement[bool] = column.is_(None) if value is None else column == value
    query = select(Session.id).where(*found.conditions, alone)
    return _walker(
        work, from_index(query, Session, GROUP_INDEX[sort]), _IN_GROUP.get(sort, (Session.id,))
    )


Walker = Callable[[bool, int, int], list[int]]


def _walk(work: Work, found: Matching, sort: str) -> Walker:
    """Return a walk over everything that matches, in the order of a sort key."""
    if sort == "client":
        # Clients by name, then their sessions: a join whose outer side is already in order.
        # The plus keeps SQLite from turning it round.
        own = Patient.id if is_postgres(work) else literal_column("+patient.id")
        query = select(Session.id).select_from(Patient).join(Session, Session.patient_id == own)
        return _walker(
            work, from_index(query, Session, "uq_session_live").where(*found.conditions), _BY_CLIENT
        )
    index, order = WALKED[sort]
    query = from_index(select(Session.id).where(*found.conditions), Session, index)
    return _walker(work, query, order)


def _walker(work: Work, query: Select[Any], order: Sequence[Any]) -> Walker:
    def walk(backwards: bool, start: int, size: int) -> list[int]:
        keys = [column.desc() if backwards else column.asc() for column in order]
        return list(work.db.scalars(query.order_by(*keys).offset(start).limit(size)))

    return walk


def _nearer_end(span: Span, page: tuple[int, int], total: int, walk: Walker) -> list[int]:
    """Walk to a page from the end that is nearer to it."""
    start, stop = page
    if start <= total // 2:
        return walk(span.descending, start, stop - start)
    return walk(not span.descending, total - stop, stop - start)[::-1]
