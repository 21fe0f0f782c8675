"""Goes over the lines of a report and makes rows of them; what cannot be one is kept and told.

The readers of the single reports say only what a row is; this is the one loop behind them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any, Generic

from fscdesk.models.values import Money
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.importing.readers.appointment_rows import SkippedRow
from fscdesk.services.importing.readers.report_cells import ReportCells
from fscdesk.services.importing.readers.report_rows import R, ReportFile
from fscdesk.services.importing.readers.skipping import fit
from fscdesk.services.importing.recognising import Recognised
from fscdesk.services.spreadsheets.cells import CellFault, writes_comma_decimals
from fscdesk.services.spreadsheets.files import SourceFile
from fscdesk.services.spreadsheets.tables import Cell, cell_text, heading_key, is_blank, raw_line

Step = Callable[[int, int, str], None]
"""How progress is told: as Job.step is called."""

LONGEST_ROW = 1_048_576
_CHUNK = 2_000
_TOTAL = re.compile(
    r"(?:(?:grand|sub|report|overall)[ -]?)?(?:totals?|summary|sums?)\b", re.IGNORECASE
)
_PLAIN_TOTAL = re.compile(
    r"(?:(?:grand|sub|report|overall)[ -]?)?(?:totals?|summary|sums?)"
    r"(?: (?:due|balances?|outstanding|amounts?|payments?|paid|charges?|clients?))*"
    r"\s*:?(?:\s*\(.*\))?",
    re.IGNORECASE,
)
_MAYBE_TOTALS = frozenset({"date", "short-row", "long-row", "no-name"})


@dataclass(frozen=True)
class Shape(Generic[R]):
    """What the rows of a report are.

    ``make`` builds a row from the cells of its line and raises CellFault where it cannot.
    ``keys`` are the fields that tell what a row is about: a line without any holds totals.
    ``day`` gives the day of a row. ``amounts`` are the fields that hold money, ``totals`` sums
    the rows up. ``summary`` says of a line's texts whether it is a summary and no row.
    ``check`` looks at all rows at the end and returns findings with their lines.
    """

    make: Callable[[ReportCells], R]
    keys: tuple[str, ...]
    totals: Callable[[Sequence[R]], dict[str, Money]] | None = None
    amounts: tuple[str, ...] = ()
    day: Callable[[R], date | None] | None = None
    summary: Callable[[Sequence[str]], bool] | None = None
    check: Callable[[Sequence[R], Sequence[SkippedRow]], Iterable[tuple[int, Finding]]] | None = (
        None
    )


def read_rows(
    source: SourceFile,
    recognised: Recognised,
    shape: Shape[R],
    *,
    progress: Step | None = None,
) -> ReportFile[R]:
    """Read every line of the recognised table; ``progress`` is called as Job.step is.

    Raises Problem where ``recognised`` is no report that can be read. Faults of lines are
    findings (``where`` is "line 12"); lines whose day or money cannot be read are skipped and
    told as well.
    """
    recognised.require_report()
    reading = _Reading(source, recognised, shape, sure=True)
    reading.read(progress)
    if reading.cells.moments.day_first is not None and not reading.cells.moments.proven:
        # 31/03/2026 stands there and nothing proves the other order: 03/02 would be a guess.
        reading = _Reading(source, recognised, shape, sure=False)
        reading.read(progress)
    return reading.finish()


class _Reading(Generic[R]):
    """The state of one pass over a table."""

    def __init__(
        self, source: SourceFile, recognised: Recognised, shape: Shape[R], *, sure: bool
    ) -> None:
        self.recognised, self.shape = recognised, shape
        self.table = source.tables[recognised.table]
        self.data = self.table.rows[recognised.first_row :]
        places = recognised.columns
        self.width = len(recognised.headings)
        self.header = [heading_key(name) for name in recognised.headings]
        self.needed = max(places.values()) + 1
        self.keys = [places[name] for name in shape.keys if name in places]
        titles = {name: recognised.headings[place] for name, place in places.items()}
        commas = self._comma_columns() if source.delimiter == ";" else set()
        self.cells = ReportCells(places, titles, commas=commas, sure=sure)
        self.rows: list[R] = []
        self.skipped: list[SkippedRow] = []
        self.findings: list[tuple[int, Finding]] = []

    def _comma_columns(self) -> set[str]:
        places = self.recognised.columns
        return {
            name
            for name in self.shape.amounts
            if name in places
            and writes_comma_decimals(
                {row[places[name]] for _, row in self.data if places[name] < len(row)}
            )
        }

    def read(self, progress: Step | None) -> None:
        """Go over all lines, in chunks so that progress is shown and the user can stop."""
        for start in range(0, len(self.data), _CHUNK):
            if progress is not None:
                progress(start, len(self.data), "Reading rows")
            for line, cells in self.data[start : start + _CHUNK]:
                self._read_line(line, cells)

    def _read_line(self, line: int, cells: tuple[Cell, ...]) -> None:
        texts = [cell_text(cell).strip() for cell in cells]
        normal = self._no_row(texts)
        if normal is not None:
            self._skip(line, cells, *normal, expected=True)
            return
        try:
            raw = raw_line(cells)
            if len(raw) > LONGEST_ROW:
                raise CellFault("too-long", "The row has over a million letters.")
            row = cells if len(cells) == self.width else fit(cells, self.width, self.needed)
            self.cells.move(line, raw, row)
            made = self.shape.make(self.cells)
        except CellFault as fault:
            self._drain(line, keep=False)
            if fault.code in _MAYBE_TOTALS and self._is_totals(texts):
                self._skip(line, cells, "totals", "The row holds totals.", expected=True)
            else:
                self._skip(line, cells, fault.code, fault.message, expected=False)
            return
        self._drain(line, keep=True)
        self.rows.append(made)

    def _no_row(self, texts: list[str]) -> tuple[str, str] | None:
        """Return why a line was never meant to be a row, if it was not."""
        filled = [text for text in texts if text]
        if not filled:
            return "empty", "The row is blank."
        header = self.header  # folding is slow: most rows differ in their first cell
        if heading_key(texts[0]) == header[0] and [heading_key(text) for text in texts] == header:
            return "header", "The header is repeated here."
        if self.shape.summary is not None and self.shape.summary(filled):
            return "summary", "The row sums the report up."
        if _PLAIN_TOTAL.fullmatch(filled[0]) and len(self._named(texts)) <= 1:
            return "totals", "The row holds totals."
        if len(filled) == 1:
            return "note", "The row holds a note."
        return None

    def _named(self, texts: list[str]) -> list[str]:
        return [texts[place] for place in self.keys if place < len(texts) and texts[place]]

    def _is_totals(self, texts: list[str]) -> bool:
        """Say whether a line that is no row looks like totals: it is about nothing but a total."""
        named = self._named(texts)
        filled = [text for text in texts if text]
        if not named:
            return True
        return len(named) == 1 and any(
            _PLAIN_TOTAL.fullmatch(text) or (text == filled[0] and _TOTAL.match(text))
            for text in filled
        )

    def _skip(
        self, line: int, cells: tuple[Cell, ...], code: str, reason: str, *, expected: bool
    ) -> None:
        """Keep an unusable line with its reason; only a line that meant a row is a finding."""
        self.skipped.append(SkippedRow(line, code, reason, raw_line(cells)[:LONGEST_ROW]))
        if not expected:
            message = f"{reason} The row was skipped."
            self.findings.append((line, Finding(code, message, f"line {line}", Severity.ERROR)))

    def _drain(self, line: int, *, keep: bool) -> None:
        """Tell what was noted on this line; of a skipped line only what is told once."""
        for note, severity in self.cells.notes:
            if keep or note.code != "no-amount":
                finding = Finding(note.code, note.message, f"line {line}", severity)
                self.findings.append((line, finding))
        self.cells.notes.clear()

    def finish(self) -> ReportFile[R]:
        """Check and total the rows."""
        line = self.recognised.header_line
        shape = self.shape
        if shape.check is not None:
            self.findings += shape.check(self.rows, self.skipped)
        if not self.rows:
            nothing = Finding(
                "no-rows", "The report holds no rows.", f"line {line}", Severity.WARNING
            )
            self.findings.append((line, nothing))
        self.findings.sort(key=itemgetter(0))
        day_of = shape.day
        told = [] if day_of is None else [day_of(row) for row in self.rows]
        days = [day for day in told if day is not None]
        return ReportFile(
            report=self.recognised.profile,
            title=self.recognised.title,
            rows=self.rows,
            skipped=self.skipped,
            findings=[*self.recognised.findings, *(finding for _, finding in self.findings)],
            first_day=min(days, default=None),
            last_day=max(days, default=None),
            totals={} if shape.totals is None else shape.totals(self.rows),
            read=len(self.data),
            preamble=[
                SkippedRow(at, "preamble", "The line stands above the header.", raw_line(cells))
                for at, cells in self.table.rows[: self.recognised.first_row - 1]
                if not is_blank(cells)
            ],
            columns=frozenset(self.recognised.columns),
        )


def repeated(
    rows: Sequence[Any], id_of: Callable[[Any], str], title: str
) -> Iterable[tuple[int, Finding]]:
    """Yield a finding for each row whose id an earlier row had, or that has none."""
    first: dict[str, int] = {}
    for row in rows:
        told, where = id_of(row), f"line {row.line}"
        if not told:
            message = f"There is no {title}, so the row cannot be known again."
            yield row.line, Finding("no-id", message, where, Severity.WARNING)
        elif first.setdefault(told, row.line) != row.line:
            message = f"The {title} {told} stands in line {first[told]} too."
            yield row.line, Finding("repeated-id", message, where, Severity.WARNING)
