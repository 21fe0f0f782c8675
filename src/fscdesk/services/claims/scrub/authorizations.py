"""Rules about what others must have said first: an authorization, a referral, a supervisor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fscdesk.models.claim import Frequency, Severity
from fscdesk.models.coverage import Counts
from fscdesk.services.authorization_uses import quantity_of
from fscdesk.services.claims.content import ClaimContent
from fscdesk.services.claims.scrub.findings import Found, rule
from fscdesk.services.claims.scrub.identities import npi_fault
from fscdesk.services.claims.scrub.procedures import is_add_on
from fscdesk.services.claims.scrub.sentences import count, day, listed, name_of, of_line, shown

QUALIFIERS: Final = frozenset({"DN", "DK", "DQ"})
_WHERE: Final = "Authorizations stand in the client's details; the claim names one of them."


@rule(38, "authorization", "The authorization", "2300 REF*G1, box 23", Severity.STOPS)
def authorization(content: ClaimContent) -> Iterator[Found]:
    """Guard REF*G1 and box 23: there where the payer asks for it, for these days and codes, enough.

    Add-ons go with the service that they add to, whether the authorization names them or not.
    What corrects or takes back a claim finds that claim's own visits taken, so it is not counted.
    """
    named, payer = content.authorization, shown(content.payer.name)
    if named is None:
        if content.payer.needs_authorization:
            yield Found(
                "authorization",
                f"{payer} asks for an authorization, and the claim names none.",
                f"{_WHERE} Whether a payer asks is set in Setup, Payers.",
            )
        return
    number = shown(named.number)
    if not number:
        yield Found("authorization", "The authorization has no number.", _WHERE)
    for line in content.lines:
        if not named.valid_from <= line.service_day <= named.valid_to:
            yield Found(
                "authorization",
                f"{of_line(line)} is outside authorization {number}, which holds from "
                f"{day(named.valid_from)} to {day(named.valid_to)}.",
                f"Choose the one for that day, or ask {payer} to extend it. {_WHERE}",
                line.position,
            )
        elif named.codes and line.code not in named.codes and not is_add_on(line.code):
            yield Found(
                "authorization",
                f"{of_line(line)} is not what authorization {number} is for: "
                f"{listed(list(named.codes))}.",
                f"Choose one for that code, or ask {payer} to add it. {_WHERE}",
                line.position,
            )
    if content.frequency != Frequency.ORIGINAL:
        return
    counts = Counts.UNITS if named.counts == Counts.UNITS else Counts.VISITS
    wanted = sum(quantity_of(named.codes, counts, line.code, line.units) for line in content.lines)
    noun = "unit" if counts is Counts.UNITS else "visit"
    if wanted > named.left:
        yield Found(
            "authorization",
            f"Authorization {number} has {count(max(named.left, 0), noun)} left; the claim takes "
            f"{wanted}.",
            f"Ask {payer} for more, and correct what is granted. {_WHERE}",
        )


@rule(
    39,
    "referral",
    "Referral and supervision",
    "2310A and 2310D NM1, boxes 17 and 17b",
    Severity.WARNS,
)
def referral(content: ClaimContent) -> Iterator[Found]:
    """Guard 2310A, 2310D and box 17: DN, DK or DQ, a name and an NPI, where the payer asks.

    A supervisor who is named at all is named with an NPI.
    """
    sent_by, payer = content.referral, shown(content.payer.name)
    where = "Referrals stand in the client's details."
    if sent_by is None:
        if content.payer.wants_referral:
            yield Found(
                "referral",
                f"{payer} wants to know who referred the client, and the claim says nothing.",
                f"{where} Whether a payer wants it is set in Setup, Payers.",
            )
    elif sent_by.qualifier not in QUALIFIERS:
        yield Found(
            "referral",
            f"{shown(sent_by.qualifier) or 'Nothing'} does not say whether somebody referred (DN), "
            "ordered (DK) or supervised (DQ).",
            f"Choose one of the three. {where}",
        )
    elif not sent_by.last_name.strip():
        yield Found("referral", "Who referred the client has no last name.", where)
    elif fault := npi_fault(sent_by.npi, shown(sent_by.last_name)):
        yield Found("referral", fault, f"Compare it with the NPI registry. {where}")
    supervisor = content.supervising
    if supervisor is not None and (fault := npi_fault(supervisor.npi, name_of(supervisor))):
        yield Found(
            "supervising",
            f"The supervisor cannot be named: {fault}",
            "Compare it with the NPI registry; it stands in Setup, People.",
        )


RULES: Final = (authorization, referral)
