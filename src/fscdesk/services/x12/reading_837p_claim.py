"""Reads one claim of an 837P, from CLM on (loops 2300, 2310, 2320, 2400, 2430)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fscdesk.services.x12.professional import (
    ONE_UNIT,
    Adjustment,
    Attachment,
    LineAdjudication,
    OtherPayer,
    PatientLoop,
    Payer,
    ProfessionalClaim,
    Provider,
    ServiceLine,
    Subscriber,
)
from fscdesk.services.x12.reading_837p_loop import (
    Loop,
    Notes,
    money,
    name_of,
    split_at,
    units,
    whole,
)
from fscdesk.services.x12.segments import Segment

_DIAGNOSES: Final = frozenset({"ABK", "ABF"})
_OLD_DIAGNOSES: Final = frozenset({"BK", "BF"})
_CAUSES: Final = 3
_TRIO: Final = 3
_LAST_REASON: Final = 17


def read_claim(
    segments: Sequence[Segment],
    notes: Notes,
    *,
    subscriber: Subscriber,
    payer: Payer,
    patient: PatientLoop | None,
) -> ProfessionalClaim:
    """Read the segments from one CLM to before the next CLM or HL; never raises."""
    before_lines, line_parts = split_at(segments, "LX")
    before_others, other_parts = split_at(before_lines, "SBR")
    own, provider_parts = split_at(before_others, "NM1")
    loop = Loop(own, notes)
    clm = loop.take("CLM") or Segment("CLM", (), 0)
    causes = clm.components(11, notes.delimiters)
    providers = _read_providers(provider_parts, notes)
    place, frequency = (clm.component(5, part, notes.delimiters) for part in (1, 3))
    claim = ProfessionalClaim(
        control=clm.get(1),
        charge=money(clm, 2, notes),
        place=place,
        frequency=frequency,
        provider_signature=clm.get(6),
        assignment=clm.get(7),
        benefits_assigned=clm.get(8),
        release=clm.get(9),
        signature_source=clm.get(10),
        related_causes=tuple(filter(None, causes[:_CAUSES])),
        accident_state="".join(causes[_CAUSES : _CAUSES + 1]),
        subscriber=subscriber,
        payer=payer,
        patient=patient,
        onset_on=loop.day("431"),
        accident_on=loop.day("439"),
        attachments=_read_attachments(loop),
        patient_paid=loop.amount("AMT", "F5"),
        authorization=loop.value("REF", "G1"),
        original_reference=loop.value("REF", "F8"),
        note=loop.value("NTE", "ADD"),
        diagnoses=_read_diagnoses(loop),
        referring=providers.get("DN"),
        rendering=providers.get("82"),
        facility=providers.get("77"),
        supervising=providers.get("DQ"),
        other_payers=tuple(_read_other_payer(part, notes) for part in other_parts),
        lines=tuple(_read_line(part, notes) for part in line_parts),
    )
    loop.close()
    if claim.charge != claim.line_total:
        notes.odd(
            "claim_total",
            f"CLM02 is {claim.charge}; the lines add up to {claim.line_total}.",
            clm,
        )
    return claim


def read_coverage(segment: Segment | None) -> dict[str, str]:
    """Return what SBR says, by the names that `Subscriber` and `OtherPayer` share."""
    if segment is None:
        return {"responsibility": ""}
    return {
        "responsibility": segment.get(1),
        "group_number": segment.get(3),
        "group_name": segment.get(4),
        "insurance_type": segment.get(5),
        "filing_indicator": segment.get(9),
    }


def _read_diagnoses(loop: Loop) -> tuple[str, ...]:
    """Take HI; the principal diagnosis comes first, as it is pointed to by 1."""
    codes: list[str] = []
    for segment in loop.take_all("HI"):
        for number in range(1, len(segment.elements) + 1):
            kind, code, *_ = (*segment.components(number, loop.notes.delimiters), "", "")
            if kind in _OLD_DIAGNOSES:
                loop.notes.odd("old_diagnosis", f"HI {kind} is of ICD-9.", segment)
            if kind in _DIAGNOSES or kind in _OLD_DIAGNOSES:
                codes.append(code)
            elif kind:
                loop.notes.odd("not_kept", f"HI {kind[:3]} is not kept.", segment)
    return tuple(codes)


def _read_attachments(loop: Loop) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(segment.get(1), segment.get(2), segment.get(6))
        for segment in loop.take_all("PWK")
    )


def _read_providers(parts: Sequence[Sequence[Segment]], notes: Notes) -> dict[str, Provider]:
    """Return the providers of loop 2310 by their entity code."""
    found: dict[str, Provider] = {}
    for part in parts:
        loop = Loop(part, notes)
        entity = part[0].get(1)
        if entity in {"DN", "82", "77", "DQ"} and entity not in found:
            name = loop.take("NM1") or part[0]
            taxonomy = loop.take("PRV", "PE") if entity == "82" else None
            found[entity] = Provider(
                name=name_of(name),
                npi=name.get(9),
                taxonomy=taxonomy.get(3) if taxonomy else "",
                address=loop.address() if entity == "77" else None,
            )
        loop.close()
    return found


def _read_other_payer(segments: Sequence[Segment], notes: Notes) -> OtherPayer:
    """Read loops 2320, 2330A and 2330B."""
    own, name_parts = split_at(segments, "NM1")
    loop = Loop(own, notes)
    sbr = loop.take("SBR")
    oi = loop.take("OI") or Segment("OI", (), 0)
    moa = loop.take("MOA")
    adjustments = _read_adjustments(loop)
    paid, not_covered, remaining = (loop.amount("AMT", kind) for kind in ("D", "A8", "EAF"))
    loop.close()
    subscriber, payer = Loop((), notes), Loop((), notes)
    for part in name_parts:
        entity = part[0].get(1)
        if entity == "IL":
            subscriber = Loop(part, notes)
        elif entity == "PR":
            payer = Loop(part, notes)
        else:
            Loop(part, notes).close()
    insured, named = subscriber.take("NM1"), payer.take("NM1")
    found = OtherPayer(
        **read_coverage(sbr),
        relationship=sbr.get(2) if sbr else "",
        adjustments=adjustments,
        paid=paid,
        not_covered=not_covered,
        remaining=remaining,
        benefits_assigned=oi.get(3),
        signature_source=oi.get(4),
        release=oi.get(6),
        remark_codes=tuple(filter(None, map(moa.get, range(3, 8)))) if moa else (),
        subscriber=name_of(insured),
        member_id=insured.get(9) if insured else "",
        subscriber_address=subscriber.address(),
        payer_name=named.get(3) if named else "",
        payer_id=named.get(9) if named else "",
        payer_address=payer.address(),
        adjudicated_on=payer.day("573"),
        claim_number=payer.value("REF", "F8"),
    )
    subscriber.close()
    payer.close()
    return found


def _read_adjustments(loop: Loop) -> tuple[Adjustment, ...]:
    """Take every CAS, up to six reasons in each."""
    return tuple(
        Adjustment(
            group=segment.get(1),
            reason=segment.get(number),
            amount=money(segment, number + 1, loop.notes),
            quantity=units(segment, number + 2, loop.notes) if segment.get(number + 2) else None,
        )
        for segment in loop.take_all("CAS")
        for number in range(2, _LAST_REASON + 1, _TRIO)
        if segment.get(number) or segment.get(number + 1)
    )


def _read_line(segments: Sequence[Segment], notes: Notes) -> ServiceLine:
    """Read loop 2400 and its 2430; providers and drugs of a line are reported as not kept."""
    before_answers, answers = split_at(segments, "SVD")
    own, name_parts = split_at(before_answers, "NM1")
    loop = Loop(own, notes)
    lx = loop.take("LX")
    sv1 = loop.take("SV1")
    if sv1 is None:
        notes.odd("no_service", "A line has no SV1.", lx)
    procedure = sv1.components(1, notes.delimiters) if sv1 else ()
    if procedure and procedure[0] != "HC":
        notes.odd("code_kind", f"SV101 holds a code of kind {procedure[0][:3]}.", sv1)
    if len(procedure) > 6:  # noqa: PLR2004 - SV101-7
        notes.odd("not_kept", "The description of a procedure is not kept.", sv1)
    start, end = loop.days("472")
    line = ServiceLine(
        code="".join(procedure[1:2]),
        modifiers=tuple(filter(None, procedure[2:6])),
        charge=money(sv1 or Segment("SV1", (), lx.position if lx else 0), 2, notes),
        unit_basis=sv1.get(3) if sv1 else "",
        units=units(sv1, 4, notes) if sv1 else ONE_UNIT,
        place=sv1.get(5) if sv1 else "",
        pointers=_read_pointers(sv1, notes),
        service_from=start,
        service_to=end,
        control=loop.value("REF", "6R"),
        note=loop.value("NTE", "ADD"),
        attachments=_read_attachments(loop),
        adjudications=tuple(_read_adjudication(part, notes) for part in answers),
    )
    loop.close()
    for part in name_parts:
        Loop(part, notes).close()
    return line


def _read_pointers(sv1: Segment | None, notes: Notes) -> tuple[int, ...]:
    if sv1 is None:
        return ()
    numbers = map(whole, sv1.components(7, notes.delimiters))
    return tuple(number for number in numbers if number is not None)


def _read_adjudication(segments: Sequence[Segment], notes: Notes) -> LineAdjudication:
    """Read loop 2430."""
    loop = Loop(segments, notes)
    svd = loop.take("SVD") or segments[0]
    procedure = svd.components(3, notes.delimiters)
    found = LineAdjudication(
        payer_id=svd.get(1),
        paid=money(svd, 2, notes),
        code="".join(procedure[1:2]),
        modifiers=tuple(filter(None, procedure[2:6])),
        units=units(svd, 5, notes),
        bundled_into=whole(svd.get(6)),
        adjustments=_read_adjustments(loop),
        adjudicated_on=loop.day("573"),
        remaining=loop.amount("AMT", "EAF"),
    )
    loop.close()
    return found
