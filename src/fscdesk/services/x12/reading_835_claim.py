"""Reads the claims of an 835 (loop 2100), once the services that follow each are read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from fscdesk.services.x12.odd_835 import Notes
from fscdesk.services.x12.reading_835_service import PASSED_OVER
from fscdesk.services.x12.remittance import CasAdjustment, Named, PaidClaim, PaidService
from fscdesk.services.x12.segments import Delimiters
from fscdesk.services.x12.values_835 import Values

_MOST_ELEMENTS: Final = 10
"""Of CLP and NM1, the name of the segment among them; what follows is read by nobody."""
_NAMED, _DATED, _REFERRED, _ADJUSTED, _COUNTED = "NM1", "DTM", "REF", "CAS", "AMT"
_FIRST_DAY: Final = "232"
_LAST_DAY: Final = "233"
_RECEIVED: Final = "050"
_COVERAGE_ENDED: Final = "036"
_INTEREST: Final = "I"
_GROUP_NUMBER: Final = "1L"
_REMARKS: Final = {"MIA": (5, 20, 21, 22, 23), "MOA": (3, 4, 5, 6, 7)}
_COMPANY: Final = "2"
_HEADER_PARTS: Final = frozenset({"N1", "N2", "N3", "N4", "RDM", "BPR", "TRN", "CUR"})
_NO_DAYS: Final[tuple[date | None, date | None]] = (None, None)


class ClaimReader:
    """Reads one CLP and what stands before its services at a time."""

    def __init__(self, delimiters: Delimiters, values: Values, notes: Notes) -> None:
        mark = delimiters.element
        self._element = mark
        self._values = values
        self._notes = notes
        self._padding = mark * _MOST_ELEMENTS
        self._starts = tuple(
            name + mark for name in (_NAMED, _DATED, _REFERRED, _ADJUSTED, _COUNTED)
        )

    def read(
        self,
        pieces: list[str],
        span: tuple[int, int],
        before: int,
        provider: str,
        services: Sequence[PaidService],
    ) -> PaidClaim:
        """Read the pieces of a span, from a CLP to before its first service.

        ``before`` is added to an index to make it a position; ``provider`` is the TS3's.
        """
        values, mark, padding = self._values, self._element, self._padding
        nm1, dtm, ref, cas, amt = self._starts
        start, end = span
        names: dict[str, Named] = {}
        days: dict[str, tuple[date | None, date | None]] = {}
        adjustments: tuple[CasAdjustment, ...] = ()
        remarks: tuple[str, ...] = ()
        references: tuple[tuple[str, str], ...] = ()
        amounts: tuple[tuple[str, int], ...] = ()
        group_number = ""
        adjusted = interest = 0
        for at in range(start + 1, end):
            piece = pieces[at]
            kind = piece[:4]
            if kind == nm1:
                role, named = self._named(piece)
                names.setdefault(role, named)
            elif kind == dtm:
                what, first, last = values.known_days.get(piece) or values.dated(piece, before + at)
                days[what] = (first, last)
            elif kind == ref:
                _, qualifier, value, _ = (piece + padding).split(mark, 3)
                if qualifier == _GROUP_NUMBER and not group_number:
                    group_number = value
                else:
                    references += ((qualifier, value),)
            elif kind == cas:
                found, total = values.known_cas.get(piece) or values.cas(piece, before + at)
                adjustments += found
                adjusted += total
            elif kind == amt:
                _, qualifier, value, _ = (piece + padding).split(mark, 3)
                if qualifier == _INTEREST:
                    interest += values.cents(value, before + at)
                else:
                    amounts += ((qualifier, values.cents(value, before + at)),)
            else:
                remarks += self._other(piece, before + at)
        return self._claim(
            pieces[start],
            before + start,
            names,
            days,
            (provider, group_number, adjustments, adjusted, remarks, interest),
            (amounts, references),
            tuple(services),
        )

    def _claim(
        self,
        piece: str,
        position: int,
        names: dict[str, Named],
        days: dict[str, tuple[date | None, date | None]],
        own: tuple[str, str, tuple[CasAdjustment, ...], int, tuple[str, ...], int],
        rest: tuple[tuple[tuple[str, int], ...], tuple[tuple[str, str], ...]],
        services: tuple[PaidService, ...],
    ) -> PaidClaim:
        values = self._values
        clp = (piece + self._padding).split(self._element, _MOST_ELEMENTS)
        _, number, status, charged, answered, shared, filing, payer_number, place, frequency, _ = (
            clp
        )
        charge, paid = values.cents(charged, position), values.cents(answered, position)
        provider, group_number, adjustments, adjusted, remarks, interest = own
        patient, insured = names.get("QC"), names.get("IL")
        first, last = days.get(_FIRST_DAY, _NO_DAYS), days.get(_LAST_DAY, _NO_DAYS)
        first_day = first[0] or last[0]
        whole, off = charge, charge - paid - adjusted
        for one in services:
            billed = one.charge
            whole -= billed
            off += one.off + one.paid - billed
        if (services and whole) or patient is None or not number or not status or not first_day:
            self._tell(position, number, status, patient, first_day, whole, services)
        return PaidClaim(
            position,
            number,
            status.lstrip("0"),
            charge,
            paid,
            values.cents(shared, position) if shared else 0,
            filing,
            payer_number,
            place,
            frequency,
            adjustments,
            patient,
            insured,
            names.get("74"),
            names.get("82"),
            names.get("TT"),
            names.get("PR"),
            names.get("GB"),
            (insured.id if insured else "") or (patient.id if patient else ""),
            group_number,
            provider,
            remarks,
            interest,
            rest[0],
            days.get(_RECEIVED, _NO_DAYS)[0],
            days.get(_COVERAGE_ENDED, _NO_DAYS)[0],
            first_day,
            last[1] or first[1],
            rest[1],
            services,
            off,
        )

    def _tell(
        self,
        position: int,
        number: str,
        status: str,
        patient: Named | None,
        first_day: date | None,
        whole: int,
        services: tuple[PaidService, ...],
    ) -> None:
        """Note what a claim lacks."""
        notes = self._notes
        if services and whole:
            notes.add("unlisted", position)
        if not number:
            notes.add("no_claim_number", position)
        if not status:
            notes.add("no_status", position)
        if patient is None:
            notes.add("no_patient", position)
        if first_day is None:
            for one in services:
                if one.first_day is None:
                    notes.add("no_service_day", one.position)

    def _named(self, piece: str) -> tuple[str, Named]:
        _, role, kind, last, first, middle, _, suffix, qualifier, ident, _ = (
            piece + self._padding
        ).split(self._element, _MOST_ELEMENTS)
        return role, Named(last, first, middle, suffix, qualifier, ident, kind != _COMPANY)

    def _other(self, piece: str, position: int) -> tuple[str, ...]:
        """Return the remarks of MIA and MOA; note what is no part of a claim."""
        name, *parts = piece.split(self._element)
        if name in _REMARKS:
            found = [parts[at - 1] for at in _REMARKS[name] if at <= len(parts)]
            return tuple(filter(None, found))
        if name in _HEADER_PARTS:
            self._notes.add("second_bpr" if name == "BPR" else "out_of_place", position)
        elif name not in PASSED_OVER:
            self._notes.add("unknown_segment", position)
        return ()
