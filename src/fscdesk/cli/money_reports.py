"""Reports on money: report unapplied, report day-sheet."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from fscdesk.cli.options import (
    DONE,
    NEEDS_A_PERSON,
    AsOfOption,
    JsonOption,
    PracticeOption,
    day_of,
    opened,
)
from fscdesk.cli.terminal import as_json, counted, print_json, say, table
from fscdesk.services.reports.day_sheet import DayOf, DaySheet, day_sheet
from fscdesk.services.reports.unapplied import Unapplied, UnappliedRow, unapplied


def add_to(reports: typer.Typer) -> None:
    """Add these reports to the group."""
    reports.command("unapplied")(report_unapplied)
    reports.command("day-sheet")(report_day_sheet)


def report_unapplied(
    ctx: typer.Context,
    as_of: AsOfOption = None,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Money that is not applied: whose it is, why, since when; tied to the ledger."""
    with opened(ctx, practice) as office:
        found = office.read(lambda work: unapplied(work, as_of or work.today()))
    if json:
        print_json({"report": "unapplied", **as_json(found), "difference": found.difference})
    else:
        _tell_unapplied(found)
    return NEEDS_A_PERSON if found.difference else DONE


def report_day_sheet(
    ctx: typer.Context,
    day: Annotated[
        date | None,
        typer.Option("--day", parser=day_of, metavar="DAY", help="Left out: today."),
    ] = None,
    by: Annotated[
        DayOf, typer.Option(help="By the day in the books, or by when it was posted.")
    ] = DayOf.ENTRY,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Everything that was posted on a day, by kind, person and method; tied to the journal."""
    with opened(ctx, practice) as office:
        found = office.read(lambda work: day_sheet(work, day or work.today(), by=by))
    if json:
        print_json({"report": "day-sheet", **as_json(found), "ties": found.ties})
    else:
        _tell_day(found)
    return DONE if found.ties else NEEDS_A_PERSON


def _tell_unapplied(found: Unapplied) -> None:
    say(
        f"{counted(len(found.rows), 'amount')} not applied as of {found.as_of:%m/%d/%Y},"
        f" {found.total} in all"
    )
    rows = [
        (
            *(row.owner, row.number, _kind(row), row.payment),
            *(f"{row.since:%m/%d/%Y}", counted(row.days, "day"), str(row.balance)),
        )
        for row in found.rows
    ]
    say(*(f"  {line}" for line in table(rows, right=(5, 6))))
    say(f"In the ledger: {found.ledger}, difference {found.difference}")


def _kind(row: UnappliedRow) -> str:
    return row.note if row.kind is None else row.kind.value.replace("_", " ")


def _tell_day(found: DaySheet) -> None:
    word = "in the books of" if found.by is DayOf.ENTRY else "posted on"
    say(f"{counted(found.entries, 'entry', 'entries')} {word} {found.day:%m/%d/%Y}")
    rows = [
        ("", "", "", "entries", "amount", "money"),
        *(
            (
                *(row.kind.value.replace("_", " "), row.person, row.method),
                *(f"{row.entries:,}", str(row.amount), str(row.money)),
            )
            for row in found.rows
        ),
        ("total", "", "", f"{found.entries:,}", str(found.total), str(found.money)),
    ]
    say(*(f"  {line}" for line in table(rows, right=(3, 4, 5))))
    accounts = [
        (one.account, one.name, str(one.debit), str(one.credit), str(one.net))
        for one in found.accounts
    ]
    say(*(f"  {line}" for line in table(accounts, right=(2, 3, 4))))
    say(f"Journal: {found.journal}, difference {found.difference}")
