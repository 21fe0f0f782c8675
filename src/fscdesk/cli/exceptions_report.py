"""How the exceptions are told, and what a document says of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from fscdesk.cli.terminal import as_json, counted, say, table
from fscdesk.services.reports.exceptions import (
    WORDS,
    BankException,
    exception_totals,
)


def exceptions_document(day: date, found: tuple[BankException, ...]) -> dict[str, Any]:
    """Return the exceptions of a day as one JSON document."""
    return {
        "report": "exceptions",
        "as_of": as_json(day),
        "exceptions": as_json(found),
        "totals": as_json(exception_totals(found)),
    }


def tell_exceptions(found: tuple[BankException, ...]) -> None:
    """Print the exceptions for a person."""
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
