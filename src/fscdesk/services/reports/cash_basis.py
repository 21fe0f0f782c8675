"""Income by money: what clients and payers paid, what was paid for, and what moved besides.

Money is cash and undeposited funds. An entry that moves money says by its other lines what for:
a receivable or a credit means that a client or a payer paid, an income or expense account is
itself, anything else (equipment, a loan, the owner) is no income but changes the money too.
What only goes from one of them to the other, a deposit, is nothing here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from fscdesk.models.account import AccountType
from fscdesk.models.ledger import Part
from fscdesk.models.values import Money
from fscdesk.services.ledger.accounts import (
    AT_AGENCY,
    INSURANCE_RECEIVABLE,
    PATIENT_RECEIVABLE,
    PAYER_CREDITS,
    RECORDED_IN_SIMPLEPRACTICE,
    RECOUPMENTS,
    TO_IDENTIFY,
    UNAPPLIED_CREDITS,
)
from fscdesk.services.reports.books import Cut, Lines, balances_of
from fscdesk.services.reports.chart_tree import Chart, ChartAccount, chart_of, codes
from fscdesk.services.reports.financial import Column, FinancialRow, Proof, RowKind, Sheet, sums_of
from fscdesk.services.work import Work

CLIENTS, PAYERS, TO_NAME = "clients", "payers", "to_identify"
_LABELS = (
    (CLIENTS, "Received from clients, less refunds"),
    (PAYERS, "Received from payers, less what they took back"),
    (TO_NAME, "Received, to identify"),
)
_PROVED = "The change of money is that of cash and undeposited funds in the ledger"
_OF_CLIENTS = (PATIENT_RECEIVABLE, AT_AGENCY, UNAPPLIED_CREDITS)
_OF_PAYERS = (INSURANCE_RECEIVABLE, RECOUPMENTS, PAYER_CREDITS)
_BY_PAYERS = (Part.INSURANCE_PAID, Part.PAYER_OWN)
_BY_CLIENTS = tuple(part for part in Part if part not in _BY_PAYERS)
_WHOSE = (*_OF_CLIENTS, *_OF_PAYERS, RECORDED_IN_SIMPLEPRACTICE, TO_IDENTIFY)


def cash_rows(
    work: Work, chart: Chart, columns: Sequence[Column]
) -> tuple[tuple[FinancialRow, ...], tuple[Proof, ...]]:
    """Return the rows of the cash view, and for each column the proof.

    It says that the column ends in the change of money.
    """
    sheet = _Money(chart, tuple(columns), [_moved(work, chart, one) for one in columns])
    income, expenses = chart.of(AccountType.INCOME), chart.of(AccountType.EXPENSE)
    named = [
        one
        for one in chart.of(AccountType.ASSET, AccountType.LIABILITY, AccountType.EQUITY)
        if one.code not in _WHOSE
    ]
    sources = (CLIENTS, PAYERS, TO_NAME)
    sheet.heading("Received")
    for key, label in _LABELS:
        if key != TO_NAME or any(sheet.of(key)):
            sheet.line(key, label, 1)
    sheet.accounts(income, 1)
    sheet.total("total_received", "Total received", (*sources, *codes(income)))
    sheet.heading("Paid")
    sheet.accounts(expenses, -1)
    sheet.total("total_paid", "Total paid", codes(expenses), sign=-1)
    every = (*sources, *codes(income), *codes(expenses))
    sheet.total("net_income", "Net income, cash basis", every)
    if any(any(sheet.of(one.code)) for one in named):
        sheet.heading("Moved without income or expense")
        sheet.accounts(named, 1)
    change = sheet.total("change", "Change of money", (*every, *codes(named)))
    ledger = sums_of(work, columns, codes(chart.money), closing=True)
    return sheet.rows, tuple(
        Proof(
            _PROVED if len(columns) == 1 else f"{_PROVED}: {column.title}",
            moved - Money(sum(held.values())),
        )
        for column, moved, held in zip(columns, change, ledger, strict=True)
    )


def received_by_month(work: Work, first: date, last: date) -> dict[str, dict[str, int]]:
    """Return the cents that clients, payers and nobody named yet paid, by month (``2026-03``).

    These are the first rows of the cash view of each month, by their keys: ``CLIENTS``,
    ``PAYERS``, ``TO_NAME``; refunds and what was taken back are off. A month without is not there.
    """
    money = codes(chart_of(work).money)
    which = Lines((), first, last, closing=True, touching=money)
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in balances_of(work, which, (Cut.PART, Cut.MONTH)):
        part, month = one.keys
        what = _what_for(one.account, Part(str(part)))
        if what in (CLIENTS, PAYERS, TO_NAME):
            found[str(month)][what] -= one.cents
    return {month: dict(sums) for month, sums in found.items()}


class _Money:
    """Collects the rows, each with the lines behind it."""

    def __init__(
        self, chart: Chart, columns: tuple[Column, ...], moved: Sequence[dict[str, int]]
    ) -> None:
        self._money = codes(chart.money)
        self._columns, self._moved = columns, moved
        self._sheet = Sheet(columns, ())

    @property
    def rows(self) -> tuple[FinancialRow, ...]:
        """Everything that was added."""
        return tuple(self._sheet.rows)

    def of(self, *keys: str) -> tuple[Money, ...]:
        """Return what came less what went for these, in each column."""
        return tuple(Money(sum(one.get(key, 0) for key in keys)) for one in self._moved)

    def heading(self, label: str) -> None:
        """Add a title."""
        self._sheet.heading(label)

    def accounts(self, accounts: Sequence[ChartAccount], sign: int) -> None:
        """Add each account for which money moved."""
        for one in accounts:
            if any(self.of(one.code)):
                self.line(one.code, one.name, sign, 1 + one.depth)

    def line(self, key: str, label: str, sign: int, depth: int = 1) -> None:
        """Add what moved for one thing."""
        amounts = tuple(amount if sign > 0 else -amount for amount in self.of(key))
        self._sheet.plain(
            key,
            label,
            amounts,
            depth=depth,
            account="" if key in dict(_LABELS) else key,
            drills=self._behind((key,), sign),
        )

    def total(
        self, key: str, label: str, keys: tuple[str, ...], *, sign: int = 1
    ) -> tuple[Money, ...]:
        """Add what moved for several things."""
        amounts = tuple(amount if sign > 0 else -amount for amount in self.of(*keys))
        behind = self._behind(keys, sign)
        return self._sheet.plain(key, label, amounts, kind=RowKind.TOTAL, depth=0, drills=behind)

    def _behind(self, keys: tuple[str, ...], sign: int) -> tuple[Lines, ...]:
        """Return the lines: the other sides, so that a credit there is money here."""
        return tuple(_lines(self._money, column, keys, -sign) for column in self._columns)


def _lines(money: tuple[str, ...], column: Column, keys: tuple[str, ...], sign: int) -> Lines:
    plain = [key for key in keys if key not in dict(_LABELS)]
    parts: list[tuple[tuple[str, ...], tuple[Part, ...]]] = [(tuple(plain), ())] if plain else []
    if CLIENTS in keys:
        parts += [(_OF_CLIENTS, ()), ((RECORDED_IN_SIMPLEPRACTICE,), _BY_CLIENTS)]
    if PAYERS in keys:
        parts += [(_OF_PAYERS, ()), ((RECORDED_IN_SIMPLEPRACTICE,), _BY_PAYERS)]
    if TO_NAME in keys:
        parts.append(((TO_IDENTIFY,), ()))
    made = []
    for accounts, of in parts:
        one = replace(column.lines(accounts, sign=sign, closing=True), touching=money)
        made.append(one.also(Cut.PART, of) if of else one)
    return replace(made[0], more=tuple(made[1:]))


def _moved(work: Work, chart: Chart, column: Column) -> dict[str, int]:
    """Return the money that came (positive) or went, by what for, in cents."""
    out: dict[str, int] = defaultdict(int)
    which = replace(column.lines((), sign=-1, closing=True), touching=codes(chart.money))
    for one in balances_of(work, which, (Cut.PART,)):
        out[_what_for(one.account, Part(str(one.keys[0])))] -= one.cents
    return dict(out)


def _what_for(account: str, part: Part) -> str:
    if account in _OF_CLIENTS:
        return CLIENTS
    if account in _OF_PAYERS:
        return PAYERS
    if account == RECORDED_IN_SIMPLEPRACTICE:  # what it recorded, and is here now
        return PAYERS if part in _BY_PAYERS else CLIENTS
    return TO_NAME if account == TO_IDENTIFY else account
