"""The report clearing: what SimplePractice calls paid and no payment has closed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from fscdesk.cli.options import DONE, NEEDS_A_PERSON, JsonOption, PracticeOption, opened
from fscdesk.cli.terminal import as_json, counted, print_bytes, print_json, say, table
from fscdesk.services.payments.clearing_list import Clearing, clearing_list
from fscdesk.services.reports.clearing_report import clearing_report
from fscdesk.services.reports.exporting import Format, csv_bytes, write_report
from fscdesk.services.reports.saving import save_bytes
from fscdesk.services.table_report import TableReport
from fscdesk.services.work import Work

BOM = b"\xef\xbb\xbf"


def add_to(reports: typer.Typer) -> None:
    """Add the report to the group."""
    reports.command("clearing")(report_clearing)


def report_clearing(
    ctx: typer.Context,
    form: Annotated[
        Format | None, typer.Option("--format", help="Left out: a table to read here.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write to this file; XLSX and PDF need it.")
    ] = None,
    practice: PracticeOption = None,
    as_document: JsonOption = False,
) -> int:
    """What is recorded as paid in SimplePractice and stands open, each line with its reason."""
    wanted = Format.JSON if as_document and form is None else form
    if wanted in (Format.XLSX, Format.PDF) and out is None:
        raise typer.BadParameter(f"Name the {wanted.name} file with --out FILE.")

    def ask(work: Work) -> tuple[Clearing, TableReport]:
        found = clearing_list(work)
        return found, clearing_report(work, found)

    with opened(ctx, practice) as office:
        found, report = office.read(ask)
    if out is not None:
        _write(found, report, wanted, out)
    elif wanted is Format.JSON:
        print_json(_document(found))
    elif wanted is Format.CSV:
        print_bytes(csv_bytes(report).removeprefix(BOM))
    else:
        _tell(found)
    return NEEDS_A_PERSON if found.lines or found.refunds or found.difference else DONE


def _document(found: Clearing) -> dict[str, Any]:
    return {"report": "clearing", **as_json(found), "difference": as_json(found.difference)}


def _write(found: Clearing, report: TableReport, wanted: Format | None, out: Path) -> None:
    ending = out.suffix.lower().lstrip(".")
    if wanted is None and ending not in set(Format):
        raise typer.BadParameter(f"{out.name} has no ending that is a format. Add --format.")
    form = wanted or Format(ending)
    if form is Format.JSON:
        text = json.dumps(_document(found), ensure_ascii=False, indent=2)
        save_bytes(out, text.encode() + b"\n")
    else:
        write_report(report, out, form)


def _tell(found: Clearing) -> None:
    say(f"{counted(len(found.lines), 'line')} open in account 1060, {found.total} in all")
    rows = [
        (
            *("" if line.day is None else f"{line.day:%m/%d/%Y}", line.patient, line.code),
            *(line.part.replace("_", " "), str(line.amount), line.reason),
        )
        for line in found.lines
    ]
    say(*(f"  {line}" for line in table(rows, right=(4,))))
    if found.left_over:
        say(f"{counted(len(found.left_over), 'payment')} of SimplePractice with money left")
        left = [
            (f"{one.received_on:%m/%d/%Y}", one.owner, one.payment, str(one.left), one.reason)
            for one in found.left_over
        ]
        say(*(f"  {line}" for line in table(left, right=(3,))))
    if found.refunds:
        say(f"{counted(len(found.refunds), 'refund')} could not be posted yet")
        say(*(f"  {one.file_name}, line {one.line}: {one.reason}" for one in found.refunds))
    say(f"In the ledger: {found.ledger}, difference {found.difference}")
