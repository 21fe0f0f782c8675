"""How the denial rates are told, and what a document says of them."""

from __future__ import annotations

from typing import Any

from fscdesk.cli.terminal import as_json, say, table
from fscdesk.services.claims.denial_rates import DenialRates, RateRow
from fscdesk.services.reports.denials_report import appeal_words


def denials_document(found: DenialRates) -> dict[str, Any]:
    """Return the report with the rate of each row, which is computed of it."""
    rows = [{**as_json(row), "rate": _rate(row)} for row in found.rows]
    total = {**as_json(found.total), "rate": _rate(found.total)}
    return {"report": "denials", **as_json(found), "rows": rows, "total": total}


def _rate(row: RateRow) -> str | None:
    return None if row.rate is None else str(row.rate)


def tell_denials(found: DenialRates) -> None:
    """Print the rates for a person."""
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
