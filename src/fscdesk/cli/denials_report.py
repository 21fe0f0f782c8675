"""The report denials: how much of what payers answer they deny, and how appeals end."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from fscdesk.cli.options import DONE, JsonOption, PracticeOption, day_of, opened
from fscdesk.cli.report_output import FormatOption, OutOption, give_out, wanted_format
from fscdesk.cli.terminal import as_json, say, table
from fscdesk.services.claims.denial_rates import DenialRates, DenialsBy, RateRow, denial_rates
from fscdesk.services.reports.denials_report import appeal_words, denials_report
from fscdesk.services.table_report import TableReport
from fscdesk.services.work import Work


def add_to(reports: typer.Typer) -> None:
    """Add the report to the group."""
    reports.command("denials")(report_denials)


def report_denials(
    ctx: typer.Context,
    first: Annotated[
        date | None,
        typer.Option("--from", parser=day_of, metavar="DAY", help="Left out: January 1st."),
    ] = None,
    last: Annotated[
        date | None, typer.Option("--to", parser=day_of, metavar="DAY", help="Left out: today.")
    ] = None,
    by: Annotated[DenialsBy, typer.Option(help="What stands in one row.")] = DenialsBy.PAYER,
    form: FormatOption = None,
    out: OutOption = None,
    practice: PracticeOption = None,
    as_document: JsonOption = False,
) -> int:
    """How many services payers denied of those they first answered in a period, and appeals."""
    wanted = wanted_format(form, out, as_json=as_document)

    def ask(work: Work) -> tuple[DenialRates, TableReport]:
        until = last or work.today()
        found = denial_rates(work, first or until.replace(month=1, day=1), until, by=by)
        return found, denials_report(work, found)

    with opened(ctx, practice) as office:
        found, report = office.read(ask)
    give_out(report, lambda: _document(found), wanted, out, lambda: _tell(found))
    return DONE


def _document(found: DenialRates) -> dict[str, Any]:
    """Return the report with the rate of each row, which is computed of it."""
    rows = [{**as_json(row), "rate": _rate(row)} for row in found.rows]
    total = {**as_json(found.total), "rate": _rate(found.total)}
    return {"report": "denials", **as_json(found), "rows": rows, "total": total}


def _rate(row: RateRow) -> str | None:
    return None if row.rate is None else str(row.rate)


def _tell(found: DenialRates) -> None:
    say(
        f"Denials by {found.by.value}, first answered {found.first:%m/%d/%Y}"
        f" to {found.last:%m/%d/%Y}"
    )
    head = ("", "Answered", "Billed", "Denied", "Amount", "Rate", "Paid since", "Still open")
    rows = [head, *(_cells(row) for row in (*found.rows, found.total))]
    say(*table(rows, right=range(1, len(head))))
    say(appeal_words(found))


def _cells(row: RateRow) -> tuple[str, ...]:
    return (
        *(row.name, f"{row.answered:,}", str(row.billed), f"{row.denied:,}", str(row.amount)),
        "" if row.rate is None else f"{row.rate}%",
        *(f"{row.turned:,}", str(row.open)),
    )
