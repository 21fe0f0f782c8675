"""Small books that an accountant can add up in the head: an owner, rent, equipment, three sessions.

2025: 50.00 of bank interest. 2026: the owner brings 1,000.00 in January; in March sessions of
480.00 (260.00 of them the payer's), rent of 200.00, equipment of 300.00 and 25.00 of its
depreciation; in April a check of 42.50, of which 30.00 is applied.
"""

from __future__ import annotations

from datetime import date

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.charge import Charge, Side
from fscdesk.models.ledger import EntryKind, Part
from fscdesk.models.values import Money
from fscdesk.services.billing.adjustment_rules import RULES
from fscdesk.services.ledger.accounts import INSURANCE_RECEIVABLE, PATIENT_RECEIVABLE
from fscdesk.services.ledger.posting import About, Draft, Leg, Mark, post
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.payments.applying import Application
from fscdesk.services.reports.books import Lines, drill
from fscdesk.services.reports.financial import Financial
from fscdesk.services.work import Work
from tests.support.payments import Till, open_till, pay, received

MARCH = (date(2026, 3, 1), date(2026, 3, 31))
APRIL = (date(2026, 4, 1), date(2026, 4, 30))
LAST_YEAR = (date(2025, 1, 1), date(2025, 12, 31))


def entry(
    work: Work,
    on: date,
    debit: str,
    credit: str,
    cents: int,
    *,
    kind: EntryKind = EntryKind.MANUAL,
    centre: str | None = None,
) -> int:
    """Post an entry of two lines and return its id; the centre is that of both."""
    legs = (Leg(debit, cents, Part.BOOKS), Leg(credit, -cents, Part.BOOKS))
    marks = None if centre is None else (Mark(centre), Mark(centre))
    return post(work, Draft(on=on, kind=kind, memo="by hand", legs=legs, marks=marks))


def keep_books(books: Office) -> Till:
    """Post everything that stands above."""
    till = books.write(open_till).value

    def write(work: Work) -> None:
        entry(work, date(2025, 12, 15), "1000", "4340", 50_00)
        entry(work, date(2026, 1, 2), "1000", "3000", 1_000_00)
        entry(work, date(2026, 3, 1), "7000", "1000", 200_00)
        entry(work, date(2026, 3, 5), "1400", "1000", 300_00)
        entry(work, date(2026, 3, 31), "7300", "1410", 25_00, kind=EntryKind.ADJUSTING)

    books.write(write)
    received(books, pay(till, 42_50, Application(till.copays[0], Money(30_00))))
    return till


def told(found: Financial, column: int = 0) -> dict[str, str]:
    """Return the amounts of a statement by the keys of their rows."""
    return {row.key: row.amounts[column].plain() for row in found.rows if row.amounts}


def behind(work: Work, which: Lines, size: int = 3) -> Money:
    """Return what the lines behind a number sum to, read in pages."""
    start, total = 0, Money()
    while True:
        page = drill(work, which, Span(start, size, "day"))
        total += sum((line.amount for line in page.rows), Money())
        start += size
        if start >= page.total:
            assert total == page.totals["amount"]
            return total


def not_behind(work: Work, found: Financial, size: int = 3) -> list[str]:
    """Return the rows whose lines do not come to their amounts; there should be none."""
    return [
        f"{row.key} {column}: {amount} is not that of its lines"
        for row in found.rows
        for column, (amount, lines) in enumerate(zip(row.amounts, row.drills, strict=True))
        if lines is not None and behind(work, lines, size) != amount
    ]


def taken_off(
    books: Office,
    charge_id: int,
    cents: int,
    kind: AdjustmentKind,
    on: date,
    codes: tuple[str, str] = ("", ""),
) -> int:
    """Take an amount off a charge, as a posted adjustment does, and return its entry."""

    def write(work: Work) -> int:
        rule, charge = RULES[kind], work.db.get_one(Charge, charge_id)
        side = rule.sides[0]
        owed = PATIENT_RECEIVABLE if side is Side.PATIENT else INSURANCE_RECEIVABLE
        legs = (Leg(rule.account, cents, rule.part), Leg(owed, -cents, rule.part))
        about = About.of_charge(charge)
        posted = post(
            work, Draft(on=on, kind=EntryKind.ADJUSTMENT, memo="", legs=legs, about=about)
        )
        work.db.add(
            Adjustment(
                number=f"ADJ-{posted}",
                kind=kind,
                side=side,
                charge_id=charge_id,
                patient_id=charge.patient_id,
                amount=Money(cents),
                reason="as agreed",
                group_code=codes[0],
                carc=codes[1],
                on=on,
                status=AdjustmentStatus.POSTED,
                entry_id=posted,
                made_by=work.actor.staff_id,
                made_at=work.now(),
            )
        )
        return posted

    return books.write(write).value
