"""Reads the client attendance report: who came, who did not, and who called it off.

Its first row sums the report up (“230 clients,9 clinicians,807 appointments,...”); it is held
against the rows and left out.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from fscdesk.services.errors import Finding, Severity
from fscdesk.services.importing.readers.appointment_rows import SkippedRow
from fscdesk.services.importing.readers.report_cells import ReportCells
from fscdesk.services.importing.readers.report_reading import Shape, Step, read_rows
from fscdesk.services.importing.readers.report_rows import ReportFile
from fscdesk.services.importing.recognising import Recognised
from fscdesk.services.spreadsheets.files import SourceFile
from fscdesk.services.spreadsheets.tables import heading_key

_WORDS = {
    "show": "completed",
    "showed": "completed",
    "shown": "completed",
    "noshow": "no_show",
    "canceled": "cancelled",
    "latecanceled": "late_cancelled",
    "cliniciancanceled": "clinician_cancelled",
}
ATTENDANCES = _WORDS | {
    word.replace("canceled", "cancelled"): meant
    for word, meant in _WORDS.items()
    if "canceled" in word
}
"""Folded words of the report, in both spellings, and what they mean."""

_COUNT = re.compile(r"(?P<number>[0-9][0-9,.]{0,11}) (?P<noun>[A-Za-z]+)")
_NOUNS = {
    "client": "client",
    "clients": "client",
    "clinician": "clinician",
    "clinicians": "clinician",
    "appointment": "appointment",
    "appointments": "appointment",
    "office": "office",
    "offices": "office",
    "status": "status",
    "statuses": "status",
}
_SUMMED = 3


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """Whether one client came on one day; the report has no time of day.

    ``status_word`` is the word of the report. ``attendance`` is ``completed``, ``no_show``,
    ``cancelled``, ``late_cancelled``, ``clinician_cancelled``, or blank for an unknown word.
    """

    line: int
    raw: str
    client: str
    clinician: str
    day: date
    office: str
    status_word: str
    attendance: str


def _row(cells: ReportCells) -> AttendanceRow:
    day = cells.day("day")
    word = cells.word("status_word", ATTENDANCES)
    return AttendanceRow(
        line=cells.line,
        raw=cells.raw,
        client=cells.need("client"),
        clinician=cells.name("clinician"),
        day=day,
        office=cells.text("office"),
        status_word=word,
        attendance=ATTENDANCES.get(heading_key(word), ""),
    )


def _is_summary(texts: Sequence[str]) -> bool:
    return len(_counts(texts)) >= _SUMMED


def _counts(texts: Sequence[str]) -> dict[str, int]:
    """Return the counts of a summary by what they count; other cells do not matter."""
    found: dict[str, int] = {}
    for text in texts:
        told = _COUNT.fullmatch(" ".join(text.split()))
        noun = "" if told is None else _NOUNS.get(told["noun"].lower(), "")
        if told is not None and noun:
            found[noun] = int("".join(filter(str.isdigit, told["number"])))
    return found


def _check(
    rows: Sequence[AttendanceRow], skipped: Sequence[SkippedRow]
) -> Iterable[tuple[int, Finding]]:
    """Hold the summary against the rows: one that tells of more was cut off or filtered."""
    ours = {
        "appointment": len(rows),
        "client": len({row.client for row in rows}),
        "clinician": len({row.clinician for row in rows}),
        "office": len({row.office for row in rows}),
        "status": len({row.status_word for row in rows}),
    }
    for left_out in skipped:
        if left_out.reason_code != "summary":
            continue
        for noun, count in _counts(next(csv.reader([left_out.raw]))).items():
            if count != ours[noun]:
                # Clients of one name are one here, so only appointments can be counted surely.
                sure = noun == "appointment"
                many = "statuses" if noun == "status" else f"{noun}s"
                yield (
                    left_out.line,
                    Finding(
                        "summary-differs",
                        f"The report says {count:,} {many}; {ours[noun]:,} were read.",
                        f"line {left_out.line}",
                        Severity.WARNING if sure else Severity.INFO,
                    ),
                )


def read_attendance(
    source: SourceFile, recognised: Recognised, *, progress: Step | None = None
) -> ReportFile[AttendanceRow]:
    """Read the report; it has no amounts. Raises Problem as read_rows does."""
    shape = Shape(
        _row,
        keys=("client", "clinician", "day", "status_word"),
        day=lambda row: row.day,
        summary=_is_summary,
        check=_check,
    )
    return read_rows(source, recognised, shape, progress=progress)
