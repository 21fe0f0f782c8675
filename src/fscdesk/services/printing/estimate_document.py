"""What a good-faith estimate says (No Surprises Act, 45 CFR 149.610).

For who has no insurance or does not use it: services with counts, rates and codes, who gives
them, and the rights of who gets it. Amounts are positive.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fscdesk.models.values import Money
from fscdesk.services.printing.parties import Clinician, Diagnosis, Letterhead, Recipient
from fscdesk.services.printing.sums import must_be, must_hold, total

DISPUTE = Money(400_00)
"""A bill that is higher than its estimate by at least this can be disputed (45 CFR 149.620)."""


@dataclass(frozen=True, slots=True)
class EstimateService:
    """One service: how often, at which rate."""

    what: str
    """The practice's own short name."""
    code: str
    count: int
    rate: Money
    amount: Money


@dataclass(frozen=True, slots=True)
class EstimateDoc:
    """One estimate for one patient.

    Raises ValueError where an amount is not count by rate, the total is another one, or the
    period is more than the twelve months that an estimate may cover.
    """

    letterhead: Letterhead
    tax_id: str
    npi: str
    number: str
    account: str
    issued: date
    patient: Recipient
    birth_date: date
    clinician: Clinician
    services: tuple[EstimateService, ...]
    total: Money
    period_from: date
    period_to: date
    diagnoses: tuple[Diagnosis, ...] = ()
    """Empty: none is known yet, which the estimate says."""
    place: str = ""
    """At which addresses the services are given, with the state. Empty: at the practice's, unless
    they are given by video alone."""
    video: bool = False
    """They are given by video, or may be."""
    separately: tuple[str, ...] = ()
    """Services that would have to be scheduled apart, and are not in the estimate."""

    def __post_init__(self) -> None:
        """Refuse figures that do not add up."""
        name = f"estimate {self.number}"
        must_hold(self.services, f"{name} has no service")
        for service in self.services:
            must_hold(service.count > 0, f"{name} counts “{service.what}” {service.count} times")
            must_be(
                f"{name}, “{service.what}”",
                service.amount,
                Money(service.count * service.rate.cents),
            )
        must_be(f"{name}, total", self.total, total(service.amount for service in self.services))
        must_hold(
            self.period_from <= self.period_to < year_after(self.period_from),
            f"{name} covers more than twelve months",
        )

    def valid_until(self) -> date:
        """The last of the twelve months for which it holds, from the first day that it covers."""
        return year_after(self.period_from) - timedelta(days=1)

    def disputed_from(self) -> Money:
        """The lowest bill that can be disputed."""
        return self.total + DISPUTE


def year_after(when: date) -> date:
    """The same day a year later; the first of March for 29 February."""
    try:
        return when.replace(year=when.year + 1)
    except ValueError:
        return date(when.year + 1, 3, 1)
