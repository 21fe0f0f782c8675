"""Every command on the books that stands ready to be run: for their battery."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from fscdesk.models.account import AccountType
from fscdesk.models.recurring import Every
from fscdesk.models.values import Money
from fscdesk.services.accounting import budgets, chart, journal, opening, recurring
from fscdesk.services.accounting.attachments import attach
from fscdesk.services.accounting.budget_approval import undo_approval
from fscdesk.services.accounting.closing_periods import close, open_again
from fscdesk.services.accounting.cost_centres import (
    CentreDraft,
    assign,
    cost_centres,
    save_cost_centre,
)
from fscdesk.services.accounting.journal import ManualEntry, ManualLeg
from fscdesk.services.accounting.recurring_due import (
    due_days,
    post_days,
    take_days_back,
    unskip_recurring,
)
from fscdesk.services.accounting.year_end import close_year, undo_year_end
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.office import Office
from fscdesk.services.setup.providers import providers
from fscdesk.services.work import Work
from tests.support.every_command import Act, Ready
from tests.support.payments import open_till

WHY = "The owners said so"
YEAR = date(2026, 1, 1)
LAST = date(2025, 12, 31)
RENT = (ManualLeg("7000", 2_400_00), ManualLeg("1000", -2_400_00))
SOFTWARE = chart.AccountDraft("7400", "Software", AccountType.EXPENSE)
CLINIC = CentreDraft("CLINIC", "Nowhere Avenue")


def _write(on: date = LAST) -> Callable[[Work], journal.PostedEntry]:
    return lambda work: journal.post_manual(work, ManualEntry(on, "Rent", RENT))


def _after(before: Callable[[Work], object], act: Callable[[Work], object]) -> Ready:
    def make(books: Office) -> Act:
        books.write(before)
        return act

    return make


def _now(act: Act) -> Ready:
    return lambda _books: act


def _reverse(books: Office) -> Act:
    entry = books.write(_write()).value
    return lambda work: journal.reverse_manual(work, entry.id, reason=WHY)


def _attach(books: Office) -> Act:
    entry = books.write(_write()).value
    return lambda work: attach(work, entry.id, "bill.pdf", b"%PDF-1.7 a bill")


def _change_account(books: Office) -> Act:
    books.write(lambda work: chart.add_account(work, SOFTWARE))
    draft = chart.AccountDraft("7400", "Subscriptions", AccountType.EXPENSE)
    return lambda work: chart.change_account(work, "7400", draft, expected_version=1)


def _remove_account(books: Office) -> Act:
    books.write(lambda work: chart.add_account(work, SOFTWARE))
    return lambda work: chart.remove_account(work, "7400", expected_version=1)


def _closed(work: Work) -> None:
    _write()(work)
    close(work, LAST)


def _ended(work: Work) -> None:
    _closed(work)
    close_year(work, LAST.year)


def _budget(books: Office) -> int:
    def plan(work: Work) -> int:
        ident = budgets.add_budget(work, "Plan", YEAR)
        budgets.enter_budget(work, ident, "7000", Money(100_00), month=YEAR)
        return ident

    return books.write(plan).value


def _seen(books: Office, ident: int) -> int:
    return books.read(lambda work: budgets.budget(work, ident)).head.version


def _enter(books: Office) -> Act:
    ident = _budget(books)
    return lambda work: budgets.enter_budget(
        work, ident, "4010", Money(700_00), month=YEAR, spread=budgets.Spread.YEAR
    )


def _copy(books: Office) -> Act:
    ident = _budget(books)
    return lambda work: budgets.copy_budget(work, ident, "Next plan", date(2027, 1, 1))


def _approve(books: Office) -> Act:
    ident = _budget(books)
    seen = _seen(books, ident)
    return lambda work: budgets.approve_budget(work, ident, expected_version=seen)


def _unapprove(books: Office) -> Act:
    ident = _budget(books)
    first = _seen(books, ident)
    books.write(lambda work: budgets.approve_budget(work, ident, expected_version=first))
    seen = _seen(books, ident)
    return lambda work: undo_approval(work, ident, expected_version=seen)


def _remove(books: Office) -> Act:
    ident = _budget(books)
    seen = _seen(books, ident)
    return lambda work: budgets.remove_budget(work, ident, expected_version=seen)


def _change_centre(books: Office) -> Act:
    books.write(lambda work: save_cost_centre(work, CLINIC))
    seen = books.read(cost_centres)[0].version
    draft = CentreDraft("CLINIC", "Main office")
    return lambda work: save_cost_centre(work, draft, expected_version=seen)


def _assign(books: Office) -> Act:
    books.write(open_till)
    books.write(lambda work: save_cost_centre(work, CLINIC))
    one = books.read(providers)[0]
    return lambda work: assign(work, one.id, "CLINIC", None, expected_version=one.version)


def _draft(name: str = "Rent") -> recurring.RecurringDraft:
    return recurring.RecurringDraft(name, Every.MONTH, date(2026, 2, 1), RENT)


def _recurring(books: Office) -> int:
    return books.write(lambda work: recurring.save_recurring(work, _draft())).value


def _change_recurring(books: Office) -> Act:
    ident = _recurring(books)
    return lambda work: recurring.save_recurring(
        work, _draft("Rent of the office"), recurring_id=ident, expected_version=1
    )


def _post_recurring(books: Office) -> Act:
    ident = _recurring(books)
    return lambda work: recurring.post_recurring(work, ident)


def _skip(books: Office) -> Act:
    ident = _recurring(books)
    return lambda work: recurring.skip_recurring(work, ident)


def _unskip(books: Office) -> Act:
    ident = _recurring(books)
    books.write(lambda work: recurring.skip_recurring(work, ident))
    return lambda work: unskip_recurring(work, ident, date(2026, 2, 1))


def _post_days(books: Office) -> Act:
    _recurring(books)
    due = books.read(due_days)
    return lambda work: post_days(work, due)


def _take_days_back(books: Office) -> Act:
    posted = books.write(_post_days(books)).value
    return lambda work: take_days_back(work, [one.id for one in posted], reason=WHY)


def _opening(work: Work) -> opening.OpeningDraft:
    lines = (
        opening.OpeningLine("1000", Money(900_00)),
        opening.OpeningLine("3000", Money(-900_00)),
    )
    banks = (opening.OpeningBank(account_named(work), Money(900_00)),)
    return opening.OpeningDraft(YEAR, lines, banks)


def _open_books(work: Work) -> object:
    return opening.open_books(work, _opening(work))


ONCE: Mapping[str, Ready] = MappingProxyType(
    {
        "add_account": _now(lambda work: chart.add_account(work, SOFTWARE)),
        "change_account": _change_account,
        "remove_account": _remove_account,
        "reverse_manual": _reverse,
        "close": _after(_write(), lambda work: close(work, LAST)),
        "open_again": _after(_closed, lambda work: open_again(work, LAST, reason=WHY)),
        "close_year": _after(_closed, lambda work: close_year(work, LAST.year)),
        "undo_year_end": _after(_ended, lambda work: undo_year_end(work, LAST.year, reason=WHY)),
        "add_budget": _now(lambda work: budgets.add_budget(work, "Plan", YEAR)),
        "copy_budget": _copy,
        "copy_actual": _after(
            _write(), lambda work: budgets.copy_actual(work, "As last year", YEAR)
        ),
        "approve_budget": _approve,
        "undo_approval": _unapprove,
        "remove_budget": _remove,
        "save_cost_centre": _now(lambda work: save_cost_centre(work, CLINIC)),
        "save_cost_centre changed": _change_centre,
        "assign": _assign,
        "save_recurring": _now(lambda work: recurring.save_recurring(work, _draft())),
        "save_recurring changed": _change_recurring,
        "post_days": _post_days,
        "open_books": _now(_open_books),
        "undo_opening": _after(_open_books, lambda work: opening.undo_opening(work, reason=WHY)),
    }
)
"""By name; each prepares the books and returns the act, which can be done once only."""
AGAIN: Mapping[str, Ready] = MappingProxyType(
    {
        "attach": _attach,
        "enter_budget": _enter,
        "take_days_back": _take_days_back,
        "unskip_recurring": _unskip,
    }
)
"""What can be said twice, and is done once."""
EACH: Mapping[str, Ready] = MappingProxyType(
    {
        "post_manual": _now(_write(LAST - timedelta(days=1))),
        "post_recurring": _post_recurring,
        "skip_recurring": _skip,
    }
)
"""What is done as often as it is said: each takes the next day."""
