"""How the list of what SimplePractice calls paid is told."""

from __future__ import annotations

from fscdesk.cli.terminal import counted, say, table
from fscdesk.services.payments.clearing_list import Clearing
from fscdesk.services.reports.clearing_report import REASONS_OF_NOW


def tell_clearing(found: Clearing) -> None:
    """Print the list for a person."""
    on = "" if found.as_of is None else f" on {found.as_of:%m/%d/%Y}"
    say(f"{counted(len(found.lines), 'line')} open in account 1060{on}, {found.total} in all")
    if found.as_of is not None:
        say(REASONS_OF_NOW)
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
