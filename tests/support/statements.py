"""Builds fictional statements for the tests of paper."""

from __future__ import annotations

from datetime import date, timedelta

from fscdesk.models.values import ZERO, Money
from fscdesk.services.printing.statement import (
    Letterhead,
    StatementAges,
    StatementDoc,
    StatementLine,
    StatementSection,
)

LETTERHEAD = Letterhead(
    "Fictional Springs Counseling",
    ("200 Nowhere Avenue, Suite 4", "Sampleville, NJ 07000"),
    "(555) 010-0100",
    "billing@springs.example.invalid",
    "Monday to Friday, 9 to 4",
)


def a_section(
    rows: int, heading: str = "", what: str = "Session", start: Money = ZERO
) -> StatementSection:
    """Charges of 95.00 and payments of 40.00 in turns, numbered in their text."""
    balance, lines = start, []
    for row in range(rows):
        day = date(2026, 3, 1) + timedelta(days=row % 31)
        change = Money(-4_000 if row % 2 else 9_500)
        balance += change
        charge, paid = (None, change) if row % 2 else (change, None)
        lines.append(StatementLine(day, f"{what} {row:03d}.", balance, charge, paid))
    return StatementSection(tuple(lines), start, heading)


def a_statement(
    *sections: StatementSection,
    number: str = "ST-2026-00014",
    account: str = "1003",
    name: str = "Sample McSampleface",
    address: tuple[str, ...] = ("102 Nowhere Lane", "Sampleville, NJ 07002"),
    due: Money | None = None,
    ages: StatementAges | None = None,
    due_by: date | None = date(2026, 5, 1),
    period: tuple[date, date] = (date(2026, 3, 1), date(2026, 3, 31)),
    note: str = "",
    message: str = "",
    instructions: str = "",
) -> StatementDoc:
    """A statement that adds up, unless the test says otherwise."""
    parts = sections or (a_section(9),)
    owed = sum((part.totals().balance for part in parts), ZERO)
    credit = Money(max(0, -owed.cents))
    first = Money(max(0, owed.cents))
    return StatementDoc(
        number=number,
        day=date(2026, 4, 1),
        account=account,
        period_from=period[0],
        period_to=period[1],
        due_by=due_by,
        recipient_name=name,
        recipient_address=address,
        sections=parts,
        ages=ages or StatementAges((first, ZERO, ZERO, ZERO, ZERO), credit, owed),
        amount_due=owed if due is None else due,
        note=note,
        message=message,
        instructions=instructions,
    )
