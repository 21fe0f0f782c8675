"""Bank statements: a plan of what a file adds, applied once, taken back whole.

    plan = plan_statement(work, path.name, path.read_bytes())
    done = apply_statement(work, path.name, path.read_bytes())

Overlapping files add nothing twice: a line is known by its day, amount and words, whatever the
layout, unless the bank's own ids differ. Two equal lines of one file are two, as they are at the
bank. A line whose day cannot be is a finding, and is not stored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select

from fscdesk.models.bank import BankAccount, BankLayout, BankLine, BankStatement, StatementStatus
from fscdesk.models.values import Money
from fscdesk.services.audit import record
from fscdesk.services.banking.accounts import account_named, fingerprint_of
from fscdesk.services.banking.bank_days import on_bank_days
from fscdesk.services.banking.bank_words import sender_of, trace_of
from fscdesk.services.banking.certain import apply_certain, certain_of
from fscdesk.services.banking.known_lines import line_key, planned_lines
from fscdesk.services.banking.layouts import Columns, Layout
from fscdesk.services.banking.reading import read_statement
from fscdesk.services.banking.statement_around import around
from fscdesk.services.banking.statement_files import ReadStatement
from fscdesk.services.banking.statement_plan import (
    AppliedStatement,
    LineVerdict,
    PlannedLine,
    PlannedMatch,
    StatementPlan,
    lines_to_be,
)
from fscdesk.services.banking.taking_apart import (
    automatic_matches,
    lines_matched_by_hand,
    take_apart,
)
from fscdesk.services.bulk import insert_rows, reserve_ids
from fscdesk.services.editing import locked
from fscdesk.services.errors import Problem
from fscdesk.services.numbering import next_number
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

SERIES = "BST"
_LARGEST = 64 * 1024 * 1024
_DOING = "read bank statements"
_COLUMNS = (
    *("id", "bank_account_id", "statement_id", "position", "on", "amount", "words", "kind"),
    *("check_number", "bank_id", "trace", "sender", "balance", "key", "occurrence", "live"),
)


def plan_statement(
    work: Work, name: str, data: bytes, *, account_id: int | None = None
) -> StatementPlan:
    """Return what a file would add to an account, line by line; nothing is stored.

    The account is the one given, else the one whose number the file tells, else the default.
    Raises UnknownLayout for columns that nobody has mapped, Problem for no statement at all, for
    one of several accounts of which none is ours, or for another account's.
    """
    plan = _plan(work, name, data, account_id)
    return replace(plan, matches=_matches(work, plan))


def _plan(work: Work, name: str, data: bytes, account_id: int | None) -> StatementPlan:
    require(work, Right.RECONCILE, _DOING)
    if len(data) > _LARGEST:
        raise Problem(
            f"{name} is too large for a bank statement.",
            hint="Nothing was read. Download a shorter range of days from the bank.",
        )
    found = read_statement(data, name, layouts=saved_layouts(work))
    read = on_bank_days(_chosen(work, name, found, account_id), work.today())
    account = work.db.get_one(BankAccount, _account_of(work, read, account_id))
    digest = hashlib.sha256(data).hexdigest()
    rows, told = planned_lines(work, account, read)
    return StatementPlan(
        account_id=account.id,
        account_name=account.name,
        file_name=name,
        sha256=digest,
        layout=read.layout,
        first_day=read.first_day,
        last_day=read.last_day,
        opening=read.opening,
        closing=read.closing,
        lines=tuple(rows),
        findings=(*read.findings, *told, *around(work, account, read, rows)),
        duplicate_of=_duplicate(work, account.id, digest),
    )


def apply_statement(
    work: Work, name: str, data: bytes, *, account_id: int | None = None
) -> AppliedStatement:
    """Store what the plan says is new, in one transaction; a file that adds nothing stores nothing.

    The plan is made anew on the locked account, so that two desks reading overlapping files add
    each line once. What an exact trace explains is matched at once, and told in the answer.
    """
    seen = _plan(work, name, data, account_id)
    account = locked(work, BankAccount, seen.account_id, "this bank account")
    plan = _plan(work, name, data, account.id)
    new = [line for line in plan.lines if line.verdict is LineVerdict.NEW]
    if not new:
        return AppliedStatement(None, "", plan)
    _learn_number(work, account, name, data)
    statement = BankStatement(
        number=next_number(work, SERIES, work.today().year),
        bank_account_id=account.id,
        file_name=name[-260:],
        sha256=plan.sha256,
        layout=plan.layout,
        first_day=plan.first_day,
        last_day=plan.last_day,
        opening=plan.opening,
        closing=plan.closing,
        status=StatementStatus.APPLIED,
        read=plan.read,
        created=plan.created,
        unchanged=plan.unchanged,
        skipped=plan.skipped,
        findings={"findings": [[one.code, one.message, one.where] for one in plan.findings]},
        applied_by=work.actor.staff_id,
        applied_at=work.now(),
    )
    work.db.add(statement)
    work.db.flush()
    _insert(work, statement, new)
    record(
        work,
        "read_bank_statement",
        "bank_statement",
        statement.id,
        account=account.id,
        read=plan.read,
        created=plan.created,
    )
    work.touch(Topic.BANK)
    statement_id, number = statement.id, statement.number
    return AppliedStatement(statement_id, number, plan, apply_certain(work, plan.account_id))


def _matches(work: Work, plan: StatementPlan) -> tuple[PlannedMatch, ...]:
    """Say which new lines a trace would match."""
    new = lines_to_be(plan)
    return tuple(
        PlannedMatch(plan.lines[-line.id - 1].line.position, why)
        for line, why in certain_of(work, plan.account_id, new)
    )


def statement_named(work: Work, number: str) -> int:
    """Return the id of the statement with a number. Raises Problem where there is none."""
    found = work.db.scalar(select(BankStatement.id).where(BankStatement.number == number.upper()))
    if found is None:
        raise Problem(
            f"There is no bank statement {number}.",
            hint="Nothing was changed. A statement's number is like BST-2026-00042.",
        )
    return found


def undo_statement(work: Work, statement_id: int) -> int:
    """Take a statement's lines out again and return how many; the same file can be read again.

    What a trace had matched by itself is taken apart with it. Raises Problem, with the count, where
    a person has matched a line of it: that is taken apart first.
    """
    require(work, Right.RECONCILE, _DOING)
    statement = locked(work, BankStatement, statement_id, "this statement")
    if statement.status is StatementStatus.UNDONE:
        raise Problem(f"{statement.number} was taken back already.", hint="Nothing was changed.")
    locked(work, BankAccount, statement.bank_account_id, "this bank account")
    number = statement.number
    own = (BankLine.statement_id == statement_id, BankLine.live.is_(True))
    ids = work.db.scalars(select(BankLine.id).where(*own)).all()
    matched = lines_matched_by_hand(work, ids)
    if matched:
        raise Problem(
            f"{matched} of the lines of {number} are matched.",
            hint="Nothing was taken back. Take these matches apart first.",
        )
    for match_id in automatic_matches(work, ids):
        take_apart(work, match_id, f"{number} was taken back")
    lines = work.db.scalars(select(BankLine).where(*own)).all()
    for line in lines:
        line.live = None
    statement.status = StatementStatus.UNDONE
    statement.undone_by, statement.undone_at = work.actor.staff_id, work.now()
    work.db.flush()
    record(work, "undo_bank_statement", "bank_statement", statement.id, lines=len(lines))
    work.touch(Topic.BANK)
    return len(lines)


def saved_layouts(work: Work) -> list[Layout]:
    """Return the layouts that a person mapped."""
    return [
        Layout(row.signature, Columns.of_mapping(row.name, row.mapping))
        for row in work.db.scalars(select(BankLayout).order_by(BankLayout.id))
    ]


def _chosen(
    work: Work, name: str, found: Sequence[ReadStatement], account_id: int | None
) -> ReadStatement:
    """Choose the account's statement of a file with several; refuse another account's."""
    own = {
        row.fingerprint: row.id
        for row in work.db.scalars(select(BankAccount).where(BankAccount.fingerprint.is_not(None)))
    }
    whose = [(own.get(fingerprint_of(one.account_number)), one) for one in found]
    fitting = [one for known, one in whose if known is not None and known == (account_id or known)]
    if len(fitting) == 1:
        return fitting[0]
    if len(found) == 1:
        known, one = whose[0]
        if known is not None and account_id is not None:
            other = work.db.get_one(BankAccount, known).name
            raise Problem(
                f"{name} is a statement of {other}.",
                hint="Nothing was read. Choose that account, or another file.",
            )
        told = work.db.get(BankAccount, account_id) if account_id is not None else None
        if one.account_number and told is not None and told.fingerprint is not None:
            raise Problem(
                f"{name} is a statement of another account than {told.name}.",
                hint="Nothing was read. Choose the account that it belongs to.",
            )
        return one
    raise Problem(
        f"{name} holds the statements of {len(found)} accounts; none is known here.",
        hint="Nothing was read. Tell the number: fscdesk bank account NAME --number NUMBER.",
    )


def _account_of(work: Work, read: ReadStatement, account_id: int | None) -> int:
    if account_id is not None:
        return account_id
    if read.account_number:
        known = work.db.scalar(
            select(BankAccount.id).where(
                BankAccount.fingerprint == fingerprint_of(read.account_number)
            )
        )
        if known is not None:
            return known
    return account_named(work)


def _duplicate(work: Work, account_id: int, digest: str) -> str | None:
    row = work.db.execute(
        select(BankStatement.number, BankStatement.applied_at).where(
            BankStatement.bank_account_id == account_id,
            BankStatement.sha256 == digest,
            BankStatement.status == StatementStatus.APPLIED,
        )
    ).first()
    if row is None:
        return None
    when = row.applied_at.astimezone(work.zone)
    return f"{row.number}, read on {when:%m/%d/%Y} at {when:%H:%M}"


def _learn_number(work: Work, account: BankAccount, name: str, data: bytes) -> None:
    """Remember the number that the first file of an account tells, to know its files again."""
    if account.fingerprint is not None:
        return
    told = read_statement(data, name, layouts=saved_layouts(work))
    number = told[0].account_number if len(told) == 1 else ""
    if number:
        account.fingerprint = fingerprint_of(number)
        digits = "".join(mark for mark in number if mark.isdigit())
        account.ending = account.ending or digits[-4:]
        work.db.flush()


def _insert(work: Work, statement: BankStatement, new: Sequence[PlannedLine]) -> None:
    ids = reserve_ids(work, "bank_line", len(new))
    insert_rows(
        work,
        "bank_line",
        _COLUMNS,
        (
            (
                *(line_id, statement.bank_account_id, statement.id, one.line.position),
                *(one.line.on.isoformat(), one.line.amount.cents, one.line.words[:300]),
                *(one.line.kind[:40], one.line.check_number[:40], one.line.bank_id[:255]),
                trace_of(one.line.words, one.line.check_number)[:100],
                sender_of(one.line.words)[:60],
                _cents(one.line.balance),
                *(line_key(one.line), one.occurrence, True),
            )
            for line_id, one in zip(ids, new, strict=True)
        ),
    )
    work.db.expire_all()


def _cents(amount: Money | None) -> int | None:
    return None if amount is None else amount.cents
