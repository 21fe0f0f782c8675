"""Commands that give reports out: report aging, and those of the files beside it."""

from __future__ import annotations

from typing import Annotated

import typer

from fscdesk.cli import (
    clearing_report,
    comparison_report,
    denials_report,
    exceptions_report,
    figure_reports,
    money_reports,
    statement_reports,
)
from fscdesk.cli.options import DONE, AsOfOption, JsonOption, PracticeOption, opened
from fscdesk.cli.report_output import FormatOption, OutOption, give_out, wanted_format
from fscdesk.cli.terminal import say, table
from fscdesk.services.reports.aging import Aging, AgingRow, aging
from fscdesk.services.reports.aging_report import aging_json, aging_report
from fscdesk.services.reports.aging_sums import AgeBy, By
from fscdesk.services.table_report import TableReport
from fscdesk.services.work import Work


def add_to(app: typer.Typer) -> None:
    """Add the group to the program."""
    reports = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    reports.callback()(_reports)
    reports.command("aging")(report_aging)
    money_reports.add_to(reports)
    clearing_report.add_to(reports)
    comparison_report.add_to(reports)
    denials_report.add_to(reports)
    exceptions_report.add_to(reports)
    statement_reports.add_to(reports)
    figure_reports.add_to(reports)
    app.add_typer(reports, name="report")


def _reports() -> None:
    """Give out a report."""


def report_aging(
    ctx: typer.Context,
    as_of: AsOfOption = None,
    by: Annotated[By, typer.Option(help="Whose open amounts stand in one row.")] = By.PAYER,
    age_by: Annotated[AgeBy, typer.Option(help="From which day an amount ages.")] = AgeBy.SERVICE,
    bucket_days: Annotated[int, typer.Option(help="How many days a bucket holds.")] = 30,
    form: FormatOption = None,
    out: OutOption = None,
    practice: PracticeOption = None,
    as_json: JsonOption = False,
) -> int:
    """Who owes what, and for how long, as of any day."""
    wanted = wanted_format(form, out, as_json=as_json)

    def ask(work: Work) -> tuple[Aging, TableReport]:
        day = as_of or work.today()
        found = aging(work, as_of=day, by=by, age_by=age_by, bucket_days=bucket_days)
        return found, aging_report(work, found)

    with opened(ctx, practice) as office:
        found, report = office.read(ask)
    give_out(report, lambda: aging_json(found), wanted, out, lambda: _tell(found))
    return DONE


def _tell(found: Aging) -> None:
    say(
        f"Aging by {found.by.value} as of {found.as_of:%m/%d/%Y}, from the {found.age_by.value} day"
    )
    head = ("", *found.bucket_titles, "Credits", "Balance")
    rows = [head, *(_cells(row) for row in (*found.rows, found.total))]
    say(*table(rows, right=range(1, len(head))))
    if found.tie is not None:
        say(f"{found.tie.words}: difference {found.tie.difference}", *found.tie.offenders)


def _cells(row: AgingRow) -> tuple[str, ...]:
    return (
        row.name,
        *(str(bucket) for bucket in row.buckets),
        str(row.unapplied),
        str(row.balance),
    )
