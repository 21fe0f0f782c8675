"""One claim of an 837P, from CLM to its last line (loops 2300, 2310, 2320, 2400)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from fscdesk.services.x12.elements import day_text
from fscdesk.services.x12.professional import (
    MOST_DIAGNOSES,
    MOST_LINES,
    MOST_OTHER_PAYERS,
    MOST_POINTERS,
    Attachment,
    CannotWrite,
    ProfessionalClaim,
    Provider,
    ServiceLine,
)
from fscdesk.services.x12.writing import SegmentWriter
from fscdesk.services.x12.writing_837p_cob import procedure, write_adjudication, write_other_payer
from fscdesk.services.x12.writing_837p_parties import (
    EITHER,
    ORGANIZATION,
    PERSON,
    write_address,
    write_name,
)
from fscdesk.services.x12.writing_837p_values import (
    charge,
    compact,
    day,
    digits,
    npi,
    one_of,
    one_of_or_none,
    quantity,
    required,
)

FREQUENCIES: Final = frozenset("1678")
"""Original, corrected, replacement, void."""
_WITH_REFERENCE: Final = frozenset("78")
_CAUSES: Final = frozenset({"AA", "EM", "OA"})
_MOST_CAUSES = 2
_MOST_ATTACHMENTS = 10
_MOST_ADJUDICATIONS = 15
_REPORT_TYPES: Final = frozenset(
    {"03", "04", "05", "06", "07", "08", "09", "10", "11", "13", "15", "21", "A3", "A4", "AM"}
    | {"AS", "B2", "B3", "B4", "BR", "BS", "BT", "CB", "CK", "CT", "D2", "DA", "DB", "DG", "DJ"}
    | {"DS", "EB", "HC", "HR", "I5", "IR", "LA", "M1", "MT", "NN", "OB", "OC", "OD", "OE", "OX"}
    | {"OZ", "P4", "P5", "PE", "PN", "PO", "PQ", "PY", "PZ", "RB", "RR", "RT", "RX", "SG", "V5"}
    | {"XP"}
)
_TRANSMISSIONS: Final = frozenset({"AA", "BM", "EL", "EM", "FT", "FX"})
_ON_REQUEST = "AA"
_UNITS: Final = frozenset({"UN", "MJ"})


def write_claim(writer: SegmentWriter, claim: ProfessionalClaim) -> None:
    """Write the claim below its subscriber or patient. Raises CannotWrite."""
    _require_sound(claim)
    _write_head(writer, claim)
    _write_provider(writer, "referring provider", "DN", claim.referring, PERSON)
    _write_provider(writer, "rendering provider", "82", claim.rendering, EITHER)
    _write_provider(writer, "service facility", "77", claim.facility, ORGANIZATION)
    _write_provider(writer, "supervising provider", "DQ", claim.supervising, PERSON)
    for number, other in enumerate(claim.other_payers, 1):
        write_other_payer(writer, number, other)
    for number, line in enumerate(claim.lines, 1):
        _write_line(writer, claim, number, line)


def _require_sound(claim: ProfessionalClaim) -> None:
    """Raise CannotWrite for counts and sums that no validator downstream would mend."""
    if not 0 < len(claim.lines) <= MOST_LINES:
        raise CannotWrite("lines", f"are {len(claim.lines)}; an 837P claim has 1 to {MOST_LINES}")
    if not 0 < len(claim.diagnoses) <= MOST_DIAGNOSES:
        raise CannotWrite(
            "diagnoses", f"are {len(claim.diagnoses)}; an 837P claim has 1 to {MOST_DIAGNOSES}"
        )
    if len(claim.other_payers) > MOST_OTHER_PAYERS:
        raise CannotWrite("other payers", f"are more than {MOST_OTHER_PAYERS}")
    if claim.charge != claim.line_total:
        raise CannotWrite("charge", f"is {claim.charge}; its lines add up to {claim.line_total}")
    if claim.frequency in _WITH_REFERENCE and not claim.original_reference.strip():
        raise CannotWrite(
            "original reference",
            f"is missing; frequency {claim.frequency} needs the payer's claim number",
        )


def _write_head(writer: SegmentWriter, claim: ProfessionalClaim) -> None:
    """Write CLM to HI."""
    causes = [one_of("related cause", cause, _CAUSES) for cause in claim.related_causes]
    if len(causes) > _MOST_CAUSES:
        raise CannotWrite("related causes", f"are {len(causes)}; CLM11 has {_MOST_CAUSES}")
    accident: tuple[str, ...] = ()
    if claim.accident_state and not causes:
        raise CannotWrite("accident state", "is there without a related cause")
    if causes:
        state = claim.accident_state and compact("accident state", claim.accident_state, 2)
        accident = (*causes, *([""] * (_MOST_CAUSES - len(causes))), "", state)
    writer.add(
        *("CLM", required("claim number", claim.control, 20), charge("charge", claim.charge)),
        *("", ""),
        (
            *(digits("place of service", claim.place, 2), "B"),
            one_of("frequency", claim.frequency, FREQUENCIES),
        ),
        one_of("provider signature", claim.provider_signature, frozenset("NY")),
        one_of("assignment", claim.assignment, frozenset("ABC")),
        one_of("benefits assigned", claim.benefits_assigned, frozenset("NWY")),
        one_of("release", claim.release, frozenset("IY")),
        one_of_or_none("signature source", claim.signature_source, frozenset("P")),
        accident,
    )
    if claim.onset_on is not None:
        writer.add("DTP", "431", "D8", day("onset date", claim.onset_on))
    if claim.accident_on is not None:
        writer.add("DTP", "439", "D8", day("accident date", claim.accident_on))
    _write_attachments(writer, "", claim.attachments)
    if claim.patient_paid is not None:
        writer.add("AMT", "F5", charge("patient paid", claim.patient_paid))
    if claim.authorization:
        writer.add("REF", "G1", required("authorization", claim.authorization, 50))
    if claim.original_reference:
        writer.add("REF", "F8", required("original reference", claim.original_reference, 50))
    if claim.note:
        writer.add("NTE", "ADD", required("note", claim.note, 80))
    kinds = ("ABK", *["ABF"] * (MOST_DIAGNOSES - 1))
    writer.add(
        "HI",
        *(
            (kind, compact(f"diagnosis {number}", code, 3, 7))
            for number, (kind, code) in enumerate(zip(kinds, claim.diagnoses, strict=False), 1)
        ),
    )


def _write_provider(
    writer: SegmentWriter,
    field: str,
    entity: str,
    provider: Provider | None,
    may_be: Collection[bool],
) -> None:
    """Write one loop of 2310: NM1, and PRV or the address where this one has it."""
    if provider is None:
        return
    write_name(
        *(writer, field, entity, provider.name),
        may_be=may_be,
        qualifier="XX",
        identifier=npi(f"{field} NPI", provider.npi),
    )
    if provider.taxonomy:
        if entity != "82":
            raise CannotWrite(f"{field} taxonomy", "can only be that of the rendering provider")
        writer.add("PRV", "PE", "PXC", compact(f"{field} taxonomy", provider.taxonomy, 10))
    if entity == "77":
        write_address(writer, field, provider.address)
    elif provider.address is not None:
        raise CannotWrite(f"{field} address", "can only be that of the service facility")


def _write_attachments(
    writer: SegmentWriter, field: str, attachments: Sequence[Attachment]
) -> None:
    if len(attachments) > _MOST_ATTACHMENTS:
        raise CannotWrite(f"{field}attachments", f"are more than {_MOST_ATTACHMENTS}")
    for one in attachments:
        kind = one_of(f"{field}attachment type", one.report_type, _REPORT_TYPES)
        way = one_of(f"{field}attachment transmission", one.transmission, _TRANSMISSIONS)
        named = f"{field}attachment control number"
        if way == _ON_REQUEST and not one.control:
            writer.add("PWK", kind, way)
        else:
            writer.add("PWK", kind, way, "", "", "AC", required(named, one.control, 80, 2))


def _write_line(
    writer: SegmentWriter, claim: ProfessionalClaim, number: int, line: ServiceLine
) -> None:
    field = f"line {number}"
    writer.add("LX", number)
    place = digits(f"{field} place of service", line.place, 2) if line.place else ""
    writer.add(
        *("SV1", procedure(field, line.code, line.modifiers)),
        charge(f"{field} charge", line.charge),
        one_of(f"{field} unit", line.unit_basis, _UNITS),
        quantity(f"{field} units", line.units),
        place if place != claim.place else "",
        "",
        _pointers(field, claim, line),
    )
    _write_attachments(writer, f"{field} ", line.attachments)
    _write_days(writer, field, line)
    if line.control:
        writer.add("REF", "6R", required(f"{field} control number", line.control, 30))
    if line.note:
        writer.add("NTE", "ADD", required(f"{field} note", line.note, 80))
    if len(line.adjudications) > _MOST_ADJUDICATIONS:
        raise CannotWrite(f"{field} answers", f"are more than {_MOST_ADJUDICATIONS}")
    known = {other.payer_id for other in claim.other_payers}
    for one in line.adjudications:
        if one.payer_id not in known:
            raise CannotWrite(
                f"{field} answer", f"is of payer {one.payer_id}, which the claim does not name"
            )
        write_adjudication(writer, field, one)


def _pointers(field: str, claim: ProfessionalClaim, line: ServiceLine) -> tuple[str, ...]:
    """Return SV107: one to four diagnoses of the claim, each once."""
    pointers = line.pointers
    if not 0 < len(pointers) <= MOST_POINTERS or len(set(pointers)) != len(pointers):
        raise CannotWrite(f"{field} pointers", f"must be 1 to {MOST_POINTERS}, each once")
    for pointer in pointers:
        if not 1 <= pointer <= len(claim.diagnoses):
            raise CannotWrite(f"{field} pointers", f"name diagnosis {pointer}, which is not there")
    return tuple(map(str, pointers))


def _write_days(writer: SegmentWriter, field: str, line: ServiceLine) -> None:
    first = day(f"{field} date", line.service_from)
    last = first if line.service_to is None else day(f"{field} end date", line.service_to)
    if last < first:
        raise CannotWrite(f"{field} end date", f"{last.isoformat()} is before its start")
    if last == first:
        writer.add("DTP", "472", "D8", first)
    else:
        writer.add("DTP", "472", "RD8", f"{day_text(first)}-{day_text(last)}")
