"""What becomes of statements that were made: sent, not sent yet, reworded, dropped, undone.

A statement that was dropped, or whose run was undone, counts as never sent: the next one goes on
from the one before it. Nothing here takes back what has left the office.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import func, or_, select

from fscdesk.models.document import SentBy
from fscdesk.models.ledger import JournalLine, Part
from fscdesk.models.patient import Guarantor, SendBy
from fscdesk.models.practice import Practice
from fscdesk.models.statement import Statement, StatementRun
from fscdesk.models.values import ZERO, GuarantorId, Money
from fscdesk.services.audit import record
from fscdesk.services.billing.eml import EmailFile, write_email
from fscdesk.services.billing.positions import PATIENT_SIDE, in_chunks
from fscdesk.services.billing.sendings import log_sending
from fscdesk.services.billing.statement_docs import letterhead_of, statement_docs
from fscdesk.services.billing.statement_people import last_statements
from fscdesk.services.billing.statement_plan import recipient_of
from fscdesk.services.billing.statement_terms import Recipient, StatementPlan
from fscdesk.services.billing.statements import drawn
from fscdesk.services.editing import text_of
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

LONGEST_MESSAGE = 400
_NOTHING = "Nothing was changed."


@dataclass(frozen=True, slots=True)
class UnsentRow:
    """A statement that has not left the office.

    ``message`` is its text by age; ``paid_since`` is what came in after its figures were
    frozen: such a statement is better dropped and made anew.
    """

    id: int
    number: str
    run_id: int
    as_of: date
    guarantor_id: GuarantorId
    account: str
    name: str
    amount: Money
    send_by: SendBy
    email: str
    message: str
    sha256: str
    paid_since: Money


def unsent(work: Work, run_id: int | None = None) -> tuple[UnsentRow, ...]:
    """Return the statements that wait to be sent, of one run or of all, oldest run first."""
    require(work, Right.MAKE_STATEMENTS, "look at the statements that were made")
    wanted = (
        select(Statement, StatementRun, Guarantor)
        .join(StatementRun, StatementRun.id == Statement.run_id)
        .join(Guarantor, Guarantor.id == Statement.guarantor_id)
        .where(
            StatementRun.undone_at.is_(None),
            Statement.sent_at.is_(None),
            Statement.dropped_at.is_(None),
        )
        .order_by(Statement.id)
    )
    if run_id is not None:
        wanted = wanted.where(Statement.run_id == run_id)
    rows = work.db.execute(wanted).all()
    paid: dict[tuple[int, int], Money] = {}
    for run in {run.id: run for _, run, _ in rows}.values():
        whose = [one.guarantor_id for one, of, _ in rows if of.id == run.id]
        paid |= {(run.id, one): money for one, money in _paid_since(work, run, whose).items()}
    return tuple(
        UnsentRow(
            one.id,
            one.number,
            run.id,
            run.as_of,
            GuarantorId(whose.id),
            whose.number,
            whose.name,
            one.amount_due,
            SendBy(whose.send_by),
            whose.email,
            one.message,
            one.sha256,
            paid.get((run.id, whose.id), ZERO),
        )
        for one, run, whose in rows
    )


def mark_sent(
    work: Work, statement_ids: Collection[int], *, how: SentBy, destination: str = ""
) -> int:
    """Take statements off the list of what is not sent, each with a line in the send log.

    All of them, or none: raises ChangedElsewhere when one was sent, dropped or undone before.
    """
    require(work, Right.MAKE_STATEMENTS, "send statements")
    rows = _locked(work, statement_ids)
    for row in rows:
        _require_waiting(row)
        log_sending(work, how, statement_id=row.id, destination=destination)
        row.sent_at = work.now()
    return _done(work, "mark_sent", rows)


def mark_unsent(work: Work, statement_ids: Collection[int], *, reason: str) -> int:
    """Put statements back onto the list of what is not sent; the send log keeps what it has.

    All of them, or none: raises ChangedElsewhere when one stands on the list already.
    """
    require(work, Right.MAKE_STATEMENTS, "send statements")
    words = text_of(reason, "the reason", longest=300, required=True)
    rows = _locked(work, statement_ids)
    for row in rows:
        if row.sent_at is None:
            raise ChangedElsewhere(f"Statement {row.number} was not sent.", hint=_NOTHING)
        row.sent_at = None
    return _done(work, "mark_unsent", rows, reason=words)


def drop(work: Work, statement_id: int, *, reason: str) -> None:
    """Take one statement off the list for good: it counts as never sent.

    Raises ChangedElsewhere when it was sent or dropped before, Problem when a later statement
    of the account goes on from it.
    """
    require(work, Right.MAKE_STATEMENTS, "drop statements")
    words = text_of(reason, "the reason", longest=300, required=True)
    _queue(work)
    (row,) = _locked(work, [statement_id])
    _require_waiting(row)
    _require_newest(work, [row])
    row.dropped_at = work.now()
    _done(work, "drop_statement", [row], reason=words)


def undo_run(work: Work, run_id: int, *, reason: str) -> int:
    """Undo a run of which nothing was sent, and return how many statements it had.

    Its statements count as never sent: the next ones begin where those before it ended. They
    are kept. Raises ChangedElsewhere when it was undone before, Problem when one of its
    statements was sent or when a later one goes on from it.
    """
    require(work, Right.MAKE_STATEMENTS, "undo statement runs")
    words = text_of(reason, "the reason", longest=300, required=True)
    _queue(work)
    run = work.db.get(StatementRun, run_id, with_for_update=True, populate_existing=True)
    if run is None:
        raise Problem(f"There is no statement run {run_id}.", hint=_NOTHING)
    if run.undone_at is not None:
        raise ChangedElsewhere(f"Run {run_id} was undone before.", hint=_NOTHING)
    rows = list(
        work.db.scalars(
            select(Statement)
            .where(Statement.run_id == run_id)
            .order_by(Statement.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
    gone = [row.number for row in rows if row.sent_at is not None]
    if gone:
        raise Problem(
            f"{len(gone)} of the {len(rows)} statements of run {run_id} were sent,"
            f" {gone[0]} first.",
            hint=f"{_NOTHING} Drop those that were not sent, one by one.",
        )
    _require_newest(work, [row for row in rows if row.dropped_at is None])
    run.undone_by, run.undone_at = work.actor.staff_id, work.now()
    work.db.flush()
    record(work, "undo_statements", "statement_run", run_id, statements=len(rows), reason=words)
    work.touch(Topic.STATEMENTS)
    return len(rows)


def reword(work: Work, statement_id: int, message: str, *, seen: str) -> str:
    """Give a statement that was not sent another text by age, and return its page's new hash.

    ``seen`` is the hash of the page that the person saw. The figures stay as they were frozen:
    raises Problem when the account has moved since, so that they would be others;
    ChangedElsewhere when the statement was sent, dropped or reworded before.
    """
    require(work, Right.MAKE_STATEMENTS, "change statements")
    words = text_of(message, "the message", longest=LONGEST_MESSAGE)
    _queue(work)
    (row,) = _locked(work, [statement_id])
    _require_waiting(row)
    if row.sha256 != seen:
        raise ChangedElsewhere(
            f"Someone else changed statement {row.number} first.",
            hint="Your change was not saved. Look at it again, and repeat what still applies.",
        )
    run = work.db.get_one(StatementRun, row.run_id)
    if _moved(work, run, row.guarantor_id):
        raise Problem(
            f"The account of statement {row.number} has moved since it was made.",
            hint=f"{_NOTHING} Drop it and make a new one, so that words and figures fit.",
        )
    one = _as_made(work, run, row)
    plan = StatementPlan(run.as_of, run.minimum, None, None, False, (one,), (), "")
    (doc,) = statement_docs(
        work,
        plan,
        numbers=[row.number],
        dated=run.made_at.astimezone(work.zone).date(),
        messages={row.guarantor_id: words},
    )
    if doc.amount_due != row.amount_due:
        raise Problem(
            f"Statement {row.number} would ask for {doc.amount_due} now, not {row.amount_due}.",
            hint=f"{_NOTHING} Drop it and make a new one.",
        )
    pdf, _ = drawn(doc, letterhead_of(work))
    row.pdf, row.sha256, row.message = pdf, hashlib.sha256(pdf).hexdigest(), words
    _done(work, "reword_statement", [row])
    return row.sha256


def write_statement_emails(
    work: Work, folder: Path, run_id: int, *, only: Collection[int] | None = None
) -> tuple[EmailFile, ...]:
    """Write one e-mail file for each unsent statement of a run that goes by e-mail.

    ``only`` writes those of these statements.

    Each is addressed from the record of the very guarantor it was made for, logged, and marked
    as sent. Raises Problem, with no file left, when one of them has no usable address.
    """
    require(work, Right.MAKE_STATEMENTS, "send statements")
    ids = [
        one.id
        for one in unsent(work, run_id)
        if one.send_by is SendBy.EMAIL and (only is None or one.id in only)
    ]
    rows = _locked(work, ids) if ids else []
    made: list[EmailFile] = []
    for done, row in enumerate(rows):
        work.job.step(done, len(rows), "Writing e-mails")
        _require_waiting(row)
        made.append(write_email(work, folder, statement_id=row.id))
        row.sent_at = work.now()
    if rows:
        _done(work, "email_statements", rows)
    return tuple(made)


def _queue(work: Work) -> None:
    """Wait for whoever makes, drops or undoes statements: they would read each other's last."""
    work.db.execute(select(Practice.id).where(Practice.id == 1).with_for_update())


def _locked(work: Work, statement_ids: Collection[int]) -> list[Statement]:
    wanted = sorted(set(statement_ids))
    rows: list[Statement] = []
    for chunk in in_chunks(wanted):
        rows += work.db.scalars(
            select(Statement)
            .where(among(work, Statement.id, chunk))
            .order_by(Statement.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    if not wanted or len(rows) != len(wanted):
        raise Problem("There is no such statement.", hint=_NOTHING)
    undone = work.db.scalar(
        select(StatementRun.id)
        .where(
            among(work, StatementRun.id, {row.run_id for row in rows}),
            StatementRun.undone_at.is_not(None),
        )
        .limit(1)
    )
    if undone is not None:
        raise ChangedElsewhere(f"Run {undone} was undone.", hint=_NOTHING)
    return rows


def _require_waiting(row: Statement) -> None:
    for at, what in ((row.sent_at, "sent"), (row.dropped_at, "dropped")):
        if at is not None:
            raise ChangedElsewhere(f"Statement {row.number} was {what} before.", hint=_NOTHING)


def _require_newest(work: Work, rows: Sequence[Statement]) -> None:
    """Refuse while a later statement of one of these accounts counts as sent or to be sent."""
    mine = {row.guarantor_id: row.id for row in rows}
    for chunk in in_chunks(sorted(mine)):
        newest = (
            select(Statement.guarantor_id, func.max(Statement.id))
            .join(StatementRun, StatementRun.id == Statement.run_id)
            .where(
                among(work, Statement.guarantor_id, chunk),
                StatementRun.undone_at.is_(None),
                Statement.dropped_at.is_(None),
            )
            .group_by(Statement.guarantor_id)
        )
        for guarantor, last in work.db.execute(newest):
            if last > mine[guarantor]:
                later = work.db.get_one(Statement, last)
                raise Problem(
                    f"Statement {later.number} was made later and goes on from there.",
                    hint=f"{_NOTHING} Drop that one, or undo its run, first.",
                )


def _paid_since(work: Work, run: StatementRun, guarantors: Sequence[int]) -> dict[int, Money]:
    found: dict[int, Money] = {}
    for chunk in in_chunks(guarantors):
        sums = (
            select(JournalLine.guarantor_id, func.sum(JournalLine.amount))
            .where(
                among(work, JournalLine.guarantor_id, chunk),
                JournalLine.account.in_(PATIENT_SIDE),
                JournalLine.part == Part.PATIENT_PAID,
                or_(JournalLine.day > run.as_of, JournalLine.entry_id > run.through_entry),
            )
            .group_by(JournalLine.guarantor_id)
            .having(func.sum(JournalLine.amount) < ZERO)
        )
        found |= {who: -paid for who, paid in work.db.execute(sums) if who is not None}
    return found


def _moved(work: Work, run: StatementRun, guarantor_id: int) -> bool:
    later = select(JournalLine.id).where(
        JournalLine.guarantor_id == guarantor_id,
        JournalLine.account.in_(PATIENT_SIDE),
        JournalLine.day <= run.as_of,
        JournalLine.entry_id > run.through_entry,
    )
    return work.db.scalar(later.limit(1)) is not None


def _as_made(work: Work, run: StatementRun, row: Statement) -> Recipient:
    """Return the recipient as the run saw it: with the statement before this one as its last."""
    one = recipient_of(work, row.guarantor_id, as_of=run.as_of, since=None)
    before, _ = last_statements(work, run.as_of, [row.guarantor_id], below=row.id)
    return replace(one, period_from=row.period_from, last=before.get(row.guarantor_id))


def _done(work: Work, action: str, rows: Sequence[Statement], **detail: str) -> int:
    work.db.flush()
    record(
        work, action, "statement", rows[0].id, statements=len(rows), first=rows[0].number, **detail
    )
    work.touch(Topic.STATEMENTS)
    return len(rows)
