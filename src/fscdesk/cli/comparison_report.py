"""The comparison with SimplePractice: report comparison."""

from __future__ import annotations

from typing import Annotated

import typer

from fscdesk.cli.options import DONE, NEEDS_A_PERSON, JsonOption, PracticeOption, opened
from fscdesk.cli.terminal import as_json, counted, print_json, say, table
from fscdesk.services.reports.simplepractice_comparison import (
    ComparedLine,
    ComparedReport,
    all_lines,
    compared_reports,
)
from fscdesk.services.work import Work

Compared = list[tuple[ComparedReport, tuple[ComparedLine, ...]]]


def add_to(reports: typer.Typer) -> None:
    """Add this report to the group."""
    reports.command("comparison")(report_comparison)


def report_comparison(
    ctx: typer.Context,
    differing: Annotated[
        bool, typer.Option("--differing", help="Only the lines that differ.")
    ] = False,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """SimplePractice's totals beside ours, line by line, with the reason of each difference."""

    def ask(work: Work) -> Compared:
        return [
            (one, all_lines(work, one.batch_id, differing=differing))
            for one in compared_reports(work)
        ]

    with opened(ctx, practice) as office:
        found = office.read(ask)
    if json:
        print_json(
            {
                "report": "comparison",
                "compared": [
                    {
                        **as_json(one),
                        "difference": one.difference,
                        "rows": [{**as_json(row), "difference": row.difference} for row in rows],
                    }
                    for one, rows in found
                ],
            }
        )
    else:
        _tell(found)
    return NEEDS_A_PERSON if any(one.differing for one, _rows in found) else DONE


def _tell(found: Compared) -> None:
    if not found:
        say(
            "No totals of SimplePractice were imported. Import its outstanding balances or its "
            "insurance aging report."
        )
    for one, rows in found:
        say(
            f"{one.report} of {one.file_day:%m/%d/%Y} (import {one.batch_id}): "
            f"{counted(one.lines, 'line')}, {one.differing:,} differ, by {one.difference} in all"
        )
        shown = [
            (
                *(row.who, row.number, row.figure),
                *(str(row.theirs), str(row.ours), str(row.difference), row.reason),
            )
            for row in rows
        ]
        heads = ("who", "number", "figure", "SimplePractice", "here", "difference", "why")
        say(*(f"  {line}" for line in table([heads, *shown], right=(3, 4, 5))))
