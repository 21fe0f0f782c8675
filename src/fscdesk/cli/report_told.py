"""How a report is told: as one document, and as a table to read here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from fscdesk.cli.clearing_report import tell_clearing
from fscdesk.cli.comparison_report import comparison_document, tell_comparison
from fscdesk.cli.denials_report import denials_document, tell_denials
from fscdesk.cli.exceptions_report import exceptions_document, tell_exceptions
from fscdesk.cli.money_reports import tell_day, tell_unapplied
from fscdesk.cli.terminal import as_json, say, table
from fscdesk.services.printing.report_layout import cell_text
from fscdesk.services.reports.aging import Aging, AgingRow
from fscdesk.services.reports.aging_report import aging_json
from fscdesk.services.reports.report_made import Made
from fscdesk.services.table_report import TableReport

UNTOLD = frozenset({"drill", "drills", "lines"})
"""What screens need to open the lines behind a number, and a document does not."""


def document_of(name: str, made: Made) -> Any:
    """Return a report as JSON says it: its dataclass without the lines behind its numbers."""
    own = _DOCUMENTS.get(name)
    if own is not None:
        return own(made)
    told = _without_lines(as_json(made.found))
    facts = as_json(dict(made.facts))
    return {"report": name, **(told if isinstance(told, dict) else {"rows": told}), **facts}


def tell(name: str, made: Made) -> None:
    """Print a report for a person."""
    own = _TELLERS.get(name)
    if own is not None:
        own(made.found)
    else:
        say_report(made.table)


def say_report(report: TableReport) -> None:
    """Print the table of a report for a person."""
    as_of = (f"as of {report.as_of:%m/%d/%Y}",) if report.as_of else ()
    say(", ".join((report.title, *as_of, *report.filters)))
    kinds = [column.kind for column in report.columns]
    head = [column.title for column in report.columns]
    rows = []
    for at, row in enumerate(report.rows):
        cells = [
            cell_text(cell, kind).replace("−", "-") for cell, kind in zip(row, kinds, strict=True)
        ]
        if report.looks:
            cells[1] = "  " * report.looks[at].depth + cells[1]
        rows.append(cells)
    if report.totals is not None:
        rows.append(
            [
                cell_text(cell, kind).replace("−", "-")
                for cell, kind in zip(report.totals, kinds, strict=True)
            ]
        )
    right = [at for at, kind in enumerate(kinds) if kind not in ("text", "date")]
    say(*table([head, *rows], right=right))
    say(*report.notes)


def _without_lines(value: Any) -> Any:
    if isinstance(value, dict):
        kept = ((key, one) for key, one in value.items() if not _behind(key, one))
        return {key: _without_lines(one) for key, one in kept}
    if isinstance(value, list):
        return [_without_lines(one) for one in value]
    return str(value) if isinstance(value, Decimal) else value


def _behind(key: str, value: Any) -> bool:
    """Return whether it tells of lines; a number under the same name stays."""
    return key in UNTOLD and (value is None or isinstance(value, dict | list))


def _tell_aging(found: Aging) -> None:
    say(
        f"Aging by {found.by.value} as of {found.as_of:%m/%d/%Y}, from the {found.age_by.value} day"
    )
    head = ("", *found.bucket_titles, "Credits", "Balance")
    rows = [head, *(_aged(row) for row in (*found.rows, found.total))]
    say(*table(rows, right=range(1, len(head))))
    if found.tie is not None:
        say(f"{found.tie.words}: difference {found.tie.difference}", *found.tie.offenders)


def _aged(row: AgingRow) -> tuple[str, ...]:
    return (
        row.name,
        *(str(bucket) for bucket in row.buckets),
        str(row.unapplied),
        str(row.balance),
    )


_DOCUMENTS: Final[Mapping[str, Callable[[Made], Any]]] = {
    "aging": lambda made: aging_json(made.found),
    "clearing": lambda made: {"report": "clearing", **as_json(made.found), **as_json(made.facts)},
    "comparison": lambda made: comparison_document(made.found),
    "denials": lambda made: denials_document(made.found),
    "exceptions": lambda made: exceptions_document(made.facts["as_of"], made.found),
}
"""Documents with words of their own."""
_TELLERS: Final[Mapping[str, Callable[[Any], None]]] = {
    "aging": _tell_aging,
    "clearing": tell_clearing,
    "comparison": tell_comparison,
    "day-sheet": tell_day,
    "denials": tell_denials,
    "exceptions": tell_exceptions,
    "unapplied": tell_unapplied,
}
"""Reports that are read here in another shape than their table."""
