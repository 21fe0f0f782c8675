"""A claim on which no rule of the scrubber finds anything, to be spoilt in one place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fscdesk.models.claim import Severity
from fscdesk.models.values import ZERO, Money
from fscdesk.services.claims.content import (
    Address,
    AuthorizationFacts,
    ClaimContent,
    ContentLine,
    CoverageFacts,
    EarlierAdjustment,
    EarlierAnswer,
    EarlierLine,
    EarlierPayer,
    PayerFacts,
    Person,
    PracticeFacts,
    ProviderFacts,
    ReferralFacts,
)
from fscdesk.services.claims.scrub.findings import ScrubFinding
from fscdesk.services.claims.scrub.rules import DEFAULTS, scrub

TODAY = date(2026, 4, 12)
DAY = date(2026, 3, 16)
NPI, OTHER_NPI = "1234567893", "1992000012"
HOME = Address("1 Fictional Way", "", "Nowhere", "NJ", "07005")


@dataclass(frozen=True)
class FewCodes:
    """A code book of the codes of these tests; ``until`` says when one ended."""

    until: date = date(2027, 9, 30)

    def is_billable(self, code: str, on: date) -> bool | None:
        known = {"F411", "F331", "Z630", "Z634", "F0280", "E119", "W19XXXA", "R454"}
        return code.replace(".", "") in known and on <= self.until

    def words(self, code: str) -> str:
        return {
            "F411": "Generalized anxiety disorder",
            "F33": "Major depressive disorder, recurrent",
            "F0280": "Dementia in other diseases classified elsewhere",
        }.get(code.replace(".", ""), "Something" if self.is_billable(code, DAY) else "")


class NoCodes:
    """Where the table of codes is missing."""

    def is_billable(self, code: str, on: date) -> bool | None:
        return None

    def words(self, code: str) -> str:
        return ""


CODES = FewCodes()


def a_line(position: int = 1, code: str = "90837", **facts: Any) -> ContentLine:
    """Return a session of Alma's on 16 March, at 190.00."""
    values: dict[str, Any] = {
        "line_id": 100 + position,
        "position": position,
        "charge_id": 200 + position,
        "session_id": 300 + position,
        "service_day": DAY,
        "code": code,
        "service_name": "Session",
        "modifiers": (),
        "place_of_service": "",
        "units": 1,
        "amount": Money(190_00),
        "pointers": (1,),
        "minutes": None,
    }
    return ContentLine(**(values | facts))


def a_payer(**facts: Any) -> PayerFacts:
    """Return Example East, which is billed by file within 180 days."""
    values: dict[str, Any] = {
        "id": 1,
        "name": "Example East",
        "payer_code": "EXE01",
        "filing_indicator": "CI",
        "route": "electronic",
        "address": Address("9 Payer Plaza", "", "Elsewhere", "PA", "19001"),
        "filing_days": 180,
        "corrected_days": 60,
        "appeal_days": 90,
        "needs_authorization": False,
        "wants_referral": False,
        "member_id_pattern": "AAA999999",
        "public_program": False,
    }
    return PayerFacts(**(values | facts))


def a_coverage(**facts: Any) -> CoverageFacts:
    """Return Alma's own policy with Example East."""
    values: dict[str, Any] = {
        "policy_id": 5,
        "rank": 1,
        "member_id": "ABC123456",
        "group_number": "G-77",
        "plan_name": "Example Plan",
        "relationship": "self",
        "subscriber": alma(),
        "valid_from": date(2026, 1, 1),
        "valid_to": None,
    }
    return CoverageFacts(**(values | facts))


def alma(**facts: Any) -> Person:
    """Return the client."""
    values: dict[str, Any] = {
        "last_name": "Anyone",
        "first_name": "Alma",
        "birth_date": date(1990, 5, 4),
        "sex": "F",
        "address": HOME,
    }
    return Person(**(values | facts))


def an_authorization(**facts: Any) -> AuthorizationFacts:
    """Return ten visits for 90837 in the first half of 2026."""
    values: dict[str, Any] = {
        "id": 3,
        "number": "AUTH1",
        "codes": ("90837",),
        "counts": "visits",
        "left": 10,
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 6, 30),
    }
    return AuthorizationFacts(**(values | facts))


def a_referral(**facts: Any) -> ReferralFacts:
    """Return a doctor who referred Alma."""
    values: dict[str, Any] = {
        "qualifier": "DN",
        "last_name": "Placeholder",
        "first_name": "Dee",
        "npi": OTHER_NPI,
    }
    return ReferralFacts(**(values | facts))


def clean(**changes: Any) -> ClaimContent:
    """Return the claim, with what is to be other. The total follows the lines if not given."""
    values: dict[str, Any] = {
        "claim_id": 1,
        "number": "CLM-2026-00001",
        "status": "draft",
        "frequency": "1",
        "rank": 1,
        "patient_id": 7,
        "patient": alma(),
        "practice": PracticeFacts(
            name="Fictional Springs Counseling",
            npi=NPI,
            tax_id="12-3456789",
            tax_id_kind="EI",
            taxonomy="261QM0801X",
            address=Address("20 Sample Street", "Suite 3", "Nowhere", "NJ", "07005-1234"),
            phone="555 0100",
        ),
        "payer": a_payer(),
        "coverage": a_coverage(),
        "rendering": ProviderFacts(
            2, "O'Sample", "Mockley", OTHER_NPI, "103TC0700X", "NJ 35SI00000", "PhD"
        ),
        "supervising": None,
        "referral": None,
        "facility_name": "",
        "facility_npi": "",
        "facility_address": Address(),
        "place_of_service": "11",
        "diagnoses": ("F41.1",),
        "lines": (a_line(),),
        "authorization": None,
        "others": (),
        "original_number": "",
        "note": "",
        "today": TODAY,
        "eligibility_asked_on": date(2026, 3, 1),
        "eligibility_active": True,
    }
    values |= changes
    if "total" not in values:
        values["total"] = sum((line.amount for line in values["lines"]), ZERO)
    return ClaimContent(**values)


def with_codes(*codes: str, **facts: Any) -> ClaimContent:
    """Return the claim with these codes on one day, a line each."""
    lines = tuple(a_line(at, code, **facts) for at, code in enumerate(codes, 1))
    return clean(lines=lines)


def of(part: str, **changes: Any) -> ClaimContent:
    """Return the claim with one of its parts changed: ``of("practice", npi="")``."""
    whole = clean()
    return clean(**{part: replace(getattr(whole, part), **changes)})


def secondary(*lines: EarlierLine, paid: int = 100_00, **facts: Any) -> ClaimContent:
    """Return the claim behind Example First, which paid 100.00 of 190.00 unless said otherwise."""
    before: dict[str, Any] = {"others": (first_payer(*lines, paid=paid),)}
    return clean(**({"rank": 2, "coverage": a_coverage(rank=2)} | before | facts))


def first_payer(*lines: EarlierLine, paid: int = 100_00) -> EarlierPayer:
    """Return the payer before, with its answer."""
    answer = EarlierAnswer(
        Money(paid), Money(40_00), "EF-1", date(2026, 4, 1), lines or (decided(),)
    )
    return EarlierPayer(
        a_coverage(policy_id=4, member_id="ZZZ999888"),
        a_payer(id=2, name="Example First", payer_code="EXF01"),
        answer,
    )


def decided(
    position: int = 1,
    paid: int = 100_00,
    *adjustments: tuple[str, str, int],
    day: date | None = DAY,
) -> EarlierLine:
    """Return what the payer before said of a line of 190.00."""
    said = adjustments or (("CO", "45", 50_00), ("PR", "2", 40_00))
    return EarlierLine(
        position,
        Money(paid),
        tuple(EarlierAdjustment(group, carc, Money(cents)) for group, carc, cents in said),
        day,
    )


def found(content: ClaimContent, codes: Any = CODES) -> tuple[ScrubFinding, ...]:
    """Return all that the rules find."""
    return scrub(content, codes, DEFAULTS)


def only(rule: str, content: ClaimContent, codes: Any = CODES) -> ScrubFinding:
    """Return the one finding of a claim; fail where there are others, or none."""
    everything = found(content, codes)
    assert [one.rule for one in everything] == [rule], everything
    return everything[0]


def weights(content: ClaimContent, codes: Any = CODES) -> list[tuple[str, Severity]]:
    """Return which rules fire, with their weight."""
    return [(one.rule, one.severity) for one in found(content, codes)]
