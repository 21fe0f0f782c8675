"""What a payer's 835 (005010X221A1) says, transaction by transaction, as it says it.

Amounts are whole cents as int: a file may hold ten thousand claims, and what reads one reads it
in bulk. Days are dates, None where the file has none. Texts are as sent, "" where absent. What
is in a claim or a service by the thousand is a NamedTuple, the rest a frozen dataclass.

``off`` is what is left over where a level does not balance, 0 where it does:
service SVC02 − SVC03 − its CAS; claim CLP03 − CLP04 − every CAS in it; check BPR02 − (ΣCLP04 −
ΣPLB). A positive PLB takes from the check.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from fscdesk.services.x12.segments import Oddity

REVERSED: Final = "22"
PREDETERMINED: Final = "25"
FORWARDED: Final = frozenset({"19", "20", "21"})
"""CLP02: processed as primary, secondary, tertiary, and sent on to another payer."""
FORWARDING_REMARKS: Final = frozenset({"MA07", "MA18", "N89"})
"""Remarks that say the claim went on: to Medicaid, to a supplemental insurer, to several."""


class CasAdjustment(NamedTuple):
    """One trio of a CAS: why ``amount`` was not paid. A negative amount is ordinary."""

    group: str
    reason: str
    amount: int
    quantity: str = ""


class Named(NamedTuple):
    """Who an NM1 names: a person, or a company whose name is ``last``."""

    last: str
    first: str = ""
    middle: str = ""
    suffix: str = ""
    qualifier: str = ""
    id: str = ""
    is_person: bool = True

    @property
    def name(self) -> str:
        """Return ``Alma J Anyone``, or the name of a company."""
        return " ".join(filter(None, (self.first, self.middle, self.last, self.suffix)))


class PaidService(NamedTuple):
    """One SVC loop (2110): the payer's answer to one line.

    ``code`` is what the payer judged by (SVC01), ``billed_code`` what we billed where it says that
    it judged by another one (SVC06), "" otherwise. Modifiers that ran together with a code
    are split off; ``composite`` is SVC01 as sent. ``units`` None means one. A day that is None is
    to be looked for in the claim. ``references`` and ``amounts`` are what has no field of its own.
    """

    position: int
    line_id: str
    qualifier: str
    code: str
    modifiers: tuple[str, ...]
    composite: str
    charge: int
    paid: int
    revenue_code: str
    units: Decimal | None
    billed_qualifier: str
    billed_code: str
    billed_modifiers: tuple[str, ...]
    billed_units: Decimal | None
    first_day: date | None
    last_day: date | None
    adjustments: tuple[CasAdjustment, ...]
    allowed: int | None
    remarks: tuple[str, ...]
    references: tuple[tuple[str, str], ...]
    amounts: tuple[tuple[str, int], ...]
    off: int


class PaidClaim(NamedTuple):
    """One CLP loop (2100). ``adjustments`` are the claim's own, beside those of its services.

    ``member_id`` is the insured's where the payer names one, else the patient's. ``provider`` is
    the one of the TS3 above it, "" without. ``coverage_ended_on`` is DTM*036. ``interest`` is
    AMT*I and no part of what was paid. ``references`` and ``amounts`` are what has no field.
    """

    position: int
    number: str
    status: str
    charge: int
    paid: int
    patient_share: int
    filing: str
    payer_number: str
    place: str
    frequency: str
    adjustments: tuple[CasAdjustment, ...]
    patient: Named | None
    insured: Named | None
    corrected: Named | None
    rendering: Named | None
    crossover: Named | None
    other_payer: Named | None
    other_insured: Named | None
    member_id: str
    group_number: str
    provider: str
    remarks: tuple[str, ...]
    interest: int
    amounts: tuple[tuple[str, int], ...]
    received_on: date | None
    coverage_ended_on: date | None
    first_day: date | None
    last_day: date | None
    references: tuple[tuple[str, str], ...]
    services: tuple[PaidService, ...]
    off: int

    @property
    def reversal(self) -> bool:
        """Return whether an earlier answer is taken back (status 22)."""
        return self.status == REVERSED

    @property
    def forwarded(self) -> bool:
        """Return whether the payer sent the claim on to another one.

        It may say so by the status (19, 20, 21), by naming the other payer (NM1*TT), or by a
        remark of the claim (MA07, MA18, N89): domain/features.md 3.3.
        """
        return (
            self.status in FORWARDED
            or self.crossover is not None
            or not FORWARDING_REMARKS.isdisjoint(self.remarks)
        )

    @property
    def predetermination(self) -> bool:
        """Return whether this says only what would be paid (status 25)."""
        return self.status == PREDETERMINED

    @property
    def unlisted(self) -> int:
        """Return what is charged in no service; 0 where the claim has none, or they add up."""
        return self.charge - sum(one.charge for one in self.services) if self.services else 0


class ProviderAdjustment(NamedTuple):
    """One pair of a PLB: money that belongs to no claim of this remittance.

    Positive takes from the check, negative adds to it. ``reference`` is the second part of its
    identifier, ``qualifier`` the third where a payer sends one.
    """

    position: int
    provider: str
    fiscal_day: date | None
    reason: str
    reference: str
    qualifier: str
    amount: int


class Contact(NamedTuple):
    """One PER: ``kind`` CX claims, BL technical, IC web; numbers as (qualifier, number)."""

    kind: str
    name: str
    numbers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Party:
    """Payer (role PR) or payee (PE), loops 1000A and 1000B; ``references`` are its other ids."""

    role: str = ""
    name: str = ""
    qualifier: str = ""
    id: str = ""
    references: tuple[tuple[str, str], ...] = ()
    street: tuple[str, ...] = ()
    city: str = ""
    state: str = ""
    zip_code: str = ""
    contacts: tuple[Contact, ...] = ()

    @property
    def npi(self) -> str:
        """Return its NPI, "" where it has none."""
        return self._of("XX") or self._reference("HPI")

    @property
    def tax_id(self) -> str:
        """Return its tax id, digits and dashes as sent, "" where it has none."""
        return self._of("FI") or self._reference("TJ")

    @property
    def ids(self) -> tuple[str, ...]:
        """Return each id by which the party may be known, its own first."""
        return tuple(
            dict.fromkeys(filter(None, (self.id, *(value for _, value in self.references))))
        )

    def _of(self, qualifier: str) -> str:
        return self.id if self.qualifier == qualifier else ""

    def _reference(self, qualifier: str) -> str:
        return next((value for kind, value in self.references if kind == qualifier), "")


@dataclass(frozen=True, slots=True)
class Remittance:
    """One transaction (ST … SE): one payer's check, or none, and what it is for.

    ``amount`` is BPR02, negative where BPR03 says that the payer takes it. ``account_tail`` is at
    most the last four of our account. ``readable`` is False where an amount could not be read or
    money stands where it belongs to nothing; then nothing of it may be posted. ``claims_off`` are
    indexes into ``claims``, ``services_off`` pairs of indexes of a claim and its service.
    ``other_parties`` are payers and payees that are named beside the first ones.
    """

    position: int
    interchange_control: str
    group_control: str
    set_control: str
    version: str
    test: bool
    handling: str
    amount: int
    method: str
    effective_on: date | None
    account_tail: str
    trace: str
    origin: str
    supplement: str
    made_on: date | None
    currency: str
    references: tuple[tuple[str, str], ...]
    payer: Party
    payee: Party
    other_parties: tuple[Party, ...]
    claims: tuple[PaidClaim, ...]
    provider_adjustments: tuple[ProviderAdjustment, ...]
    oddities: tuple[Oddity, ...]
    readable: bool
    check_off: int
    claims_off: tuple[int, ...]
    services_off: tuple[tuple[int, int], ...]

    @property
    def balanced(self) -> bool:
        """Return whether check, claims and services all balance, and every amount was read."""
        return (
            self.readable and not self.check_off and not self.claims_off and not self.services_off
        )


@dataclass(frozen=True, slots=True)
class Reading835:
    """What a file holds. ``oddities`` are those of no transaction; ``digest`` is its SHA-256."""

    remittances: tuple[Remittance, ...]
    oddities: tuple[Oddity, ...]
    digest: str
