"""Looks at a file before anything is asked of it: what it is, and how it could be read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from fscdesk.services.errors import Problem
from fscdesk.services.importing.mapping import HeaderRow, Profile, find_header, suggest
from fscdesk.services.importing.planning import ReadFile
from fscdesk.services.importing.profiles import saved_profiles
from fscdesk.services.importing.readers.appointments import read_appointments
from fscdesk.services.importing.readers.reports import read_report
from fscdesk.services.importing.reading import ReadReport
from fscdesk.services.importing.recognising import Recognised, explain_unknown, recognise
from fscdesk.services.spreadsheets.files import SourceFile, open_source
from fscdesk.services.spreadsheets.tables import cell_text
from fscdesk.services.work import Work

SHOWN_ROWS = 30
"""How many rows of a file are shown before it is read in."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row as it stands in the file; ``id`` is its line."""

    id: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Looked:
    """What a file turned out to be.

    ``file`` is there when it was read. Else ``refusal`` says why not, and where the columns can
    be mapped by hand ``header`` is the row of headings with ``suggested`` columns by field.
    ``rows`` are the first rows under the header, as read. ``today`` is the office's day.
    """

    source: SourceFile
    recognised: Recognised | None
    file: ReadFile | ReadReport | None
    refusal: Problem | None
    header: HeaderRow | None
    suggested: dict[str, str]
    rows: tuple[SourceRow, ...]
    today: date

    @property
    def headings(self) -> tuple[str, ...]:
        """The names of the columns, in order; a blank one is named by its place."""
        if self.header is not None:
            return self.header.headings
        found = self.recognised.headings if self.recognised is not None else ()
        return tuple(name or f"Column {place}" for place, name in enumerate(found, start=1))

    @property
    def can_be_mapped(self) -> bool:
        """Whether a person can say which column is which."""
        return self.file is None and self.header is not None


def look_at(work: Work, path: Path) -> Looked:
    """Open a file, recognise it by its headings or a saved mapping, and read it if possible.

    Raises Problem for what is no CSV or Excel file, with what to do; nothing is written.
    """
    work.job.step(0, 0, f"Opening {path.name}")
    source = open_source(path)
    recognised = recognise(source, saved_profiles(work))
    if recognised is not None and recognised.readable:
        content = read_appointments(source, recognised, progress=work.job.step)
        file = ReadFile(source, recognised, content)
        rows = _first_rows(source, recognised.table, recognised.first_row)
        return Looked(source, recognised, file, None, None, {}, rows, work.today())
    if recognised is not None and recognised.is_report:
        return _report(work, source, recognised)
    if recognised is not None and recognised.mapping is None:
        refusal = Problem(recognised.refusal, hint=recognised.hint)
        rows = _first_rows(source, recognised.table, recognised.first_row)
        return Looked(source, recognised, None, refusal, None, {}, rows, work.today())
    return _unknown(source, recognised, work.today())


def _report(work: Work, source: SourceFile, recognised: Recognised) -> Looked:
    """Read one of SimplePractice's other reports, or say why its columns are unclear."""
    rows = _first_rows(source, recognised.table, recognised.first_row)
    today = work.today()
    try:
        report = read_report(source, recognised, work.zone, progress=work.job.step)
    except Problem as refusal:
        return Looked(source, recognised, None, refusal, None, {}, rows, today)
    file = ReadReport(source, recognised, report)
    return Looked(source, recognised, file, None, None, {}, rows, today)


def map_by_hand(work: Work, looked: Looked, profile: Profile) -> Looked:
    """Read a file that was looked at with a mapping that a person just made.

    Raises Problem where the mapping does not fit the file.
    """
    recognised = recognise(looked.source, (profile,))
    if recognised is None:
        raise Problem(
            f"The mapping “{profile.name}” does not fit {looked.source.name}.",
            hint="Nothing was read in. Choose the columns again.",
        )
    content = read_appointments(looked.source, recognised, progress=work.job.step)
    return replace(
        looked,
        recognised=recognised,
        file=ReadFile(looked.source, recognised, content),
        refusal=None,
        header=None,
    )


def map_again(looked: Looked) -> Looked:
    """Return a file that a mapping read as one that can be mapped anew; others as they are."""
    found = looked.recognised
    if found is None or found.mapping is None:
        return looked
    line, cells = looked.source.tables[found.table].rows[found.first_row - 1]
    return replace(
        looked,
        file=None,
        header=HeaderRow(found.table, line, cells),
        suggested=dict(found.mapping.columns),
    )


def _unknown(source: SourceFile, recognised: Recognised | None, today: date) -> Looked:
    header = find_header(source)
    refusal = explain_unknown(source)
    if header is None:
        rows = _first_rows(source, 0, 0)
        return Looked(source, recognised, None, refusal, None, {}, rows, today)
    places = [line for line, _cells in source.tables[header.table].rows]
    rows = _first_rows(source, header.table, places.index(header.line) + 1)
    known = {} if recognised is None or recognised.mapping is None else recognised.mapping.columns
    suggested = dict(known) or suggest(header.cells)
    return Looked(source, recognised, None, refusal, header, suggested, rows, today)


def _first_rows(source: SourceFile, table: int, first: int) -> tuple[SourceRow, ...]:
    rows = source.tables[table].rows[first : first + SHOWN_ROWS]
    return tuple(
        SourceRow(line, tuple(cell_text(cell).strip() for cell in cells)) for line, cells in rows
    )
