"""The report exceptions: all money, and all word of money, whose other half has not come."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from fscdesk.cli.options import (
    DONE,
    NEEDS_A_PERSON,
    AsOfOption,
    JsonOption,
    PracticeOption,
    opened,
)
from fscdesk.cli.report_output import FormatOption, OutOption, give_out, wanted_format
from fscdesk.cli.terminal import as_json, counted, say, table
from fscdesk.services.reports.exceptions import (
    WORDS,
    BankException,
    ExceptionKind,
    exception_totals,
    exceptions,
)
from fscdesk.services.reports.exceptions_report import exceptions_report
from fscdesk.services.table_report import TableReport
from fscdesk.services.work import Work


def add_to(reports: typer.Typer) -> None:
    """Add the report to the group."""
    reports.command("exceptions")(report_exceptions)


def report_exceptions(
    ctx: typer.Context,
    as_of: AsOfOption = None,
    kind: Annotated[
        list[ExceptionKind] | None, typer.Option(help="Only this kind; may be given again.")
    ] = None,
    form: FormatOption = None,
    out: OutOption = None,
    practice: PracticeOption = None,
    as_document: JsonOption = False,
) -> int:
    """Money without its remittance, remittances without money, and what is between the two."""
    wanted = wanted_format(form, out, as_json=as_document)

    def ask(work: Work) -> tuple[date, tuple[BankException, ...], TableReport]:
        day = as_of or work.today()
        found = exceptions(work, day, kinds=kind or ())
        return day, found, exceptions_report(work, found, day)

    with opened(ctx, practice) as office:
        day, found, report = office.read(ask)
    give_out(report, lambda: _document(day, found), wanted, out, lambda: _tell(found))
    return NEEDS_A_PERSON if found else DONE


def _document(day: date, found: tuple[BankException, ...]) -> dict[str, Any]:
    return {
        "report": "exceptions",
        "as_of": as_json(day),
        "exceptions": as_json(found),
        "totals": as_json(exception_totals(found)),
    }


def _tell(found: tuple[BankException, ...]) -> None:
    if not found:
        say("No exceptions: all money has its other half.")
        return
    for total in exception_totals(found):
        say(f"{WORDS[total.kind]}: {total.count}, {total.amount}")
        rows = [
            (
                *(f"{one.since:%m/%d/%Y}", f"{one.days} days", str(one.amount)),
                *(one.number, one.who, one.words),
            )
            for one in found
            if one.kind is total.kind
        ]
        say(*(f"  {line}" for line in table(rows, right=(1, 2))))
    say(f"{counted(len(found), 'exception')} in all")
