"""The cost centre of a clinician's sessions on a day of service, now and for any day before.

What reports, budgets and lists ask: one answer for all of them. A journal line that names a
centre counts for that one; the day of service is that of its charge, or else its own day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, literal, select
from sqlalchemy.orm import aliased

from fscdesk.models.charge import Charge
from fscdesk.models.cost_centre import BEGINNING, ProviderCostCentre
from fscdesk.models.ledger import JournalLine
from fscdesk.services.work import Work

__all__ = [
    "BEGINNING",
    "CentreSpan",
    "CentresInForce",
    "centre_on",
    "histories",
    "in_force",
]

_First: Final = aliased(ProviderCostCentre, name="centre_first")


@dataclass(frozen=True, slots=True)
class CentreSpan:
    """A clinician's cost centre (None: of none) from a day to a day; None where it has no end."""

    cost_centre: str | None
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class CentresInForce:
    """How a question finds the centre in force; made by `in_force` for one reading.

    A sum is asked by clinician and by era, the days between two changes of anybody, and
    `centre_of` says whose centre that was: the database joins nothing, and looks the day of
    service up only for lines of clinicians who have moved.
    """

    spans: Mapping[int, tuple[CentreSpan, ...]]
    movers: tuple[int, ...]
    changes: tuple[date, ...]

    def parts_of_line(self) -> tuple[Any, ...]:
        """Return what a sum of journal lines is asked by: own centre, clinician, era."""
        era = self._era(JournalLine.provider_id, self._by_charge())
        return JournalLine.cost_centre, JournalLine.provider_id, era

    def parts_of_charge(self) -> tuple[Any, ...]:
        """Return what a sum of charges is asked by, as that of lines: nothing, clinician, era."""
        era = self._era(Charge.provider_id, self._number(Charge.service_day))
        return literal(None), Charge.provider_id, era

    def centre_of(self, own: str | None, provider_id: int | None, era: int) -> str | None:
        """Return the centre of a part."""
        if own is not None or provider_id is None:
            return own
        day = self.changes[era - 1] if era else BEGINNING
        return centre_on(self.spans.get(provider_id, ()), day)

    def pinned(self) -> ColumnElement[str | None]:
        """Return the centre of one line, to compare it; the question is `joined`."""
        provider = JournalLine.provider_id
        first: ColumnElement[Any] = _First.cost_centre.expression
        if self.movers:
            service_day = select(Charge.service_day).where(Charge.id == JournalLine.charge_id)
            known = service_day.correlate(JournalLine).scalar_subquery()
            day = func.coalesce(known, JournalLine.day)
            history = aliased(ProviderCostCentre, name="centre_then")
            then = (
                select(history.cost_centre)
                .where(history.provider_id == provider, history.from_day <= day)
                .order_by(history.from_day.desc())
                .limit(1)
                .correlate(JournalLine)
                .scalar_subquery()
            )
            first = case((provider.in_(self.movers), then), else_=first)
        return func.coalesce(JournalLine.cost_centre, first)

    def joined(self, asked: Any) -> Any:
        """Join what `pinned` reads to a question over journal lines."""
        held = and_(_First.provider_id == JournalLine.provider_id, _First.from_day == BEGINNING)
        return asked.outerjoin(_First, held)

    def _by_charge(self) -> ColumnElement[Any]:
        """Return the era of a line's charge, in one look, or else that of its own day."""
        of_charge = select(self._number(Charge.service_day)).where(
            Charge.id == JournalLine.charge_id
        )
        known = of_charge.correlate(JournalLine).scalar_subquery()
        return func.coalesce(known, self._number(JournalLine.day))

    def _era(self, provider: Any, number: ColumnElement[Any]) -> ColumnElement[Any]:
        if not self.movers:
            return literal(0)
        return case((provider.in_(self.movers), number), else_=0)

    def _number(self, day: Any) -> ColumnElement[Any]:
        newest_first = list(enumerate(self.changes, start=1))[::-1]
        if not newest_first:
            return literal(0)
        return case(*((day >= changed, at) for at, changed in newest_first), else_=0)


def in_force(work: Work) -> CentresInForce:
    """Return how to ask for the centre in force; one small question."""
    spans = histories(work)
    days = {
        provider: [one.first for one in found if one.first is not None]
        for provider, found in spans.items()
    }
    return CentresInForce(
        spans,
        tuple(sorted(provider for provider, changed in days.items() if changed)),
        tuple(sorted({day for changed in days.values() for day in changed})),
    )


def histories(work: Work) -> Mapping[int, tuple[CentreSpan, ...]]:
    """Return the spans of every clinician who ever had a cost centre, the newest first."""
    rows: dict[int, list[ProviderCostCentre]] = defaultdict(list)
    for row in work.db.scalars(select(ProviderCostCentre).order_by(ProviderCostCentre.from_day)):
        rows[row.provider_id].append(row)
    return {provider: _spans(found) for provider, found in rows.items()}


def centre_on(spans: Iterable[CentreSpan], day: date) -> str | None:
    """Return the centre in force on a day; the spans come newest first."""
    for one in spans:
        if one.first is None or one.first <= day:
            return one.cost_centre
    return None


def _spans(rows: list[ProviderCostCentre]) -> tuple[CentreSpan, ...]:
    found: list[CentreSpan] = []
    for row in rows:
        if found and found[-1].cost_centre == row.cost_centre:
            continue  # says again what holds already
        if found:
            found[-1] = replace(found[-1], last=row.from_day - timedelta(days=1))
        first = None if row.from_day == BEGINNING else row.from_day
        found.append(CentreSpan(row.cost_centre, first, None))
    return tuple(reversed(found))
