"""Rules about the numbers by which practice and clinicians are known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from fscdesk.models.claim import Severity
from fscdesk.services.claims.content import ClaimContent
from fscdesk.services.claims.scrub.findings import Found, rule
from fscdesk.services.claims.scrub.sentences import name_of, shown
from fscdesk.services.setup.numbers import luhn_holds

_NPI: Final = re.compile(r"[12]\d{9}", re.ASCII)
_NPI_PREFIX: Final = "80840"
_TAX_ID: Final = re.compile(r"\d{2}-?\d{7}|\d{3}-\d{2}-\d{4}", re.ASCII)
_TAXONOMY: Final = re.compile(r"[0-9A-Z]{9}X", re.ASCII)
_ACCOUNT: Final = re.compile(r"[0-9A-Z]{1,20}", re.ASCII)
TAX_ID_KINDS: Final = frozenset({"EI", "SY"})


def npi_fault(npi: str, whose: str) -> str:
    """Return what is wrong with somebody's NPI (CMS NPI standard: Luhn over 80840), or nothing."""
    if not npi:
        return f"{whose} has no NPI."
    if not _NPI.fullmatch(npi):
        return f"{shown(npi)} is not an NPI of {whose}: ten digits that begin with 1 or 2."
    if not luhn_holds(_NPI_PREFIX + npi):
        return f"NPI {npi} of {whose} has one wrong digit: its check digit does not fit."
    return ""


@rule(
    1,
    "billing-npi",
    "The practice's NPI",
    "2010AA NM109, box 33a",
    Severity.STOPS,
    fixed=True,
)
def billing_npi(content: ClaimContent) -> Iterator[Found]:
    """Guard 2010AA NM109 and box 33a: ten digits, beginning with 1 or 2, with their check digit.

    No validator of X12 looks at the check digit (``domain/x12.md`` 1).
    """
    if fault := npi_fault(content.practice.npi, "the practice"):
        yield Found(
            "billing_npi", _capital(fault), "Compare it with the NPI registry; it stands in "
            "Setup, Practice."
        )  # fmt: skip


@rule(
    2,
    "rendering-npi",
    "The clinician's NPI",
    "2310B NM109, box 24J",
    Severity.STOPS,
    fixed=True,
)
def rendering_npi(content: ClaimContent) -> Iterator[Found]:
    """Guard 2310B NM109 and box 24J: who treated is known by an NPI of their own.

    NM1*82 without XX and an NPI is refused, so nobody can lower this rule.
    Where it is the billing NPI too, the claim names nobody apart, but box 24J wants it.
    """
    if fault := npi_fault(content.rendering.npi, name_of(content.rendering)):
        yield Found(
            "rendering_npi",
            fault,
            "Compare it with the NPI registry; it stands in Setup, People. Somebody without an "
            "NPI may need a supervisor on the claim.",
        )


@rule(
    3, "tax-id", "The practice's tax id", "2010AA REF*EI or SY, box 25", Severity.STOPS, fixed=True
)
def tax_id(content: ClaimContent) -> Iterator[Found]:
    """Guard 2010AA REF and box 25: nine digits, marked as an employer's or a person's number."""
    number, kind = content.practice.tax_id, content.practice.tax_id_kind
    where = "It stands in Setup, Practice: nine digits, as on the letter of the IRS."
    if not number:
        yield Found("tax_id", "The practice has no tax id.", where)
    elif not _TAX_ID.fullmatch(number):
        yield Found("tax_id", f"{shown(number)} is not a tax id of nine digits.", where)
    elif kind not in TAX_ID_KINDS:
        yield Found(
            "tax_id",
            f"Nothing says whether {shown(number)} is an EIN or a social security number.",
            "Choose it in Setup, Practice.",
        )


@rule(5, "taxonomy", "Taxonomy codes", "2000A and 2310B PRV03, box 33b", Severity.WARNS)
def taxonomy(content: ClaimContent) -> Iterator[Found]:
    """Guard PRV03 of billing and rendering provider and box 33b: ten characters ending with X.

    Many payers, Medicaid above all, match a provider by NPI and taxonomy together. The
    clinician's may be absent; where it is there, it must be one.
    """
    practice, clinician = content.practice.taxonomy, content.rendering.taxonomy
    if not practice:
        yield Found(
            "billing_taxonomy",
            "The practice has no taxonomy code.",
            "Add the one it was enrolled with in Setup, Practice.",
        )
    elif not _TAXONOMY.fullmatch(practice):
        yield Found(
            "billing_taxonomy",
            f"{shown(practice)} is not a taxonomy code: ten letters and digits that end with X.",
            "Correct the practice's in Setup, Practice.",
        )
    if clinician and not _TAXONOMY.fullmatch(clinician):
        yield Found(
            "rendering_taxonomy",
            f"{shown(clinician)}, of {name_of(content.rendering)}, is not a taxonomy code: ten "
            "letters and digits that end with X.",
            "Correct it in Setup, People.",
        )


@rule(12, "claim-number", "Our claim number", "CLM01, box 26", Severity.STOPS, fixed=True)
def claim_number(content: ClaimContent) -> Iterator[Found]:
    """Guard CLM01 and box 26: 1 to 20 letters and digits, which the 835 brings back (CLP01).

    That no two claims have one number, and that none is used again, the database holds.
    """
    if not _ACCOUNT.fullmatch(content.account):
        yield Found(
            "claim_number",
            f"Claim number {shown(content.number) or '(none)'} does not fit: payers return 1 to 20 "
            "letters and digits.",
            "Drop this claim and build it again: it gets a new number.",
        )


RULES: Final = (billing_npi, rendering_npi, tax_id, taxonomy, claim_number)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
