"""Makes the aging, the day sheet and the lists of what waits, with what is behind each number."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from fscdesk.services.payments.clearing_list import ClearingLine, clearing_list
from fscdesk.services.reports.aging import Aging, AgingRow, aging
from fscdesk.services.reports.aging_lines import EVERYBODY
from fscdesk.services.reports.aging_report import aging_report
from fscdesk.services.reports.aging_sums import AgeBy, By, Key
from fscdesk.services.reports.books import Lines
from fscdesk.services.reports.clearing_report import clearing_report
from fscdesk.services.reports.day_sheet import (
    DayOf,
    DaySheet,
    day_sheet,
    entries_of_day,
    money_accounts,
)
from fscdesk.services.reports.exception_places import places_of
from fscdesk.services.reports.exceptions import ExceptionKind, exceptions
from fscdesk.services.reports.exceptions_report import exceptions_report
from fscdesk.services.reports.money_tables import (
    comparison_table,
    day_sheet_table,
    unapplied_table,
)
from fscdesk.services.reports.opening import Opens
from fscdesk.services.reports.report_asked import Asked
from fscdesk.services.reports.report_made import BehindRow, Made, behind_of
from fscdesk.services.reports.simplepractice_comparison import (
    ComparedLine,
    all_lines,
    compared_reports,
)
from fscdesk.services.reports.unapplied import UnappliedRow, unapplied
from fscdesk.services.work import Work

MOST_ENTRIES: Final = 5000
"""Of more entries than this a day's number opens no lines: no question names so many."""
_EVER: Final = date(9999, 12, 31)


def make_aging(work: Work, asked: Asked) -> Made:
    """Make the aging; each cell opens its lines in Aging."""
    day = asked.day(work)
    by, age_by = By(asked.text("by", By.PAYER)), AgeBy(asked.text("age_by", AgeBy.SERVICE))
    days = asked.number("bucket_days", 30)
    found = aging(work, as_of=day, by=by, age_by=age_by, bucket_days=days)
    table = aging_report(work, found)
    rows = [_aged(found, one, one.key) for one in found.rows]
    behind = behind_of(table, rows, _aged(found, found.total, EVERYBODY))
    return Made(table, found, behind)


def make_unapplied(work: Work, asked: Asked) -> Made:
    """Make the money that is not applied; an amount opens its line under Payments."""
    found = unapplied(work, asked.day(work))
    table = unapplied_table(work, found)
    rows = [{"balance": _credit(one)} for one in found.rows]
    whole = {"balance": Opens("payments", {"tab": "unapplied"})}
    facts = {"difference": found.difference}
    return Made(table, found, behind_of(table, rows, whole), facts, bool(found.difference))


def make_day_sheet(work: Work, asked: Asked) -> Made:
    """Make the day sheet, each number with the lines of its entries."""
    day, by = asked.day(work, "day"), DayOf(asked.text("by", DayOf.ENTRY))
    found = day_sheet(work, day, by=by)
    table = day_sheet_table(work, found)
    facts = {"ties": found.ties}
    return Made(table, found, behind_of(table, _of_day(work, found)), facts, not found.ties)


def make_clearing(work: Work, asked: Asked) -> Made:
    """Make the list of what SimplePractice calls paid; a line opens its session."""
    day = asked.day(work)
    found = clearing_list(work, day if day < work.today() else None)
    table = clearing_report(work, found)
    rows = [{"amount": _cleared(one)} for one in found.lines]
    whole = {"amount": Opens("payments", {"tab": "clearing"})}
    waits = bool(found.lines or found.refunds or found.difference)
    facts = {"as_of": day, "difference": found.difference}
    return Made(table, found, behind_of(table, rows, whole), facts, waits)


def make_exceptions(work: Work, asked: Asked) -> Made:
    """Make the exceptions; each opens what it is about."""
    day = asked.day(work)
    kinds = tuple(ExceptionKind(one) for one in asked.texts("kind"))
    found = exceptions(work, day, kinds=kinds)
    table = exceptions_report(work, found, day)
    places = places_of(work, found)
    rows: list[BehindRow] = [{"amount": places[one]} for one in found]
    facts = {"as_of": day}
    return Made(table, found, behind_of(table, rows), facts, bool(found))


def make_comparison(work: Work, asked: Asked) -> Made:
    """Make the comparison with SimplePractice; our figure opens the client's account."""
    found = [
        (one, all_lines(work, one.batch_id, differing=asked.flag("differing")))
        for one in compared_reports(work)
    ]
    table = comparison_table(work, found)
    rows = [_compared(line) for _one, lines in found for line in lines]
    waits = any(one.differing for one, _lines in found)
    return Made(table, found, behind_of(table, rows), {}, waits)


def _aged(found: Aging, row: AgingRow, key: Key) -> BehindRow:
    def opens(bucket: int | str | None) -> Opens:
        asks: dict[str, Any] = {
            "as_of": found.as_of if found.past else None,
            "by": found.by.value,
            "age_by": found.age_by.value,
            "bucket_days": found.bucket_days,
            "key": key,
            "bucket": bucket,
        }
        return Opens("aging", asks)

    cells = {f"bucket_{at}": opens(at) if amount else None for at, amount in enumerate(row.buckets)}
    rest = opens("unapplied") if row.unapplied else None
    return {**cells, "unapplied": rest, "balance": opens(None)}


def _credit(one: UnappliedRow) -> Opens:
    if one.credit_id is None:
        return Opens("payments", {"tab": "clearing"})
    return Opens("payments", {"tab": "unapplied", "row": one.credit_id})


def _of_day(work: Work, found: DaySheet) -> list[BehindRow]:
    ids = entries_of_day(work, found.day, found.by)
    every = tuple(sorted(one for of in ids.values() for one in of))
    money = money_accounts(work)

    def posted(entries: tuple[int, ...]) -> BehindRow:
        debit = _sided(entries, 1)
        cash = _sided(entries, 0, money)
        return {"entries": debit, "debit": debit, "credit": _sided(entries, -1), "money": cash}

    def moved(account: str) -> BehindRow:
        return {"debit": _sided(every, 1, (account,)), "credit": _sided(every, -1, (account,))}

    rows = [posted(ids.get((row.kind, row.person, row.method), ())) for row in found.rows]
    rows += [posted(every), *(moved(one.account) for one in found.accounts)]
    if found.accounts:
        rows.append({"debit": _sided(every, 1), "credit": _sided(every, -1)})
    return rows


def _sided(entries: tuple[int, ...], side: int, accounts: tuple[str, ...] = ()) -> Lines | None:
    if not 0 < len(entries) <= MOST_ENTRIES:
        return None
    return Lines(accounts, None, _EVER, sign=side or 1, entries=entries, side=side)


def _cleared(one: ClearingLine) -> Opens:
    if one.session_id is not None:
        return Opens("sessions", {"session": one.session_id})
    return Opens("payments", {"tab": "clearing"})


def _compared(line: ComparedLine) -> BehindRow:
    if line.patient_id is not None:
        return {"ours": Opens("patients", {"patient": line.patient_id})}
    if line.payer_id is not None:
        return {"ours": Opens("aging", {"by": "payer", "key": line.payer_id, "bucket": None})}
    return {}
