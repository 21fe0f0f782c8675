"""Coordination of benefits in an 837P: what other payers paid, took off and left (2320, 2430)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fscdesk.services.x12.professional import (
    MOST_MODIFIERS,
    Adjustment,
    CannotWrite,
    LineAdjudication,
    Name,
    OtherPayer,
    Subscriber,
)
from fscdesk.services.x12.writing import Element, SegmentWriter
from fscdesk.services.x12.writing_837p_parties import ORGANIZATION, write_address, write_name
from fscdesk.services.x12.writing_837p_values import (
    amount,
    charge,
    compact,
    day,
    one_of,
    one_of_or_none,
    optional,
    quantity,
    required,
)

RESPONSIBILITIES: Final = frozenset("PSTABCDEFGHU")
RELATIONSHIPS: Final = frozenset({"01", "19", "20", "21", "39", "40", "53", "G8"})
"""PAT01: spouse, child, employee, unknown, organ donor, cadaver donor, life partner, other."""
SELF: Final = "18"
INSURANCE_TYPES: Final = frozenset({"12", "13", "14", "15", "16", "41", "42", "43", "47"})
FILING_INDICATORS: Final = frozenset(
    {"11", "12", "13", "14", "15", "16", "17", "AM", "BL", "CH", "CI", "DS", "FI", "HM"}
    | {"LM", "MA", "MB", "MC", "OF", "TV", "VA", "WC", "ZZ"}
)
MEDICARE: Final = frozenset({"MA", "MB"})
GROUPS: Final = frozenset({"CO", "CR", "OA", "PI", "PR"})
_MOST_REASONS = 6
_MOST_CAS = 5
_MOST_REMARKS = 5


def write_coverage(
    writer: SegmentWriter, field: str, coverage: Subscriber | OtherPayer, relationship: str
) -> None:
    """Write SBR: whose turn it is, the group, and what kind of insurance."""
    rank = one_of(f"{field} rank", coverage.responsibility, RESPONSIBILITIES)
    filing = one_of_or_none(
        f"{field} filing indicator", coverage.filing_indicator, FILING_INDICATORS
    )
    kind = one_of_or_none(f"{field} insurance type", coverage.insurance_type, INSURANCE_TYPES)
    if kind and (rank == "P" or filing not in MEDICARE):
        raise CannotWrite(f"{field} insurance type", "is only for Medicare as a later payer")
    writer.add(
        *("SBR", rank, relationship),
        optional(f"{field} group number", coverage.group_number, 50),
        optional(f"{field} group name", coverage.group_name, 60),
        *(kind, "", "", "", filing),
    )


def write_adjustments(writer: SegmentWriter, field: str, adjustments: Sequence[Adjustment]) -> None:
    """Write CAS: group by group in the order they first appear, six reasons in a segment."""
    by_group: dict[str, list[Element]] = {}
    for one in adjustments:
        group = one_of(f"{field} adjustment group", one.group, GROUPS)
        by_group.setdefault(group, []).extend(
            (
                required(f"{field} adjustment reason", one.reason, 5),
                amount(f"{field} adjustment", one.amount),
                None
                if one.quantity is None
                else quantity(f"{field} adjustment quantity", one.quantity),
            )
        )
    size = 3 * _MOST_REASONS
    rows = [
        (group, reasons[start : start + size])
        for group, reasons in by_group.items()
        for start in range(0, len(reasons), size)
    ]
    if len(rows) > _MOST_CAS:
        raise CannotWrite(f"{field} adjustments", f"need {len(rows)} CAS segments of {_MOST_CAS}")
    for group, reasons in rows:
        writer.add("CAS", group, *reasons)


def write_other_payer(writer: SegmentWriter, number: int, other: OtherPayer) -> None:
    """Write loops 2320, 2330A and 2330B; ``number`` counts the claim's other payers from 1."""
    field = f"other payer {number}"
    allowed = RELATIONSHIPS | {SELF}
    relation = one_of(f"{field} relationship", other.relationship, allowed)
    write_coverage(writer, field, other, relation)
    write_adjustments(writer, field, other.adjustments)
    if other.paid is not None:
        writer.add("AMT", "D", charge(f"{field} paid", other.paid))
    if other.not_covered is not None:
        writer.add("AMT", "A8", charge(f"{field} not covered", other.not_covered))
    if other.remaining is not None:
        writer.add("AMT", "EAF", charge(f"{field} remaining", other.remaining))
    writer.add(
        *("OI", "", ""),
        one_of(f"{field} benefits assigned", other.benefits_assigned, frozenset("NWY")),
        *(one_of_or_none(f"{field} signature source", other.signature_source, frozenset("P")), ""),
        one_of(f"{field} release", other.release, frozenset("IY")),
    )
    if len(other.remark_codes) > _MOST_REMARKS:
        raise CannotWrite(
            f"{field} remark codes", f"are {len(other.remark_codes)}; MOA has {_MOST_REMARKS}"
        )
    if other.remark_codes:
        codes = [compact(f"{field} remark code", one, 2, 5) for one in other.remark_codes]
        writer.add("MOA", "", "", *codes)
    _write_other_names(writer, field, other)


def _write_other_names(writer: SegmentWriter, field: str, other: OtherPayer) -> None:
    write_name(
        *(writer, f"{field} subscriber", "IL", other.subscriber),
        qualifier="MI",
        identifier=required(f"{field} member id", other.member_id, 80, 2),
    )
    if other.subscriber_address is not None:
        write_address(writer, f"{field} subscriber", other.subscriber_address)
    write_name(
        *(writer, field, "PR", Name.of_organization(other.payer_name)),
        may_be=ORGANIZATION,
        qualifier="PI",
        identifier=required(f"{field} id", other.payer_id, 80, 2),
    )
    if other.payer_address is not None:
        write_address(writer, field, other.payer_address)
    if other.adjudicated_on is not None:
        writer.add("DTP", "573", "D8", day(f"{field} day", other.adjudicated_on))
    if other.claim_number:
        writer.add("REF", "F8", required(f"{field} claim number", other.claim_number, 50))


def write_adjudication(writer: SegmentWriter, field: str, one: LineAdjudication) -> None:
    """Write loop 2430: what an earlier payer said to a line."""
    field = f"{field} answer of payer {one.payer_id}"
    writer.add(
        *("SVD", required(f"{field} id", one.payer_id, 80, 2), amount(f"{field} paid", one.paid)),
        procedure(field, one.code, one.modifiers),
        *("", quantity(f"{field} units", one.units), one.bundled_into),
    )
    write_adjustments(writer, field, one.adjustments)
    writer.add("DTP", "573", "D8", day(f"{field} day", one.adjudicated_on))
    if one.remaining is not None:
        writer.add("AMT", "EAF", charge(f"{field} remaining", one.remaining))


def procedure(field: str, code: str, modifiers: Sequence[str]) -> tuple[str, ...]:
    """Return SV101 or SVD03: HC, the code, up to four modifiers; a description never."""
    if len(modifiers) > MOST_MODIFIERS:
        raise CannotWrite(
            f"{field} modifiers", f"are {len(modifiers)}; an 837P takes {MOST_MODIFIERS}"
        )
    extra = (compact(f"{field} modifier", modifier, 2) for modifier in modifiers)
    return ("HC", compact(f"{field} procedure code", code, 5), *extra)
