"""What waits between books and bank: money that did not come, money of nobody, deposits to make.

What needs a person is less than what is open: a transfer that was sent yesterday is not late,
and what the bank's statement does not reach yet cannot be seen on it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, select

from fscdesk.models.bank import BankAccount, BankLine
from fscdesk.models.remittance import Remittance
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.deposit_book import made_here
from fscdesk.services.id_sets import among
from fscdesk.services.queue.groups import NAMED, Group
from fscdesk.services.queue.items import ItemKind, Line, QueueItem, Step, the_rest
from fscdesk.services.queue.wording import many, since
from fscdesk.services.reports import opening
from fscdesk.services.reports.exception_kinds import BankException, ExceptionKind, Opens
from fscdesk.services.reports.exception_places import places_of
from fscdesk.services.reports.exceptions_of_bank import (
    deposited_not_banked,
    money_to_identify,
    unmatched_lines,
)
from fscdesk.services.reports.exceptions_of_money import remittances_and_payments
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.work import Work

RECONCILIATION: Final = "reconciliation"
EXCEPTIONS: Final = opening.Opens(RECONCILIATION, {"tab": "exceptions"})
LATE_DAYS: Final = 7
"""After so many days the bank should have shown what was sent to it, or taken to it."""
OLD_DAYS: Final = 30
"""After so many days money that is missing, or of nobody, is more urgent."""
DEPOSIT_DAYS: Final = 7
"""Cash and checks older than this should be at the bank."""

_HELD = "Money to identify"
_HELD_STEPS = (Step("Ask the bank where it came from"), Step("Enter the payment that it is"))


def money_missing(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield the posted remittances whose transfer the bank's lines should have shown by now."""
    shown_to = work.db.scalar(select(func.max(BankLine.on)).where(BankLine.live.is_(True)))
    told = [
        one
        for one in remittances_and_payments(work, work.today())
        if one.kind is ExceptionKind.REMITTANCE_WITHOUT_MONEY and _overdue(one.since, shown_to)
    ]
    posted = _posted(work, [one.opens_id for one in told])
    found = [one for one in told if one.opens_id in posted]
    yield from _items(
        work,
        ItemKind.MONEY_MISSING,
        found,
        most,
        "Remittance without money",
        (Step("Look for it in the bank's lines"), Step("Ask the payer to trace the transfer")),
    )


def money_unnamed(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield the money that the bank has and nothing explains: held, or a line that says so."""
    day = work.today()
    found = [
        *money_to_identify(work, day),
        *(
            one
            for one in unmatched_lines(work, day)
            if one.kind is ExceptionKind.MONEY_WITHOUT_REMITTANCE
        ),
    ]
    yield from _items(
        work,
        ItemKind.MONEY_UNNAMED,
        found,
        most,
        "Money without remittance",
        (Step("Get the payer's ERA or EOB"), Step("Post it: the money finds its sessions")),
    )


def not_banked(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield the deposits that the statement of their account should have shown by now."""
    shown: dict[str, date] = {
        row.name: row.newest
        for row in work.db.execute(
            select(BankAccount.name, func.max(BankLine.on).label("newest"))
            .join(BankLine, BankLine.bank_account_id == BankAccount.id)
            .where(BankLine.live.is_(True))
            .group_by(BankAccount.name)
        )
    }
    found = [
        one
        for one in deposited_not_banked(work, work.today())
        if _overdue(one.since, shown.get(one.who))
    ]
    yield from _items(
        work,
        ItemKind.NOT_BANKED,
        found,
        most,
        "Deposit that the bank has not shown",
        (Step("Look for it under another amount"), Step("Ask the bank, or undo the deposit")),
    )


def bank_lines(work: Work) -> Iterator[Group]:
    """Yield the lines of the bank that nothing explains, as one thing to do."""
    found = [
        one
        for one in unmatched_lines(work, work.today())
        if one.kind is ExceptionKind.BANKED_NOT_POSTED
    ]
    if found:
        oldest = min(one.since for one in found)
        yield Group(
            ItemKind.BANK_LINES,
            _urgency(oldest, work.today()),
            "Bank lines to explain",
            f"{many(len(found), 'line')} of the bank {'is' if len(found) == 1 else 'are'} not"
            " matched",
            "Match them, or enter what they are",
            since(oldest, work.today()),
            len(found),
            _sum(found),
            oldest,
            opening.Opens(RECONCILIATION, {"tab": "bank"}),
            _lines(found),
            every=EXCEPTIONS,
        )


def to_deposit(work: Work) -> Iterator[Group]:
    """Yield what is in no deposit, as one thing to do; nothing while none was ever made here."""
    if not made_here(work):
        return
    found = [
        one
        for one in remittances_and_payments(work, work.today())
        if one.kind is ExceptionKind.POSTED_NOT_DEPOSITED
    ]
    if found:
        oldest = min(one.since for one in found)
        yield Group(
            ItemKind.TO_DEPOSIT,
            Urgency.MEDIUM if (work.today() - oldest).days > DEPOSIT_DAYS else Urgency.LOW,
            "Payments to deposit",
            f"{many(len(found), 'payment')} {'is' if len(found) == 1 else 'are'} in no deposit",
            "Make the deposits",
            since(oldest, work.today()),
            len(found),
            _sum(found),
            oldest,
            opening.Opens("payments", {"tab": "deposits", "view": "to_make"}),
            _lines(found),
            every=EXCEPTIONS,
        )


def _items(
    work: Work,
    kind: ItemKind,
    found: Sequence[BankException],
    most: int,
    title: str,
    steps: tuple[Step, ...],
) -> Iterator[QueueItem]:
    named = sorted(found, key=lambda one: (one.since, one.opens_id))[:most]
    places = places_of(work, named)
    for one in named:
        held = one.kind is ExceptionKind.HELD_NOT_IDENTIFIED
        about = (one.who, one.number, f"{one.since:%m/%d/%Y}")
        yield QueueItem(
            key=f"{kind.value}:{one.opens.value}-{one.opens_id}",
            kind=kind,
            urgency=_urgency(one.since, work.today()),
            title=_HELD if held else title,
            about=", ".join(part for part in about if part),
            why=f"{one.amount}, {one.words}. {one.to_do}",
            amount=one.amount,
            due_on=None,
            since=one.since,
            opens=places[one],
            steps=_HELD_STEPS if held else steps,
            payer=one.who if one.opens in (Opens.REMITTANCE, Opens.SUSPENSE) else "",
            remittance_id=one.opens_id if one.opens is Opens.REMITTANCE else None,
        )
    yield from the_rest(kind, len(found), most, title.lower(), EXCEPTIONS, Urgency.MEDIUM)


def _overdue(since_day: date, shown_to: date | None) -> bool:
    """Return whether the bank's lines reach so far that it should have been among them."""
    return shown_to is not None and shown_to >= since_day + timedelta(days=LATE_DAYS)


def _urgency(since_day: date, today: date) -> Urgency:
    return Urgency.HIGH if (today - since_day).days > OLD_DAYS else Urgency.MEDIUM


def _posted(work: Work, remittance_ids: Collection[int]) -> set[int]:
    """Return those whose money was posted; the others wait as remittances to post."""
    return set(
        work.db.scalars(
            select(Remittance.id).where(
                among(work, Remittance.id, remittance_ids), Remittance.payment_id.is_not(None)
            )
        )
    )


def _lines(found: Sequence[BankException]) -> tuple[Line, ...]:
    oldest = sorted(found, key=lambda one: (one.since, one.opens_id))[:NAMED]
    return tuple(
        Line(one.who or one.words, f"since {one.since:%m/%d/%Y}", one.amount) for one in oldest
    )


def _sum(found: Sequence[BankException]) -> Money:
    """Return the money at stake: what came in and what went out both count."""
    return sum((abs(one.amount) for one in found), ZERO)
