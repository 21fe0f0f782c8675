"""The words of a remittance's page: its claims side by side, what stands beside them, its sums."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from fscdesk.models.recoupment import RecoupmentKind
from fscdesk.models.remittance import Fate, RemittanceStatus, Unposted
from fscdesk.models.values import ZERO, Money
from fscdesk.services.remittances.answered import Cas
from fscdesk.services.remittances.listing import RemittanceRow

__all__ = [
    "Fate",
    "PageClaim",
    "PageLine",
    "PagePlb",
    "RecoupmentKind",
    "RemittancePage",
    "Unposted",
]

CONTRACT: Final = "45"
"""The CARC of what is above the fee that was agreed."""
CLIENT: Final = "PR"
"""The group of what a payer leaves to the client."""


@dataclass(frozen=True, slots=True)
class PageLine:
    """One service: what we billed on the left, what the payer said on the right.

    ``billed`` is None where no charge of ours was found. ``expected`` is what the payer should
    allow, None where nobody knows. ``left`` is what it owes of the charge afterwards.
    ``denied_before``: it takes a denial back, so that nothing had been written off.
    """

    charge_id: int | None
    session_id: int | None
    day: date | None
    billed_code: str
    billed: Money | None
    expected: Money | None
    code: str
    charge: Money
    allowed: Money | None
    paid: Money
    wrote_off: Money
    to_patient: Money
    denied: str
    adjustments: tuple[Cas, ...]
    told: tuple[Cas, ...]
    remarks: tuple[str, ...]
    fate: Fate
    why: Unposted | None
    words: str
    left: Money | None
    matched_by: str
    denied_before: bool = False

    @property
    def allows(self) -> Money | None:
        """Return what the payer allows; where it does not say so, what follows from the rest.

        That is what was charged less what the contract takes off (CARC 45); without such a
        reduction what it pays and leaves to the client. None for what it denies.
        """
        if self.allowed is not None:
            return self.allowed
        if self.denied or self.denied_before or not self.charge:
            return None
        contract = sum(
            one.cents for one in self.adjustments if one.carc == CONTRACT and one.group != CLIENT
        )
        if contract:
            return self.charge - Money(contract)
        given = sum(one.cents for one in self.adjustments if one.group == CLIENT)
        return self.paid + Money(given)

    @property
    def allows_computed(self) -> bool:
        """Return whether what it allows is computed here, and not said by the payer."""
        return self.allowed is None and self.allows is not None


@dataclass(frozen=True, slots=True)
class PageClaim:
    """One claim of the page, with its lines; ``words`` say what a person should know of it.

    ``returned``: it is posted, the bank took its money back, and nothing has replaced it.

    ``number`` is our claim's, or what the payer calls it. ``patient`` is the name in the books,
    else the one that the payer gave.
    """

    id: int
    position: int
    patient_id: int | None
    patient: str
    claim_id: int | None
    number: str
    payer_number: str
    status: str
    reversal: bool
    forwarded_to: str
    corrected: str
    charge: Money
    paid: Money
    client_share: Money
    adjustments: tuple[Cas, ...]
    remarks: tuple[str, ...]
    fate: Fate
    why: Unposted | None
    words: str
    lines: tuple[PageLine, ...]
    posted: bool = False
    returned: bool = False


@dataclass(frozen=True, slots=True)
class PagePlb:
    """A provider-level adjustment: what it is, and what it settles. Positive: taken from us."""

    position: int
    reason: str
    reference: str
    amount: Money
    kind: RecoupmentKind
    open: Money
    words: str
    item_id: int | None


@dataclass(frozen=True, slots=True)
class RemittancePage:
    """The whole page. ``stop`` says why nothing of it can be posted now; empty where it can.

    ``aside``: somebody has set all of it aside; ``stop`` says who, when and why.

    ``conflict_stop`` says why the other remittance of this check is stopped itself, or nothing.

    ``returned`` says that the bank took its money back, and what has paid it again.

    ``balances`` are the differences of check, claims and services: each 0.00 where it balances.
    """

    row: RemittanceRow
    file_name: str
    place: int
    oddities: tuple[str, ...]
    payment_number: str
    conflict_id: int | None
    conflict_number: str
    stop: str
    claims: tuple[PageClaim, ...]
    plbs: tuple[PagePlb, ...]
    check_off: Money
    claims_off: int
    services_off: int
    returned: str = ""
    aside: bool = False
    conflict_stop: str = ""

    @property
    def postable(self) -> int:
        """Return how many claims would post now."""
        if self.stop or self.row.status is RemittanceStatus.POSTED:
            return 0
        return sum(1 for one in self.claims if one.fate is Fate.POSTED) - self.posted

    @property
    def posted(self) -> int:
        """Return how many claims are in the books."""
        if self.row.payment_id is None or self.row.status is RemittanceStatus.UNDONE:
            return 0
        settled = self.row.claims - self.row.unposted
        return settled - sum(1 for one in self.claims if one.fate is Fate.CLOSED)

    @property
    def claims_total(self) -> Money:
        """Return what the claims pay together (the sum of CLP04)."""
        return sum((one.paid for one in self.claims), ZERO)

    @property
    def plb_total(self) -> Money:
        """Return what the payer took beside the claims."""
        return sum((one.amount for one in self.plbs), ZERO)
