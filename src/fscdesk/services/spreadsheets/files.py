"""Opening a file to import: what it is, how it is encoded, and plain refusals of all others."""

from __future__ import annotations

import codecs
import hashlib
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from fscdesk.services.errors import Problem
from fscdesk.services.spreadsheets.tables import RawTable, split_csv
from fscdesk.services.spreadsheets.workbooks import is_workbook, protected, read_workbook

MOST_BYTES = 200 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_MAGIC = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"{\\rtf", "a rich text document"),
    (b"MZ\x90\x00", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a database file"),
)
_MARKUP = ((b"<!doctype html", "a web page"), (b"<html", "a web page"), (b"<?xml", "an XML file"))
_TAIL = 65_536
_EXPORT = "Export the report from SimplePractice as CSV or Excel and import that file."


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was read whole into tables; nothing in it is typed or believed yet.

    ``encoding`` and ``delimiter`` are empty for a workbook. ``sha256`` is of the bytes, in hex:
    it tells the same file under another name. ``modified_at`` is UTC.
    """

    name: str
    path: Path
    sha256: str
    size: int
    kind: Literal["csv", "xlsx"]
    encoding: str
    delimiter: str
    modified_at: datetime
    tables: tuple[RawTable, ...]


def open_source(path: Path) -> SourceFile:
    """Read a report of SimplePractice, CSV or XLSX. Raises Problem for everything else."""
    name = path.name or str(path)
    try:
        facts = path.stat()
        if stat.S_ISDIR(facts.st_mode):
            raise Problem(
                f"{name} is a folder. Nothing was read.", hint="Choose a file inside the folder."
            )
        if not stat.S_ISREG(facts.st_mode):
            raise Problem(f"{name} is not a file. Nothing was read.", hint=_EXPORT)
        if facts.st_size > MOST_BYTES:
            raise Problem(
                f"{name} is larger than {MOST_BYTES // 1024**2} MB. It was not opened.",
                hint="Export a shorter range of dates and import the parts one after the other.",
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise Problem(
            f"{name} is not there. Nothing was read.",
            hint="It may have been moved or renamed. Choose the file again.",
        ) from None
    except PermissionError:
        raise Problem(
            f"{name} may not be read by you. Nothing was read.",
            hint="Close it where it is open, or ask for the right to read it.",
        ) from None
    except (OSError, ValueError) as fault:
        raise Problem(
            f"{name} could not be read ({getattr(fault, 'strerror', None) or 'bad name'}). "
            "Nothing was read.",
            hint="Copy the file to this computer and choose the copy.",
        ) from None
    return read_source(data, path=path, modified_at=datetime.fromtimestamp(facts.st_mtime, UTC))


def read_source(
    data: bytes, *, path: Path, modified_at: datetime, advice: str = _EXPORT
) -> SourceFile:
    """Read the bytes of a file; ``path`` only names it. Raises Problem as open_source does.

    ``advice`` is what to do where it is no such file.
    """
    name = path.name or str(path)
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise Problem(f"{name} is empty. Nothing was read.", hint=advice)
    digest = hashlib.sha256(data).hexdigest()
    if data.startswith(_ZIP) and is_workbook(data):
        tables = read_workbook(data, name)
        return SourceFile(name, path, digest, len(data), "xlsx", "", "", modified_at, tables)
    _refuse_other_kinds(data, name, advice)
    text, encoding = _decode(data, name, advice)
    table, delimiter = split_csv(text, name)
    if not table.rows:
        raise Problem(f"{name} is empty. Nothing was read.", hint=advice)
    return SourceFile(
        name, path, digest, len(data), "csv", encoding, delimiter, modified_at, (table,)
    )


def _refuse_other_kinds(data: bytes, name: str, advice: str) -> None:
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise protected(name)
        raise Problem(
            f"{name} is in the old Excel format (.xls). Nothing was read.",
            hint="Open it in Excel, save it as an Excel workbook (.xlsx) or CSV, import that copy.",
        )
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise _wrong_kind(name, advice, kind)
    if data.startswith(_ZIP):
        if b"xl/workbook.bin" in data[-_TAIL:]:
            raise _wrong_kind(name, advice, "a binary Excel workbook (.xlsb)")
        if b"opendocument.spreadsheet" in data[:_TAIL]:
            raise _wrong_kind(name, advice, "an OpenDocument spreadsheet")
        raise _wrong_kind(name, advice, "a ZIP archive without an Excel workbook in it")
    start = data[:1024].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    for markup, kind in _MARKUP:
        if start.startswith(markup):
            raise _wrong_kind(name, advice, kind)


def _wrong_kind(name: str, advice: str, kind: str) -> Problem:
    return Problem(f"{name} is {kind}, not a CSV or Excel file. Nothing was read.", hint=advice)


def _decode(data: bytes, name: str, advice: str) -> tuple[str, str]:
    """Return the text and its encoding: by BOM, else strict UTF-8, else Windows-1252.

    No byte is ever dropped or replaced, so that no letter of a name is lost.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tries = ["utf-16"]
    elif data.startswith(codecs.BOM_UTF8):
        tries = ["utf-8-sig"]
    else:
        tries = ["utf-8", "cp1252"]
        if b"\x00" in data:
            raise _has_nul(name, advice)
    for encoding in tries:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise _has_nul(name, advice)
        return text, encoding
    raise Problem(
        f"{name} holds bytes that are no letters in UTF-8 or Windows-1252. Nothing was read.",
        hint="Open it in Excel, save it as “CSV UTF-8”, and import that copy.",
    )


def _has_nul(name: str, advice: str) -> Problem:
    return Problem(
        f"{name} holds NUL characters, so it is damaged or not a text file. Nothing was read.",
        hint=advice,
    )
