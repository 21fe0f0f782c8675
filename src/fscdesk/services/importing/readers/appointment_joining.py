"""Codes on lines of their own become one session; true repeats stay sessions of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from fscdesk.services.errors import Finding, Severity
from fscdesk.services.importing.readers.appointment_rows import AppointmentRow

SETTLED_WORDS = frozenset({"PAID", "NO CHARGE", "LOCKED"})
_AMOUNTS = (
    "patient_charge",
    "uninvoiced",
    "patient_paid",
    "patient_unpaid",
    "insurance_charge",
    "insurance_paid",
    "insurance_unpaid",
)


def join_rows(
    rows: list[AppointmentRow], repeats: list[tuple[int, int]], findings: list[tuple[int, Finding]]
) -> tuple[list[AppointmentRow], set[int]]:
    """Join the rows that share minute, client and clinician; say which results are joined.

    ``repeats`` pairs the first row of such a group with each later one, by place. The k-th
    repetition of a code belongs to the k-th session of its group. Returns the sessions in file
    order and the first lines of those that came from several lines.
    """
    if not repeats:
        return rows, set()
    groups: dict[int, list[int]] = {}
    for first, later in repeats:
        groups.setdefault(first, [first]).append(later)
    result: list[AppointmentRow | None] = list(rows)
    joined: set[int] = set()
    for places in groups.values():
        slots: dict[int, list[int]] = defaultdict(list)
        seen: dict[str, int] = defaultdict(int)
        for place in places:
            codes = {line.code for line in rows[place].codes} or {""}
            slot = max(seen[code] for code in codes)
            slots[slot].append(place)
            for code in codes:
                seen[code] = slot + 1
            result[place] = None
        before: AppointmentRow | None = None
        for slot in sorted(slots):
            parts = [rows[place] for place in slots[slot]]
            whole = _combine(parts, findings) if len(parts) > 1 else parts[0]
            if len(parts) > 1:
                joined.add(whole.lines[0])
            if slot:
                whole = replace(whole, occurrence=slot + 1)
            if before is not None:
                findings.append((whole.lines[0], _repeat(before, whole)))
            result[slots[slot][0]] = before = whole
    return [row for row in result if row is not None], joined


def _repeat(before: AppointmentRow, row: AppointmentRow) -> Finding:
    where = f"line {row.lines[0]}"
    if before.raw == row.raw:
        return Finding(
            "repeated-row",
            f"The row is the same as at line {before.lines[0]}. "
            "Both are kept as sessions of their own.",
            where,
            Severity.WARNING,
        )
    return Finding(
        "same-start",
        f"Minute, client, clinician and code are the same as at line {before.lines[0]}, "
        "other cells differ. Both are kept as sessions of their own.",
        where,
        Severity.WARNING,
    )


def _combine(parts: list[AppointmentRow], findings: list[tuple[int, Finding]]) -> AppointmentRow:
    """Return one session from the lines of its codes.

    Amounts are added up, unless every line repeats the fee of the whole session: then its
    other amounts are the session's too.
    """
    first = parts[0]
    codes = tuple(line for part in parts for line in part.codes)
    whole = sum(line.units * line.rate for line in codes)
    repeated = whole != 0 and all(part.fee == whole for part in parts)
    changes: dict[str, int | None] = {}
    for name in _AMOUNTS:
        values = [getattr(part, name) for part in parts]
        same = repeated and len(set(values)) == 1
        changes[name] = values[0] if same else sum(values)
    offs = [part.write_off for part in parts if part.write_off is not None]
    write_off = None if not offs else offs[0] if repeated and len(set(offs)) == 1 else sum(offs)
    for name in ("payer", "second_payer"):
        if len({getattr(part, name) for part in parts} - {None}) > 1:
            findings.append((first.lines[0], _mixed_payers(parts)))
            break
    return replace(
        first,
        lines=tuple(line for part in parts for line in part.lines),
        raw="\n".join(part.raw for part in parts),
        codes=codes,
        payer=next((part.payer for part in parts if part.payer), None),
        second_payer=next((part.second_payer for part in parts if part.second_payer), None),
        fee=whole if repeated else sum(part.fee for part in parts),
        note_status=_word(parts, lambda part: part.note_status),
        patient_status=_word(parts, lambda part: part.patient_status),
        insurance_status=_word(parts, lambda part: part.insurance_status),
        attendance=next((part.attendance for part in parts if part.attendance), ""),
        write_off=write_off,
        **changes,  # type: ignore[arg-type]
    )


def _mixed_payers(parts: list[AppointmentRow]) -> Finding:
    return Finding(
        "mixed-payer",
        "The lines of this session name different payers. The first one is kept.",
        f"line {parts[0].lines[0]}",
        Severity.WARNING,
    )


def _word(parts: list[AppointmentRow], word: Callable[[AppointmentRow], str]) -> str:
    """Return the word of a line where something is still open, else of the first line."""
    words = [each for each in map(word, parts) if each]
    return next((each for each in words if each.upper() not in SETTLED_WORDS), (*words, "")[0])
