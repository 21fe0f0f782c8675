"""Says the events of an account in the words of a statement: one row for each, in order.

A payment and what it paid are one row; what only moved between a client's credit and the same
client's charges is a row without an amount. Nothing here reads the books.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.ledger import EntryKind, Part
from fscdesk.models.values import Money
from fscdesk.services.billing.statement_events import Event, Names
from fscdesk.services.ledger.sources import ADJUSTED, EntrySource
from fscdesk.services.printing.statement import StatementLine
from fscdesk.services.printing.words import counted
from fscdesk.services.printing.words import day as day_words

NAMED = 4
"""What a payment paid is told charge by charge up to so many."""

Row = tuple[tuple[date, int, date, int], StatementLine, int]
"""What a row is sorted by, the row without its balance, and by how much it changes it."""

_MONEY = frozenset({EntryKind.RECEIPT, EntryKind.APPLIED, EntryKind.RETURNED})
_WORDS: Mapping[AdjustmentKind, str] = MappingProxyType(
    {
        **ADJUSTED,
        AdjustmentKind.CONTRACTUAL: "Adjustment by your plan’s contract",
        AdjustmentKind.BAD_DEBT: "Written off",
    }
)


def rows_of(events: Sequence[Event], names: Names, guarantor_id: int) -> list[Row]:
    """Return the rows of one patient's events; charges of a day come before its payments."""
    rows: list[Row] = []
    recorded: dict[tuple[date, int | None, Part], list[Event]] = {}
    money: dict[tuple[date, str, bool], list[Event]] = {}
    for event in events:
        if event.part is Part.CHARGE:
            of = names.charges.get(event.charge_id or 0)
            first = of.day if of else event.day
            line = _charge(event, names)
            rows.append(((event.day, 0, first, event.entry_id), line, event.change))
        elif event.source is None or event.source.kind is EntryKind.SP_RECORDED:
            recorded.setdefault((event.day, event.session_id, event.part), []).append(event)
        elif event.source.kind in _MONEY:
            money.setdefault(_one_payment(event, event.source), []).append(event)
        else:
            line = _document(event, event.source, names)
            rows.append((_key(event, names), line, event.change))
    for (_, _, part), group in recorded.items():
        change = sum(event.change for event in group)
        if change:  # what was taken back and recorded again on one day is no news
            line = _recorded(group, part, change, names)
            rows.append((_key(group[0], names), line, change))
    for (_, _, back), group in money.items():
        said = _payment(group, names, guarantor_id, back=back)
        if said is not None:
            rows.append((_key(group[0], names), said, sum(event.change for event in group)))
    return rows


def without_undone(events: Sequence[Event]) -> list[Event]:
    """Leave out what was taken back on its own day: it should never have been there."""
    at = {(event.entry_id, event.part): event for event in events}
    gone: set[tuple[int, Part]] = set()
    for event in sorted(events, key=lambda one: one.entry_id):
        first = at.get((event.reverses or 0, event.part))
        if first is None or first.day != event.day or (first.entry_id, first.part) in gone:
            continue
        if (first.change, first.price, first.held) == (-event.change, -event.price, -event.held):
            gone |= {(first.entry_id, first.part), (event.entry_id, event.part)}
    return [event for event in events if (event.entry_id, event.part) not in gone]


def _one_payment(event: Event, source: EntrySource) -> tuple[date, str, bool]:
    """Say which events are one row: all of a payment or memo on a day, one way or the other."""
    back = source.undoes != (source.kind is EntryKind.RETURNED)
    return event.day, f"{source.opens} {source.id}", back


def _key(event: Event, names: Names) -> tuple[date, int, date, int]:
    of = names.charges.get(event.charge_id or 0)
    return event.day, 1, of.day if of else event.day, event.entry_id


def _charge(event: Event, names: Names) -> StatementLine:
    """The row of a charge: its full price, less what a payer is asked for."""
    of = names.charges.get(event.charge_id or 0)
    name = "Balance brought forward" if event.opening else "Charge"
    if of is not None:
        name = of.name + (f" × {of.units}" if of.units > 1 else "")
        if of.day != event.day:
            name += f" of {day_words(of.day)}"
    if event.price < 0:
        name = f"Correction: {name}"
    share = event.change - event.price
    return StatementLine(
        event.day,
        name,
        Money(),
        charge=Money(event.price),
        insurance=Money(share) if share else None,
    )


def _recorded(group: Sequence[Event], part: Part, change: int, names: Names) -> StatementLine:
    """The row of what SimplePractice has recorded for a session."""
    day, amount, which = group[0].day, Money(change), _for_day(group[0], names)
    corrects = all(event.reverses is not None for event in group)
    if part is Part.PATIENT_PAID:
        if corrects:
            what = f"Correction: payment{which}"
        elif change > 0:
            what = f"Payment returned{which}"
        else:
            what = f"Payment{which}, thank you"
        return StatementLine(day, what, Money(), paid=amount)
    correction = "Correction: " if corrects else ""
    if part is Part.INSURANCE_PAID:
        return StatementLine(day, f"{correction}Insurance{which}", Money(), insurance=amount)
    return StatementLine(day, f"{correction}Adjustment{which}", Money(), adjusted=amount)


def _for_day(event: Event, names: Names) -> str:
    of = names.charges.get(event.charge_id or 0)
    return f" for {day_words(of.day)}" if of is not None and of.day != event.day else ""


def _payment(
    group: Sequence[Event], names: Names, guarantor_id: int, *, back: bool
) -> StatementLine | None:
    """The row of one payment on one day: what came in, what it paid, and what stays."""
    kinds = {event.source.kind for event in group if event.source is not None}
    change = sum(event.change for event in group)
    if not change and not any(event.owed for event in group):
        return None  # it stands above already, as SimplePractice recorded it
    by, paid = _by(group[0].source, guarantor_id), _paid(group, names)
    if EntryKind.RETURNED in kinds:
        what = f"Payment{by} returned by the bank" if back else f"Correction: payment{by}"
        what += f": {paid} open again" * bool(paid and back)
    elif back:
        came = EntryKind.RECEIPT in kinds
        what = f"Correction: payment{by}" if came else f"Payment{by} taken off"
        what += f": {paid}" * bool(paid)
    elif EntryKind.RECEIPT in kinds:
        what = _thanks(by, paid, -sum(event.held for event in group), change)
    elif change > 0:
        settles = all(event.entry_id in names.recorded for event in group)
        what = f"Payment{by}, counted before" if settles else "From your credit to another account"
    else:
        what = _thanks(by, paid, 0, change) if change else f"From your credit: {paid}"
    return StatementLine(group[0].day, what, Money(), paid=Money(change) if change else None)


def _thanks(by: str, paid: str, stays: int, change: int) -> str:
    """Thank for a payment, and say what became of it where that is more than one thing."""
    if not change:
        return f"Payment{by}, counted before"
    kept = f"{Money(stays)} stays as your credit" if stays > 0 else ""
    parts = [part for part in (paid, kept) if part]
    return f"Payment{by}, thank you" + (f": {', '.join(parts)}" if parts else "")


def _by(source: EntrySource | None, guarantor_id: int) -> str:
    """Say how a payment came; only to the one who sent it."""
    payment = None if source is None else source.payment
    if payment is None or payment.guarantor_id != guarantor_id:
        return ""
    return f" {payment.by}" if payment.by else ""


def _paid(group: Iterable[Event], names: Names) -> str:
    """Say which charges were paid, by day of service: ``30.00 for 03/02/2026``."""
    by_day: dict[date, int] = {}
    for event in group:
        for charge, cents in event.owed:
            of = names.charges.get(charge)
            day = of.day if of else event.day
            by_day[day] = by_day.get(day, 0) - cents
    told = {day: abs(cents) for day, cents in sorted(by_day.items()) if cents}
    if len(told) > NAMED:
        return f"{Money(sum(told.values()))} for {counted(len(told), 'day')} of service"
    return ", ".join(f"{Money(cents)} for {day_words(day)}" for day, cents in told.items())


def _document(event: Event, source: EntrySource, names: Names) -> StatementLine:
    """The row of what is no payment: an adjustment, a refund, a transfer, a share that moved."""
    amount, which = Money(event.change), _for_day(event, names)
    correction = "Correction: " if source.undoes else ""
    says = _SAYS.get(source.kind)
    what = f"Adjustment{which}" if says is None else says(event, source, which)
    if correction:
        what = f"{correction}{what[:1].lower()}{what[1:]}"
    if source.kind is EntryKind.RESPONSIBILITY:
        return StatementLine(event.day, what, Money(), insurance=amount)
    if source.kind in (EntryKind.REFUND, EntryKind.TRANSFER):
        return StatementLine(event.day, what, Money(), paid=amount)
    return StatementLine(event.day, what, Money(), adjusted=amount)


def _grows(event: Event, source: EntrySource) -> bool:
    """Return whether the entry at the head of the chain made the balance larger."""
    return (event.change > 0) != source.undoes


def _says_adjustment(_event: Event, source: EntrySource, which: str) -> str:
    word = "Adjustment" if source.adjustment is None else _WORDS[source.adjustment.kind]
    return f"{word}{which}"


def _says_responsibility(event: Event, source: EntrySource, which: str) -> str:
    if _grows(event, source):
        return f"Your insurance leaves this to you{which}"
    return f"Your insurance takes this over{which}"


def _says_transfer(event: Event, source: EntrySource, which: str) -> str:
    way = "to" if _grows(event, source) else "from"
    return f"Moved {way} another account{which}"


def _says_agency(event: Event, source: EntrySource, which: str) -> str:
    if _grows(event, source):
        return f"Back from the collection agency{which}"
    return f"Handed to a collection agency{which}"


_SAYS: Mapping[EntryKind, Callable[[Event, EntrySource, str], str]] = MappingProxyType(
    {
        EntryKind.ADJUSTMENT: _says_adjustment,
        EntryKind.RESPONSIBILITY: _says_responsibility,
        EntryKind.TRANSFER: _says_transfer,
        EntryKind.AGENCY: _says_agency,
        EntryKind.REFUND: lambda _event, source, _which: f"Refund {source.number} to you",
        EntryKind.CREDIT_MEMO: lambda _event, source, _which: f"Credit memo {source.number}",
    }
)
