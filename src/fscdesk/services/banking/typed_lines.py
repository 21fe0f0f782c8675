"""Lines of a statement on paper, typed in: each month of an account is a statement of its own.

Here one line is taken out again as well: a typed one, or one of a file that came twice.
"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from sqlalchemy import exists, func, select

from fscdesk.models.bank import BankAccount, BankLine, BankStatement, StatementStatus
from fscdesk.models.reconciliation import BankMatchLine, Reconciliation, ReconciliationStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.audit import record
from fscdesk.services.banking.bank_days import is_bank_day, shown_day
from fscdesk.services.banking.bank_words import key_of, sender_of, single_blanks, trace_of
from fscdesk.services.banking.statement_files import PAPER
from fscdesk.services.banking.statements import SERIES
from fscdesk.services.editing import locked, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.numbering import next_number
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

LAYOUT = PAPER
_DOING = "type bank lines"
_NOTHING = "Nothing was saved."


def type_line(
    work: Work,
    account_id: int,
    *,
    on: date,
    amount: Money,
    words: str,
    check_number: str = "",
) -> int:
    """Add one line of a paper statement and return its id; money in is positive.

    Two equal lines are two, as in a file. Raises Problem for no amount, no words, a day that has
    not come, is reconciled, or lies before the account's first.
    """
    require(work, Right.RECONCILE, _DOING)
    account = locked(work, BankAccount, account_id, "this bank account")
    text = single_blanks(text_of(words, "what the bank wrote", longest=300, required=True))
    check = text_of(check_number, "the check number", longest=40)
    if amount == ZERO:
        raise Problem("The amount is missing.", hint=f"{_NOTHING} Type it first.")
    _require_day(work, account, on)
    statement = _statement(work, account.id, on)
    key = key_of(on, amount.cents, text)
    there = work.db.scalar(
        select(func.max(BankLine.occurrence)).where(
            BankLine.bank_account_id == account.id,
            BankLine.key == key,
            BankLine.live.is_(True),
        )
    )
    statement.read += 1
    statement.created += 1
    line = BankLine(
        bank_account_id=account.id,
        statement_id=statement.id,
        position=statement.read,
        on=on,
        amount=amount,
        words=text,
        check_number=check,
        trace=trace_of(text, check)[:100],
        sender=sender_of(text)[:60],
        key=key,
        occurrence=(there or 0) + 1,
    )
    work.db.add(line)
    work.db.flush()
    record(work, "type_bank_line", "bank_line", line.id, account=account.id, amount=amount.plain())
    work.touch(Topic.BANK)
    return line.id


def take_back_line(work: Work, line_id: int) -> None:
    """Take a line out again: a typed one that was mistyped, or the second of one of the bank's.

    A line of a file is taken out only beside another one of its day and amount; files that are
    read later do not bring it again. Raises Problem for any other, which goes with its statement,
    and for one that is matched.
    """
    require(work, Right.RECONCILE, _DOING)
    account_id = work.db.scalar(select(BankLine.bank_account_id).where(BankLine.id == line_id))
    locked(work, BankAccount, account_id, "this line")
    line = locked(work, BankLine, line_id, "this line")
    statement = locked(work, BankStatement, line.statement_id, "this statement")
    if not line.live:
        raise Problem("This line was taken out already.", hint="Nothing was changed.")
    if statement.layout != LAYOUT and not _stands_twice(work, line):
        raise Problem(
            f"This line came with {statement.number}.",
            hint="Nothing was changed. A line of a file goes with its statement, unless another"
            " one of its day and amount is there too.",
        )
    matched = work.db.scalar(
        select(BankMatchLine.match_id).where(BankMatchLine.live_line_id == line.id)
    )
    if matched is not None:
        raise Problem(
            "This line is matched.", hint="Nothing was changed. Take the match apart first."
        )
    line.live = None
    statement.created -= 1
    statement.skipped += 1
    work.db.flush()
    record(work, "take_back_bank_line", "bank_line", line.id, account=line.bank_account_id)
    work.touch(Topic.BANK)


def put_line_back(work: Work, line_id: int) -> None:
    """Undo ``take_back_line``. Raises Problem where the line stands, or its statement does not."""
    require(work, Right.RECONCILE, _DOING)
    account_id = work.db.scalar(select(BankLine.bank_account_id).where(BankLine.id == line_id))
    locked(work, BankAccount, account_id, "this line")
    line = locked(work, BankLine, line_id, "this line")
    statement = locked(work, BankStatement, line.statement_id, "this statement")
    if line.live or statement.status is not StatementStatus.APPLIED:
        raise Problem(
            "This line was put back, or its statement taken out, meanwhile.",
            hint="Nothing was changed. Look at the bank's lines again.",
        )
    line.live = True
    statement.created += 1
    statement.skipped -= 1
    work.db.flush()
    record(work, "put_bank_line_back", "bank_line", line.id, account=line.bank_account_id)
    work.touch(Topic.BANK)


def _stands_twice(work: Work, line: BankLine) -> bool:
    """Return whether the account has another line of this day and amount."""
    other = exists().where(
        BankLine.bank_account_id == line.bank_account_id,
        BankLine.on == line.on,
        BankLine.amount == line.amount,
        BankLine.live.is_(True),
        BankLine.id != line.id,
    )
    return bool(work.db.scalar(select(other)))


def _statement(work: Work, account_id: int, on: date) -> BankStatement:
    """Return the statement that the typed lines of a month belong to; the first line makes it."""
    name = f"Paper {on:%Y-%m}"
    found = work.db.scalars(
        select(BankStatement).where(
            BankStatement.bank_account_id == account_id,
            BankStatement.layout == LAYOUT,
            BankStatement.file_name == name,
            BankStatement.status == StatementStatus.APPLIED,
        )
    ).one_or_none()
    if found is not None:
        found.first_day = min(found.first_day or on, on)
        found.last_day = max(found.last_day or on, on)
        return found
    row = BankStatement(
        number=next_number(work, SERIES, work.today().year),
        bank_account_id=account_id,
        file_name=name,
        sha256=hashlib.sha256(f"{LAYOUT} {account_id} {name}".encode()).hexdigest(),
        layout=LAYOUT,
        first_day=on,
        last_day=on,
        status=StatementStatus.APPLIED,
        read=0,
        created=0,
        unchanged=0,
        skipped=0,
        findings={"findings": []},
        applied_by=work.actor.staff_id,
        applied_at=work.now(),
    )
    work.db.add(row)
    work.db.flush()
    return row


def _require_day(work: Work, account: BankAccount, on: date) -> None:
    if not is_bank_day(on, work.today(), ahead=timedelta()):
        raise Problem(
            f"{shown_day(on)} has not come, or cannot be meant.",
            hint=f"{_NOTHING} Type the day of the line.",
        )
    if account.starts_on is not None and on < account.starts_on:
        raise Problem(
            f"{account.name} is reconciled here from {account.starts_on:%m/%d/%Y} on.",
            hint=f"{_NOTHING} What was before is in the balance that it starts with.",
        )
    proved = work.db.scalar(
        select(func.max(Reconciliation.last_day)).where(
            Reconciliation.bank_account_id == account.id,
            Reconciliation.status == ReconciliationStatus.COMPLETED,
        )
    )
    if proved is not None and on <= proved:
        raise Problem(
            f"{account.name} is reconciled to {proved:%m/%d/%Y}.",
            hint=f"{_NOTHING} Undo that reconciliation first, where a line was missing.",
        )
