"""Opening files: encodings, delimiters and line ends; hostile and broken files are refused."""

from __future__ import annotations

import hashlib
import io
import os
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from fscdesk.services.errors import Problem
from fscdesk.services.spreadsheets.files import open_source
from fscdesk.services.spreadsheets.tables import MOST_ROWS, heading_key, raw_line
from tests.support.appointment_files import source, workbook

NAMES = "Day;Name\n1;José Ümit\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (NAMES.encode(), "utf-8"),
        (NAMES.encode("utf-8-sig"), "utf-8-sig"),
        (NAMES.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + NAMES.encode("utf-16-be"), "utf-16"),
        (NAMES.encode("cp1252"), "cp1252"),
    ],
)
def test_no_letter_is_lost_in_any_encoding(data: bytes, encoding: str) -> None:
    file = source(data)
    assert file.encoding == encoding
    assert file.tables[0].rows == [(1, ("Day", "Name")), (2, ("1", "José Ümit"))]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter: str, end: str) -> None:
    lines = ["Title", "Day|Name|Sum", '1|"Fake, A; B"|"1.000,5"', '2|"two', 'lines"|x', "3|y|z"]
    file = source(end.join(lines).replace("|", delimiter))
    assert file.delimiter == delimiter
    assert [(line, cells) for line, cells in file.tables[0].rows] == [
        (1, ("Title",)),
        (2, ("Day", "Name", "Sum")),
        (3, ("1", "Fake, A; B", "1.000,5")),
        (4, ("2", f"two{end}lines", "x")),
        (6, ("3", "y", "z")),
    ]


def test_commas_in_amounts_do_not_outvote_the_semicolon() -> None:
    rows = ["a;b;c;d"] + ["1,00;2,00;3,00;4,00"] * 20
    assert source("\n".join(rows)).delimiter == ";"


def test_the_line_that_excel_writes_about_the_delimiter_is_obeyed() -> None:
    file = source("sep=;\r\nDay;Name\r\n1;a,b,c\r\n")
    assert (file.delimiter, file.tables[0].rows[0]) == (";", (2, ("Day", "Name")))


def test_blank_rows_at_the_end_are_left_off() -> None:
    assert len(source("a,b\n\n1,2\n,\n\n \n").tables[0].rows) == 3


def test_a_source_tells_what_the_file_is(tmp_path: Path) -> None:
    path = tmp_path / "report (1).csv"
    path.write_bytes(b"a,b\n1,2\n")
    os.utime(path, (1_767_225_600, 1_767_225_600))
    file = open_source(path)
    assert (file.name, file.path, file.size, file.kind) == (path.name, path, 8, "csv")
    assert file.sha256 == hashlib.sha256(b"a,b\n1,2\n").hexdigest()
    assert file.modified_at.isoformat() == "2026-01-01T00:00:00+00:00"


def test_a_workbook_is_read_whatever_its_name() -> None:
    file = source(workbook([["Day", "Name"], [1, "x"]], sheet="März"), "report.csv")
    assert (file.kind, file.encoding, file.delimiter) == ("xlsx", "", "")
    assert [(table.sheet, list(table.rows)) for table in file.tables] == [
        ("März", [(1, ("Day", "Name")), (2, (1.0, "x"))])
    ]


def zipped(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def stored(name: str, part: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(name, part)
    return buffer.getvalue()


def rebuilt(change: dict[bytes, bytes], more: dict[str, bytes] | None = None) -> bytes:
    """A workbook with some bytes of its parts replaced, and some parts more."""
    with zipfile.ZipFile(io.BytesIO(workbook([["AAA", "BBB"], [1, 2]]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for old, new in change.items():
        parts = {name: part.replace(old, new) for name, part in parts.items()}
    return zipped(parts | (more or {}))


def flagged(place: int, value: int) -> bytes:
    """A workbook whose directory has another value at a place of its first entry."""
    data = bytearray(workbook([["a"]]))
    at = data.find(b"PK\x01\x02")
    data[at + 2 + place] = value
    return bytes(data)


def lying() -> bytes:
    """A workbook whose directory states a thousandth of what a part unpacks to."""
    data = bytearray(zipped({"xl/workbook.xml": b" " * 3_000_000}))
    real = (3_000_000).to_bytes(4, "little")
    while (at := data.find(real)) >= 0:
        data[at : at + 4] = (3_000).to_bytes(4, "little")
    return bytes(data)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "is empty"),
    "blank": (lambda: b" \r\n\r\n", "is empty"),
    "bom": (lambda: b"\xef\xbb\xbf", "is empty"),
    "only-commas": (lambda: b",,,\n,,\n", "is empty"),
    "nul": (lambda: b"a,b\n1,\x00\n", "NUL"),
    "nul-utf16": (lambda: "a,b\n1,\x00\n".encode("utf-16"), "NUL"),
    "utf16-without-bom": (lambda: "a,b\n".encode("utf-16-le"), "NUL"),
    "pdf": (lambda: b"%PDF-1.7\nDate of Service,Client\n", "is a PDF document"),
    "png": (lambda: b"\x89PNG\r\n\x1a\n", "is a PNG picture"),
    "jpeg": (lambda: b"\xff\xd8\xff\xe0", "is a JPEG picture"),
    "page": (lambda: b"<!DOCTYPE html><html><body>Sign in", "is a web page"),
    "zip": (lambda: zipped({"notes.txt": b"x"}), "is a ZIP archive"),
    "xlsb": (lambda: zipped({"xl/workbook.bin": b"x"}), "binary Excel"),
    "cut-zip": (lambda: workbook([["a"]])[:500], "is a ZIP archive"),
    "xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel format"),
    "encrypted": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "protected by a password",
    ),
    "no-letters": (lambda: b"a,b\n\x81\x8d,1\n", "no letters in UTF-8 or Windows-1252"),
    "broken-bom": (lambda: b"\xef\xbb\xbfa,b\n\xff\xfe\n", "no letters"),
    "open-quote": (lambda: b'a,b\n1,2\n"3,4\n5,6\n', "begins at line 3"),
    "stray-quote": (lambda: b'a,b\n"Rob" Fake,2\n', "begins at line 2"),
    "huge-field": (lambda: b"a,b\n" + b"x" * 2_000_000 + b",1\n", "131,072 characters at line 2"),
    "huge-quoted-field": (lambda: b'a,b\n"' + b"x\n" * 1_000_000, "131,072 characters at line 2"),
    "too-many-rows": (lambda: b"a,b\n" * (MOST_ROWS + 1), "more than 300,000 rows"),
    "ods": (
        lambda: stored("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        "OpenDocument",
    ),
    "locked-parts": (lambda: flagged(6, 1), "protected by a password"),
    "odd-packing": (lambda: flagged(8, 12), "damaged"),
    "utf16-cut": (lambda: "a,b".encode("utf-16") + b"\x31", "no letters"),
    "bomb": (
        lambda: zipped({"xl/workbook.xml": b"x", "xl/worksheets/sheet1.xml": b" " * 10_000_000}),
        "packed far more densely",
    ),
    "large": (
        lambda: zipped({f"xl/media/{n}": os.urandom(1000) * 9_000 for n in range(24)} | {
            "xl/workbook.xml": b"x"
        }),
        "unpack to more than 200 MB",
    ),
    "lying-bomb": (lying, "unpacks to more than it states"),
    "many-parts": (
        lambda: zipped({"xl/workbook.xml": b"x"} | {f"p{n}": b"" for n in range(2_001)}),
        "holds 2,002 parts",
    ),
    "not-xml": (lambda: rebuilt({b"</row>": b"<</row"}), "damaged"),
    "no-sheet": (lambda: rebuilt({b"<sheet ": b"<shoot "}), "without a single filled cell"),
    "no-cells": (lambda: workbook([]), "without a single filled cell"),
    "far-corner": (lambda: rebuilt({b'r="B2"': b'r="XFD1048576"'}), "far from any report's corner"),
    "far-corner-reordered": (
        lambda: rebuilt({b'<c r="B2"': b'<c s="0" r = "XFD1048576"'}),
        "far from any report's corner",
    ),
    "far-corner-lower": (
        lambda: rebuilt({b'r="B2"': b'r="xfd1048576"'}),
        "far from any report's corner",
    ),
    "nul-in-sheet": (lambda: rebuilt({b"AAA": b"A_x0000_A"}), "NUL"),
    "shared-text": (
        lambda: rebuilt(
            {}, {"xl/sharedStrings.xml": b"<sst><si>" + os.urandom(600_000).hex().encode()}
        ),
        "more text than fits into memory",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_and_broken_files_are_refused_in_words(kind: str) -> None:
    make, words = HOSTILE[kind]
    with pytest.raises(Problem) as refused:
        source(make(), "report.csv")
    assert words in refused.value.message
    assert refused.value.message.startswith("report.csv ")
    assert "Nothing was read." in refused.value.message or "not opened" in refused.value.message
    assert refused.value.hint


def test_a_far_cell_that_is_only_formatted_does_not_matter() -> None:
    styled = rebuilt({b'<c r="B2"': b'<c s="0" r="XFD1048576"/><c r="B2"'})
    assert source(styled).tables[0].rows[0] == (1, ("AAA", "BBB"))


def test_places_that_are_no_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="is a folder"):
        open_source(tmp_path)
    with pytest.raises(Problem, match="is not there"):
        open_source(tmp_path / "gone.csv")
    with pytest.raises(Problem, match="could not be read"):
        open_source(tmp_path / "bad\x00name.csv")
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe.csv")
        with pytest.raises(Problem, match="is not a file"):
            open_source(tmp_path / "pipe.csv")


def test_a_file_past_the_limit_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024 + 1)
    with pytest.raises(Problem, match="larger than 200 MB"):
        open_source(path)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the administrator may read all"
)
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "locked.csv"
    path.write_text("a,b\n")
    path.chmod(0)
    with pytest.raises(Problem, match="may not be read"):
        open_source(path)


def test_headings_agree_however_they_are_spelled() -> None:
    spellings = ("Write Off", "Write-off", "WRITE_OFF", "\ufeffwrite\u00a0off ", "WriteOff")
    assert {heading_key(each) for each in spellings} == {"writeoff"}


def test_a_raw_line_is_csv() -> None:
    assert raw_line(("a", 'b "c"', "d,e", 160.0, "")) == 'a,"b ""c""","d,e",160,'
