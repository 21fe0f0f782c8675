"""Rules about the claim as a whole: its total, its frequency, its signatures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fscdesk.models.claim import Frequency, Severity
from fscdesk.models.values import ZERO
from fscdesk.services.claims.content import ClaimContent, PayerFacts
from fscdesk.services.claims.scrub.findings import Found, rule
from fscdesk.services.claims.scrub.procedures import PLACES
from fscdesk.services.claims.scrub.sentences import of_line, shown

MOST_LINES: Final = 50
"""Of an 837P's claim (2400)."""
_BOXES: Final = {
    "provider_signature": "31",
    "assignment": "27",
    "benefits_assigned": "13",
    "release": "12",
}
_RELEASE: Final = "Have the release signed, and tick it on the client's policy (box 12)."
_SIGNED: Final = {
    "provider_signature": (
        "Y",
        "the clinician's signature is not on file",
        "Get it signed and set it on the claim (box 31): Y.",
    ),
    "assignment": (
        "ABC",
        "nothing says whether the practice accepts assignment",
        "Set it with the payer in Setup, Payers (box 27).",
    ),
    "benefits_assigned": (
        "YNW",
        "nothing says who gets the payer's money",
        "Set it on the client's policy (box 13).",
    ),
    "release": (
        "YI",
        "the client has not let the practice tell {payer} anything",
        _RELEASE,
    ),
}


@rule(13, "total", "The total", "CLM02, box 28", Severity.STOPS, fixed=True)
def total(content: ClaimContent) -> Iterator[Found]:
    """Guard CLM02 and box 28: what the lines add up to, above zero, of 1 to 50 standing charges.

    No validator of X12 adds the lines up (``domain/x12.md`` 1).
    """
    lines = content.lines
    if not lines:
        yield Found("lines", "The claim has no lines.", "Drop it: there is nothing to bill.")
        return
    if len(lines) > MOST_LINES:
        yield Found(
            "lines",
            f"The claim has {len(lines)} lines; an 837P carries {MOST_LINES}.",
            "Drop it and build it again: it is split then.",
        )
    for line in lines:
        if line.charge_voided:
            yield Found(
                "line_amount",
                f"{of_line(line)} bills a charge that was voided.",
                "Drop the claim and build it again with the charges that stand.",
                line.position,
            )
        if line.amount.cents < 0:
            yield Found(
                "line_amount",
                f"{of_line(line)} has an amount below zero: {line.amount}.",
                "Correct the session's charge, and build the claim again.",
                line.position,
            )
    added = sum((line.amount for line in lines), ZERO)
    if added != content.total:
        yield Found(
            "total",
            f"The claim says {content.total}, its lines add up to {added}.",
            "Drop the claim and build it again: it is added up anew.",
        )
    elif content.total.cents <= 0:
        yield Found(
            "total",
            f"The claim is over {content.total}; a payer is asked for more than nothing.",
            "Look at the fees in Setup, Services, then build the claim again.",
        )


@rule(
    14,
    "place-of-service",
    "Place of service",
    "CLM05-1 and SV105, box 24B",
    Severity.STOPS,
    fixed=True,
)
def place_of_service(content: ClaimContent) -> Iterator[Found]:
    """Guard CLM05-1, SV105 and box 24B: one of CMS's 52 codes, for the claim and for each line.

    A line without one of its own is where the claim is; only one that differs is written.
    """
    where = "It comes from the session's location (Setup, Practice) or from a claim rule."
    if content.place_of_service not in PLACES:
        said = shown(content.place_of_service)
        yield Found(
            "place_of_service",
            f"{said} is not a place of service of CMS."
            if said
            else "The claim has no place of service.",
            where,
        )
    for line in content.lines:
        own = line.place_of_service
        if own and own not in PLACES and own != content.place_of_service:
            yield Found(
                "line_place_of_service",
                f"{of_line(line)} has {shown(own)}, which is not a place of service of CMS.",
                where,
                line.position,
            )


@rule(
    15,
    "frequency",
    "Original, corrected or void",
    "CLM05-3 and REF*F8, box 22",
    Severity.STOPS,
    fixed=True,
)
def frequency(content: ClaimContent) -> Iterator[Found]:
    """Guard CLM05-3, REF*F8 and box 22: what corrects or voids a claim names the payer's number."""
    if content.frequency not in set(Frequency):
        yield Found(
            "frequency",
            f"{shown(content.frequency) or 'Nothing'} is not a frequency that is sent.",
            "Choose original (1), corrected (7) or void (8).",
        )
    elif content.frequency != Frequency.ORIGINAL and not content.original_number.strip():
        what = "corrected" if content.frequency == Frequency.REPLACEMENT else "void"
        yield Found(
            "original_number",
            f"A {what} claim ({content.frequency}) names the payer's number of the claim before, "
            "and there is none.",
            "It stands on the remittance or in the payer's portal. Without one, send an original.",
        )


@rule(
    16,
    "signatures",
    "Signatures and consent",
    "CLM06 to CLM09, boxes 12, 13, 27 and 31",
    Severity.STOPS,
)
def signatures(content: ClaimContent) -> Iterator[Found]:
    """Guard CLM06 to CLM09 and boxes 12, 13, 27, 31: signed, assigned, and allowed to be told.

    A claim names the payers before it too (OI06), and they are told what it says.
    """
    for name, (allowed, lacking, hint) in _SIGNED.items():
        value: str = getattr(content, name)
        if len(value) != 1 or value not in allowed:
            yield Found(
                "note" if name == "provider_signature" else name,
                f"Box {_BOXES[name]}: {lacking.format(payer=_named(content.payer))}.",
                hint,
            )
    for other in content.others:
        if other.coverage.rank < content.rank and not other.coverage.release_signed:
            told = _SIGNED["release"][1].format(payer=_named(other.payer))
            yield Found("others", f"Box 12: {told}.", f"The claim names that payer too. {_RELEASE}")


def _named(payer: PayerFacts) -> str:
    return shown(payer.name) or "the payer"


RULES: Final = (total, place_of_service, frequency, signatures)
