"""What each rule of the scrubber asks of a claim, in a sentence for those who set its weight."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "billing-npi": "The practice has an NPI of ten digits whose check digit fits.",
        "rendering-npi": "The clinician has an NPI of their own whose check digit fits.",
        "tax-id": "The practice has a tax id of nine digits, and says whether EIN or SSN.",
        "billing-address": "The practice has a street, no PO box, and a ZIP code of nine digits.",
        "taxonomy": "Practice and clinician have a taxonomy code of ten characters.",
        "member-id": "The policy has a member id, of the form that this payer's ids have.",
        "payer-id": "The payer has an id for files, or an address for paper.",
        "patient-name": "Names have no digits, and nothing like Jr. in the last name.",
        "birth-and-sex": "The client was born before the service, and the sex is M, F or U.",
        "subscriber": "Who is insured is known by name, and what the client is to that person.",
        "addresses": "Client and insured person have a whole address.",
        "claim-number": "Our number has 1 to 20 letters and digits, for the payer brings it back.",
        "total": "The total is what 1 to 50 lines add up to, and above zero.",
        "place-of-service": "The place of service is a code that payers know.",
        "frequency": "A corrected or void claim names the payer's number of the first one.",
        "signatures": "Signature, assignment, benefits and release are said.",
        "diagnoses": "There are 1 to 12 diagnoses, each once.",
        "diagnosis-valid": "Each diagnosis is a whole code, valid on the day of service.",
        "principal-diagnosis": "The first diagnosis is one that may stand first.",
        "pointers": "Each line points at 1 to 4 diagnoses of this claim.",
        "behavioral-diagnosis": "Psychotherapy is for a diagnosis of behavioral health.",
        "procedure-code": "The code has five characters and is in the practice's list.",
        "modifiers": "A line has at most four modifiers of two characters, each once.",
        "units": "Units are whole, and one where the code is a whole session.",
        "service-day": "No day is ahead, or outside the days that the policy covers.",
        "one-year": "All days are in one year, where the payer wants that.",
        "timely-filing": "The payer still takes the claim; it warns once three quarters are gone.",
        "add-on": "An add-on stands beside its service, on the same day.",
        "therapy-with-visit": "90833, 90836 and 90838 stand beside a visit, never another therapy.",
        "interactive-complexity": "90785 stands beside a code that it can add to.",
        "crisis": "90840 follows 90839, which is billed once a day.",
        "evaluation": "An evaluation is not billed beside therapy on one day, nor too soon again.",
        "minutes": "The minutes of the session fit its code.",
        "prolonged-service": "99354 to 99357 were deleted in 2023 and are not billed.",
        "most-units": "No day has more units of a code than the practice's own limit.",
        "telehealth-modifiers": "Modifiers 95 and 93 are not on one line: it is video, or sound.",
        "telehealth-place": "What is marked as telehealth did not take place at the office.",
        "authorization": "Where one is needed: for these days and codes, with enough left.",
        "referral": "Who referred or supervises is named with an NPI, where the payer asks.",
        "earlier-payers": "What earlier payers paid and took off adds up to the charge.",
        "double": "No other claim bills the same service again.",
        "near-double": "No other claim bills nearly the same on that day.",
        "do-not-bill": "The client is not on hold, and not paying alone.",
        "characters": "Every text can be written into a file for payers.",
        "licence": "For telehealth, the clinician may practice where the client is.",
        "eligibility": "The payer was asked lately whether the policy holds, and said yes.",
        "paper-form": "A claim that goes on paper has room in the boxes of the form.",
        "paper-sex": "A claim that goes on paper says F or M; its boxes have no U.",
    }
)
"""By the rule's code; each is true of a clean claim."""
