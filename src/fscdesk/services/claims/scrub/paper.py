"""The rules about paper: what a CMS-1500 has no room for, and what its boxes cannot say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from fscdesk.models.claim import Severity
from fscdesk.models.claim_batch import Route
from fscdesk.services.claims.as_cms1500_form import as_form
from fscdesk.services.claims.content import ClaimContent
from fscdesk.services.claims.scrub.findings import Found, rule
from fscdesk.services.claims.scrub.sentences import shown
from fscdesk.services.printing.cms1500_cells import Misfit, MisfitKind, place_cms1500
from fscdesk.services.printing.cms1500_grid import grid

_SHORTER: Final = "Write it shorter, or send the claim by file or portal (Setup, Payers)."
_OTHER_WAY: Final = (
    "Send the claim by file or portal (Setup, Payers): a part of it is something else."
)
_UNKNOWN: Final = "U"
_LEFT: Final = ("line.units", "line.pointers", "provider_signature")
"""What other rules look at; and the signature, which only loses the end of its credentials."""


class _Text(NamedTuple):
    """A text of the form: its field on the claim's page, what it is, how much its end matters."""

    field: str
    what: str
    severity: Severity


_STOP, _WARN, _TELL = Severity.STOPS, Severity.WARNS, Severity.TELLS
_TEXTS: Final[tuple[tuple[str, _Text], ...]] = (
    ("carrier", _Text("payer_address", "The payer's name or address", _TELL)),
    ("insured_id", _Text("member_id", "The member id", _STOP)),
    ("patient_name", _Text("patient_name", "The client's name", _WARN)),
    ("patient_phone", _Text("patient_address", "The client's phone", _TELL)),
    ("patient_", _Text("patient_address", "The client's address", _WARN)),
    ("insured_name", _Text("subscriber_name", "The insured's name", _WARN)),
    ("insured_phone", _Text("subscriber_address", "The insured's phone", _TELL)),
    ("insured_", _Text("subscriber_address", "The insured's address", _WARN)),
    ("group_number", _Text("coverage", "The group number", _STOP)),
    ("plan_name", _Text("coverage", "The plan's name", _TELL)),
    ("other_insured_policy", _Text("others", "The other policy's number", _STOP)),
    ("other_insured_name", _Text("others", "The other insured's name", _WARN)),
    ("other_plan_name", _Text("others", "The other plan's name", _TELL)),
    ("referring_npi", _Text("referral", "The NPI of who referred", _STOP)),
    ("referring", _Text("referral", "The name of who referred", _TELL)),
    ("additional_information", _Text("note", "The note", _WARN)),
    ("diagnosis", _Text("diagnoses", "The diagnosis", _STOP)),
    ("resubmission_code", _Text("frequency", "The frequency", _STOP)),
    ("original_reference", _Text("original_number", "The payer's number", _STOP)),
    ("prior_authorization", _Text("authorization", "The authorization number", _STOP)),
    ("line.charge", _Text("line_amount", "The amount", _STOP)),
    ("line.units", _Text("line_units", "The units", _STOP)),
    ("line.modifier", _Text("line_modifiers", "The modifier", _STOP)),
    ("line.pointers", _Text("line_pointers", "The pointer", _STOP)),
    ("line.place", _Text("line_place_of_service", "The place of service", _STOP)),
    ("line.rendering_other_id", _Text("rendering_taxonomy", "The taxonomy", _STOP)),
    ("line.rendering", _Text("rendering_npi", "The clinician's NPI", _STOP)),
    ("line.", _Text("line_code", "The code", _STOP)),
    ("tax_id", _Text("tax_id", "The tax id", _STOP)),
    ("account_number", _Text("claim_number", "The claim's number", _STOP)),
    ("total", _Text("total", "The total", _STOP)),
    ("paid", _Text("total", "What was paid", _STOP)),
    ("facility_npi", _Text("facility", "The location's NPI", _STOP)),
    ("facility", _Text("facility", "The location's name or address", _WARN)),
    ("billing_npi", _Text("billing_npi", "The practice's NPI", _STOP)),
    ("billing_other_id", _Text("billing_taxonomy", "The practice's taxonomy", _STOP)),
    ("billing_phone", _Text("billing_address", "The practice's phone", _TELL)),
    ("billing", _Text("billing_address", "The practice's name or address", _WARN)),
)
"""By the beginning of the form's own name of a field; the first that fits counts."""


@rule(47, "paper-form", "What a paper form has room for", "every box of a CMS-1500", Severity.STOPS)
def paper_form(content: ClaimContent) -> Iterator[Found]:
    """Guard every box of a CMS-1500, for what goes on paper: its end is cut, or it is left out.

    A number or an amount that is not whole stops the claim. A name, an address or a note that is
    cut is for a person to look at; where only the payer's own name is cut, it is told.
    """
    if content.payer.route != Route.PAPER:
        return
    seen: set[tuple[str, str, int]] = set()
    for one in place_cms1500(as_form(content)).misfits:
        if one.kind is MisfitKind.LETTERS_LOST or one.name.startswith(_LEFT):
            continue  # rule 44 tells of letters, whatever the way
        text = _text(content, one.name)
        key = (text.field, one.wanted, one.line)
        if key in seen or one.wanted.startswith("-"):
            continue
        seen.add(key)
        yield Found(
            text.field,
            f"{_sentence(text, one)}.",
            _OTHER_WAY if text.severity is _STOP else _SHORTER,
            content.lines[one.line - 1].position if one.line else None,
            text.severity,
        )


@rule(48, "paper-sex", "The sex on a paper form", "boxes 3 and 11a", Severity.WARNS)
def paper_sex(content: ClaimContent) -> Iterator[Found]:
    """Guard boxes 3 and 11a of a CMS-1500: M or F, where an 837P may say U, not known."""
    if content.payer.route != Route.PAPER or content.patient.sex != _UNKNOWN:
        return
    own = content.coverage is None or content.coverage.is_self
    boxes = "boxes 3 and 11a of the paper form stay" if own else "box 3 of the paper form stays"
    yield Found(
        "sex",
        f"The client's sex is U, not known: {boxes} empty.",
        "Choose F or M in the client's record, as the card says; a file may say U.",
    )


RULES: Final = (paper_form, paper_sex)


def _text(content: ClaimContent, name: str) -> _Text:
    """Return what a field of the form holds; the client's own where the client is insured."""
    own = content.coverage is None or content.coverage.is_self
    if own and name.startswith("insured_") and name != "insured_id" and content.rank == 1:
        name = name.replace("insured_", "patient_")
    return next(text for start, text in _TEXTS if name.startswith(start))


def _sentence(text: _Text, one: Misfit) -> str:
    box = f"box {one.box} of the paper form"
    if one.kind is MisfitKind.LEFT_OUT:
        return f"{text.what} {shown(one.wanted)} has no room in {box}, which would stay empty"
    long, room = len(one.wanted), grid()[one.name].length
    return f"{text.what} {shown(one.wanted)} has {long} characters; {box} takes {room}"
