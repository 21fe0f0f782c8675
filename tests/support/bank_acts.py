"""Every command at the bank that stands ready to be run: for their battery."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from sqlalchemy import select

from fscdesk.models.bank import BankRule, BankSuspense
from fscdesk.models.deposit import DepositKind
from fscdesk.models.values import Money
from fscdesk.services.banking import confirming, reconciling, rules, suspense
from fscdesk.services.banking.accepting import MatchDraft, accept, accept_all, take_apart
from fscdesk.services.banking.accounts import (
    BankAccountDraft,
    BankAccountKind,
    account_named,
    bank_accounts,
    save_bank_account,
)
from fscdesk.services.banking.certain import apply_certain
from fscdesk.services.banking.deposits import make_deposit, make_deposits, undo_deposit
from fscdesk.services.banking.layout_keeping import (
    first_rows,
    remove_layout,
    rename_layout,
    save_layout,
)
from fscdesk.services.banking.layouts import Columns
from fscdesk.services.banking.match_items import BankLeg, DepositToMake
from fscdesk.services.banking.starting import take_start
from fscdesk.services.banking.statements import apply_statement, undo_statement
from fscdesk.services.banking.typed_lines import put_line_back, take_back_line, type_line
from fscdesk.services.demo.bank_file import Line, statement
from fscdesk.services.ledger.posting import reverse
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support import bank_books
from tests.support.deposits import counter, deposit, paid
from tests.support.every_command import Act, Ready
from tests.support.payments import open_till

WHY = "By the telephone"
MARCH = date(2026, 3, 31)


def _account(books: Office) -> int:
    return books.read(account_named)


def _on_line(cents: int, act: Callable[[int, int], Act]) -> Ready:
    """Prepare a typed line; the act gets the account and the line."""

    def make(books: Office) -> Act:
        line = books.write(lambda work: bank_books.line(work, "3/15", cents)).value
        return act(_account(books), line)

    return make


def _fee(account: int, line: int) -> Act:
    legs = (BankLeg("7500", Money(-15_00)),)
    return lambda work: accept(work, MatchDraft(account, (line,), legs=legs, memo="Fee"))


def _hold(account: int, line: int) -> Act:
    return lambda work: accept(work, MatchDraft(account, (line,), hold=True))


def _accepts_deposit(books: Office) -> Act:
    """A line and the deposit that it is."""
    made = deposit(books, _waiting(books))
    account = _account(books)
    line = books.write(lambda work: bank_books.line(work, "3/16", 40_00)).value
    draft = MatchDraft(account, (line,), entry_ids=(made.entry_id,))
    return lambda work: accept(work, draft)


def _waiting(books: Office) -> int:
    """A check that is undeposited."""
    return paid(books, books.write(open_till).value, 40_00).payment_id


def _deposits(books: Office) -> Act:
    draft = counter([_waiting(books)])
    return lambda work: make_deposit(work, draft)


def _deposits_two(books: Office) -> Act:
    till = books.write(open_till).value
    drafts = [counter([paid(books, till, cents).payment_id]) for cents in (40_00, 30_00)]
    return lambda work: make_deposits(work, drafts)


def _accepts_two(books: Office) -> Act:
    """Two lines with the payments that they deposit."""
    till = books.write(open_till).value
    account = _account(books)
    drafts = []
    for cents in (40_00, 30_00):
        payment = paid(books, till, cents).payment_id
        line = books.write(lambda work, cents=cents: bank_books.line(work, "4/11", cents)).value  # type: ignore[misc]
        come = DepositToMake(DepositKind.EFT, Money(cents), (payment,))
        drafts.append(MatchDraft(account, (line,), deposits=(come,)))
    return lambda work: accept_all(work, drafts)


def _undo_deposit(books: Office) -> Act:
    made = deposit(books, _waiting(books))
    return lambda work: undo_deposit(work, made.id, WHY)


def _file(books: Office) -> Act:
    lines = [
        Line(date(2026, 3, 12), 61_75, "UNKNOWN PAYER EFT"),
        Line(MARCH, -15_00, "MONTHLY SERVICE FEE"),
    ]
    data, _ = statement(lines, 100_00)
    account = _account(books)
    return lambda work: apply_statement(work, "march.csv", data, account_id=account)


def _undo_file(books: Office) -> Act:
    done = books.write(_file(books)).value.statement_id
    return lambda work: undo_statement(work, done)


def _take_start(books: Office) -> Act:
    books.write(_file(books))
    account = _account(books)
    return lambda work: take_start(work, account)


def _take_apart(books: Office) -> Act:
    match = books.write(_on_line(-15_00, _fee)(books)).value
    return lambda work: take_apart(work, match, WHY)


def _certain(books: Office) -> Act:
    """An entry and its reversal: they cancel out without a line of the bank."""

    def wrong(work: Work) -> None:
        ours = bank_books.entry(work, "3/10", -20_00)
        reverse(work, ours, on=date(2026, 3, 11), reason="Typed twice")

    books.write(wrong)
    account = _account(books)
    return lambda work: apply_certain(work, account)


def _held(books: Office) -> int:
    books.write(_on_line(61_75, _hold)(books))
    return books.read(lambda work: work.db.scalars(select(BankSuspense.id)).one())


def _explain(books: Office) -> Act:
    held = _held(books)
    payment = _waiting(books)
    return lambda work: suspense.explain(work, held, (payment,))


def _is_interest(books: Office) -> Act:
    held = _held(books)
    legs = (BankLeg("4340", Money(61_75)),)
    return lambda work: suspense.explain_by_account(work, held, legs, "Interest")


def _tell_apart(books: Office) -> Act:
    entry = books.write(_is_interest(books)).value
    return lambda work: suspense.tell_apart(work, entry, WHY)


def _started(books: Office) -> int:
    def begin(work: Work) -> int:
        account = bank_books.starts(work, "3/1", 100_00)
        bank_books.entry(work, "2/28", 100_00)
        bank_books.cleared(work, "3/10", -20_00)
        bank_books.entry(work, "3/30", -5_00, "Check")
        return reconciling.start(work, account, MARCH, Money(80_00))

    return books.write(begin).value


def _start(books: Office) -> Act:
    account = books.write(lambda work: bank_books.starts(work, "3/1", 100_00)).value
    return lambda work: reconciling.start(work, account, MARCH, Money(80_00))


def _complete(books: Office) -> Act:
    ident = _started(books)
    return lambda work: reconciling.complete(work, ident)


def _drop(books: Office) -> Act:
    ident = _started(books)
    return lambda work: reconciling.drop(work, ident)


def _undo_last(books: Office) -> Act:
    books.write(_complete(books))
    account = _account(books)
    return lambda work: reconciling.undo_last(work, account, WHY)


def _mark(books: Office) -> Act:
    ident = _started(books)
    entry = books.write(lambda work: bank_books.entry(work, "3/29", -7_00, "Check")).value
    return lambda work: reconciling.mark(work, ident, entry, "Not cashed yet")


def _unmark(books: Office) -> Act:
    ident = _started(books)
    entry = books.write(lambda work: bank_books.entry(work, "3/29", -7_00, "Check")).value
    books.write(lambda work: reconciling.mark(work, ident, entry, "Not cashed yet"))
    return lambda work: confirming.unmark(work, ident, entry)


def _rule(books: Office) -> Act:
    account = _account(books)
    return lambda work: rules.add_rule(work, account, "GRID POWER", money_in=False, account="7000")


def _change_rule(books: Office) -> Act:
    ident = books.write(_rule(books)).value
    seen = books.read(lambda work: work.db.get_one(BankRule, ident).version)
    return lambda work: rules.change_rule(
        work, ident, memo="Power", active=True, expected_version=seen
    )


def _savings(_books: Office) -> Act:
    draft = BankAccountDraft("Savings", BankAccountKind.SAVINGS, number="00099005501")
    return lambda work: save_bank_account(work, draft)


def _change_account(books: Office) -> Act:
    seen = books.read(bank_accounts)[0]
    draft = BankAccountDraft("Checking", bank="Sampleville Savings Bank", is_default=True)
    return lambda work: save_bank_account(
        work, draft, account_id=seen.id, expected_version=seen.version
    )


_TABLE = b"Booked,Text,Sum\n03/12/2026,UNKNOWN PAYER EFT,61.75\n03/31/2026,FEE,-15.00\n"


def _layout(work: Work) -> int:
    first = first_rows(_TABLE, "other.csv")
    columns = Columns("Another bank", on=0, words=(1,), amount=2)
    return save_layout(work, first, columns)


def _rename_layout(books: Office) -> Act:
    ident = books.write(_layout).value
    return lambda work: rename_layout(work, ident, "The other bank")


def _remove_layout(books: Office) -> Act:
    ident = books.write(_layout).value
    return lambda work: remove_layout(work, ident)


def _type(books: Office) -> Act:
    account = _account(books)
    return lambda work: type_line(work, account, on=MARCH, amount=Money(5), words="DEPOSIT")


def _puts_line_back(books: Office) -> Act:
    ident = books.write(lambda work: bank_books.line(work, "3/4", 5_00)).value
    books.write(lambda work: take_back_line(work, ident))
    return lambda work: put_line_back(work, ident)


ONCE: Mapping[str, Ready] = MappingProxyType(
    {
        "accept a fee": _on_line(-15_00, _fee),
        "accept what waits": _on_line(61_75, _hold),
        "accept a deposit": _accepts_deposit,
        "accept_all": _accepts_two,
        "take_apart": _take_apart,
        "make_deposit": _deposits,
        "make_deposits": _deposits_two,
        "undo_deposit": _undo_deposit,
        "undo_statement": _undo_file,
        "take_back_line": _on_line(
            5_00, lambda _account, line: lambda work: take_back_line(work, line)
        ),
        "put_line_back": _puts_line_back,
        "explain": _explain,
        "explain_by_account": _is_interest,
        "tell_apart": _tell_apart,
        "complete": _complete,
        "drop": _drop,
        "take_start": _take_start,
        "undo_last": _undo_last,
        "unmark": _unmark,
        "change_rule": _change_rule,
        "remove_layout": _remove_layout,
        "save_bank_account": _savings,
        "save_bank_account changed": _change_account,
    }
)
"""By name; each prepares the books and returns the act, which can be done once only."""
AGAIN: Mapping[str, Ready] = MappingProxyType(
    {
        "apply_statement": _file,
        "apply_certain": _certain,
        "save_layout": lambda _books: _layout,
        "rename_layout": _rename_layout,
        "start": _start,
        "mark": _mark,
    }
)
"""What can be said twice, and is done once."""
EACH: Mapping[str, Ready] = MappingProxyType({"type_line": _type, "add_rule": _rule})
"""What is done as often as it is said: equal lines are two, a meaning is counted."""
