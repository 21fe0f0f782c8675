"""Remittances in the words of the office: how each stands, and what becomes of a claim of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from fscdesk.models.values import ZERO, Money
from fscdesk.services.remittances.answered import FORWARDED
from fscdesk.services.remittances.detail import (
    Fate,
    PageClaim,
    PageLine,
    PagePlb,
    RecoupmentKind,
    RemittancePage,
    Unposted,
)
from fscdesk.services.remittances.listing import RemittanceOrigin, RemittanceRow, RemittanceStatus
from fscdesk.ui.text import money_text
from fscdesk.ui.theme import Status

STATUSES: Final[Mapping[RemittanceStatus, Status]] = MappingProxyType(
    {
        RemittanceStatus.TO_POST: Status("To post", "blue", "circle-arrow-up"),
        RemittanceStatus.PARTLY: Status("Partly posted", "amber", "circle-dot"),
        RemittanceStatus.STOPPED: Status("Stopped", "orange", "octagon-alert"),
        RemittanceStatus.CLOSED: Status("Set aside", "neutral", "lock"),
        RemittanceStatus.POSTED: Status("Posted", "green", "circle-check"),
        RemittanceStatus.UNDONE: Status("Undone", "neutral", "undo-2"),
    }
)
ORIGINS: Final[Mapping[RemittanceOrigin, str]] = MappingProxyType(
    {RemittanceOrigin.ERA: "835", RemittanceOrigin.TYPED: "Typed EOB"}
)
TYPED: Final = "typed by"
METHODS: Final[Mapping[str, str]] = MappingProxyType(
    {"ACH": "EFT", "CHK": "Check", "FWT": "Wire", "BOP": "EFT", "NON": "No money"}
)
WHY: Final[Mapping[Unposted, str]] = MappingProxyType(
    {
        Unposted.NOT_OURS: "Not ours",
        Unposted.NO_LINE: "No such session",
        Unposted.TWO_ALIKE: "Two alike",
        Unposted.OTHER_PAYER: "Other payer",
        Unposted.VOIDED: "Charge voided",
        Unposted.AMOUNT_DIFFERS: "Amount differs",
        Unposted.OUT_OF_BALANCE: "Out of balance",
        Unposted.UNREADABLE: "Unreadable",
        Unposted.NOT_ITEMISED: "Not itemised",
        Unposted.BLOCKED: "No rule for it",
        Unposted.WAITS_FOR_EARLIER: "Waits for earlier",
        Unposted.REVERSES_NOTHING: "Reverses nothing",
        Unposted.PREDETERMINATION: "Predetermination",
        Unposted.POSTED_BEFORE: "Posted before",
        Unposted.WRITES_ALL_OFF: "Writes all off",
        Unposted.PAYS_TOO_MUCH: "Pays too much",
        Unposted.REVIEW: "Looked at first",
        Unposted.TAKEN_BACK: "Taken back",
    }
)
AGREEABLE: Final = frozenset(
    {
        Unposted.WRITES_ALL_OFF,
        Unposted.PAYS_TOO_MUCH,
        Unposted.POSTED_BEFORE,
        Unposted.WAITS_FOR_EARLIER,
    }
)
"""What a person may let be posted although it looks wrong."""
PLB_KINDS: Final[Mapping[RecoupmentKind, str]] = MappingProxyType(
    {
        RecoupmentKind.WILL_TAKE: "Will be taken later",
        RecoupmentKind.TAKEN: "Taken back",
        RecoupmentKind.INTEREST: "Interest",
        RecoupmentKind.PENALTY: "Penalty",
        RecoupmentKind.CAPITATION: "Capitation",
        RecoupmentKind.TO_EXPLAIN: "To explain",
    }
)
PROVIDER_LEVEL: Final = "Provider-level adjustments (PLB)"
"""What payers, files and billers call what stands beside the claims of a check."""
COMPUTED: Final = "Computed: charged less what the contract takes off; the file does not say it"
MONEY_BACK: Final = Status("Returned", "red", "undo-2")
NO_PAYER: Final = Status("No payer yet", "orange", "circle-question-mark")
HELD: Final = Status("Held", "amber", "pause")
AGREED: Final = Status("Post all the same", "green", "check-check")
_CLOSED: Final = Status("Set aside", "neutral", "lock")


def remittance_mark(row: RemittanceRow) -> Status:
    """Return the badge of a remittance: one that cannot be posted does not say that it waits."""
    if row.returned:
        return MONEY_BACK
    if row.status is RemittanceStatus.TO_POST and row.payer_id is None:
        return NO_PAYER
    if row.status is RemittanceStatus.TO_POST and row.to_another:
        return STATUSES[RemittanceStatus.STOPPED]
    return STATUSES[row.status]


def page_mark(page: RemittancePage) -> Status:
    """Return the badge of a remittance of which is known whether it can be posted."""
    mark = remittance_mark(page.row)
    stopped = page.stop and mark == STATUSES[RemittanceStatus.TO_POST]
    return STATUSES[RemittanceStatus.STOPPED] if stopped else mark


def method_word(row: RemittanceRow) -> str:
    """Return how its money came."""
    return METHODS.get(row.method, row.method)


def denied(claim: PageClaim) -> str:
    """Return the code for which the payer refuses a claim (``CO-16``), or ""."""
    if claim.reversal:
        return ""
    return next((line.denied for line in claim.lines if line.denied), "")


def expected_pay(line: PageLine) -> Money | None:
    """Return what the payer should pay: what it should allow, less what it calls the client's.

    A fee schedule says what is allowed; which part of that the client bears only the payer knows.
    """
    if line.expected is None:
        return None
    return max(line.expected - client_said(line), ZERO)


def client_said(line: PageLine) -> Money:
    """Return what the payer calls the client's (group PR)."""
    return Money(sum(one.cents for one in line.adjustments if one.group == "PR"))


def off_said(line: PageLine) -> Money:
    """Return what the payer takes off that is nobody's to pay (all groups but PR)."""
    return Money(sum(one.cents for one in line.adjustments if one.group != "PR"))


def written_off(line: PageLine) -> Money:
    """Return what comes off without money; what is denied, or was, comes off nothing."""
    return ZERO if line.denied or line.denied_before else off_said(line)


def against(line: PageLine) -> Money | None:
    """Return by how much more the payer pays than was expected (less: below zero)."""
    expected = expected_pay(line)
    if expected is None or line.denied or line.charge < ZERO:
        return None
    return line.paid - expected


def under(claim: PageClaim) -> Money:
    """Return by how much less than expected a claim is paid; 0.00 where it is not."""
    found = [one for one in map(against, claim.lines) if one is not None and one < ZERO]
    return -sum(found, ZERO)


def read_words(row: RemittanceRow) -> str:
    """Return who brought it in: the name, for an EOB ``typed by`` it."""
    return row.read_by if row.origin is RemittanceOrigin.ERA else f"{TYPED} {row.read_by}"


def is_exception(claim: PageClaim) -> bool:
    """Return whether a person should look at a claim before it is posted.

    What stays, what is taken back, what is denied, and what is paid less than expected.
    """
    if claim.fate is Fate.CLOSED:
        return False
    return (
        claim.fate is Fate.UNPOSTED
        or claim.reversal
        or bool(denied(claim))
        or claim.status in FORWARDED
        or bool(under(claim))
    )


def claim_mark(claim: PageClaim, *, held: bool = False, agreed: bool = False) -> Status:
    """Return the badge of a claim: what posting does with it, or did."""
    done = claim.posted
    if claim.fate is Fate.CLOSED:
        return _CLOSED
    if held and not done:
        return HELD
    if claim.fate is Fate.UNPOSTED:
        if agreed:
            return AGREED
        words = "Stays" if claim.why is None else WHY[claim.why]
        return Status(words, "orange", "circle-question-mark")
    if claim.reversal:
        return Status("Taken back" if done else "Take back", "violet", "undo-2")
    code = denied(claim)
    if code:
        return Status(f"Denied {code}", "red", "circle-x")
    if under(claim) and not done:
        return Status("Post, then ask payer", "amber", "circle-question-mark")
    if claim.returned and claim.paid > ZERO:
        return MONEY_BACK
    if done:
        return Status("Posted", "green", "circle-check")
    return Status("Post", "green", "circle-check")


def plb_mark(plb: PagePlb) -> Status:
    """Return the badge of what is settled beside the claims."""
    words = PLB_KINDS[plb.kind]
    if plb.open:
        return Status(f"{words}, {money_text(abs(plb.open))} open", "amber", "clock")
    return Status(words, "slate", "arrow-left-right")


def against_words(line: PageLine) -> tuple[str, str]:
    """Return the words against what was expected, and the name of their ink."""
    if line.denied:
        return "denied", "negative"
    if line.charge < ZERO:
        return "taken back", "text2"
    found = against(line)
    if found is None:
        return "", "text3"
    if not found:
        return "as expected", "text3"
    words = f"{money_text(found, signed=True)} {'under' if found < ZERO else 'over'}"
    return words, "negative" if found < ZERO else "text"
