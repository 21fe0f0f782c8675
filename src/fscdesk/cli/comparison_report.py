"""How the comparison with SimplePractice is told, and what a document says of it."""

from __future__ import annotations

from typing import Any

from fscdesk.cli.terminal import as_json, counted, say, table
from fscdesk.services.reports.simplepractice_comparison import (
    ComparedLine,
    ComparedReport,
)

Compared = list[tuple[ComparedReport, tuple[ComparedLine, ...]]]


def comparison_document(found: Compared) -> dict[str, Any]:
    """Return the comparison as one JSON document."""
    return {
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


def tell_comparison(found: Compared) -> None:
    """Print the comparison for a person."""
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
