"""Which report a file is: told by the names in its header row, wherever that row stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fscdesk.services.errors import Finding, Problem, Severity
from fscdesk.services.importing.mapping import Profile, columns_of, missing, signature
from fscdesk.services.importing.report_signatures import (
    READABLE_REPORTS,
    ReadableReport,
    report_titles,
)
from fscdesk.services.importing.signatures import (
    APPOINTMENTS,
    APPOINTMENTS_TITLE,
    INSURANCE_ANCHOR,
    INSURANCE_SET,
    NAMED_REPORTS,
    OPTIONAL,
    PATIENT_ANCHOR,
    PATIENT_SET,
    REQUIRED,
    SHARED_NAMES,
    KnownReport,
)
from fscdesk.services.spreadsheets.files import SourceFile
from fscdesk.services.spreadsheets.tables import Cell, RawTable, cell_text, heading_key

HEADER_ROWS = 30
"""How far down a header is looked for: title lines and filter notes stand above it."""

_WANTED = (
    "fscdesk reads SimplePractice's Appointment Status report, and these:"
    f" {', '.join(report_titles())}. Export one of them as CSV or Excel."
)
_AS_IT_COMES = (
    "Export the report again and leave its columns in the order that SimplePractice gives."
)
_CLOSE = 5


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file was recognised as, and where its columns are.

    ``profile`` is ``appointments``, the name of a saved mapping, or the key of another report.
    ``refusal`` says why there are no sessions to read: all other reports have one. ``is_report``
    is there for those that ``readers.reports`` reads instead; ``report_refusal`` says why a file
    of that kind cannot be. ``table`` is the index in the source, ``header_line`` the line of the
    header, ``first_row`` the index of the row after it in the table, ``columns`` the place of
    each field that the file has.
    """

    profile: str
    table: int
    header_line: int
    columns: dict[str, int]
    title: str
    first_row: int = 0
    headings: tuple[str, ...] = ()
    mapping: Profile | None = None
    findings: tuple[Finding, ...] = ()
    refusal: str = ""
    hint: str = ""
    is_report: bool = False
    report_refusal: str = ""

    @property
    def readable(self) -> bool:
        """Whether the rows can be read as sessions."""
        return not self.refusal

    def require_readable(self) -> None:
        """Raise the Problem that says why the rows cannot be read as sessions, if they cannot."""
        if self.refusal:
            raise Problem(self.refusal, hint=self.hint)

    def require_report(self) -> None:
        """Raise the Problem that says why the rows cannot be read as a report, if they cannot."""
        if self.report_refusal:
            raise Problem(self.report_refusal, hint=_AS_IT_COMES)
        if not self.is_report:
            raise Problem(
                self.refusal or f"The {self.title} holds sessions. Nothing was imported.",
                hint=self.hint or "Import it as a report of appointments.",
            )


def recognise(source: SourceFile, profiles: Sequence[Profile] = ()) -> Recognised | None:
    """Find the header and say which report it heads; None where nothing is known of it.

    The appointment report comes first, then the saved mappings of ``profiles``, then the other
    reports, read or only named. A file whose header can be read in two ways is recognised with
    a refusal instead of a guess.
    """
    headers = [
        (table, row, cells)
        for table, raw in enumerate(source.tables)
        for row, (_, cells) in enumerate(raw.rows[:HEADER_ROWS])
    ]
    found = [spot for spot in headers if REQUIRED.keys() <= {heading_key(cell) for cell in spot[2]}]
    if found:
        return _appointments(source, found)
    for table, row, cells in headers:
        told = signature(cells)
        for profile in profiles:
            if profile.signature == told:
                return _mapped(source, profile, table, row, cells)
    return _named(source, headers)


def explain_unknown(source: SourceFile) -> Problem:
    """Return the refusal of a file that recognise does not know, naming what it lacks."""
    best: list[str] = []
    for raw in source.tables:
        for _, cells in raw.rows[:HEADER_ROWS]:
            names = {heading_key(cell) for cell in cells}
            lacking = [title for name, (_, title) in REQUIRED.items() if name not in names]
            if len(REQUIRED) - len(lacking) >= _CLOSE and (not best or len(lacking) < len(best)):
                best = lacking
    if best:
        return Problem(
            f"{source.name} looks like an appointment status report without the "
            f"{_columns(best)}. Nothing was imported.",
            hint="Show all columns in SimplePractice and export the report again.",
        )
    for raw in source.tables:
        for _, cells in raw.rows[:HEADER_ROWS]:
            keys = frozenset(heading_key(cell) for cell in cells)
            for report in READABLE_REPORTS:
                if report.nearly(keys):
                    return Problem(
                        f"{source.name} looks like the {report.title} without the "
                        f"{_columns(report.lacks(keys))}. Nothing was imported.",
                        hint="Show all columns in SimplePractice and export the report again.",
                    )
    return Problem(
        f"{source.name} is no report that fscdesk knows. Nothing was imported.",
        hint=f"{_WANTED} Any other table of sessions can be mapped by hand in the import window.",
    )


def _columns(names: Sequence[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    if len(quoted) == 1:
        return f"column {quoted[0]}"
    return f"columns {', '.join(quoted[:-1])} and {quoted[-1]}"


def _spot(raw: RawTable, row: int) -> tuple[int, int, tuple[str, ...]]:
    line, cells = raw.rows[row]
    return line, row + 1, tuple(cell_text(cell).strip() for cell in cells)


def _appointments(source: SourceFile, found: list[tuple[int, int, tuple[Cell, ...]]]) -> Recognised:
    table, row, cells = found[0]
    line, first_row, headings = _spot(source.tables[table], row)
    columns, trouble = _appointment_columns([heading_key(cell) for cell in cells])
    others = sorted({source.tables[other].sheet for other, _, _ in found if other != table})
    notes = tuple(
        Finding(
            "other-sheet",
            f"The sheet “{sheet}” also holds an appointment report. "
            f"Only “{source.tables[table].sheet}” is read; save the other as a file of its own.",
            f"sheet {sheet}",
            Severity.WARNING,
        )
        for sheet in others
    )
    if not trouble:
        return Recognised(
            APPOINTMENTS, table, line, columns, APPOINTMENTS_TITLE, first_row, headings, None, notes
        )
    refusal = f"{source.name}: {trouble} Nothing was imported."
    return Recognised(
        APPOINTMENTS,
        table,
        line,
        columns,
        APPOINTMENTS_TITLE,
        first_row,
        headings,
        None,
        (*notes, Finding("columns-unclear", trouble, f"line {line}", Severity.ERROR)),
        refusal,
        _AS_IT_COMES,
    )


def _appointment_columns(names: list[str]) -> tuple[dict[str, int], str]:
    """Return the place of each field, and what is unclear about the header, if anything.

    ``Charge``, ``Paid`` and ``Unpaid`` belong to the payment status to their left.
    """
    columns: dict[str, int] = {}
    anchor = ""
    for place, full in enumerate(names):
        # Excel tables number repeated headings: Charge, Charge2.
        name = full[:-1] if full[:-1] in SHARED_NAMES and full[-1:].isdigit() else full
        if name in REQUIRED:
            field = REQUIRED[name][0]
        elif name in OPTIONAL:
            field = OPTIONAL[name]
        elif name in PATIENT_SET or name in INSURANCE_SET:
            owned = {PATIENT_ANCHOR: PATIENT_SET, INSURANCE_ANCHOR: INSURANCE_SET}.get(anchor, {})
            if name not in owned:
                return columns, (
                    f"the column “{_title(name)}” does not stand where SimplePractice puts it, so "
                    "it is unclear which amounts are the client's and which the insurance's."
                )
            field = owned[name]
        else:
            continue
        if field in columns:
            return columns, (
                f"the column “{_title(name)}” is there more often than once for the same party, "
                "so it is unclear which of them counts."
            )
        columns[field] = place
        anchor = name if name in {PATIENT_ANCHOR, INSURANCE_ANCHOR} else anchor
    patient = [field for field in PATIENT_SET.values() if field in columns]
    insurance = [field for field in INSURANCE_SET.values() if field in columns]
    if insurance and not patient and "write_off" not in columns:
        return columns, (
            "only one set of “Charge”, “Paid” and “Unpaid” is there, and it does not say whether "
            "it is the client's or the insurance's."
        )
    return columns, ""


def _title(name: str) -> str:
    if name in REQUIRED:
        return REQUIRED[name][1]
    return {"writeoff": "Write Off"}.get(name, OPTIONAL.get(name, name).replace("_", " ").title())


def _mapped(
    source: SourceFile, profile: Profile, table: int, row: int, cells: tuple[Cell, ...]
) -> Recognised:
    line, first_row, headings = _spot(source.tables[table], row)
    columns = columns_of(profile, cells)
    lacking = missing(replace(profile, columns=dict.fromkeys(columns, "")))
    refusal = hint = ""
    if lacking:
        refusal = (
            f"The mapping “{profile.name}” does not say where to find: {'; '.join(lacking)}. "
            "Nothing was imported."
        )
        hint = "Open the mapping in the import window and choose these columns."
    return Recognised(
        profile.name,
        table,
        line,
        columns,
        profile.name,
        first_row,
        headings,
        mapping=profile,
        refusal=refusal,
        hint=hint,
    )


def _named(
    source: SourceFile, headers: list[tuple[int, int, tuple[Cell, ...]]]
) -> Recognised | None:
    """Return the report that knows most of a header; of equals the first one in the file."""
    keyed = [
        (table, row, frozenset(heading_key(cell) for cell in cells))
        for table, row, cells in headers
    ]
    matches: list[tuple[int, int, int, ReadableReport | KnownReport]] = [
        (report.knows(names), -table, -row, report)
        for table, row, names in keyed
        for report in READABLE_REPORTS
        if report.matches(names)
    ]
    sheets = {-minus for _, minus, _, _ in matches}
    matches += [
        (len(report.headings), -table, -row, report)
        for table, row, names in keyed
        for report in NAMED_REPORTS
        if report.headings <= names
    ]
    best = max(matches, key=lambda match: match[:3], default=None)
    if best is None:
        return None
    _, minus_table, minus_row, report = best
    table, row = -minus_table, -minus_row
    line, first_row, headings = _spot(source.tables[table], row)
    recognised = Recognised(
        report.profile,
        table,
        line,
        {},
        report.title,
        first_row,
        headings,
        refusal=f"{source.name} is the {report.title}. It holds no sessions to import, "
        "so nothing was imported.",
        hint=_WANTED,
    )
    if not isinstance(report, ReadableReport):
        return recognised
    return _with_columns(source, recognised, report, sorted(sheets - {table}))


def _with_columns(
    source: SourceFile, recognised: Recognised, report: ReadableReport, others: Sequence[int]
) -> Recognised:
    """Say where the columns of a report stand, and which sheets hold reports besides."""
    line, used = recognised.header_line, source.tables[recognised.table]
    columns, trouble = report.places([heading_key(name) for name in recognised.headings])
    notes = [
        Finding(
            "other-sheet",
            f"The sheet “{source.tables[other].sheet}” also holds a report. "
            f"Only “{used.sheet}” is read; save the other as a file of its own.",
            f"sheet {source.tables[other].sheet}",
            Severity.WARNING,
        )
        for other in others
    ]
    if trouble:
        notes.append(Finding("columns-unclear", trouble, f"line {line}", Severity.ERROR))
    return replace(
        recognised,
        columns=columns,
        findings=tuple(notes),
        is_report=True,
        report_refusal=trouble and f"{source.name}: {trouble} Nothing was imported.",
    )
