"""The list of remittances: how far each is posted, newest first, and what it stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, not_, or_, select
from sqlalchemy.orm import aliased

from fscdesk.models.payer import Payer
from fscdesk.models.remittance import (
    Automation,
    Remittance,
    RemittanceClaim,
    RemittanceOrigin,
    RemittanceStatus,
)
from fscdesk.models.staff import Staff
from fscdesk.models.values import ZERO, Money
from fscdesk.services.asked import fields_asked
from fscdesk.services.days_meant import days_meant
from fscdesk.services.id_sets import among
from fscdesk.services.paging import Page, Span
from fscdesk.services.remittances.payees import npis_of_others
from fscdesk.services.remittances.returned import money_is_missing
from fscdesk.services.remittances.seeing import REMITTANCES, require_seeing
from fscdesk.services.work import Work

__all__ = [
    "RETURNED",
    "SORTS",
    "VIEWS",
    "Automation",
    "RemittanceFilter",
    "RemittanceOrigin",
    "RemittanceRow",
    "RemittanceStatus",
    "find_remittances",
    "next_to_post",
    "page_of_remittances",
    "remittance_counts",
    "rows_of_remittances",
]

VIEWS: Mapping[str, str] = MappingProxyType(
    {
        "needs": "Needs you",
        "all": "All",
        "posted": "Posted",
        "undone": "Undone",
        "aside": "Set aside",
    }
)
"""The built-in views. ``needs``: not posted, in part, stopped, or its money went back."""
RETURNED: Final = "returned"
"""Not a view of its own: those whose money the bank took back, and nothing has replaced it."""
_OPEN: Final = (RemittanceStatus.TO_POST, RemittanceStatus.PARTLY, RemittanceStatus.STOPPED)
_IN_THE_BOOKS: Final = (RemittanceStatus.POSTED, RemittanceStatus.PARTLY)
_STATES: Mapping[str, tuple[RemittanceStatus, ...]] = MappingProxyType(
    {
        "posted": (RemittanceStatus.POSTED,),
        "undone": (RemittanceStatus.UNDONE,),
        "aside": (RemittanceStatus.CLOSED,),
    }
)
_COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "paid": Remittance.paid_on,
        "number": Remittance.id,
        "trace": Remittance.trace,
        "amount": Remittance.amount,
        "status": Remittance.status,
        "claims": Remittance.claims,
        "unposted": Remittance.unposted,
        "read": Remittance.read_at,
    }
)
SORTS: Final = (*_COLUMNS, "payer")


@dataclass(frozen=True, slots=True)
class RemittanceRow:
    """A remittance as the list shows it. ``read_at`` and ``posted_at`` are UTC.

    ``unposted`` counts the claims that stay for a person, ``off`` says that something of it does
    not balance, ``reason`` why it is stopped or set aside. ``returned``: the bank took
    its money back, and nothing has replaced it. ``test``: it is no money. ``to_another``: it was
    paid to an NPI that is not of this practice.
    """

    id: int
    number: str
    origin: RemittanceOrigin
    status: RemittanceStatus
    payer_id: int | None
    payer: str
    trace: str
    amount: Money
    method: str
    paid_on: date
    claims: int
    unposted: int
    off: bool
    reason: str
    payment_id: int | None
    read_by: str
    read_at: datetime
    posted_by: str
    posted_at: datetime | None
    version: int
    returned: bool = False
    test: bool = False
    to_another: bool = False
    payer_short: str = ""


@dataclass(frozen=True, slots=True)
class RemittanceFilter:
    """The question above the list; empty means any.

    ``text`` is words, each of which is found in the payer, the trace, the number, the amount,
    the day, or the name or number of one of its claims.
    """

    text: str = ""
    from_day: date | None = None
    to_day: date | None = None
    statuses: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    payers: tuple[int, ...] = ()
    view: str = "all"

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> RemittanceFilter:
        """Read what the table part holds: text, day (first, last), status, origin, payer, view.

        Raises KeyError for any other key.
        """
        return cls(
            **fields_asked(
                asked,
                {"text": "text", "view": "view"},
                texts={"status": "statuses", "origin": "origins"},
                numbers={"payer": "payers"},
                days=True,
            )
        )


def page_of_remittances(work: Work, wanted: RemittanceFilter, span: Span) -> Page[RemittanceRow]:
    """Return a span of the matching remittances, how many match, and the sums of their checks.

    ``span.sort`` is one of ``SORTS``. The sums: ``posted`` and ``to_post``, and ``amount`` of the
    two; ``others`` is what is no money of ours, or not yet: tests, what is stopped, set aside,
    undone, sent back, of another practice, or posted already by other means. A sum of nothing
    is left out.
    """
    require_seeing(work, REMITTANCES, "remittances")
    return find_remittances(work, wanted, span)


def find_remittances(work: Work, wanted: RemittanceFilter, span: Span) -> Page[RemittanceRow]:
    """Return what ``page_of_remittances`` does, for the program itself: nobody is asked."""
    conditions = _conditions(work, wanted)
    count, totals = _sums(work, conditions)
    query = select(Remittance.id).where(*conditions)
    if span.sort == "payer":
        query = query.outerjoin(Payer, Payer.id == Remittance.payer_id)
        column: Any = func.coalesce(Payer.name, Remittance.payer_name)
    else:
        column = _COLUMNS[span.sort]
    if span.descending:
        query = query.order_by(column.desc(), Remittance.id.desc())
    else:
        query = query.order_by(column, Remittance.id)
    ids = list(work.db.scalars(query.offset(span.start).limit(span.size)))
    return Page(span.start, count, rows_of_remittances(work, ids), totals)


def _sums(work: Work, conditions: list[ColumnElement[bool]]) -> tuple[int, dict[str, Money]]:
    """Return how many remittances match, and what their checks are together, by what they are."""
    payees = select(Remittance.payee_npi).where(*conditions).distinct()
    others = npis_of_others(work, set(work.db.scalars(payees)))
    twin = aliased(Remittance)
    known = (
        select(twin.id)
        .where(
            twin.id != Remittance.id,
            twin.status.in_(_IN_THE_BOOKS),
            twin.payer_id == Remittance.payer_id,
            twin.trace == Remittance.trace,
            twin.trace != "",
            twin.amount == Remittance.amount,
        )
        .exists()
    )
    posted = and_(Remittance.status.in_(_IN_THE_BOOKS), ~money_is_missing())
    waits = and_(
        Remittance.status == RemittanceStatus.TO_POST,
        Remittance.test.is_(False),
        Remittance.payee_npi.not_in(others),
        ~known,
    )
    row = work.db.execute(
        select(
            func.count().label("many"),
            func.sum(case((posted, Remittance.amount))).label("posted"),
            func.sum(case((waits, Remittance.amount))).label("to_post"),
            func.sum(case((not_(or_(posted, waits)), Remittance.amount))).label("others"),
        )
        .select_from(Remittance)
        .where(*conditions)
    ).one()
    named = {"posted": row.posted, "to_post": row.to_post, "others": row.others}
    found = {key: amount for key, amount in named.items() if amount is not None}
    counted = [found[key] for key in ("posted", "to_post") if key in found]
    if counted:
        found["amount"] = sum(counted, ZERO)
    return row.many, found


def remittance_counts(work: Work, base: RemittanceFilter | None = None) -> dict[str, int]:
    """Return how many remittances each built-in view has, within ``base``."""
    within = base or RemittanceFilter()
    found: dict[str, int] = {}
    for view in VIEWS:
        conditions = _conditions(work, replace(within, view=view))
        found[view] = work.db.scalar(select(func.count(Remittance.id)).where(*conditions)) or 0
    return found


def next_to_post(work: Work) -> int | None:
    """Return the newest remittance that waits to be posted (job 3), or None."""
    return work.db.scalar(
        select(Remittance.id)
        .where(Remittance.status.in_(_OPEN))
        .order_by(Remittance.paid_on.desc(), Remittance.id.desc())
        .limit(1)
    )


def rows_of_remittances(work: Work, ids: Sequence[int]) -> tuple[RemittanceRow, ...]:
    """Return these remittances as the list shows them, in this order."""
    rows = {
        one.id: one
        for one in work.db.scalars(select(Remittance).where(among(work, Remittance.id, ids)))
    }
    payers = _names(work, Payer.id, Payer.name, {one.payer_id for one in rows.values()})
    people = {one.read_by for one in rows.values()} | {one.posted_by for one in rows.values()}
    short = _names(work, Payer.id, Payer.short_name, {one.payer_id for one in rows.values()})
    staff = _names(work, Staff.id, Staff.name, people)
    missing = set(
        work.db.scalars(
            select(Remittance.id).where(among(work, Remittance.id, ids), money_is_missing())
        )
    )
    others = npis_of_others(work, {one.payee_npi for one in rows.values()})
    return tuple(
        replace(
            _row(rows[one], payers, staff, returned=one in missing),
            to_another=rows[one].payee_npi in others,
            payer_short=short.get(rows[one].payer_id or 0, ""),
        )
        for one in ids
        if one in rows
    )


def _row(
    one: Remittance, payers: Mapping[int, str], staff: Mapping[int, str], *, returned: bool
) -> RemittanceRow:
    return RemittanceRow(
        id=one.id,
        number=one.number,
        origin=one.origin,
        status=one.status,
        payer_id=one.payer_id,
        payer=payers.get(one.payer_id or 0, one.payer_name),
        trace=one.trace,
        amount=one.amount,
        method=one.method,
        paid_on=one.paid_on,
        claims=one.claims,
        unposted=one.unposted,
        off=bool(one.check_off or one.claims_off or one.services_off),
        reason=one.reason,
        payment_id=one.payment_id,
        read_by=staff.get(one.read_by, ""),
        read_at=one.read_at,
        posted_by=staff.get(one.posted_by or 0, ""),
        posted_at=one.posted_at,
        version=one.version,
        returned=returned,
        test=one.test,
    )


def _names(work: Work, key: Any, name: Any, ids: set[int] | set[int | None]) -> dict[int, str]:
    wanted = [one for one in ids if one is not None]
    return {
        row[0]: row[1] for row in work.db.execute(select(key, name).where(among(work, key, wanted)))
    }


def _conditions(work: Work, wanted: RemittanceFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.from_day is not None:
        found.append(Remittance.paid_on >= wanted.from_day)
    if wanted.to_day is not None:
        found.append(Remittance.paid_on <= wanted.to_day)
    if wanted.statuses:
        found.append(Remittance.status.in_([RemittanceStatus(one) for one in wanted.statuses]))
    if wanted.origins:
        found.append(Remittance.origin.in_([RemittanceOrigin(one) for one in wanted.origins]))
    if wanted.payers:
        found.append(among(work, Remittance.payer_id, wanted.payers))
    states = _STATES.get(wanted.view)
    if wanted.view == "needs":
        found.append(or_(Remittance.status.in_(_OPEN), money_is_missing()))
    elif wanted.view == RETURNED:
        found.append(money_is_missing())
    elif states:
        found.append(Remittance.status.in_(states))
    return [*found, *(_places(work, word) for word in wanted.text.split())]


def _places(work: Work, word: str) -> ColumnElement[bool]:
    """Return where a word may stand."""
    payers = select(Payer.id).where(_has(Payer.name, word))
    claims = select(RemittanceClaim.remittance_id).where(
        or_(_has(RemittanceClaim.patient_name, word), _has(RemittanceClaim.number, word))
    )
    places: list[ColumnElement[bool]] = [
        _has(Remittance.trace, word),
        _has(Remittance.number, word),
        _has(Remittance.payer_name, word),
        Remittance.payer_id.in_(payers),
        Remittance.id.in_(claims),
    ]
    with suppress(ValueError):
        places.append(Remittance.amount == Money.parse(word))
    days = days_meant(word, work.today())
    if days:
        places.append(Remittance.paid_on.in_(days))
    return or_(*places)


def _has(column: Any, word: str) -> ColumnElement[bool]:
    return func.lower(column).contains(word.casefold(), autoescape=True)
