"""Lines of a bank and items of ours as plain values, a line each: what matching compares."""

from __future__ import annotations

from datetime import date
from itertools import count

from fscdesk.models.deposit import DepositKind
from fscdesk.models.values import Money
from fscdesk.services.banking.bank_words import sender_of, trace_of
from fscdesk.services.banking.match_items import (
    DepositToMake,
    Item,
    ItemKind,
    OpenLine,
    RuleMeaning,
    Way,
)

_ids = count(1)


def day(text: str) -> date:
    """Read ``3/15`` as a day of 2026."""
    month, _, number = text.partition("/")
    return date(2026, int(month), int(number))


def bank(on: str, cents: int, words: str = "DEPOSIT", *, check: str = "") -> OpenLine:
    """A line of the bank."""
    return OpenLine(
        next(_ids),
        day(on),
        Money(cents),
        words,
        check_number=check,
        trace=trace_of(words, check),
        sender=sender_of(words),
    )


def eft_line(on: str, cents: int, trace: str, who: str = "FICTA") -> OpenLine:
    """A line by which a payer's EFT comes."""
    return bank(on, cents, f"{who} HCCLAIMPMT TRN*1*{trace}*1999010000\\")


def booked(
    on: str,
    cents: int,
    *references: str,
    way: Way = Way.ANY,
    who: str = "",
    proves: bool = False,
) -> Item:
    """An entry on the bank's account."""
    ident = next(_ids)
    return Item(
        ItemKind.ENTRY,
        ident,
        day(on),
        Money(cents),
        f"E{ident}",
        way,
        references,
        proves=proves,
        who=who,
    )


def waiting(
    on: str, cents: int, reference: str = "", *, way: Way = Way.COUNTER, who: str = "Alma Anyone"
) -> Item:
    """A payment that is not deposited; a payer's where it is an EFT."""
    ident = next(_ids)
    kind = DepositKind.EFT if way is Way.EFT else DepositKind.COUNTER
    return Item(
        ItemKind.PAYMENT,
        ident,
        day(on),
        Money(cents),
        f"P{ident}",
        way,
        (reference,) if reference else (),
        proves=way is Way.EFT and bool(reference),
        who=who,
        deposit=DepositToMake(
            kind,
            Money(cents),
            (ident,),
            reference=reference if way is Way.EFT else "",
            since=day(on),
        ),
    )


def rule(
    words: str, account: str | None = "7100", *, confirmed: int = 1, payer: int | None = None
) -> RuleMeaning:
    """What a person confirmed for money that left."""
    return RuleMeaning(
        next(_ids),
        words,
        payer is not None,
        None if payer is not None else account,
        "Rent",
        "",
        payer,
        "",
        confirmed,
    )
