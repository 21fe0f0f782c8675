"""Reads 837P files: our own back to equal dataclasses, others as far as they go.

Whatever the text is, nothing raises: damage, other versions and segments that are not kept
become oddities.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from fscdesk.services.x12.elements import day_of
from fscdesk.services.x12.envelopes import Group, Interchange, TransactionSet, read_interchanges
from fscdesk.services.x12.professional import (
    VERSION,
    Address,
    BillingProvider,
    Contact,
    Name,
    PatientLoop,
    Payer,
    ProfessionalClaim,
    ProfessionalFile,
    ProfessionalSet,
    Reading837P,
    Receiver,
    Submitter,
    Subscriber,
)
from fscdesk.services.x12.reading_837p_claim import read_claim, read_coverage
from fscdesk.services.x12.reading_837p_loop import Loop, Notes, name_of, split_at, whole
from fscdesk.services.x12.segments import Oddity, Segment
from fscdesk.services.x12.writing import Controls

_KIND = "837"
_BILLING, _SUBSCRIBER, _PATIENT = "20", "22", "23"
_NOBODY = Name("")


def read_837p(text: str) -> Reading837P:
    """Read every 837P of a text; a text without one gives no files and says so."""
    reading = read_interchanges(text)
    oddities = list(reading.oddities)
    files = []
    for interchange in reading.interchanges:
        for group in interchange.groups:
            others = [found for found in group.sets if found.kind != _KIND]
            oddities.extend(
                Oddity("not_837", f"{found.kind[:3] or 'A transaction'} is not read here.")
                for found in others
            )
            if len(others) < len(group.sets):
                files.append(_read_file(interchange, group, oddities))
    if not files:
        oddities.append(Oddity("no_837", "The text holds no 837."))
    return Reading837P(tuple(files), tuple(oddities))


def _read_file(interchange: Interchange, group: Group, oddities: list[Oddity]) -> ProfessionalFile:
    ends: tuple[Submitter, Receiver] | None = None
    sets: list[ProfessionalSet] = []
    for found in group.sets:
        if found.kind != _KIND:
            continue
        notes = Notes(interchange.delimiters, oddities)
        if VERSION not in {found.version, group.version}:
            notes.odd("version", f"The version is {found.version[:12] or 'not said'}.")
        read = _SetReader(found, notes)
        if ends not in {None, read.ends}:
            notes.odd("other_ends", "Submitter or receiver differ within one group.")
        ends = ends or read.ends
        sets.extend(read.sets)
    assert ends is not None, "only called for a group with an 837"
    return ProfessionalFile(_controls(interchange, group, oddities), ends[0], ends[1], tuple(sets))


def _controls(interchange: Interchange, group: Group, oddities: list[Oddity]) -> Controls:
    isa = interchange.header or Segment("ISA", (), 0)
    gs = group.header or Segment("GS", (), 0)
    day = interchange.made_on or day_of(gs.get(4))
    clock = _clock(isa.get(10)) or _clock(gs.get(5))
    if day is None or clock is None:
        oddities.append(Oddity("no_date", "The file does not say when it was made.", isa.position))
    oddities.extend(
        Oddity("no_control", "A control number is no number.", isa.position)
        for number in (interchange.control, group.control)
        if whole(number) is None
    )
    return Controls(
        sender=isa.get(6),
        receiver=isa.get(8),
        interchange=whole(interchange.control) or 0,
        group=whole(group.control) or 0,
        made_at=datetime.combine(day or date.min, clock or time()),
        sender_qualifier=isa.get(5),
        receiver_qualifier=isa.get(7),
        group_sender=gs.get(2) if gs.get(2) != isa.get(6) else "",
        group_receiver=gs.get(3) if gs.get(3) != isa.get(8) else "",
        test=interchange.test,
        acknowledgment_wanted=isa.get(14) == "1",
    )


def _clock(text: str) -> time | None:
    """Return the hour and minute of ``HHMM…``, or None."""
    try:
        return time(int(text[:2]), int(text[2:4]))
    except ValueError:
        return None


class _SetReader:
    """Reads one ST to SE level by level; ``sets`` has one for each billing provider."""

    def __init__(self, found: TransactionSet, notes: Notes) -> None:
        self._notes = notes
        self._found = found
        self._reference = ""
        self._billing = BillingProvider(_NOBODY, "", "", Address("", "", "", ""))
        self._claims: list[ProfessionalClaim] = []
        self._insured = (Subscriber(_NOBODY, "", responsibility=""), Payer("", ""))
        self._by_level: dict[str, tuple[Subscriber, Payer]] = {}
        self.sets: list[ProfessionalSet] = []
        head, levels = split_at(found.segments, "HL")
        before, stray = split_at(head, "CLM")
        self.ends = self._read_head(before)
        for part in stray:
            notes.odd("no_level", "A claim stands outside the levels.", part[0])
            self._read_claim(part, None)
        for level in levels:
            self._read_level(level)
        self._end_billing()

    def _read_head(self, segments: Sequence[Segment]) -> tuple[Submitter, Receiver]:
        """Read ST to the first HL."""
        own, parts = split_at(segments, "NM1")
        loop = Loop(own, self._notes)
        loop.take("ST")
        bht = loop.take("BHT")
        if bht is not None:
            self._reference = bht.get(3)
            if bht.get(6) not in {"CH", ""}:
                self._notes.odd("not_charges", "The file is of encounters, not of claims.", bht)
        loop.close()
        submitter = Submitter(_NOBODY, "", Contact("", ""))
        receiver = Receiver("", "")
        for part in parts:
            loop = Loop(part, self._notes)
            if (name := loop.take("NM1", "41")) is not None:
                contact = loop.contact() or Contact("", "")
                submitter = Submitter(name_of(name), name.get(9), contact)
            elif (name := loop.take("NM1", "40")) is not None:
                receiver = Receiver(name.get(3), name.get(9))
            self._close(loop)
        return submitter, receiver

    def _read_level(self, segments: Sequence[Segment]) -> None:
        """Read one HL with its claims."""
        head, claims = split_at(segments, "CLM")
        own, parts = split_at(head, "NM1")
        loop = Loop(own, self._notes)
        hl = loop.take("HL") or segments[0]
        loops: dict[str, Loop] = {}
        for part in parts:
            named = Loop(part, self._notes)
            if loops.setdefault(part[0].get(1), named) is not named:
                named.close()
        patient: PatientLoop | None = None
        if hl.get(3) == _BILLING:
            self._end_billing()
            self._read_billing(loop, loops)
        elif hl.get(3) == _PATIENT:
            self._insured = self._by_level.get(hl.get(2), self._insured)
            patient = self._read_patient(loop, loops)
        else:
            if hl.get(3) != _SUBSCRIBER:
                self._notes.odd("level", f"HL03 is {hl.get(3)[:3] or 'missing'}.", hl)
            self._read_subscriber(loop, loops)
            self._by_level[hl.get(1)] = self._insured
        for left in (loop, *loops.values()):
            self._close(left)
        for part in claims:
            self._read_claim(part, patient)

    def _read_billing(self, loop: Loop, loops: dict[str, Loop]) -> None:
        taxonomy = loop.take("PRV", "BI")
        own = loops.get("85", Loop((), self._notes))
        name = own.take("NM1")
        tax = own.take("REF", "EI", "SY")
        pay_to = loops.get("87", Loop((), self._notes))
        pay_to.take("NM1")
        self._billing = BillingProvider(
            name=name_of(name),
            npi=name.get(9) if name else "",
            tax_id=tax.get(2) if tax else "",
            tax_id_is_ssn=tax is not None and tax.get(1) == "SY",
            address=own.address() or Address("", "", "", ""),
            taxonomy=taxonomy.get(3) if taxonomy else "",
            contact=own.contact(),
            pay_to=pay_to.address(),
        )

    def _read_subscriber(self, loop: Loop, loops: dict[str, Loop]) -> None:
        sbr = loop.take("SBR")
        own = loops.get("IL", Loop((), self._notes))
        name = own.take("NM1")
        address = own.address()
        born_on, sex = own.birth()
        subscriber = Subscriber(
            **read_coverage(sbr),
            name=name_of(name),
            member_id=name.get(9) if name else "",
            address=address,
            born_on=born_on,
            sex=sex,
        )
        payer = loops.get("PR", Loop((), self._notes))
        named = payer.take("NM1")
        self._insured = (
            subscriber,
            Payer(
                name=named.get(3) if named else "",
                identifier=named.get(9) if named else "",
                address=payer.address(),
                provider_number=payer.value("REF", "G2"),
            ),
        )

    def _read_patient(self, loop: Loop, loops: dict[str, Loop]) -> PatientLoop:
        pat = loop.take("PAT")
        own = loops.get("QC", Loop((), self._notes))
        name = own.take("NM1")
        address = own.address()
        born_on, sex = own.birth()
        return PatientLoop(
            relationship=pat.get(1) if pat else "",
            name=name_of(name),
            address=address,
            born_on=born_on,
            sex=sex,
        )

    def _read_claim(self, segments: Sequence[Segment], patient: PatientLoop | None) -> None:
        without_end, _end = split_at(segments, "SE")
        self._claims.append(
            read_claim(
                *(without_end, self._notes),
                subscriber=self._insured[0],
                payer=self._insured[1],
                patient=patient,
            )
        )

    def _end_billing(self) -> None:
        """Close the set of the billing provider whose claims were read."""
        if self._claims:
            self.sets.append(
                ProfessionalSet(
                    self._found.control, self._reference, self._billing, tuple(self._claims)
                )
            )
        self._claims = []

    def _close(self, loop: Loop) -> None:
        loop.take("SE")
        loop.close()
