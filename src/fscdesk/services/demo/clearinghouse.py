"""The fictional clearinghouse: answers a file of claims as a real one would. Pure, text to text.

A 999 says that the file could be read, a 277CA what became of each claim. Both are made from the
837P alone, so that they name exactly what was sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, NamedTuple

from fscdesk.models.values import Money
from fscdesk.services.x12.professional import Name, ProfessionalClaim, ProfessionalFile
from fscdesk.services.x12.reading_837p import read_837p
from fscdesk.services.x12.writing import Controls, SegmentWriter

ID: Final = "NOWHEREHUB"
NAME: Final = "Nowhere Claims Exchange"
_SYNTAX, _CLAIMS = "005010X231A1", "005010X214"
_BATCH, _TAKEN, _REFUSED = "WQ", "20", "U"


class Refusal(NamedTuple):
    """Why a claim goes back: category and status of X12's lists, and the clearinghouse's words."""

    category: str
    status: str
    words: str


UNKNOWN_MEMBER: Final = Refusal("A7", "164", "No member of this id and birth date")


def acknowledge(text: str, at: datetime) -> str:
    """Return the 999 that takes every set of an 837P."""
    file = _file(text)
    writer = _open(file, at, "FA", "999", _SYNTAX)
    writer.add("AK1", "HC", file.controls.group, "005010X222A1")
    for one in file.sets:
        writer.add("AK2", "837", one.control, "005010X222A1")
        writer.add("IK5", "A")
    many = len(file.sets)
    writer.add("AK9", "A", many, many, many)
    return _closed(writer)


def answer_claims(text: str, refused: Mapping[str, Refusal], at: datetime) -> str:
    """Return the 277CA of an 837P: each claim is taken, but those that are named by CLM01.

    Taken claims get the payer's number of `payers_number`.
    """
    file = _file(text)
    writer = _open(file, at, "HN", "277", _CLAIMS)
    day = at.date()
    writer.add("BHT", "0085", "08", f"A{file.controls.interchange}", day, f"{at:%H%M}", "TH")
    writer.add("HL", 1, "", "20", 1)
    writer.add("NM1", "AY", "2", NAME, *[""] * 4, "46", ID)
    writer.add("TRN", 1, f"T{file.controls.interchange}")
    writer.add("DTP", "050", "D8", day)
    writer.add("DTP", "009", "D8", day)
    level = 1
    for one in file.sets:
        total = sum(claim.charge.cents for claim in one.claims)
        submitter, billing = level + 1, level + 2
        writer.add("HL", submitter, 1, "21", 1)
        _add_name(writer, "41", file.submitter.name, "46", file.submitter.identifier)
        writer.add("TRN", 2, one.reference)
        writer.add("STC", ("A1", "19", "PR"), day, _BATCH, Money(total))
        writer.add("HL", billing, submitter, "19", 1)
        _add_name(writer, "85", one.billing.name, "XX", one.billing.npi)
        level = billing
        for claim in one.claims:
            level += 1
            writer.add("HL", level, billing, "PT")
            _add_claim(writer, claim, refused.get(claim.control), day)
    return _closed(writer)


def payers_number(payer_id: str, control: str) -> str:
    """Return the number that a payer gives a claim: its own id and the end of ours."""
    return f"{payer_id}{control[-9:]}"


def _add_claim(
    writer: SegmentWriter, claim: ProfessionalClaim, refusal: Refusal | None, day: date
) -> None:
    person = claim.subscriber.name if claim.patient is None else claim.patient.name
    _add_name(writer, "QC", person, "MI", claim.subscriber.member_id)
    writer.add("TRN", 2, claim.control)
    if refusal is None:
        writer.add("STC", ("A2", _TAKEN, "PR"), day, _BATCH, claim.charge)
        writer.add("REF", "1K", payers_number(claim.payer.identifier, claim.control))
    else:
        status = (refusal.category, refusal.status, "IL")
        writer.add("STC", status, day, _REFUSED, claim.charge, *[""] * 7, refusal.words)
    days = [line.service_from for line in claim.lines if line.service_from is not None]
    writer.add("DTP", "472", "D8", min(days))


def _add_name(writer: SegmentWriter, entity: str, name: Name, kind: str, identifier: str) -> None:
    person = "1" if name.is_person else "2"
    parts = (name.last, name.first, name.middle, "", name.suffix)
    writer.add("NM1", entity, person, *parts, kind, identifier)


def _file(text: str) -> ProfessionalFile:
    (file,) = read_837p(text).files
    return file


def _open(
    file: ProfessionalFile, at: datetime, code: str, kind: str, version: str
) -> SegmentWriter:
    writer = SegmentWriter()
    number = file.controls.interchange
    controls = Controls(ID, file.controls.sender, number, number, at)
    writer.open_file(controls, code, version)
    writer.open_set(kind, "0001", version)
    return writer


def _closed(writer: SegmentWriter) -> str:
    writer.close_set()
    writer.close_file()
    return writer.text()
