"""How unapplied money and the day sheet are told."""

from __future__ import annotations

from fscdesk.cli.terminal import counted, say, table
from fscdesk.services.reports.day_sheet import DayOf, DaySheet
from fscdesk.services.reports.money_tables import MONEY_IN, kind_of_credit, posted_words
from fscdesk.services.reports.unapplied import Unapplied


def tell_unapplied(found: Unapplied) -> None:
    """Print the money that is not applied, for a person."""
    say(
        f"{counted(len(found.rows), 'amount')} not applied as of {found.as_of:%m/%d/%Y},"
        f" {found.total} in all"
    )
    rows = [
        (
            *(row.owner, row.number, kind_of_credit(row), row.payment),
            *(f"{row.since:%m/%d/%Y}", counted(row.days, "day"), str(row.balance)),
        )
        for row in found.rows
    ]
    say(*(f"  {line}" for line in table(rows, right=(5, 6))))
    say(f"In the ledger: {found.ledger}, difference {found.difference}")


def tell_day(found: DaySheet) -> None:
    """Print a day sheet for a person."""
    word = "in the books of" if found.by is DayOf.ENTRY else "posted on"
    say(f"{counted(found.entries, 'entry', 'entries')} {word} {found.day:%m/%d/%Y}")
    rows = [
        ("", "", "", "entries", "amount", "money in"),
        *(
            (
                *(kind, row.person, method),
                *(f"{row.entries:,}", str(row.amount), str(row.money) if row.money else ""),
            )
            for row in found.rows
            for kind, method in (posted_words(row),)
        ),
        ("total", "", "", f"{found.entries:,}", str(found.total), str(found.money)),
    ]
    say(*(f"  {line}" for line in table(rows, right=(3, 4, 5))))
    accounts = [
        (one.account, one.name, str(one.debit), str(one.credit), str(one.net))
        for one in found.accounts
    ]
    say(*(f"  {line}" for line in table(accounts, right=(2, 3, 4))))
    say(f"Journal: {found.journal}, difference {found.difference}", MONEY_IN)
