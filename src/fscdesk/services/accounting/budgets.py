"""Budgets of a fiscal year: typed by month, quarter or year, kept by month to the cent."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Final

from sqlalchemy import delete, func, select

from fscdesk.models.account import Account, AccountType
from fscdesk.models.budget import Budget, BudgetLine, BudgetStatus
from fscdesk.models.cost_centre import CostCentre
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.values import LARGEST_CENTS, ZERO, Money
from fscdesk.services.accounting.centre_history import in_force
from fscdesk.services.accounting.fiscal import fiscal_first_month
from fscdesk.services.audit import record
from fscdesk.services.editing import locked, require_version, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.periods import next_month
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = [
    "BudgetCell",
    "BudgetRow",
    "BudgetStatus",
    "BudgetView",
    "Spread",
    "add_budget",
    "approve_budget",
    "budget",
    "budgets",
    "copy_actual",
    "copy_budget",
    "enter_budget",
    "remove_budget",
]

_NOTHING: Final = "Nothing was saved."
_DOING: Final = "change budgets"
_YEAR: Final = 12


class Spread(enum.StrEnum):
    """Over which months an amount that was typed is spread evenly; cents go to the first ones."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS: Final[Mapping[Spread, int]] = MappingProxyType(
    {Spread.MONTH: 1, Spread.QUARTER: 3, Spread.YEAR: _YEAR}
)


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A budget in the list; income less expense is ``result``. ``approved_at`` is UTC."""

    id: int
    name: str
    first_month: date
    status: BudgetStatus
    note: str
    income: Money
    expense: Money
    result: Money
    approved_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class BudgetCell:
    """One account and cost centre of a budget: twelve months in order, and their sum.

    Income and expense are both positive; a contra account of income is negative.
    """

    account: str
    name: str
    type: AccountType
    cost_centre: str | None
    months: tuple[Money, ...]
    total: Money


@dataclass(frozen=True, slots=True)
class BudgetView:
    """A whole budget as its page shows it; ``months`` are the first days of its columns."""

    head: BudgetRow
    months: tuple[date, ...]
    cells: tuple[BudgetCell, ...]


def budgets(work: Work) -> tuple[BudgetRow, ...]:
    """Return every budget, the newest year first."""
    sums: dict[int, dict[AccountType, int]] = defaultdict(dict)
    for row in work.db.execute(
        select(BudgetLine.budget_id, Account.type, func.sum(BudgetLine.amount).label("planned"))
        .join(Account, Account.code == BudgetLine.account)
        .group_by(BudgetLine.budget_id, Account.type)
    ):
        sums[row.budget_id][row.type] = row.planned.cents
    found = select(Budget).order_by(Budget.first_month.desc(), Budget.id.desc())
    return tuple(_row(one, sums[one.id]) for one in work.db.scalars(found))


def budget(work: Work, budget_id: int) -> BudgetView:
    """Return a budget with its months. Raises Problem where there is none."""
    head = next((one for one in budgets(work) if one.id == budget_id), None)
    if head is None:
        raise Problem("This budget is not in the books.", hint="Nothing was changed.")
    months = _months(head.first_month)
    cells: dict[tuple[str, str], list[Money]] = {}
    named: dict[str, tuple[str, AccountType]] = {}
    for line, name, kind in work.db.execute(
        select(BudgetLine, Account.name, Account.type)
        .join(Account, Account.code == BudgetLine.account)
        .where(BudgetLine.budget_id == budget_id)
    ):
        named[line.account] = name, kind
        amounts = cells.setdefault((line.account, line.cost_centre or ""), [ZERO] * _YEAR)
        at = months.index(line.month)
        amounts[at] = amounts[at] + line.amount
    return BudgetView(
        head,
        months,
        tuple(
            BudgetCell(
                account,
                *named[account],
                centre or None,
                tuple(amounts),
                Money(sum(one.cents for one in amounts)),
            )
            for (account, centre), amounts in sorted(cells.items())
        ),
    )


def add_budget(work: Work, name: str, first_month: date, *, note: str = "") -> int:
    """Add an empty draft for the fiscal year that begins with a month, and return its id."""
    require(work, Right.KEEP_BOOKS, _DOING)
    words = text_of(name, "the name", required=True)
    taken = work.db.scalar(select(Budget.id).where(func.lower(Budget.name) == words.lower()))
    if taken is not None:
        raise Problem(
            f"There is a budget “{words}” already.", hint=f"{_NOTHING} Give it another name."
        )
    if first_month.month != fiscal_first_month(work):
        raise Problem(
            f"The fiscal year does not begin with {first_month:%B}.",
            hint=f"{_NOTHING} A budget is of one fiscal year; Setup says when it begins.",
        )
    row = Budget(
        name=words,
        first_month=first_month.replace(day=1),
        note=text_of(note, "the note", longest=300),
        made_by=work.actor.staff_id,
        made_at=work.now(),
    )
    work.db.add(row)
    work.db.flush()
    record(work, "add_budget", "budget", row.id, first_month=row.first_month.isoformat())
    work.touch(Topic.BOOKS)
    return row.id


def enter_budget(
    work: Work,
    budget_id: int,
    account: str,
    amount: Money,
    *,
    month: date,
    spread: Spread = Spread.MONTH,
    cost_centre: str | None = None,
) -> tuple[Money, ...]:
    """Set what an account may earn or cost from a month on, spread evenly; return the months' sums.

    What stood there for these months is replaced. Raises Problem for a budget that is approved,
    an account that is neither income nor expense, and months that are not all of its year.
    """
    row = _draft(work, budget_id)
    _require_entry(work, account, amount, cost_centre)
    months = _months(row.first_month)
    count, first = _MONTHS[spread], month.replace(day=1)
    at = months.index(first) if first in months else _YEAR
    if at + count > _YEAR or at % count:
        raise Problem(
            f"{month:%B %Y} does not begin a {spread.value} of this budget.",
            hint=f"{_NOTHING} Its year begins with {row.first_month:%B %Y}.",
        )
    parts = amount.split((1,) * count)
    wanted = months[at : at + count]
    work.db.execute(
        delete(BudgetLine).where(
            BudgetLine.budget_id == budget_id,
            BudgetLine.account == account,
            BudgetLine.cost_centre.is_not_distinct_from(cost_centre),
            BudgetLine.month.in_(wanted),
        )
    )
    work.db.add_all(
        BudgetLine(
            budget_id=budget_id, account=account, cost_centre=cost_centre, month=one, amount=part
        )
        for one, part in zip(wanted, parts, strict=True)
        if part
    )
    _changed(
        work,
        row,
        "enter_budget",
        account=account,
        cost_centre=cost_centre,
        month=first.isoformat(),
        spread=spread.value,
        amount=amount.plain(),
    )
    return parts


def copy_budget(
    work: Work, budget_id: int, name: str, first_month: date, *, percent: Decimal = Decimal(0)
) -> int:
    """Draft another year from what a budget says, raised by a percentage; return its id."""
    require(work, Right.KEEP_BOOKS, _DOING)
    old = budget(work, budget_id)
    new = add_budget(work, name, first_month, note=f"Copied from {old.head.name}"[:300])
    months = _months(first_month.replace(day=1))
    work.db.add_all(
        BudgetLine(
            budget_id=new,
            account=cell.account,
            cost_centre=cell.cost_centre,
            month=month,
            amount=_raised(amount, percent),
        )
        for cell in old.cells
        for month, amount in zip(months, cell.months, strict=True)
        if _raised(amount, percent)
    )
    work.db.flush()
    return new


def copy_actual(work: Work, name: str, first_month: date, *, percent: Decimal = Decimal(0)) -> int:
    """Make a draft of what the year before really brought, month by month; return its id.

    Entries that close a year, and what turned them back, are no part of it. A line that names no
    cost centre counts for its clinician's of the day of service, as in the reports that the
    budget is compared with.
    """
    require(work, Right.KEEP_BOOKS, _DOING)
    new = add_budget(work, name, first_month, note="From last year's books")
    months = _months(first_month.replace(day=1))
    before = {_year_before(one): one for one in months}
    closes = select(JournalEntry.id).where(JournalEntry.kind == EntryKind.CLOSING)
    centres = in_force(work)
    parts = [one.label(f"part_{at}") for at, one in enumerate(centres.parts_of_line())]
    sums: dict[tuple[str, str | None, date], int] = defaultdict(int)
    for account, day, kind, held, *found in work.db.execute(
        select(
            *(JournalLine.account, JournalLine.day, Account.type),
            func.sum(JournalLine.amount),
            *parts,
        )
        .join(Account, Account.code == JournalLine.account)
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(
            Account.type.in_((AccountType.INCOME, AccountType.EXPENSE)),
            JournalLine.day >= min(before),
            JournalLine.day < next_month(max(before)),
            JournalEntry.kind != EntryKind.CLOSING,
            JournalEntry.reverses_id.is_(None) | JournalEntry.reverses_id.not_in(closes),
        )
        .group_by(JournalLine.account, JournalLine.day, Account.type, *(one.name for one in parts))
    ):
        sign = -1 if kind is AccountType.INCOME else 1
        sums[account, centres.centre_of(*found), before[day.replace(day=1)]] += sign * held.cents
    work.db.add_all(
        BudgetLine(budget_id=new, account=account, cost_centre=centre, month=month, amount=planned)
        for (account, centre, month), cents in sums.items()
        if (planned := _raised(Money(cents), percent))
    )
    work.db.flush()
    return new


def approve_budget(work: Work, budget_id: int, *, expected_version: int) -> None:
    """Let reports compare with this budget; the one that was approved for the year is closed."""
    require(work, Right.KEEP_BOOKS, _DOING)
    same_year = select(Budget.first_month).where(Budget.id == budget_id).scalar_subquery()
    rows = select(Budget).where(Budget.first_month == same_year).order_by(Budget.id)
    work.db.scalars(rows.with_for_update()).all()  # two desks approve one after the other
    row = _draft(work, budget_id, expected_version)
    old = work.db.scalars(select(Budget).where(Budget.live == row.first_month)).one_or_none()
    if old is not None:
        old.live, old.status = None, BudgetStatus.CLOSED
        work.db.flush()
    row.live, row.status = row.first_month, BudgetStatus.APPROVED
    row.approved_by, row.approved_at = work.actor.staff_id, work.now()
    work.db.flush()
    record(work, "approve_budget", "budget", row.id, instead_of=None if old is None else old.id)
    work.touch(Topic.BOOKS)


def remove_budget(work: Work, budget_id: int, *, expected_version: int) -> None:
    """Throw a draft away. What was approved once stays."""
    row = _draft(work, budget_id, expected_version)
    work.db.execute(delete(BudgetLine).where(BudgetLine.budget_id == budget_id))
    work.db.delete(row)
    work.db.flush()
    record(work, "remove_budget", "budget", budget_id)
    work.touch(Topic.BOOKS)


def _draft(work: Work, budget_id: int, expected_version: int | None = None) -> Budget:
    require(work, Right.KEEP_BOOKS, _DOING)
    row = locked(work, Budget, budget_id, "this budget")
    if expected_version is not None:
        require_version(row, expected_version, "this budget")
    if row.status is not BudgetStatus.DRAFT:
        raise Problem(
            f"The budget “{row.name}” is {row.status.value}.",
            hint=f"{_NOTHING} Copy it, change the copy, and approve that one instead.",
        )
    return row


def _changed(work: Work, row: Budget, action: str, **detail: object) -> None:
    work.db.flush()
    record(work, action, "budget", row.id, **detail)
    work.touch(Topic.BOOKS)


def _require_entry(work: Work, account: str, amount: Money, cost_centre: str | None) -> None:
    found = work.db.get(Account, account)
    if found is None or found.type not in (AccountType.INCOME, AccountType.EXPENSE):
        raise Problem(
            f"{account} is no account of income or expense.",
            hint=f"{_NOTHING} A budget says what is earned and spent.",
        )
    if abs(amount.cents) > LARGEST_CENTS:
        raise Problem(f"{amount} is more than these books can hold.", hint=_NOTHING)
    if cost_centre is not None:
        centre = work.db.get(CostCentre, cost_centre)
        if centre is None or not centre.active:
            raise Problem(
                f"{cost_centre} is no cost centre in use.", hint=f"{_NOTHING} Choose another one."
            )


def _row(one: Budget, sums: Mapping[AccountType, int]) -> BudgetRow:
    income, expense = sums.get(AccountType.INCOME, 0), sums.get(AccountType.EXPENSE, 0)
    return BudgetRow(
        *(one.id, one.name, one.first_month, one.status, one.note),
        *(Money(income), Money(expense), Money(income - expense)),
        *(one.approved_at, one.version),
    )


def _months(first: date) -> tuple[date, ...]:
    months = [first]
    while len(months) < _YEAR:
        months.append(next_month(months[-1]))
    return tuple(months)


def _year_before(month: date) -> date:
    return month.replace(year=month.year - 1)


def _raised(amount: Money, percent: Decimal) -> Money:
    if not percent:
        return amount
    cents = Decimal(amount.cents) * (100 + percent) / 100
    return Money(int(cents.quantize(Decimal(1), ROUND_HALF_UP)))
