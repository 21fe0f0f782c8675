"""Closes account 1060: the payments that arrived take the place of what SimplePractice called paid.

1060 keeps two systems honest (DESIGN 6). Here the payments that came out of SimplePractice's own
reports find the sessions that its appointment report calls paid: first as its income allocation
says, then by day and amount, then oldest first within one client, because all of it is that
client's money for that client's sessions. A payer's check is only shared out as a report says.
What finds no partner stays open, and ``clearing_list`` gives the reason of each line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlalchemy import case, func, select

from fscdesk.models.charge import Charge, Side
from fscdesk.models.ledger import JournalLine, Part
from fscdesk.models.payment import Credit, Payment, PaymentOrigin
from fscdesk.models.simplepractice import ReportedAllocation
from fscdesk.models.values import Money
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import RECORDED_IN_SIMPLEPRACTICE
from fscdesk.services.payments.applying import Application, apply_many
from fscdesk.services.payments.overlaps import free_overclosed, free_overlaps
from fscdesk.services.payments.written_off import accept_write_offs
from fscdesk.services.work import Work

PARTS = {Side.PATIENT: Part.PATIENT_PAID, Side.INSURANCE: Part.INSURANCE_PAID}


@dataclass(slots=True)
class Item:
    """What stands open in 1060 for one side of a charge; ``left`` in cents.

    ``since`` is the last day on which SimplePractice's reports changed it.
    """

    charge_id: int
    patient_id: int
    payer_id: int | None
    day: date
    since: date
    left: int


@dataclass(slots=True)
class Source:
    """What is left of a payment's credit; ``left`` in cents."""

    credit_id: int
    payment_id: int
    owner: int
    paid_on: date
    reference: str
    left: int


@dataclass(slots=True)
class Matches:
    """Applications found so far: which credit pays which item."""

    found: list[tuple[int, Application]] = field(default_factory=list)

    def take(self, source: Source, item: Item, side: Side, most: int | None = None) -> int:
        """Let a source pay an item as far as both go, and return the cents."""
        cents = min(source.left, item.left, source.left if most is None else most)
        if cents <= 0:
            return 0
        source.left -= cents
        item.left -= cents
        # On the first day on which both are in the books: as of no day the money counts twice.
        paid = Application(item.charge_id, Money(cents), side, recorded=True, on=item.since)
        self.found.append((source.credit_id, paid))
        return cents


class _Told(NamedTuple):
    """What the income allocation says: so much came on a day for the session of another day."""

    paid_on: date
    session_day: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Settled:
    """What settling did: applications that were posted, and their sum."""

    applications: int
    amount: Money


def settle(work: Work, *, on: date, batch_id: int | None = None) -> Settled:
    """Let SimplePractice's payments close what it has called paid, as far as both are known.

    Safe to call after every import, in any order: what is closed already is not touched, and
    what was closed but is not called paid any more is opened again first.
    """
    if work.db.scalar(select(Payment.id).limit(1)) is None:
        return Settled(0, Money())
    free_overclosed(work, on=on, batch_id=batch_id)
    free_overlaps(work, on=on, batch_id=batch_id)
    matches = Matches()
    _match_clients(work, matches)
    _match_payers(work, matches)
    apply_many(work, matches.found, on=on, batch_id=batch_id)
    accept_write_offs(work, on=on, batch_id=batch_id)
    total = sum(one.amount.cents for _, one in matches.found)
    return Settled(len(matches.found), Money(total))


def open_items(work: Work, side: Side) -> list[Item]:
    """Return what stands open in 1060 on one side, oldest service first."""
    sums = (
        select(
            JournalLine.charge_id,
            func.sum(JournalLine.amount).label("cents"),
            func.max(case((JournalLine.payment_id.is_(None), JournalLine.day))).label("since"),
        )
        .where(
            JournalLine.account == RECORDED_IN_SIMPLEPRACTICE,
            JournalLine.part == PARTS[side],
            JournalLine.charge_id.is_not(None),
        )
        .group_by(JournalLine.charge_id)
        .having(func.sum(JournalLine.amount) > Money())
        .subquery()
    )
    rows = work.db.execute(
        select(
            Charge.id,
            Charge.patient_id,
            Charge.payer_id,
            Charge.service_day,
            sums.c.since,
            sums.c.cents,
        )
        .join(sums, sums.c.charge_id == Charge.id)
        .order_by(Charge.service_day, Charge.id)
    )
    return [
        Item(
            row.id,
            row.patient_id,
            row.payer_id,
            row.service_day,
            row.since or row.service_day,
            row.cents.cents,
        )
        for row in rows
    ]


def open_sources(work: Work, side: Side) -> list[Source]:
    """Return what is left of payments that SimplePractice reported, oldest first."""
    owner = Credit.patient_id if side is Side.PATIENT else Credit.payer_id
    rows = work.db.execute(
        select(
            Credit.id,
            Credit.payment_id,
            owner.label("owner"),
            Payment.received_on,
            Payment.reference,
            Credit.balance,
        )
        .join(Payment, Payment.id == Credit.payment_id)
        .where(
            Payment.origin == PaymentOrigin.SIMPLEPRACTICE,
            owner.is_not(None),
            Credit.balance > Money(),
        )
        .order_by(Payment.received_on, Payment.id, Credit.id)
    )
    return [
        Source(
            row.id,
            row.payment_id or 0,
            row.owner or 0,
            row.received_on,
            row.reference,
            row.balance.cents,
        )
        for row in rows
    ]


def _match_clients(work: Work, matches: Matches) -> None:
    items: dict[int, list[Item]] = defaultdict(list)
    sources: dict[int, list[Source]] = defaultdict(list)
    for source in open_sources(work, Side.PATIENT):
        sources[source.owner].append(source)
    if not sources:
        return
    for item in open_items(work, Side.PATIENT):
        if item.patient_id in sources:
            items[item.patient_id].append(item)
    told = _allocations(work, Side.PATIENT, sources)
    for patient_id, theirs in sources.items():
        owed = items.get(patient_id, [])
        for said in told[patient_id]:
            _as_told(matches, said, theirs, owed)
        for source in theirs:
            _same_day(matches, source, owed)
        for source in theirs:
            _oldest_first(matches, source, owed)


def _as_told(
    matches: Matches, said: _Told, sources: Sequence[Source], items: Sequence[Item]
) -> None:
    left = said.amount.cents
    for source in sources:
        if source.paid_on != said.paid_on:
            continue
        for item in items:
            if left > 0 and item.day == said.session_day:
                left -= matches.take(source, item, Side.PATIENT, left)


def _same_day(matches: Matches, source: Source, items: Sequence[Item]) -> None:
    fits = [one for one in items if one.day == source.paid_on and one.left == source.left > 0]
    if len(fits) == 1:
        matches.take(source, fits[0], Side.PATIENT)


def _oldest_first(matches: Matches, source: Source, items: Sequence[Item]) -> None:
    for item in items:
        matches.take(source, item, Side.PATIENT)


def _match_payers(work: Work, matches: Matches) -> None:
    sources = open_sources(work, Side.INSURANCE)
    if not sources:
        return
    items: dict[tuple[int, int | None], list[Item]] = defaultdict(list)
    for item in open_items(work, Side.INSURANCE):
        items[item.patient_id, item.payer_id].append(item)
    told: dict[str, list[ReportedAllocation]] = defaultdict(list)
    found = select(ReportedAllocation).where(
        ReportedAllocation.side == Side.INSURANCE,
        ReportedAllocation.reference.in_({one.reference for one in sources if one.reference}),
    )
    for said in work.db.scalars(found.order_by(ReportedAllocation.id)):
        told[said.reference].append(said)
    for source in sources:
        for said in _best_told(told[source.reference]):
            theirs = items.get((said.patient_id or 0, source.owner), [])
            _payer_paid(matches, source, said, theirs)


def _best_told(said: Sequence[ReportedAllocation]) -> list[ReportedAllocation]:
    """Return what two reports said of one check, each share once, the better told ones first.

    The income allocation names the session, the insurance payment report does not: where the
    first speaks of a client, the second says nothing more about that client.
    """
    known = [one for one in said if one.session_day is not None]
    clients = {one.patient_id for one in known}
    vague = [one for one in said if one.session_day is None and one.patient_id not in clients]
    return known + vague


def _payer_paid(
    matches: Matches, source: Source, said: ReportedAllocation, items: Sequence[Item]
) -> None:
    """Let a check pay what a report says it paid: that session, else one of that amount."""
    if said.session_day is not None:
        wanted = [one for one in items if one.day == said.session_day]
    else:
        wanted = [one for one in items if one.left == said.amount.cents][:1]
    left = said.amount.cents
    for item in wanted:
        left -= matches.take(source, item, Side.INSURANCE, left)


def _allocations(
    work: Work, side: Side, sources: Mapping[int, Sequence[Source]]
) -> dict[int, list[_Told]]:
    """Return what the income allocation says of the owners of these payments, oldest first.

    Only of the days on which a payment with money left came: the rest of the years is settled.
    """
    found: dict[int, list[_Told]] = defaultdict(list)
    days = {one.paid_on for theirs in sources.values() for one in theirs}
    for patient_id, paid_on, session_day, amount in work.db.execute(
        select(
            ReportedAllocation.patient_id,
            ReportedAllocation.paid_on,
            ReportedAllocation.session_day,
            ReportedAllocation.amount,
        )
        .where(
            ReportedAllocation.side == side,
            ReportedAllocation.session_day.is_not(None),
            ReportedAllocation.paid_on.between(min(days), max(days)),
            among(work, ReportedAllocation.patient_id, sources),
        )
        .order_by(ReportedAllocation.paid_on, ReportedAllocation.id)
    ):
        if patient_id is not None and session_day is not None:
            found[patient_id].append(_Told(paid_on, session_day, amount))
    return found
