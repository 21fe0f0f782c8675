"""Statements for those who pay: plan, make, keep, print again.

    plan = plan_statements(work, as_of=day)         # who gets one, who does not and why
    made = make_statements(work, plan)              # numbered, drawn and kept, in one transaction
    statement_pdf_of(work, made.statements[0].id)   # exactly the page that was made

The figures are frozen with the page: what comes in later stands on the next statement.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from fscdesk.models.ledger import JournalEntry
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.practice import Practice
from fscdesk.models.statement import Statement, StatementRun
from fscdesk.models.values import GuarantorId, Money, PatientId
from fscdesk.services.audit import record
from fscdesk.services.billing.positions import in_chunks
from fscdesk.services.billing.statement_docs import letterhead_of, statement_docs
from fscdesk.services.billing.statement_plan import plan_statements, recipient_of
from fscdesk.services.billing.statement_terms import (
    Flag,
    LeftOut,
    Reason,
    Recipient,
    RunFilters,
    StatementPlan,
)
from fscdesk.services.bulk import insert_rows, reserve_ids
from fscdesk.services.errors import ChangedElsewhere, Finding, Problem
from fscdesk.services.numbering import number_text, reserve_numbers
from fscdesk.services.permissions import Right, require
from fscdesk.services.printing.statement import (
    Letterhead,
    StatementDoc,
    print_statements,
    statement_pdf,
)
from fscdesk.services.work import Topic, Work

__all__ = [
    "Flag",
    "LeftOut",
    "Made",
    "MadeStatement",
    "Reason",
    "Recipient",
    "RunFilters",
    "StatementPlan",
    "letterhead_of",
    "made_statements",
    "make_statements",
    "plan_statements",
    "preview_statement",
    "statement_docs",
    "statement_pdf_of",
    "unnumbered_statement",
]

SERIES = "ST"


@dataclass(frozen=True, slots=True)
class MadeStatement:
    """One statement that is kept. ``sha256`` is of its page, in hex."""

    id: int
    number: str
    guarantor_id: GuarantorId
    account: str
    name: str
    zip_code: str
    amount: Money
    sha256: str


@dataclass(frozen=True, slots=True)
class Made:
    """A run of statements, in the order of its envelopes.

    ``findings`` tell what a person should look at before they go out.
    """

    run_id: int
    as_of: date
    statements: tuple[MadeStatement, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def total(self) -> Money:
        """Return what the statements ask for together."""
        return Money(sum(one.amount.cents for one in self.statements))


def make_statements(work: Work, plan: StatementPlan, *, shown: str | None = None) -> Made:
    """Number, draw and keep the statements of the plan, in this transaction.

    ``shown`` is the digest of the plan that a person saw (that of ``plan`` where it is not
    given). When the books have moved since so that the plan is another one, nothing is made
    and ChangedElsewhere is raised. Raises Problem when nobody would get a statement.
    """
    require(work, Right.MAKE_STATEMENTS, "make statements")
    # Two runs at once would both find that nobody has a statement yet: they queue here.
    work.db.execute(select(Practice.id).where(Practice.id == 1).with_for_update())
    now = plan_statements(
        work,
        as_of=plan.as_of,
        minimum=plan.minimum,
        since=plan.since,
        guarantor_ids=plan.only,
        mail_only=plan.mail_only,
        held=plan.held,
        filters=plan.filters,
    )
    if now.digest != (shown or plan.digest):
        raise ChangedElsewhere(
            "The books changed after this list was made.",
            hint="No statement was made. The new list is shown; look at it and make them again.",
        )
    if not now.recipients:
        raise Problem(
            f"Nobody gets a statement as of {now.as_of:%m/%d/%Y}.",
            hint=f"{len(now.left_out)} accounts were left out; the list says why.",
        )
    run = StatementRun(
        as_of=now.as_of,
        through_entry=work.db.scalar(select(func.max(JournalEntry.id))) or 0,
        minimum=now.minimum,
        filters=now.filters.document(),
        made_by=work.actor.staff_id,
        made_at=work.now(),
    )
    work.db.add(run)
    work.db.flush()
    made, findings = _draw_and_keep(work, run.id, now)
    result = Made(run.id, now.as_of, tuple(made), tuple(dict.fromkeys(findings)))
    record(
        work,
        "make_statements",
        "statement_run",
        run.id,
        as_of=now.as_of.isoformat(),
        statements=len(made),
        total=result.total.plain(),
        left_out=len(now.left_out),
    )
    work.touch(Topic.STATEMENTS)
    return result


def statement_pdf_of(work: Work, statement_id: int) -> bytes:
    """Return the page that was made, byte for byte.

    Raises Problem when there is no such statement, or when its page is not what was kept.
    """
    require(work, Right.MAKE_STATEMENTS, "print statements")
    kept = work.db.execute(
        select(Statement.number, Statement.sha256, Statement.pdf).where(
            Statement.id == statement_id
        )
    ).one_or_none()
    if kept is None:
        raise Problem(f"There is no statement {statement_id}.", hint="Nothing was printed.")
    if hashlib.sha256(kept.pdf).hexdigest() != kept.sha256:
        raise Problem(
            f"The kept page of statement {kept.number} was changed outside of fscdesk.",
            hint="Nothing was printed. Restore it from a backup, or make a new statement.",
        )
    return bytes(kept.pdf)


def made_statements(work: Work, run_id: int) -> Made:
    """Return a run as it was made, to print it again. Raises Problem when there is none."""
    require(work, Right.MAKE_STATEMENTS, "print statements")
    run = work.db.get(StatementRun, run_id)
    if run is None:
        raise Problem(f"There is no statement run {run_id}.", hint="Nothing was printed.")
    rows = work.db.execute(
        select(
            Statement.id,
            Statement.number,
            Statement.guarantor_id,
            Guarantor.number.label("account"),
            Guarantor.name,
            Guarantor.zip_code,
            Statement.amount_due,
            Statement.sha256,
        )
        .join(Guarantor, Guarantor.id == Statement.guarantor_id)
        .where(Statement.run_id == run_id)
        .order_by(Statement.id)
    )
    statements = (
        MadeStatement(
            row.id,
            row.number,
            GuarantorId(row.guarantor_id),
            row.account,
            row.name,
            row.zip_code,
            row.amount_due,
            row.sha256,
        )
        for row in rows
    )
    return Made(run_id, run.as_of, tuple(statements))


def preview_statement(
    work: Work,
    *,
    as_of: date,
    guarantor_id: GuarantorId | None = None,
    patient_id: PatientId | None = None,
    since: date | None = None,
) -> bytes:
    """Draw one account's statement without a number and without keeping it.

    For a guarantor, or for the one who pays for a patient; whatever the balance is. Raises
    Problem when there is no such account.
    """
    whose = guarantor_id
    if whose is None and patient_id is not None:
        found = work.db.scalar(select(Patient.guarantor_id).where(Patient.id == patient_id))
        whose = None if found is None else GuarantorId(found)
    doc = unnumbered_statement(work, whose, as_of=as_of, since=since)
    return statement_pdf(doc, letterhead_of(work))


def unnumbered_statement(
    work: Work, guarantor_id: GuarantorId | None, *, as_of: date, since: date | None = None
) -> StatementDoc:
    """Return what one account's statement would say, whatever the balance is.

    Raises Problem when there is no such account.
    """
    require(work, Right.MAKE_STATEMENTS, "print statements")
    if guarantor_id is None or work.db.get(Guarantor, guarantor_id) is None:
        raise Problem("There is no such account.", hint="Nothing was printed.")
    one = recipient_of(work, guarantor_id, as_of=as_of, since=since)
    plan = StatementPlan(as_of, Money(), since, (guarantor_id,), False, (one,), (), "")
    return statement_docs(work, plan)[0]


def _draw_and_keep(
    work: Work, run_id: int, plan: StatementPlan
) -> tuple[list[MadeStatement], list[Finding]]:
    """Draw the run in parts, so that a long one holds a few pages in memory at a time."""
    year, count = work.today().year, len(plan.recipients)
    numbers = [
        number_text(SERIES, year, number) for number in reserve_numbers(work, SERIES, year, count)
    ]
    ids = list(reserve_ids(work, "statement", count))
    letterhead = letterhead_of(work)
    made: list[MadeStatement] = []
    findings: list[Finding] = []
    for part in in_chunks(range(count)):
        some = [plan.recipients[at] for at in part]
        docs = statement_docs(work, plan, numbers=[numbers[at] for at in part], recipients=some)
        pages: list[bytes] = []
        for at, doc in zip(part, docs, strict=True):
            work.job.step(at, count, "Drawing statements")
            pdf, found = drawn(doc, letterhead)
            pages.append(pdf)
            findings += found
        for at, one, pdf in zip(part, some, pages, strict=True):
            digest = hashlib.sha256(pdf).hexdigest()
            made.append(
                MadeStatement(
                    ids[at],
                    numbers[at],
                    one.guarantor_id,
                    one.number,
                    one.name,
                    one.zip_code,
                    one.due_now,
                    digest,
                )
            )
        insert_rows(
            work,
            "statement",
            (
                "id",
                "run_id",
                "number",
                "guarantor_id",
                "period_from",
                "amount_due",
                "sha256",
                "pdf",
                "message",
            ),
            (
                (
                    made[at].id,
                    run_id,
                    made[at].number,
                    one.guarantor_id,
                    one.period_from.isoformat(),
                    one.due_now.cents,
                    made[at].sha256,
                    pdf,
                    one.dunning,
                )
                for at, one, pdf in zip(part, some, pages, strict=True)
            ),
        )
    return made, findings


def drawn(doc: StatementDoc, letterhead: Letterhead) -> tuple[bytes, tuple[Finding, ...]]:
    """Draw one statement. A page that does not add up is a fault of the program, not a finding."""
    printed = print_statements((doc,), letterhead, title=f"Statement {doc.number}")
    off = [found for found in printed.findings if found.code == "statement-does-not-add-up"]
    if off:
        raise AssertionError(f"statement {doc.number} does not add up")
    return printed.pdf, printed.findings
