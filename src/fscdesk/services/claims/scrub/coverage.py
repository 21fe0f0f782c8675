"""Rules about the payer, the policy, and whether a payer shall be asked at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from fscdesk.models.claim import Severity
from fscdesk.models.claim_batch import Route
from fscdesk.services.claims.content import ClaimContent
from fscdesk.services.claims.scrub.addresses import fault_of
from fscdesk.services.claims.scrub.findings import Found, rule
from fscdesk.services.claims.scrub.sentences import count, day, shown

SELF_PAY: Final = "09"
"""SBR09: the client pays alone."""
_PAYER_ID: Final = re.compile(r"[0-9A-Z]{2,80}", re.ASCII | re.IGNORECASE)
_FEWEST: Final = 2
_PLACES: Final = {"A": r"[A-Z]", "9": r"\d", "X": r"[A-Z0-9]"}
_RANKS: Final = {1: "primary", 2: "secondary", 3: "tertiary"}
_OF_POLICY: Final = "Compare it with the card; it stands in the client's policy."


@rule(
    6,
    "member-id",
    "The member id",
    "2010BA NM109, box 1a",
    Severity.STOPS,
    fixed=True,
)
def member_id(content: ClaimContent) -> Iterator[Found]:
    """Guard 2010BA NM109 and box 1a: an id, of the form that this payer's ids have.

    The policy must be with the payer that the claim goes to, as primary or secondary as the claim
    says: a policy that was changed since has another payer's member id.
    The form is the practice's own (Setup, Payers): A a letter, 9 a digit, X either. Dashes and
    blanks do not count.
    """
    if content.coverage is None:
        return
    number = re.sub(r"[\s-]", "", content.coverage.member_id)
    pattern = content.payer.member_id_pattern.replace("-", "").upper()
    payer = shown(content.payer.name)
    if content.coverage.payer_id not in (None, content.payer.id):
        yield Found(
            "coverage",
            f"The claim goes to {payer}, but its policy is with another payer now.",
            "Drop this claim and build it anew, or correct the policy.",
        )
        return
    if content.coverage.rank != content.rank:
        yield Found(
            "coverage",
            f"The claim goes to {payer} as the {_RANKS.get(content.rank, 'next')} payer, but its "
            f"policy is {_RANKS.get(content.coverage.rank, 'another one')} now.",
            "Drop this claim and build it anew, or correct the policy.",
        )
        return
    if not number:
        yield Found("member_id", f"The policy with {payer} has no member id.", _OF_POLICY)
    elif len(number) < _FEWEST:
        yield Found(
            "member_id", f"Member id {number} is too short to be one; two characters are the "
            "least.", _OF_POLICY
        )  # fmt: skip
    elif pattern and len(pattern) != len(number):
        yield Found(
            "member_id",
            f"Member id {shown(number)} has {count(len(number), 'character')}, {payer}'s have "
            f"{len(pattern)}.",
            _OF_POLICY,
        )
    elif pattern and not _expression(pattern).fullmatch(number.upper()):
        yield Found(
            "member_id",
            f"Member id {shown(number)} is not built as {payer}'s are: {shown(pattern)} (A a "
            "letter, 9 a digit, X either).",
            f"{_OF_POLICY} The form stands in Setup, Payers.",
        )


@rule(7, "payer-id", "The payer's id", "2010BB NM109, carrier block", Severity.STOPS, fixed=True)
def payer_id(content: ClaimContent) -> Iterator[Found]:
    """Guard 2010BB NM109: an id, where claims go by file; the payer's address, where on paper.

    A payer is taken as enrolled for the 837P where Setup says that its claims go by file.
    """
    payer = content.payer
    name = shown(payer.name)
    if payer.route == Route.ELECTRONIC:
        if not payer.payer_code:
            yield Found(
                "payer_id",
                f"{name} has no payer id, and its claims go by file.",
                "Add the id of the clearinghouse's payer list in Setup, Payers, or let the claims "
                "go on paper.",
            )
        elif not _PAYER_ID.fullmatch(payer.payer_code):
            yield Found(
                "payer_id",
                f"{shown(payer.payer_code)} is not a payer id: letters and digits only.",
                "Compare it with the clearinghouse's payer list; it stands in Setup, Payers.",
            )
    if payer.route == Route.PAPER and (missing := fault_of(payer.address)):
        yield Found(
            "payer_address",
            f"The address of {name}, to which its claims are mailed, {missing}.",
            "Complete it in Setup, Payers.",
            at_most=Severity.WARNS,
        )
    if not payer.active:
        yield Found(
            "payer_id",
            f"{name} is set aside in Setup: nothing new is billed to it.",
            "Make it active in Setup, Payers, or give the client the policy that holds now.",
            at_most=Severity.WARNS,
        )


@rule(
    43, "do-not-bill", "Nothing goes to a payer", "the claim as a whole", Severity.STOPS, fixed=True
)
def do_not_bill(content: ClaimContent) -> Iterator[Found]:
    """Guard the client's wish: on hold, without a policy, or paying alone, no claim is sent.

    A client who pays in full may keep it from the payer (45 CFR 164.522(a)(1)(vi)).
    """
    if content.hold_claims:
        yield Found(
            "coverage",
            "This client's claims are held: nothing goes to a payer.",
            "It is a mark in the client's details. Take it away there when they may go.",
        )
    if content.coverage is None:
        yield Found(
            "coverage",
            "No policy of the client stands behind this claim.",
            "Choose the policy of these days, add it under the client's policies, or drop the "
            "claim and bill the client.",
        )
    elif content.payer.filing_indicator == SELF_PAY:
        yield Found(
            "coverage",
            f"{shown(content.payer.name)} stands for clients who pay themselves.",
            "Drop the claim and bill the client, or correct what kind of payer it is in Setup, "
            "Payers.",
        )


@rule(
    46, "eligibility", "The payer was asked whether the policy holds", "270 and 271", Severity.WARNS
)
def eligibility(content: ClaimContent) -> Iterator[Found]:
    """Guard against a policy that ended: the last 271 says active, and is of about these days.

    How old an answer may be is the practice's own (Setup, Policies); with 0 days it does not ask,
    and only an answer that says "not active" is told. Where nobody ever asked, that is told too.
    """
    if content.coverage is None:
        return
    payer, asked = shown(content.payer.name), content.eligibility_asked_on
    most = content.eligibility_days
    again = "Ask for eligibility from the client's policy, or look at the payer's portal."
    if asked is None:
        if most:
            yield Found(
                "coverage",
                f"{payer} was not asked whether this policy holds.",
                again,
                at_most=Severity.TELLS,
            )
        return
    first = min((line.service_day for line in content.lines), default=asked)
    if content.eligibility_active is False:
        yield Found(
            "coverage",
            f"{payer} said on {day(asked)} that this policy is not active.",
            "Ask the client for the card that holds now, and correct the policy.",
        )
    elif most and (first - asked).days > most:
        yield Found(
            "coverage",
            f"{payer} was last asked about this policy on {day(asked)}, "
            f"{count((first - asked).days, 'day')} before the first service.",
            again,
        )


RULES: Final = (member_id, payer_id, do_not_bill, eligibility)


def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile("".join(_PLACES.get(mark, re.escape(mark)) for mark in pattern), re.ASCII)
