"""How much of what payers answer they deny: by payer, code, clinician, category or month.

The rate is that of first answers: a service that was denied and then paid counts as denied, and
as turned round.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import select

from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.models.values import Money
from fscdesk.services.claim_line_answers import PAID, carc_of_answer
from fscdesk.services.claims.appeal_outcomes import AppealOutcomes, appeal_outcomes
from fscdesk.services.claims.first_answers import FirstAnswer, first_answers, was_denied
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.remittances.reasons import Category, carc
from fscdesk.services.work import Work

_TENTH = Decimal("0.1")


class DenialsBy(enum.StrEnum):
    """What a row of the rates stands for."""

    PAYER = "payer"
    CODE = "code"
    CLINICIAN = "clinician"
    CATEGORY = "category"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class RateRow:
    """Services that payers first answered in the period, and how many of them they denied.

    ``billed`` is the price of those answered, ``amount`` of those denied. Of the denied
    ``turned`` are paid by now; ``open`` is what the others still have open with payers.
    """

    key: str
    name: str
    answered: int
    billed: Money
    denied: int
    amount: Money
    turned: int
    open: Money

    @property
    def rate(self) -> Decimal | None:
        """Return the denied of a hundred answered, to a tenth; None where nothing was."""
        if not self.answered:
            return None
        return (Decimal(self.denied) * 100 / self.answered).quantize(_TENTH, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class DenialRates:
    """The rates of a period. The rows add up to ``total``.

    By category each row's ``answered`` is the whole period's: a category is a part of it.
    """

    first: date
    last: date
    by: DenialsBy
    rows: tuple[RateRow, ...]
    total: RateRow
    appeals: AppealOutcomes


@dataclass(slots=True)
class _Sums:
    """What is counted of one row while answers come in."""

    answered: int = 0
    billed: int = 0
    denied: int = 0
    amount: int = 0
    turned: int = 0
    open: dict[int, int] = field(default_factory=dict)

    def add(self, one: FirstAnswer) -> None:
        """Count an answer."""
        self.answered += 1
        self.billed += one.amount.cents
        if not was_denied(one):
            return
        self.denied += 1
        self.amount += one.amount.cents
        if one.now == PAID:
            self.turned += 1
        else:
            # What two payers have denied is open once.
            self.open[one.charge_id] = max(one.open.cents, 0)

    def row(self, key: str, name: str, whole: _Sums | None = None) -> RateRow:
        """Return it as a row; ``whole`` is that of which it is a part."""
        base = whole or self
        return RateRow(
            key=key,
            name=name,
            answered=base.answered,
            billed=Money(base.billed),
            denied=self.denied,
            amount=Money(self.amount),
            turned=self.turned,
            open=Money(sum(self.open.values())),
        )


def denial_rates(
    work: Work, first: date, last: date, *, by: DenialsBy = DenialsBy.PAYER
) -> DenialRates:
    """Return the rates of what payers first answered from ``first`` to ``last``, and the appeals.

    Months and categories stand in their own order, other rows with the most money denied first.
    Raises Problem for a period that ends before it begins.
    """
    require(work, Right.SEE_REPORTS, "see reports")
    if last < first:
        raise Problem(
            f"The period ends on {last:%m/%d/%Y}, before it begins.",
            hint=f"Nothing was counted. It begins on {first:%m/%d/%Y}.",
        )
    whole, parts = _Sums(), dict[str, _Sums]()
    for one in first_answers(work, first, last):
        whole.add(one)
        key = row_key(one, by)
        if key is not None:
            parts.setdefault(key, _Sums()).add(one)
    names = _names(work, by)
    base = whole if by is DenialsBy.CATEGORY else None
    rows = [sums.row(key, names.get(key, key), base) for key, sums in parts.items()]
    if by is DenialsBy.MONTH:
        rows.sort(key=lambda row: row.key)
    elif by is DenialsBy.CATEGORY:
        order = [one.value for one in Category]
        rows.sort(key=lambda row: order.index(row.key))
    else:
        rows.sort(key=lambda row: (-row.amount.cents, -row.denied, row.name, row.key))
    return DenialRates(
        first=first,
        last=last,
        by=by,
        rows=tuple(rows),
        total=whole.row("", "Total"),
        appeals=appeal_outcomes(work, first, last),
    )


def row_key(one: FirstAnswer, by: DenialsBy) -> str | None:
    """Return to which row an answer belongs; None where it belongs to none."""
    if by is DenialsBy.CATEGORY:
        if not was_denied(one):
            return None
        found = carc(carc_of_answer(one.said))
        return Category.OTHER.value if found is None else found.category.value
    return {
        DenialsBy.PAYER: str(one.payer_id),
        DenialsBy.CODE: one.code,
        DenialsBy.CLINICIAN: str(one.clinician_id or ""),
        DenialsBy.MONTH: f"{one.day:%Y-%m}",
    }[by]


def _names(work: Work, by: DenialsBy) -> Mapping[str, str]:
    if by is DenialsBy.PAYER:
        rows = work.db.execute(select(Payer.id, Payer.short_name))
        return {str(row[0]): row[1] for row in rows}
    if by is DenialsBy.CLINICIAN:
        people = work.db.execute(select(Provider.id, Provider.name))
        return {str(row[0]): row[1] for row in people} | {"": "Nobody"}
    return {}
