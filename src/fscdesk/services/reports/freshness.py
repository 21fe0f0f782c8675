"""How new what we know is: each kind's last import, each payer's answer, each account's line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from fscdesk.models.bank import BankAccount, BankLine
from fscdesk.models.deposit import Deposit, DepositStatus
from fscdesk.models.import_batch import BatchStatus, ImportBatch
from fscdesk.models.payer import Payer
from fscdesk.models.statement import Statement, StatementRun
from fscdesk.models.values import Money
from fscdesk.services.importing.report_signatures import short_title
from fscdesk.services.ledger.accounts import INSURANCE_RECEIVABLE
from fscdesk.services.ledger.open_items import dated
from fscdesk.services.permissions import Right, require
from fscdesk.services.reports.metric_facts import as_day
from fscdesk.services.work import Work

LOOK_BACK: Final = timedelta(days=400)
"""How far back a payer's last answer is looked for; before that it is as good as none."""
IMPORT_LATE, PAYER_LATE, BANK_LATE = 7, 14, 10
"""After so many days without news the office should look."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """When something was last heard of; ``day`` and ``days`` are None where it never was."""

    id: int
    name: str
    day: date | None
    days: int | None
    late: bool


@dataclass(frozen=True, slots=True)
class Freshness:
    """The last import of each kind of file, and the last payment of each payer that owes.

    ``accounts`` are the bank accounts of which statements are expected, by their newest line:
    those that had one, those whose reconciling begins on a day, and the one that deposits go to.
    ``deposits`` are the accounts that deposits go to, by their last one; only that to which they
    go where nothing else is said can be late.
    """

    imports: tuple[Fresh, ...]
    payers: tuple[Fresh, ...]
    accounts: tuple[Fresh, ...] = ()
    deposits: tuple[Fresh, ...] = ()


@dataclass(frozen=True, slots=True)
class LastDone:
    """An act of the office: ``import``, ``undo`` or ``statements``, in words, newest first."""

    kind: str
    id: int
    at: datetime
    words: str
    undoable: bool


def freshness(work: Work) -> Freshness:
    """Return how new the office's knowledge is today."""
    require(work, Right.SEE_REPORTS, "see reports")
    return Freshness(_imports(work), _payers(work), *_accounts(work))


def last_done(work: Work, limit: int = 10) -> tuple[LastDone, ...]:
    """Return the last imports, undos and statement runs, newest first.

    ``undoable`` says that the import stands; whether later work stands on it, its undo says.
    """
    require(work, Right.SEE_REPORTS, "see reports")
    done = [*_batches(work, limit), *_undos(work, limit), *_runs(work, limit)]
    return tuple(sorted(done, key=lambda act: (act.at, act.id), reverse=True)[:limit])


def _imports(work: Work) -> tuple[Fresh, ...]:
    newest = (
        select(func.max(ImportBatch.id))
        .where(ImportBatch.status == BatchStatus.APPLIED)
        .group_by(ImportBatch.profile)
    )
    rows = work.db.execute(
        select(ImportBatch.id, ImportBatch.profile, ImportBatch.applied_at)
        .where(ImportBatch.id.in_(newest))
        .order_by(ImportBatch.profile)
    )
    return tuple(
        _fresh(
            work,
            row.id,
            _title(row.profile),
            row.applied_at.astimezone(work.zone).date(),
            IMPORT_LATE,
        )
        for row in rows
    )


def _title(profile: str) -> str:
    return "Appointment report" if profile == "appointments" else short_title(profile)


def _payers(work: Work) -> tuple[Fresh, ...]:
    """Return payers that owe something or have paid lately, those silent longest first."""
    answers = {
        int(row[0]): as_day(row[1])
        for row in dated(
            work,
            "SELECT payer_id, max(day) FROM journal_line WHERE account = :account AND day > :first"
            " AND part = 'insurance_paid' AND payer_id IS NOT NULL AND amount < 0"
            " GROUP BY payer_id",
            account=INSURANCE_RECEIVABLE,
            first=work.today() - LOOK_BACK,
        )
    }
    owing = {
        int(row[0])
        for row in dated(
            work,
            "SELECT payer_id FROM charge WHERE insurance_balance <> 0"
            " AND payer_id IS NOT NULL GROUP BY payer_id HAVING sum(insurance_balance) > 0",
        )
    }
    names = work.db.execute(select(Payer.id, Payer.name).where(Payer.active))
    found = [
        _fresh(work, payer_id, name, answers.get(payer_id), PAYER_LATE)
        for payer_id, name in names
        if payer_id in answers or payer_id in owing
    ]
    return tuple(
        sorted(found, key=lambda one: (one.days or 0, one.name) if one.day else (10**6, one.name))
    )


def _accounts(work: Work) -> tuple[tuple[Fresh, ...], tuple[Fresh, ...]]:
    """Return the accounts of which a statement is expected, and those that deposits go to."""
    lines: dict[int, date] = {
        row.bank_account_id: row.newest
        for row in work.db.execute(
            select(BankLine.bank_account_id, func.max(BankLine.on).label("newest"))
            .where(BankLine.live.is_(True))
            .group_by(BankLine.bank_account_id)
        )
    }
    deposits: dict[int, date] = {
        row.bank_account_id: row.newest
        for row in work.db.execute(
            select(Deposit.bank_account_id, func.max(Deposit.on).label("newest"))
            .where(Deposit.status == DepositStatus.POSTED)
            .group_by(Deposit.bank_account_id)
        )
    }
    used = work.db.execute(
        select(BankAccount.id, BankAccount.name, BankAccount.is_default, BankAccount.starts_on)
        .where(BankAccount.active.is_(True))
        .order_by(BankAccount.is_default.desc(), BankAccount.name)
    ).all()
    stated, filled = [], []
    for row in used:
        main = row.is_default and (row.id in lines or row.id in deposits)
        if row.id in lines or row.starts_on is not None or main:
            stated.append(_fresh(work, row.id, row.name, lines.get(row.id), BANK_LATE))
        if row.id in deposits or main:
            last = _fresh(work, row.id, row.name, deposits.get(row.id), BANK_LATE)
            filled.append(last if main else replace(last, late=False))
    return tuple(stated), tuple(filled)


def _fresh(work: Work, key: int, name: str, day: date | None, late_after: int) -> Fresh:
    days = None if day is None else (work.today() - day).days
    return Fresh(key, name, day, days, days is None or days > late_after)


def _batches(work: Work, limit: int) -> list[LastDone]:
    rows = work.db.scalars(select(ImportBatch).order_by(ImportBatch.id.desc()).limit(limit))
    return [
        LastDone(
            kind="import",
            id=row.id,
            at=row.applied_at,
            words=f"Imported {row.read} rows"
            + "".join(
                f", {count} {word}"
                for count, word in (
                    (row.created, "new"),
                    (row.changed, "changed"),
                    (row.skipped, "skipped"),
                )
                if count
            ),
            undoable=row.status == BatchStatus.APPLIED,
        )
        for row in rows
    ]


def _undos(work: Work, limit: int) -> list[LastDone]:
    rows = work.db.scalars(
        select(ImportBatch)
        .where(ImportBatch.undone_at.is_not(None))
        .order_by(ImportBatch.undone_at.desc())
        .limit(limit)
    )
    return [
        LastDone(
            kind="undo",
            id=row.id,
            at=row.undone_at,
            words=f"Undid the import of {row.applied_at.astimezone(work.zone):%m/%d}",
            undoable=False,
        )
        for row in rows
        if row.undone_at is not None
    ]


def _runs(work: Work, limit: int) -> list[LastDone]:
    rows = work.db.execute(
        select(
            StatementRun.id,
            StatementRun.made_at,
            func.count(Statement.id),
            func.sum(Statement.amount_due),
        )
        .outerjoin(Statement, Statement.run_id == StatementRun.id)
        .where(StatementRun.undone_at.is_(None))
        .group_by(StatementRun.id, StatementRun.made_at)
        .order_by(StatementRun.id.desc())
        .limit(limit)
    )
    return [
        LastDone(
            kind="statements",
            id=run_id,
            at=made_at,
            words=f"Made {count} {'statement' if count == 1 else 'statements'}, {due or Money()}",
            undoable=False,
        )
        for run_id, made_at, count, due in rows
    ]
