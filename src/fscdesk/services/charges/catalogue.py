"""The practice's services and prices in memory, for pricing one session or a hundred thousand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from fscdesk.models.fee import Fee, FeeSchedule
from fscdesk.models.service import Service, ServiceKind
from fscdesk.models.setting import Setting
from fscdesk.services.work import Work

FEE_KINDS = frozenset({ServiceKind.LATE_CANCEL_FEE, ServiceKind.NO_SHOW_FEE})


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """A service as charges need it; amounts in cents, None where nothing is charged."""

    id: int
    code: str
    kind: ServiceKind
    base_rate: int
    revenue_account: str
    late_cancel_fee: int | None
    no_show_fee: int | None


@dataclass(frozen=True, slots=True)
class _Price:
    payer_id: int | None
    valid_from: date
    valid_to: date | None
    charged: int


class Catalogue:
    """Services by code, and what each costs for a payer on a day."""

    def __init__(self, services: dict[str, ServiceFacts], prices: dict[str, list[_Price]]) -> None:
        self._services, self._prices = services, prices

    def service(self, code: str) -> ServiceFacts | None:
        """Return the service of a code, or None when the practice has no such code."""
        return self._services.get(code)

    def codes(self) -> tuple[str, ...]:
        """Return every known code."""
        return tuple(self._services)

    def add(self, service: ServiceFacts) -> None:
        """Make a new service known, within the work that creates it."""
        self._services[service.code] = service

    def rate(self, code: str, payer_id: int | None, modifier: str, day: date) -> int | None:
        """Return cents for one unit, or None where nobody set a price.

        The payer's schedule comes before the general one, an exact modifier before none,
        the newest that is valid first; then the service's base rate.
        """
        for wanted in (f"{code}|{modifier}", f"{code}|") if modifier else (f"{code}|",):
            valid = [
                price
                for price in self._prices.get(wanted, ())
                if price.payer_id in (payer_id, None)
                and price.valid_from <= day
                and (price.valid_to is None or day <= price.valid_to)
            ]
            if valid:
                best = max(valid, key=lambda price: (price.payer_id is not None, price.valid_from))
                return best.charged
        service = self._services.get(code)
        return None if service is None or not service.base_rate else service.base_rate


def read_catalogue(work: Work) -> Catalogue:
    """Return the practice's services and fee schedules as they stand.

    Fees for late cancels and no-shows are left out where the practice's policy charges none.
    """
    charged = {
        kind: getattr(work.db.get(Setting, f"{kind}_fees"), "value", "service") != "nothing"
        for kind in ("late_cancel", "no_show")
    }
    services = {
        row.code: replace(
            facts,
            late_cancel_fee=facts.late_cancel_fee if charged["late_cancel"] else None,
            no_show_fee=facts.no_show_fee if charged["no_show"] else None,
        )
        for row in work.db.scalars(select(Service))
        for facts in (facts_of(row),)
    }
    prices: dict[str, list[_Price]] = {}
    for fee, schedule in work.db.execute(
        select(Fee, FeeSchedule).join(FeeSchedule, FeeSchedule.id == Fee.schedule_id)
    ):
        prices.setdefault(f"{fee.code}|{fee.modifier}", []).append(
            _Price(schedule.payer_id, schedule.valid_from, schedule.valid_to, fee.charged.cents)
        )
    return Catalogue(services, prices)


def facts_of(row: Service) -> ServiceFacts:
    """Return what charges need to know of a service."""
    return ServiceFacts(
        id=row.id,
        code=row.code,
        kind=ServiceKind(row.kind),
        base_rate=row.base_rate.cents,
        revenue_account=row.revenue_account,
        late_cancel_fee=None if row.late_cancel_fee is None else row.late_cancel_fee.cents,
        no_show_fee=None if row.no_show_fee is None else row.no_show_fee.cents,
    )
