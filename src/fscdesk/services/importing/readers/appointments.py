"""Reads the appointment status report, and mapped tables of sessions, into typed rows.

Bad rows are data: each is kept with its line and the reason why it is not used, and reading
goes on. The loop is written for speed: cells are looked up, not parsed (see cells.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from operator import itemgetter
from typing import Final

from fscdesk.services.collector import collector_resting
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.importing.readers.appointment_checks import check_sums
from fscdesk.services.importing.readers.appointment_codes import ServiceCells, lost_zeros, settle
from fscdesk.services.importing.readers.appointment_joining import join_rows
from fscdesk.services.importing.readers.appointment_rows import (
    AppointmentFile,
    AppointmentRow,
    CodeLine,
    SkippedRow,
    Totals,
    total_rows,
)
from fscdesk.services.importing.readers.columns import AMOUNTS, Columns, Sums, lay_out
from fscdesk.services.importing.readers.skipping import fit, why_skipped
from fscdesk.services.importing.recognising import Recognised
from fscdesk.services.spreadsheets.cells import (
    Amounts,
    CellFault,
    Names,
    Note,
    PayerName,
    Payers,
    Words,
    writes_comma_decimals,
)
from fscdesk.services.spreadsheets.files import SourceFile
from fscdesk.services.spreadsheets.moments import DateOrder, Moments
from fscdesk.services.spreadsheets.tables import Cell, cell_text, is_blank, raw_line

__all__ = [
    "AppointmentFile",
    "AppointmentRow",
    "CodeLine",
    "PayerName",
    "SkippedRow",
    "Totals",
    "read_appointments",
]

_CHUNK: Final = 2_000
LONGEST_ROW: Final = 1_048_576
_Step = Callable[[int, int, str], None]


def read_appointments(
    source: SourceFile, recognised: Recognised, *, progress: _Step | None = None
) -> AppointmentFile:
    """Read every row of the recognised table; ``progress`` is called as Job.step is.

    Raises Problem where ``recognised`` refuses the file. Row faults are findings (``where`` is
    "line 12"); rows whose day or money cannot be read are skipped and told as well.
    """
    recognised.require_readable()
    with collector_resting():
        reading = _Reading(source, recognised, sure=True)
        reading.read(progress)
        if reading.moments.day_first is not None and not reading.moments.proven:
            # 31/03/2026 stands there and nothing proves the other order: 03/02 would be a guess.
            reading = _Reading(source, recognised, sure=False)
            reading.read(progress)
        return reading.finish()


class _Reading:
    """The state of one pass over a table."""

    def __init__(self, source: SourceFile, recognised: Recognised, *, sure: bool) -> None:
        self.recognised = recognised
        self.table = source.tables[recognised.table]
        self.data = self.table.rows[recognised.first_row :]
        self.columns: Columns = lay_out(recognised)
        mapping = recognised.mapping
        order = mapping.date_format if mapping else DateOrder.MONTH_FIRST
        self.moments = Moments(order, sure=sure)
        self.notes: list[Note] = []
        self.texts = _Texts()
        self.rows: list[AppointmentRow] = []
        self.skipped: list[SkippedRow] = []
        self.findings: list[tuple[int, Finding]] = []
        self.doubtful: set[int] = set()
        self.short_codes: set[str] = set()
        self.repeats: list[tuple[int, int]] = []
        commas = self._comma_columns() if source.delimiter == ";" else set()
        self.amounts = {name: Amounts(comma_decimal=name in commas) for name in AMOUNTS}
        self.services = ServiceCells(
            several=mapping.several_codes if mapping else True,
            comma_decimal="rate" in commas,
            rated=self.columns.rated,
        )

    def _comma_columns(self) -> set[str]:
        places = {name: self.columns.places.get(name) for name in (*AMOUNTS, "rate")}
        return {
            name
            for name, place in places.items()
            if place is not None
            and writes_comma_decimals({row[place] for _, row in self.data if place < len(row)})
        }

    def read(self, progress: _Step | None) -> None:
        """Go over all rows, in chunks so that progress is shown and the user can stop."""
        seen: dict[tuple[date, int, str, str], int] = {}
        names, words, payers = Names(self.notes), Words(self.notes), Payers(self.notes)
        for start in range(0, len(self.data), _CHUNK):
            if progress is not None:
                progress(start, len(self.data), "Reading rows")
            self._read_chunk(self.data[start : start + _CHUNK], seen, names, words, payers)

    def _read_chunk(  # noqa: C901, PLR0915 - the one loop over all rows, kept in one piece for speed
        self,
        chunk: Iterable[tuple[int, tuple[Cell, ...]]],
        seen: dict[tuple[date, int, str, str], int],
        names: Names,
        words: Words,
        payers: Payers,
    ) -> None:
        columns, moments, services, notes = self.columns, self.moments, self.services, self.notes
        width, extend, incomplete = columns.width, columns.extend, columns.incomplete
        pick: Callable[[tuple[Cell, ...]], tuple[Cell, ...]] = itemgetter(*columns.picks)
        amounts = self.amounts
        fees, charges, open_sums = amounts["fee"], amounts["patient_charge"], amounts["uninvoiced"]
        paid, unpaid = amounts["patient_paid"], amounts["patient_unpaid"]
        insurance_charges, insurance_paid = amounts["insurance_charge"], amounts["insurance_paid"]
        write_offs, insurance_unpaid = amounts["write_off"], amounts["insurance_unpaid"]
        texts = self.texts
        has_write_off, rows, repeats = columns.has_write_off, self.rows, self.repeats
        for line, cells in chunk:
            try:
                row = cells if len(cells) == width else fit(cells, width, columns.needed)
                if extend is not None:
                    row = extend(row)
                (
                    c_day, c_client, c_clinician, c_codes, c_rate, c_units, c_modifiers,
                    c_payer, c_second, c_fee, c_note, c_patient_status, c_charge, c_open,
                    c_paid, c_unpaid, c_insurance_status, c_insurance_charge,
                    c_insurance_paid, c_write_off, c_insurance_unpaid, c_attendance,
                ) = pick(row)  # fmt: skip
                day, minute = moments[c_day]
                client, clinician = names[c_client], names[c_clinician]
                if not client or not clinician:
                    raise CellFault("no-name", _no_name(client))
                service = services[c_codes, c_rate, c_units, c_modifiers]
                fee = fees[c_fee]
                patient_charge, uninvoiced = charges[c_charge], open_sums[c_open]
                patient_paid, patient_unpaid = paid[c_paid], unpaid[c_unpaid]
                insurance_charge = insurance_charges[c_insurance_charge]
                settled, rest = (
                    insurance_paid[c_insurance_paid],
                    insurance_unpaid[c_insurance_unpaid],
                )
                write_off = write_offs[c_write_off] if has_write_off else None
                payer, second = payers[c_payer], payers[c_second]
                note_status, attendance = words[c_note], words[c_attendance]
                patient_status, insurance_status = (
                    words[c_patient_status],
                    words[c_insurance_status],
                )
            except CellFault as fault:
                self._skip(line, cells, fault)
                continue
            raw = _raw(cells, texts)
            if len(raw) > LONGEST_ROW:
                self._skip(
                    line, cells, CellFault("too-long", "The row has over a million letters.")
                )
                continue
            if incomplete:
                sums = columns.derive(
                    service.amount,
                    Sums(
                        fee, patient_charge, patient_paid, patient_unpaid,
                        insurance_charge, settled, rest,
                    ),
                    uninvoiced,
                    write_off or 0,
                )  # fmt: skip
                fee, patient_charge = sums.fee, sums.patient_charge
                patient_paid, patient_unpaid = sums.patient_paid, sums.patient_unpaid
                insurance_charge, settled, rest = (
                    sums.insurance_charge, sums.insurance_paid, sums.insurance_unpaid,
                )  # fmt: skip
            codes, trouble = service.lines, service.trouble
            if trouble or not columns.rated:
                codes = settle(service, fee, rated=columns.rated)
                trouble = trouble if fee or not codes else ""
            if (
                service.amount != fee
                or patient_charge + insurance_charge != fee
                or uninvoiced + patient_paid + patient_unpaid != patient_charge
                or settled + (write_off or 0) + rest != insurance_charge
            ):
                self.doubtful.add(line)
            if trouble or notes or type(c_codes) is not str:
                self._tell(line, service.trouble_code, trouble, c_codes)
            place = len(rows)
            first = seen.setdefault((day, minute, client, clinician), place)
            if first != place:
                repeats.append((first, place))
            rows.append(
                AppointmentRow(
                    (line,),
                    raw,
                    day,
                    minute,
                    client,
                    clinician,
                    codes,
                    payer,
                    second,
                    fee,
                    note_status,
                    patient_status,
                    patient_charge,
                    uninvoiced,
                    patient_paid,
                    patient_unpaid,
                    insurance_status,
                    insurance_charge,
                    settled,
                    write_off,
                    rest,
                    1,
                    attendance,
                )
            )

    def _skip(self, line: int, cells: tuple[Cell, ...], fault: CellFault) -> None:
        """Keep an unusable line with its reason; only a line that meant a session is a finding."""
        self._drain(line)
        code, reason, expected = why_skipped(
            cells, self.columns.names, self.recognised.headings, fault
        )
        self.skipped.append(SkippedRow(line, code, reason, raw_line(cells)[:LONGEST_ROW]))
        if not expected:
            message = f"{reason} The row was skipped."
            self.findings.append((line, Finding(code, message, f"line {line}", Severity.ERROR)))

    def _drain(self, line: int) -> None:
        """Tell what the cells of this line were the first to need."""
        self.findings += [
            (line, Finding(note.code, note.message, f"line {line}", Severity.WARNING))
            for note in self.notes
        ]
        self.notes.clear()

    def _tell(self, line: int, code: str, trouble: str, c_codes: Cell) -> None:
        self._drain(line)
        where = f"line {line}"
        told: list[Finding] = []
        if trouble:
            told.append(Finding(code, trouble, where, Severity.WARNING))
        digits = lost_zeros(c_codes)
        if digits and digits not in self.short_codes:
            self.short_codes.add(digits)
            told.append(
                Finding(
                    "lost-zeros",
                    f"The code {digits} is a number in this workbook: "
                    "zeros in front of it may have been lost.",
                    where,
                    Severity.WARNING,
                )
            )
        self.findings += [(line, finding) for finding in told]

    def finish(self) -> AppointmentFile:
        """Join, check and total the rows."""
        columns = self.columns
        rows, joined = join_rows(self.rows, self.repeats, self.findings)
        for row in rows if self.doubtful or joined else ():
            if row.lines[0] in self.doubtful or row.lines[0] in joined:
                self.findings += [
                    (row.lines[0], finding)
                    for finding in check_sums(
                        row,
                        rated=columns.rated and columns.has_fee_column,
                        has_patient=columns.has_patient,
                        has_insurance=columns.has_insurance,
                    )
                ]
        self.findings += self._about_the_file()
        self.findings.sort(key=itemgetter(0))
        days = [row.day for row in rows]
        return AppointmentFile(
            rows=rows,
            skipped=self.skipped,
            findings=[*self.recognised.findings, *(finding for _, finding in self.findings)],
            totals=total_rows(rows),
            first_day=min(days, default=None),
            last_day=max(days, default=None),
            read=len(self.data),
            joined=len(self.rows) - len(rows),
            preamble=self._preamble(),
            has_fee=columns.has_fee,
            has_patient=columns.has_patient,
            has_insurance=columns.has_insurance,
        )

    def _preamble(self) -> list[SkippedRow]:
        return [
            SkippedRow(line, "preamble", "The line stands above the header.", raw_line(cells))
            for line, cells in self.table.rows[: self.recognised.first_row - 1]
            if not is_blank(cells)
        ]

    def _about_the_file(self) -> list[tuple[int, Finding]]:
        line = self.recognised.header_line
        where = f"line {line}"
        told: list[Finding] = []
        if not self.rows:
            told.append(
                Finding("no-sessions", "The report holds no sessions.", where, Severity.WARNING)
            )
        if self.moments.untimed:
            place = self.recognised.columns["day"]
            count = sum(
                1 for _, row in self.data if place < len(row) and row[place] in self.moments.untimed
            )
            told.append(
                Finding(
                    "no-time",
                    f"{count:,} rows have a day without a time. They are read as midnight, so two "
                    "sessions of a client on one day cannot be told apart by their start.",
                    where,
                    Severity.WARNING,
                )
            )
        return [(line, finding) for finding in told]


class _Texts(dict[Cell, str]):
    """What cells of a workbook look like, by cell."""

    def __missing__(self, cell: Cell) -> str:
        text = self[cell] = cell_text(cell)
        return text


def _raw(cells: tuple[Cell, ...], texts: _Texts) -> str:
    """Return raw_line(cells), at once where no cell needs quotes."""
    try:
        text = ",".join(cells)  # type: ignore[arg-type]
    except TypeError:
        text = ",".join([cell if type(cell) is str else texts[cell] for cell in cells])
    if text.count(",") >= len(cells) or '"' in text or "\n" in text or "\r" in text:
        return raw_line(cells)
    return text


def _no_name(client: str) -> str:
    return "There is no clinician." if client else "There is no client."
