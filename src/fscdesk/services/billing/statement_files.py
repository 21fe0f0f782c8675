"""Writes a run of statements to a folder: one PDF for each, one print file, the proof list.

A file's name never holds a person's: pages are named by the number of the statement.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Self

import pypdfium2

from fscdesk.services.billing.statements import Made, MadeStatement, StatementPlan, statement_pdf_of
from fscdesk.services.errors import Problem
from fscdesk.services.printing.pdfium import PDFIUM
from fscdesk.services.reports.exporting import csv_bytes
from fscdesk.services.reports.saving import save_bytes
from fscdesk.services.table_report import Cell, ReportColumn, TableReport
from fscdesk.services.work import Work

LETTER = (612.0, 792.0)
_WHEN = re.compile(rb"/CreationDate\(D:\d{14}")
_ALWAYS = b"/CreationDate(D:20000101000000"  # as long as what it replaces: offsets stay right
_COLUMNS = (
    ReportColumn("statement", "Statement"),
    ReportColumn("account", "Account"),
    ReportColumn("name", "Name"),
    ReportColumn("balance", "Balance", "money", total=True),
    ReportColumn("reason", "Left out because"),
)


@dataclass(frozen=True, slots=True)
class Written:
    """The files of a run. ``pages`` are one for each statement, in the order of envelopes."""

    pages: tuple[Path, ...]
    print_file: Path
    proof_list: Path


def require_folder(out_dir: Path) -> None:
    """Raise Problem unless files can be written to this folder."""
    if not out_dir.is_dir():
        raise Problem(
            f"The folder {out_dir} does not exist. Nothing was written.",
            hint="Create the folder first, or choose another.",
        )


def write_statements(
    work: Work,
    out_dir: Path,
    made: Made,
    plan: StatementPlan | None = None,
    *,
    two_sided: bool = False,
    emailed: Collection[int] = (),
) -> Written:
    """Write what was made: all files, or none of them.

    The pages are those that were kept, byte for byte; the print file has them in the order of
    the envelopes (ZIP code, then number; those without an address last). ``plan`` adds those
    who were left out to the proof list. ``two_sided`` ends each recipient on an even page;
    ``emailed`` are statements that go by e-mail and are not in the print file.
    Files that are there already are never changed: the same page may stay, anything else with
    one of the names is refused with a Problem.
    """
    require_folder(out_dir)
    name = f"statements-{made.as_of.isoformat()}-run-{made.run_id}"
    ordered = in_envelope_order(made)
    pages = tuple(out_dir / f"{one.number}.pdf" for one in ordered)
    print_file, proof_list = out_dir / f"{name}.pdf", out_dir / f"{name}.csv"
    written: list[Path] = []
    try:
        with PrintFile(two_sided=two_sided) as together:
            for done, (path, one) in enumerate(zip(pages, ordered, strict=True)):
                work.job.step(done, len(pages), "Writing statements")
                pdf = statement_pdf_of(work, one.id)
                _write(path, pdf, written)
                if one.id not in emailed:
                    together.add(pdf)
            _write(print_file, together.pdf(), written)
        _write(proof_list, csv_bytes(_proof(work, ordered, plan)), written)
    except BaseException:
        for path in written:
            with suppress(OSError):
                path.unlink()
        raise
    return Written(pages, print_file, proof_list)


def in_envelope_order(made: Made) -> list[MadeStatement]:
    """Return a run's statements by ZIP code, those without an address last: as they were made.

    What is known of an address today does not move a page of an old run.
    """
    return sorted(made.statements, key=lambda one: one.id)


def print_file_of(
    work: Work, made: Made, *, two_sided: bool = False, emailed: Collection[int] = ()
) -> bytes:
    """Return a run's print file: the pages that were kept, in the order of the envelopes.

    The same run gives the same bytes; `two_sided` ends each recipient on an even page;
    `emailed` are statements that go by e-mail and are not in it. Raises Problem when no page
    is left to print.
    """
    ordered = [one for one in in_envelope_order(made) if one.id not in emailed]
    if not ordered:
        raise Problem("All of them go by e-mail.", hint="Nothing is left to print.")
    with PrintFile(two_sided=two_sided) as together:
        for done, one in enumerate(ordered):
            work.job.step(done, len(ordered), "Putting pages together")
            together.add(statement_pdf_of(work, one.id))
        return together.pdf()


def _write(path: Path, data: bytes, written: list[Path]) -> None:
    if path.exists():
        if path.is_file() and path.read_bytes() == data:
            return
        raise Problem(
            f"{path.name} is in this folder already and is another file. Nothing was written.",
            hint="Choose an empty folder. The statements are kept in the practice.",
        )
    save_bytes(path, data)
    written.append(path)


def _proof(work: Work, ordered: list[MadeStatement], plan: StatementPlan | None) -> TableReport:
    return TableReport(
        "Statements: proof list",
        _COLUMNS,
        list(_proof_rows(ordered, plan)),
        work.actor.name,
        work.now().astimezone(work.zone),
    )


def _proof_rows(
    ordered: list[MadeStatement], plan: StatementPlan | None
) -> Iterator[tuple[Cell, ...]]:
    for one in ordered:
        yield one.number, one.account, one.name, one.amount, None
    for left in () if plan is None else plan.left_out:
        yield None, left.number, left.name, left.balance, left.reason


class PrintFile:
    """Puts kept pages one behind the other without drawing them again."""

    def __init__(self, *, two_sided: bool) -> None:
        self._two_sided = two_sided
        with PDFIUM:
            self._together: Any = pypdfium2.PdfDocument.new()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        with PDFIUM:
            self._together.close()

    def add(self, pdf: bytes) -> None:
        """Append one recipient's pages."""
        with PDFIUM:
            document: Any = pypdfium2.PdfDocument(pdf)
            try:
                self._together.import_pages(document)
                if self._two_sided and len(document) % 2:
                    self._together.new_page(*LETTER).close()
            finally:
                document.close()

    def pdf(self) -> bytes:
        """Return the whole file; the same pages give the same bytes."""
        out = BytesIO()
        with PDFIUM:
            self._together.save(out)
        whole = _WHEN.sub(_ALWAYS, out.getvalue(), count=1)
        body, mark, end = whole.rpartition(b"/ID[<")  # pdfium puts a random number here
        name = hashlib.sha256(body).hexdigest()[:32].upper().encode()
        return body + mark + name + b"><" + name + end[end.index(b">]") :]
