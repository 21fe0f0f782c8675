"""Gives a report out: to read here, as JSON or CSV on stdout, or into a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from fscdesk.cli.terminal import print_bytes, print_json
from fscdesk.services.reports.exporting import Format, csv_bytes, write_report
from fscdesk.services.reports.saving import save_bytes
from fscdesk.services.table_report import TableReport

BOM = b"\xef\xbb\xbf"
FormatOption = Annotated[
    Format | None, typer.Option("--format", help="Left out: a table to read here.")
]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Write to this file; XLSX and PDF need it."),
]


def wanted_format(form: Format | None, out: Path | None, *, as_json: bool) -> Format | None:
    """Return the format that a command asks for; refuse one that needs a file and has none."""
    wanted = Format.JSON if as_json and form is None else form
    if wanted in (Format.XLSX, Format.PDF) and out is None:
        raise typer.BadParameter(f"Name the {wanted.name} file with --out FILE.")
    return wanted


def give_out(
    report: TableReport,
    document: Callable[[], Any],
    wanted: Format | None,
    out: Path | None,
    tell: Callable[[], None],
) -> None:
    """Write a report where it is wanted.

    ``document`` is what JSON says of it, ``tell`` prints the table to read here.
    """
    if out is not None:
        _write(report, document, wanted, out)
    elif wanted is Format.JSON:
        print_json(document())
    elif wanted is Format.CSV:
        print_bytes(csv_bytes(report).removeprefix(BOM))
    else:
        tell()


def _write(
    report: TableReport, document: Callable[[], Any], wanted: Format | None, out: Path
) -> None:
    ending = out.suffix.lower().lstrip(".")
    if wanted is None and ending not in set(Format):
        raise typer.BadParameter(f"{out.name} has no ending that is a format. Add --format.")
    form = wanted or Format(ending)
    if form is Format.JSON:
        text = json.dumps(document(), ensure_ascii=False, indent=2)
        save_bytes(out, text.encode() + b"\n")
    else:
        write_report(report, out, form)
