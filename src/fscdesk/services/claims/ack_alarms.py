"""Tells where an answer contradicts what is known of claims, and which of them must not go again.

hold = alarm(found, row, Heard.TAKEN)     # of each claim that an answer names
found.findings += told(found)             # one finding of all that are alike in one batch
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

from fscdesk.models.claim import ClaimStatus
from fscdesk.models.claim_batch import BatchState
from fscdesk.services.claims.ack_matching import UNSENT, Contradiction, Found, SentRow
from fscdesk.services.claims.ack_plan import AckHold
from fscdesk.services.errors import Finding, Severity

__all__ = ["Heard", "alarm", "told", "warn_if_with_payer"]

_SYNTAX_CODES: Final = frozenset({"R", "TA1"})
"""``Claim.reason_code`` of what a 999 or a TA1 has rejected: it was never looked at."""
_WITH_PAYER: Final = frozenset(
    {
        ClaimStatus.ACCEPTED,
        ClaimStatus.PENDING,
        ClaimStatus.PAID,
        ClaimStatus.PARTIALLY_PAID,
        ClaimStatus.DENIED,
        ClaimStatus.APPEALING,
    }
)
_SHOWN: Final = 3
_WORDS: Final = MappingProxyType(
    {
        Contradiction.UNDONE: (
            "{batch} was taken back, but the receiver has answered {claims}",
            "Ask the clearinghouse what it has of {it}, or {it_is} billed twice.",
        ),
        Contradiction.WAITS: (
            "{claims} to be sent again, but the receiver has taken {batch}",
            "Ask the clearinghouse what it has of {it}, or {it_is} billed twice.",
        ),
        Contradiction.REJECTED: (
            "{claims} rejected here, but the receiver has taken {batch}",
            "Ask the clearinghouse what it has of {it}, or {it_is} billed twice.",
        ),
        Contradiction.WITH_PAYER: (
            "The payer has {claims}, but the file rejects what went in {batch}",
            "Ask the clearinghouse which of the two counts.",
        ),
    }
)
_VERBS: Final = {Contradiction.WAITS: ("waits", "wait"), Contradiction.REJECTED: ("is", "are")}
_CODES: Final = {
    Contradiction.UNDONE: "undone_answered",
    Contradiction.WAITS: "undone_answered",
    Contradiction.REJECTED: "rejected_taken",
    Contradiction.WITH_PAYER: "payer_has_it",
}


class Heard(enum.Enum):
    """What an answer says of a claim: refused, come so far (999, A0, A1), or looked at."""

    REFUSED = enum.auto()
    ARRIVED = enum.auto()
    TAKEN = enum.auto()


def alarm(found: Found, row: SentRow, heard: Heard) -> AckHold | None:
    """Tell where the receiver has a claim that it should not have; return how to hold it.

    It should not where the office took it back, and where it counts as rejected. That a file or a
    claim has arrived says nothing against a claim that was rejected after it was looked at.
    """
    went_on = heard is not Heard.REFUSED
    rejected = row.status is ClaimStatus.REJECTED and (
        heard is Heard.TAKEN or (went_on and row.reason_code in _SYNTAX_CODES)
    )
    waits = row.status in UNSENT
    if row.state is BatchState.UNDONE:
        what = Contradiction.UNDONE
    elif rejected:
        what = Contradiction.REJECTED
    elif went_on and waits:
        what = Contradiction.WAITS
    else:
        return None
    held = rejected or (went_on and waits)
    found.alarms.setdefault((what, row.batch, held), []).append(row.number)
    if not held:
        return None
    said, do = _sentences(what, row.batch, [row.number])
    return AckHold(row.claim_id, f"{said} {do}".removesuffix("."))


def warn_if_with_payer(found: Found, row: SentRow) -> None:
    """Tell where a file is rejected (999, TA1) of which the payer has a claim already."""
    if row.status in _WITH_PAYER and row.is_last and row.state is not BatchState.UNDONE:
        key = (Contradiction.WITH_PAYER, row.batch, False)
        found.alarms.setdefault(key, []).append(row.number)


def told(found: Found) -> list[Finding]:
    """Return the alarms as findings, those that are alike in one batch as one."""
    findings = []
    for (what, batch, held), numbers in found.alarms.items():
        said, do = _sentences(what, batch, list(dict.fromkeys(numbers)))
        many = len(set(numbers)) > 1
        if held:
            said += " They are held." if many else " It is held."
        elif what is Contradiction.WITH_PAYER:
            said += " They stay as they are." if many else " It stays as it is."
        severity = Severity.WARNING if what is Contradiction.WITH_PAYER else Severity.ERROR
        where = batch if many else numbers[0]
        findings.append(Finding(_CODES[what], f"{said} {do}", where, severity))
    return findings


def _sentences(what: Contradiction, batch: str, numbers: Sequence[str]) -> tuple[str, str]:
    """Return what is wrong, and what is to do."""
    one = len(numbers) == 1
    verb = _VERBS.get(what, ("", ""))[not one]
    more = f" and {len(numbers) - _SHOWN:,} more" if numbers[_SHOWN:] else ""
    claims = f"claim {numbers[0]}" if one else f"{len(numbers):,} claims"
    names = "" if one else f": {', '.join(numbers[:_SHOWN])}{more}"
    said, do = _WORDS[what]
    sentence = said.format(batch=batch, claims=f"{claims} {verb}".strip())
    it, it_is = ("it", "it is") if one else ("them", "they are")
    return f"{sentence[0].upper()}{sentence[1:]}{names}.", do.format(it=it, it_is=it_is)
