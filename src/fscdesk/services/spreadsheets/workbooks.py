"""XLSX workbooks: sized up before they are opened, then read by python-calamine.

A workbook is a ZIP of XML. What it would grow to in memory is measured first, by inflating
each part up to the size that the directory states, because that size may be untrue.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from datetime import date, datetime, time

import python_calamine

from fscdesk.services.errors import Problem
from fscdesk.services.spreadsheets.tables import (
    MOST_ROWS,
    Cell,
    RawTable,
    too_many_rows,
    trim_blank_end,
)

MOST_UNPACKED = 200 * 1024 * 1024
"""100,000 rows of the 20-column report unpack to 92 MB (measured), so this leaves room for two."""

MOST_RATIO = 200
MOST_ENTRIES = 2_000
MOST_CELLS = 20_000_000
MOST_TEXT = 2 * 1024**3
LONGEST_CELL = 1_048_576
_SMALL = 1024 * 1024
_LOCAL_HEADER = 30

_ZIP_FAULTS = (
    zipfile.BadZipFile,
    struct.error,
    ValueError,
    OSError,
    OverflowError,
    NotImplementedError,
    EOFError,
    IndexError,
)
_WORKBOOK = "xl/workbook.xml"
_KINDS = frozenset({str, float, int, datetime})
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_CELL_AT = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,9})[\"'](?=[^>]*[^/]>)")
_ROW_AT = re.compile(rb"\br\s*=\s*[\"'](\d{1,9})[\"']")
_COLUMN = re.compile(rb'<c r="([A-Za-z]+)')
_HEIGHT = re.compile(rb'<c r="[A-Za-z]+(\d{6,})')
_SHARED = re.compile(rb"<(?:\w+:)?si[\s/>]")


def read_workbook(data: bytes, name: str) -> tuple[RawTable, ...]:
    """Return the sheets of a workbook that hold cells, in the workbook's order.

    Raises Problem for a damaged, protected or oversized workbook and for one without cells.
    """
    _size_up(data, name)
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            tables = tuple(
                table
                for sheet in book.sheets_metadata
                if sheet.typ is python_calamine.SheetTypeEnum.WorkSheet
                if (table := _table(book.get_sheet_by_name(sheet.name), name)).rows
            )
    except Problem:
        raise
    except python_calamine.PasswordError:
        raise protected(name) from None
    except BaseException as fault:
        # A panic inside the Rust reader arrives as a BaseException of its own.
        if not isinstance(fault, Exception) and type(fault).__name__ != "PanicException":
            raise
        raise _damaged(name) from None
    if not tables:
        raise Problem(
            f"{name} is a workbook without a single filled cell. Nothing was read.",
            hint="Open it in Excel and check that the report is in it, or export it again.",
        )
    return tables


def is_workbook(data: bytes) -> bool:
    """Say whether the bytes are a ZIP that holds an Excel workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(entry.lower() == _WORKBOOK for entry in archive.namelist()[:MOST_ENTRIES])
    except _ZIP_FAULTS:
        return False


def protected(name: str) -> Problem:
    """Return the refusal of a workbook that opens only with a password."""
    return Problem(
        f"{name} is protected by a password. Nothing was read.",
        hint="Open it in Excel, save it without a password, and import that copy.",
    )


def _damaged(name: str) -> Problem:
    return Problem(
        f"{name} is a damaged Excel workbook. Nothing was read.",
        hint="Export the report again, as CSV if that is possible.",
    )


def _too_large(name: str, what: str) -> Problem:
    return Problem(
        f"{name} {what}. It was not opened.",
        hint="Export the report as CSV, or for a shorter range of dates.",
    )


def _table(sheet: python_calamine.CalamineSheet, name: str) -> RawTable:
    start = sheet.start
    first = start[0] + 1 if start else 1
    if sheet.height > MOST_ROWS:
        raise too_many_rows(name)
    rows: list[tuple[int, tuple[Cell, ...]]] = [
        (line, tuple(cells if _KINDS.issuperset(map(type, cells)) else map(_cell, cells)))  # type: ignore[arg-type]
        for line, cells in enumerate(sheet.to_python(), start=first)
    ]
    trim_blank_end(rows)
    return RawTable(sheet.name, rows)


def _cell(value: object) -> Cell:
    if type(value) in _KINDS:
        return value  # type: ignore[return-value]
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a wall clock
    if isinstance(value, time):
        return value.isoformat(timespec="seconds")
    return str(value)


def _size_up(data: bytes, name: str) -> None:
    """Refuse what would not fit into memory, before the reader allocates any of it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except _ZIP_FAULTS:
        raise _damaged(name) from None
    _check_directory(entries, name)
    longest, cells = 1, 0
    for entry in entries:
        part = _inflate(data, entry, name)
        if b"\x00" in part or b"_x0000_" in part:
            _refuse_nul(entry.filename, name)
        place = entry.filename.lower().replace("\\", "/")
        if place.endswith("sharedstrings.xml"):
            longest = max(longest, _longest_shared(part))
        elif place.endswith(".xml") and "worksheets/" in place:
            cells += _count_cells(part, name)
    # One long text can be shared by every cell, and each cell gets a copy of its own.
    if longest > LONGEST_CELL or longest * cells > MOST_TEXT:
        raise _too_large(name, "holds more text than fits into memory")


def _check_directory(entries: list[zipfile.ZipInfo], name: str) -> None:
    if len(entries) > MOST_ENTRIES:
        raise _too_large(name, f"holds {len(entries):,} parts where a workbook has a few dozen")
    if any(entry.flag_bits & 1 for entry in entries):
        raise protected(name)
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise _too_large(name, f"would unpack to more than {MOST_UNPACKED // 1024**2} MB")
    for entry in entries:
        if entry.file_size > _SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
            raise _too_large(name, "is packed far more densely than any report")


def _inflate(data: bytes, entry: zipfile.ZipInfo, name: str) -> bytes:
    """Return the part, or refuse one that grows past the size it states."""
    at = entry.header_offset
    if at < 0 or at + _LOCAL_HEADER > len(data):
        raise _damaged(name)
    name_size, extra_size = struct.unpack_from("<HH", data, at + 26)
    start = at + _LOCAL_HEADER + name_size + extra_size
    packed = data[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        return packed
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise _damaged(name)
    try:
        part = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, entry.file_size + 1)
    except zlib.error:
        raise _damaged(name) from None
    if len(part) > entry.file_size:
        raise _too_large(name, "unpacks to more than it states")
    return part


def _refuse_nul(part_name: str, name: str) -> None:
    if part_name.lower().endswith(".xml"):  # pictures may hold them
        raise Problem(
            f"{name} holds NUL characters, which no database can keep. Nothing was read.",
            hint="Export the report again.",
        )


def _longest_shared(part: bytes) -> int:
    starts = [found.start() for found in _SHARED.finditer(part)]
    ends = [*starts[1:], len(part)]
    return max((end - start for start, end in zip(starts, ends, strict=True)), default=1)


def _count_cells(sheet: bytes, name: str) -> int:
    """Return how many cells there are; refuse a block that is too large to lay out.

    The reader lays out last row times last column: one cell in the last corner of a sheet makes
    that 17 billion cells.
    """
    start, end = sheet.find(b"<sheetData"), sheet.rfind(b"</sheetData>")
    cells = sheet[max(start, 0) : end if end > start else len(sheet)]
    columns = _COLUMN.findall(cells)
    total = len(columns)
    if total == cells.count(b"<c") and b":c" not in sheet and b":row" not in sheet:
        width = max(map(_column_number, set(columns)), default=0)
        height = max(map(int, _HEIGHT.findall(cells)), default=99_999)
    else:  # other writers order attributes otherwise, name tags in full, or leave places out
        places = [(_column_number(found[1]), int(found[2])) for found in _CELL_AT.finditer(sheet)]
        counts = [len(_CELL.findall(part)) for part in _ROW.split(sheet)]
        total = sum(counts)
        width = max(max((column for column, _ in places), default=0), *counts)
        height = max(max((row for _, row in places), default=0), len(counts) - 1)
        height = max(height, max(map(int, _ROW_AT.findall(sheet)), default=0))
    if width * height > MOST_CELLS:
        raise _too_large(
            name, f"has cells in column {width:,} and row {height:,}, far from any report's corner"
        )
    return total


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
