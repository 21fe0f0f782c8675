"""What was charged, taken off and paid in a period: by service, payer, clinician or cost centre.

One engine for revenue by service, payer mix and provider production, so that their totals are
the same and are those of the income statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, select

from fscdesk.models.account import AccountType
from fscdesk.models.charge import Charge
from fscdesk.models.cost_centre import CostCentre
from fscdesk.models.ledger import Part
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.models.service import Service
from fscdesk.models.values import ZERO, Money
from fscdesk.services.accounting.centre_history import in_force
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.accounts import BAD_DEBT, INSURANCE_RECEIVABLE, PATIENT_RECEIVABLE
from fscdesk.services.permissions import Right, require
from fscdesk.services.reports.books import Cut, Key, Lines, balances
from fscdesk.services.reports.chart_tree import Chart, chart_of, codes
from fscdesk.services.reports.financial import Proof
from fscdesk.services.reports.periods import Period, period_of
from fscdesk.services.work import Work

_TENTH = Decimal("0.1")
_RECEIVABLES = (PATIENT_RECEIVABLE, INSURANCE_RECEIVABLE)
_PAID = (Part.PATIENT_PAID, Part.INSURANCE_PAID)
NOBODY = {
    Cut.CODE: "No charge",
    Cut.PAYER: "Clients (no payer)",
    Cut.PROVIDER: "No clinician",
    Cut.COST_CENTRE: "No cost centre",
}


@dataclass(frozen=True, slots=True)
class EarnedRow:
    """One service, payer, clinician or cost centre.

    ``units`` are those of charges posted in the period less those voided in it. ``charged`` less
    ``taken_off`` (contractual adjustments, discounts) is ``net``; ``bad_debt`` is besides.
    ``by_payers`` and ``by_clients`` is the money applied to their charges in the period,
    whenever it came. ``share`` is the row's part of a hundred of all net revenue.
    """

    key: str
    name: str
    units: int
    charged: Money
    taken_off: Money
    net: Money
    bad_debt: Money
    by_payers: Money
    by_clients: Money
    share: Decimal | None
    drills: Mapping[str, Lines]

    @property
    def paid(self) -> Money:
        """Return all money that was applied."""
        return self.by_payers + self.by_clients


@dataclass(frozen=True, slots=True)
class Earned:
    """The rows of a period, the largest net revenue first; they add up to ``total``."""

    period: Period
    by: Cut
    rows: tuple[EarnedRow, ...]
    total: EarnedRow
    proofs: tuple[Proof, ...]

    @property
    def ties(self) -> bool:
        """Return whether the rows come to the revenue of the ledger."""
        return not any(one.difference for one in self.proofs)


def earned(work: Work, first: date, last: date, *, by: Cut) -> Earned:
    """Return what each earned from ``first`` to ``last``, by the day in the books.

    Raises Problem without the right, for a period that ends before it begins, and for a cut by
    part or month.
    """
    require(work, Right.SEE_REPORTS, "see what was earned")
    if by not in NOBODY:
        raise Problem(f"What was earned is not cut by {by.value}.", hint="Choose another cut.")
    period = period_of(first, last)
    accounts = _Accounts.of(chart_of(work))
    sums: dict[Key, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    every = (*accounts.gross, *accounts.off, BAD_DEBT)
    whole = 0
    for one in balances(work, first, last, accounts=every, by=(by,), closing=False):
        what = accounts.what(one.account)
        sums[one.keys[0]][what] += -one.cents if what == "charged" else one.cents
    for one in balances(work, first, last, accounts=_RECEIVABLES, by=(by, Cut.PART)):
        if one.keys[1] in _PAID:
            what = "by_payers" if one.keys[1] == Part.INSURANCE_PAID else "by_clients"
            sums[one.keys[0]][what] -= one.cents
    for key, units in _units(work, period, by).items():
        sums[key]["units"] += units
    for one in balances(work, first, last, accounts=every, closing=False):
        whole -= 0 if one.account == BAD_DEBT else one.cents
    names = names_of_cut(work, by)
    made = [
        _row(key, names.get(key, str(key or NOBODY[by])), of, accounts, period, by, whole)
        for key, of in sums.items()
        if any(of.values())
    ]
    made.sort(key=lambda row: (-row.net.cents, row.name.casefold(), row.key))
    total = _total(made, accounts, period, whole)
    proof = Proof("The rows come to the net revenue of the ledger", total.net - Money(whole))
    return Earned(period, by, tuple(made), total, (proof,))


def names_of_cut(work: Work, by: Cut) -> dict[Key, str]:
    """Return the names of services, payers, clinicians or cost centres, by their keys."""
    asked = {
        Cut.CODE: select(Service.code, Service.name),
        Cut.PAYER: select(Payer.id, Payer.name),
        Cut.PROVIDER: select(Provider.id, Provider.name),
        Cut.COST_CENTRE: select(CostCentre.code, CostCentre.name),
    }[by]
    found: dict[Key, str] = {}
    rows: Iterable[Any] = work.db.execute(asked)
    for key, name in rows:
        found[key] = f"{key} {name}" if by is Cut.CODE else name
    return found


def percent(part: int, whole: int) -> Decimal | None:
    """Return the part of a hundred, to a tenth; None of nothing."""
    if whole == 0:
        return None
    return (Decimal(part) * 100 / whole).quantize(_TENTH, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class _Accounts:
    gross: tuple[str, ...]
    off: tuple[str, ...]

    @classmethod
    def of(cls, chart: Chart) -> _Accounts:
        income = [one for one in chart.of(AccountType.INCOME) if not one.other_income]
        return cls(
            codes(one for one in income if not one.deducts),
            codes(one for one in income if one.deducts),
        )

    def what(self, account: str) -> str:
        if account == BAD_DEBT:
            return "bad_debt"
        return "charged" if account in self.gross else "taken_off"


def _row(
    key: Key,
    name: str,
    of: Mapping[str, int],
    accounts: _Accounts,
    period: Period,
    by: Cut,
    whole: int,
) -> EarnedRow:
    net = of.get("charged", 0) - of.get("taken_off", 0)
    drills = {what: one.also(by, key) for what, one in _drills(accounts, period).items()}
    return EarnedRow(
        key="" if key is None else str(key),
        name=name,
        units=of.get("units", 0),
        charged=Money(of.get("charged", 0)),
        taken_off=Money(of.get("taken_off", 0)),
        net=Money(net),
        bad_debt=Money(of.get("bad_debt", 0)),
        by_payers=Money(of.get("by_payers", 0)),
        by_clients=Money(of.get("by_clients", 0)),
        share=percent(net, whole),
        drills=drills,
    )


def _drills(accounts: _Accounts, period: Period) -> dict[str, Lines]:
    first, last = period.first, period.last
    paid = Lines(_RECEIVABLES, first, last, sign=-1)
    both = (*accounts.gross, *accounts.off)
    return {
        "charged": Lines(accounts.gross, first, last, closing=False, sign=-1),
        "taken_off": Lines(accounts.off, first, last, closing=False),
        "net": Lines(both, first, last, closing=False, sign=-1),
        "bad_debt": Lines((BAD_DEBT,), first, last, closing=False),
        "by_payers": paid.also(Cut.PART, Part.INSURANCE_PAID),
        "by_clients": paid.also(Cut.PART, Part.PATIENT_PAID),
    }


def _total(rows: list[EarnedRow], accounts: _Accounts, period: Period, whole: int) -> EarnedRow:
    net = sum((row.net for row in rows), ZERO)
    return EarnedRow(
        key="",
        name="Total",
        units=sum(row.units for row in rows),
        charged=sum((row.charged for row in rows), ZERO),
        taken_off=sum((row.taken_off for row in rows), ZERO),
        net=net,
        bad_debt=sum((row.bad_debt for row in rows), ZERO),
        by_payers=sum((row.by_payers for row in rows), ZERO),
        by_clients=sum((row.by_clients for row in rows), ZERO),
        share=percent(net.cents, whole),
        drills=_drills(accounts, period),
    )


def _units(work: Work, period: Period, by: Cut) -> dict[Key, int]:
    centres = in_force(work)
    parts: tuple[Any, ...] = {
        Cut.CODE: (Charge.code,),
        Cut.PAYER: (Charge.payer_id,),
        Cut.PROVIDER: (Charge.provider_id,),
        Cut.COST_CENTRE: centres.parts_of_charge(),
    }[by]
    columns = [one.label(f"cut_{at}") for at, one in enumerate(parts)]
    names = [one.name for one in columns]
    days = (period.first, period.last)
    # By the day in the books, as the revenue beside it; a charge of 0.00 has no line there. That
    # what began in the period moved in it or later leads to the index of the last day.
    which: tuple[tuple[int, tuple[ColumnElement[bool], ...]], ...] = (
        (1, (Charge.last_day >= period.first, Charge.first_day.between(*days))),
        (1, (Charge.last_day.is_(None), Charge.posted_day.between(*days))),
        (-1, (Charge.voided_on.between(*days),)),
    )
    out: dict[Key, int] = defaultdict(int)
    for sign, where in which:
        asked = select(*columns, func.sum(Charge.units)).where(*where).group_by(*names)
        for *found, units in work.db.execute(asked):
            key = centres.centre_of(*found) if by is Cut.COST_CENTRE else found[0]
            out[key] += sign * int(units)
    return out
