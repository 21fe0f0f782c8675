"""The report clearing: what SimplePractice calls paid and no payment has closed."""

from __future__ import annotations

from typing import Any

import typer

from fscdesk.cli.options import DONE, NEEDS_A_PERSON, JsonOption, PracticeOption, opened
from fscdesk.cli.report_output import FormatOption, OutOption, give_out, wanted_format
from fscdesk.cli.terminal import as_json, counted, say, table
from fscdesk.services.payments.clearing_list import Clearing, clearing_list
from fscdesk.services.reports.clearing_report import clearing_report
from fscdesk.services.table_report import TableReport
from fscdesk.services.work import Work


def add_to(reports: typer.Typer) -> None:
    """Add the report to the group."""
    reports.command("clearing")(report_clearing)


def report_clearing(
    ctx: typer.Context,
    form: FormatOption = None,
    out: OutOption = None,
    practice: PracticeOption = None,
    as_document: JsonOption = False,
) -> int:
    """What is recorded as paid in SimplePractice and stands open, each line with its reason."""
    wanted = wanted_format(form, out, as_json=as_document)

    def ask(work: Work) -> tuple[Clearing, TableReport]:
        found = clearing_list(work)
        return found, clearing_report(work, found)

    with opened(ctx, practice) as office:
        found, report = office.read(ask)
    give_out(report, lambda: _document(found), wanted, out, lambda: _tell(found))
    return NEEDS_A_PERSON if found.lines or found.refunds or found.difference else DONE


def _document(found: Clearing) -> dict[str, Any]:
    return {"report": "clearing", **as_json(found), "difference": as_json(found.difference)}


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
