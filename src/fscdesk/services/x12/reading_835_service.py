"""Reads the services of an 835 (loop 2110): the busiest part of the reader, a loop over texts."""

from __future__ import annotations

from datetime import date
from typing import Final

from fscdesk.services.x12.odd_835 import Notes
from fscdesk.services.x12.remittance import CasAdjustment, PaidService
from fscdesk.services.x12.segments import Delimiters
from fscdesk.services.x12.values_835 import NO_PROCEDURE, Values

_SVC_ELEMENTS: Final = 8
_SERVICE_DAY: Final = "472"
_FIRST_DAY: Final = "150"
_LAST_DAY: Final = "151"
_LINE_ID: Final = "6R"
_ALLOWED: Final = "B6"
_REMARK: Final = "HE"
PASSED_OVER: Final = frozenset({"QTY", "PER", "LX", "TS2", "TS3", "MSG", "K3", "NTE"})
"""Segments that are known, and say nothing that anybody works with."""


class ServiceReader:
    """Reads one SVC and what belongs to it at a time."""

    def __init__(self, delimiters: Delimiters, values: Values, notes: Notes) -> None:
        mark = delimiters.element
        self._element = mark
        self._values = values
        self._notes = notes
        self._starts = (f"CAS{mark}", f"DTM{mark}", f"REF{mark}", f"AMT{mark}")
        self._padding = mark * _SVC_ELEMENTS

    def read(  # noqa: C901, PLR0912, PLR0915 - one loop: a call for each segment costs a third more
        self, pieces: list[str], span: tuple[int, int], before: int
    ) -> PaidService:
        """Read the pieces of a span, from one SVC to before the next loop.

        ``before`` is added to an index to make it a position.
        """
        values, mark, padding = self._values, self._element, self._padding
        known_cents, numbers = values.known_cents, values.known_numbers
        cas, dtm, ref, amt = self._starts
        start, end = span
        position = before + start
        _, text, charged, answered, revenue_code, units, other, other_units, _ = (
            pieces[start] + padding
        ).split(mark, _SVC_ELEMENTS)
        procedure = values.known_procedures.get(text) or values.procedure(text, position)
        charge = known_cents.get(charged)
        if charge is None:
            charge = values.cents(charged, position)
        paid = known_cents.get(answered)
        if paid is None:
            paid = values.cents(answered, position)
        billed = values.procedure(other, position) if other else NO_PROCEDURE
        off = charge - paid
        line_id = ""
        allowed: int | None = None
        first_day: date | None = None
        last_day: date | None = None
        adjustments: tuple[CasAdjustment, ...] = ()
        remarks: tuple[str, ...] = ()
        references: tuple[tuple[str, str], ...] = ()
        amounts: tuple[tuple[str, int], ...] = ()
        for at in range(start + 1, end):
            piece = pieces[at]
            kind = piece[:4]
            if kind == cas:
                found, total = values.known_cas.get(piece) or values.cas(piece, before + at)
                adjustments = adjustments + found if adjustments else found
                off -= total
            elif kind == dtm:
                dated, first, last = values.known_days.get(piece) or values.dated(
                    piece, before + at
                )
                if dated == _SERVICE_DAY:
                    first_day, last_day = first, last
                elif dated == _FIRST_DAY:
                    first_day = first
                elif dated == _LAST_DAY:
                    last_day = last
            elif kind == ref:
                _, qualifier, value, _ = (piece + padding).split(mark, 3)
                if qualifier == _LINE_ID and not line_id:
                    line_id = value
                else:
                    references += ((qualifier, value),)
            elif kind == amt:
                _, qualifier, value, _ = (piece + padding).split(mark, 3)
                cents = known_cents.get(value)
                if cents is None:
                    cents = values.cents(value, before + at)
                if qualifier == _ALLOWED:
                    allowed = cents
                else:
                    amounts += ((qualifier, cents),)
            elif kind[:2] == "LQ":
                _, qualifier, value, _ = (piece + padding).split(mark, 3)
                if qualifier == _REMARK:
                    remarks += (value,)
                else:
                    references += ((qualifier, value),)
            elif piece.split(mark, 1)[0] not in PASSED_OVER:
                self._notes.add("unknown_segment", before + at)
        if first_day is None:
            first_day = last_day
        if not procedure.code and not revenue_code:
            self._notes.add("no_code", position)
        return PaidService(
            position,
            line_id,
            procedure.qualifier,
            procedure.code,
            procedure.modifiers,
            text,
            charge,
            paid,
            revenue_code,
            numbers[units] if units in numbers else values.number(units, position),
            billed.qualifier,
            billed.code,
            billed.modifiers,
            numbers[other_units]
            if other_units in numbers
            else values.number(other_units, position),
            first_day,
            last_day if last_day is not None else first_day,
            adjustments,
            allowed,
            remarks,
            references,
            amounts,
            off,
        )
