"""Reconciling: a period of a bank account is proved against its statement, and locked.

    ident = start(work, account_id, date(2026, 3, 31), Money(394629))
    state = standing(work, ident)               # what is cleared, on the way, and missing
    complete(work, ident)                       # only where nothing is missing

The opening of the first period is what the account starts with, of each later one the statement
balance of the one before. Only the last completed one can be undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, func, select, update

from fscdesk.models.bank import BankAccount, BankLine
from fscdesk.models.ledger import JournalLine
from fscdesk.models.reconciliation import (
    BankMatch,
    Reconciliation,
    ReconciliationItem,
    ReconciliationStatus,
)
from fscdesk.models.values import Money
from fscdesk.services.audit import record
from fscdesk.services.banking.reconciliation_list import ReconciliationRow, reconciliations
from fscdesk.services.banking.reconciliation_locks import period_words, require_unlocked
from fscdesk.services.banking.reconciliation_reading import matches_to_lock, read_state
from fscdesk.services.banking.reconciliation_state import ReconciliationState
from fscdesk.services.editing import locked, require_version, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.posting_hold import after_postings, hold_postings
from fscdesk.services.numbering import next_number
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = [
    "ReconciliationRow",
    "ReconciliationState",
    "TakenBack",
    "complete",
    "drop",
    "mark",
    "open_one",
    "period_words",
    "reconciliation_named",
    "reconciliations",
    "require_unlocked",
    "standing",
    "start",
    "undo_last",
]

SERIES = "REC"
_DOING = "reconcile bank accounts"
_WHAT = "this reconciliation"


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A reconciliation that was taken back; ``given_up`` was begun after it, "" where none was."""

    number: str
    given_up: str = ""

    @property
    def words(self) -> str:
        """Return what happened, as a sentence or two."""
        said = f"{self.number} is taken back: what it locked can be changed."
        if self.given_up:
            said += f" {self.given_up}, begun after it, is given up; what is matched stays matched."
        return said


def start(work: Work, account_id: int, last_day: date, statement: Money) -> int:
    """Begin the next period of an account up to a day, or go on with the one that is open.

    ``statement`` is the balance that the bank's statement ends with; typed again, the open one
    takes the new day and balance. Returns its id. Raises Problem for a day that is reconciled
    already, has not come, or lies before the account's first.
    """
    require(work, Right.RECONCILE, _DOING)
    account = locked(work, BankAccount, account_id, "this bank account")
    before = _last_completed(work, account.id)
    _require_day(work, account, before, last_day)
    opening = account.starts_with if before is None else before.statement
    row = _open_row(work, account.id)
    work.touch(Topic.BANK)
    if row is not None:
        if (row.last_day, row.statement, row.opening) != (last_day, statement, opening):
            row.last_day, row.statement, row.opening = last_day, statement, opening
            row.first_day = _first_day(work, account, before, last_day)
            work.db.flush()
            record(work, "change_reconciliation", "reconciliation", row.id, **_facts(row))
        return row.id
    row = Reconciliation(
        number=next_number(work, SERIES, work.today().year),
        bank_account_id=account.id,
        first_day=_first_day(work, account, before, last_day),
        last_day=last_day,
        opening=opening,
        statement=statement,
        started_by=work.actor.staff_id,
        started_at=work.now(),
    )
    work.db.add(row)
    work.db.flush()
    record(work, "start_reconciliation", "reconciliation", row.id, **_facts(row))
    return row.id


def standing(work: Work, reconciliation_id: int) -> ReconciliationState:
    """Return how a reconciliation stands. Raises Problem where there is none, or it was undone."""
    require(work, Right.RECONCILE, _DOING)
    row = work.db.get(Reconciliation, reconciliation_id)
    if row is None:
        raise Problem("This reconciliation is not in the books.", hint="Nothing was changed.")
    _require_live(row)
    return read_state(work, row)


def complete(
    work: Work, reconciliation_id: int, *, expected_version: int | None = None
) -> ReconciliationState:
    """Prove the period and lock what stands in it; return what was locked.

    Raises Problem, and locks nothing, where a line up to the last day is not matched (each is
    named), where opening and cleared are not the statement, or where our books are not the
    statement with what is on the way.
    """
    row = _locked_open(work, reconciliation_id, expected_version)
    hold_postings(work)
    state = read_state(work, row)
    if not state.ready:
        raise Problem(
            f"{state.account_name} is not reconciled to {row.last_day:%m/%d/%Y}. "
            + " ".join(state.missing),
            hint="Nothing was completed. Match what is named, then complete it again.",
        )
    matches = matches_to_lock(work, row)
    work.db.execute(
        update(BankMatch)
        .where(among(work, BankMatch.id, matches))
        .values(reconciliation_id=row.id, version=BankMatch.version + 1)
        .execution_options(synchronize_session=False)
    )
    work.db.execute(
        delete(ReconciliationItem).where(ReconciliationItem.reconciliation_id == row.id)
    )
    own = (*state.in_transit, *state.outstanding)
    for item, cents in (
        *((one, one.amount) for one in own),
        *((one, -one.amount) for one in state.booked_after),
    ):
        work.db.add(
            ReconciliationItem(
                reconciliation_id=row.id,
                entry_id=item.entry_id,
                amount=cents,
                note=item.note,
                seen_by=work.actor.staff_id,
                seen_at=work.now(),
            )
        )
    row.status, row.book = ReconciliationStatus.COMPLETED, state.book
    row.completed_by, row.completed_at = work.actor.staff_id, after_postings(work)
    work.db.flush()
    work.db.expire_all()
    record(
        work,
        "complete_reconciliation",
        "reconciliation",
        row.id,
        matches=len(matches),
        items=len(own) + len(state.booked_after),
        book=state.book.plain(),
        **_facts(row),
    )
    work.touch(Topic.BANK)
    return read_state(work, row)


def mark(work: Work, reconciliation_id: int, entry_id: int, note: str) -> None:
    """Keep a person's word that an entry is on its way: a check not cashed, a deposit not booked.

    It is needed for what was written before the account's first day; elsewhere it is a note.
    """
    row = _locked_open(work, reconciliation_id, None)
    account = work.db.get_one(BankAccount, row.bank_account_id)
    amount = work.db.scalar(
        select(func.sum(JournalLine.amount)).where(
            JournalLine.entry_id == entry_id, JournalLine.account == account.account
        )
    )
    if not amount:
        raise Problem(f"This entry does not move {account.name}.", hint="Nothing was changed.")
    text = text_of(note, "the note", longest=300)
    item = work.db.scalar(
        select(ReconciliationItem).where(
            ReconciliationItem.reconciliation_id == row.id,
            ReconciliationItem.entry_id == entry_id,
        )
    )
    if item is None:
        item = ReconciliationItem(reconciliation_id=row.id, entry_id=entry_id, amount=amount)
        work.db.add(item)
    item.note = text
    item.seen_by, item.seen_at = work.actor.staff_id, work.now()
    work.db.flush()
    record(work, "mark_outstanding", "reconciliation", row.id, entry=entry_id)
    work.touch(Topic.BANK)


def drop(work: Work, reconciliation_id: int) -> str:
    """Give up a reconciliation that is not completed; return its number.

    What was matched stays matched, and what was confirmed as on its way is asked again.
    """
    row = _locked_open(work, reconciliation_id, None)
    _undo(work, row, "Given up before it was completed")
    record(work, "drop_reconciliation", "reconciliation", row.id)
    return row.number


def undo_last(work: Work, account_id: int, reason: str) -> TakenBack:
    """Take the last completed reconciliation of an account back.

    Its matches can be changed again. The next one, where it is begun and holds nothing of its
    own, is given up with it. Raises Problem without a reason, where none is completed, or where
    a person has confirmed something in the next one: that one is given up first.
    """
    require(work, Right.RECONCILE, _DOING)
    why = text_of(reason, "the reason", longest=300, required=True)
    account = locked(work, BankAccount, account_id, "this bank account")
    row = _last_completed(work, account.id)
    if row is None:
        raise Problem(f"{account.name} has no reconciled month.", hint="Nothing was undone.")
    row = locked(work, Reconciliation, row.id, _WHAT)
    given_up = _give_up_next(work, account.id, row)
    work.db.execute(
        update(BankMatch)
        .where(BankMatch.reconciliation_id == row.id)
        .values(reconciliation_id=None, version=BankMatch.version + 1)
        .execution_options(synchronize_session=False)
    )
    _undo(work, row, why)
    work.db.expire_all()
    record(work, "undo_reconciliation", "reconciliation", row.id, reason=why)
    return TakenBack(row.number, given_up)


def open_one(work: Work, account_id: int) -> int | None:
    """Return the id of the reconciliation that is begun and not completed, None where none is."""
    row = _open_row(work, account_id)
    return None if row is None else row.id


def reconciliation_named(work: Work, number: str) -> int:
    """Return the id of a reconciliation by its number. Raises Problem where there is none."""
    found = work.db.scalar(select(Reconciliation.id).where(Reconciliation.number == number.upper()))
    if found is None:
        raise Problem(
            f"There is no reconciliation {number}.",
            hint="Nothing was changed. Its number is like REC-2026-00003.",
        )
    return found


def _last_completed(work: Work, account_id: int) -> Reconciliation | None:
    return work.db.scalars(
        select(Reconciliation)
        .where(
            Reconciliation.bank_account_id == account_id,
            Reconciliation.status == ReconciliationStatus.COMPLETED,
        )
        .order_by(Reconciliation.last_day.desc())
        .limit(1)
    ).one_or_none()


def _open_row(work: Work, account_id: int) -> Reconciliation | None:
    return work.db.scalars(
        select(Reconciliation).where(
            Reconciliation.bank_account_id == account_id,
            Reconciliation.status == ReconciliationStatus.OPEN,
        )
    ).one_or_none()


def _require_day(
    work: Work, account: BankAccount, before: Reconciliation | None, last_day: date
) -> None:
    if last_day > work.today():
        raise Problem(
            f"{last_day:%m/%d/%Y} has not come yet.",
            hint="Nothing was begun. Type the last day of the bank's statement.",
        )
    if before is not None and last_day <= before.last_day:
        raise Problem(
            f"{account.name} is reconciled to {before.last_day:%m/%d/%Y} ({before.number}).",
            hint="Nothing was begun. Type a later day, or undo that one first.",
        )
    if account.starts_on is not None and last_day < account.starts_on:
        raise Problem(
            f"{account.name} is reconciled here from {account.starts_on:%m/%d/%Y} on.",
            hint="Nothing was begun. Type a later day.",
        )


def _first_day(
    work: Work, account: BankAccount, before: Reconciliation | None, last_day: date
) -> date:
    if before is not None:
        return before.last_day + timedelta(days=1)
    if account.starts_on is not None:
        return account.starts_on
    oldest = work.db.scalar(
        select(func.min(BankLine.on)).where(
            BankLine.bank_account_id == account.id, BankLine.live.is_(True)
        )
    )
    first = last_day.replace(day=1)
    return first if oldest is None else min(first, oldest)


def _locked_open(
    work: Work, reconciliation_id: int, expected_version: int | None
) -> Reconciliation:
    """Return an open reconciliation for changing; its account is locked before it, as always."""
    require(work, Right.RECONCILE, _DOING)
    account_id = work.db.scalar(
        select(Reconciliation.bank_account_id).where(Reconciliation.id == reconciliation_id)
    )
    locked(work, BankAccount, account_id, _WHAT)
    row = locked(work, Reconciliation, reconciliation_id, _WHAT)
    if expected_version is not None:
        require_version(row, expected_version, _WHAT)
    _require_live(row)
    if row.status is ReconciliationStatus.COMPLETED:
        raise Problem(f"{row.number} is completed already.", hint="Nothing was changed.")
    return row


def _require_live(row: Reconciliation) -> None:
    if row.status is ReconciliationStatus.UNDONE:
        raise Problem(
            f"{row.number} was undone.", hint="Nothing was changed. Begin the period again."
        )


def _give_up_next(work: Work, account_id: int, before: Reconciliation) -> str:
    """Give up the period that stands on the one before; return its number, "" where none does."""
    going = _open_row(work, account_id)
    if going is None:
        return ""
    kept = select(func.count()).where(ReconciliationItem.reconciliation_id == going.id)
    count = work.db.scalar(kept) or 0
    if count:
        period = period_words(going.first_day, going.last_day)
        noted = "1 entry is" if count == 1 else f"{count} entries are"
        raise Problem(
            f"{going.number} ({period}) is begun after {before.number}, and {noted} confirmed in"
            " it.",
            hint=f"Nothing was undone. Give up {period} first: what is matched stays matched.",
        )
    drop(work, going.id)
    return going.number


def _undo(work: Work, row: Reconciliation, why: str) -> None:
    row.status, row.live, row.undone_why = ReconciliationStatus.UNDONE, None, why
    row.undone_by, row.undone_at = work.actor.staff_id, work.now()
    work.db.flush()
    work.touch(Topic.BANK)


def _facts(row: Reconciliation) -> dict[str, str | int]:
    return {
        "account": row.bank_account_id,
        "last_day": row.last_day.isoformat(),
        "opening": row.opening.plain(),
        "statement": row.statement.plain(),
    }
