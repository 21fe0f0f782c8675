"""Applies a plan: exactly what was shown, in one transaction, remembered as a batch."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select

from fscdesk.models.import_batch import BatchStatus, ImportAnswer, ImportBatch
from fscdesk.models.practice import Practice
from fscdesk.models.values import BatchId
from fscdesk.services.audit import record
from fscdesk.services.billing.invoices import invoice_completed
from fscdesk.services.bulk import insert_rows, reserve_ids
from fscdesk.services.changes import change_counts
from fscdesk.services.errors import ChangedElsewhere
from fscdesk.services.importing.changing import apply_changes, cancel_sessions
from fscdesk.services.importing.founding import Founded, found
from fscdesk.services.importing.plan import Creation, ImportPlan, Prepared
from fscdesk.services.importing.planning import BASIS, ReadFile, plan_import
from fscdesk.services.importing.shaping import guarantors, real_charges, service_of
from fscdesk.services.importing.shared_names import rehome_allocations
from fscdesk.services.ledger.statistics import refresh_statistics
from fscdesk.services.payments.clearing import settle
from fscdesk.services.permissions import Right, require
from fscdesk.services.sessions.recording import SessionDraft, record_sessions
from fscdesk.services.work import Topic, Work


class Applied(NamedTuple):
    """What an import did: its batch (None when there was nothing to do) and its plan."""

    batch_id: BatchId | None
    plan: ImportPlan


def one_at_a_time(work: Work) -> None:
    """Imports of one practice queue here: two of one file cannot both find nothing."""
    work.db.execute(select(Practice.id).where(Practice.id == 1).with_for_update())


def keep_answers(work: Work, plan: ImportPlan, batch_id: int) -> None:
    """Remember the answers of a plan, each with the import that gave it first."""
    known = set(work.db.scalars(select(ImportAnswer.question)))
    for question in plan.questions:
        if question.answer is not None and question.id not in known:
            work.db.add(
                ImportAnswer(question=question.id, answer=question.answer, batch_id=batch_id)
            )


def import_file(
    work: Work,
    file: ReadFile,
    *,
    answers: Mapping[str, str] | None = None,
    accept_proposals: bool = False,
    file_day: date | None = None,
    shown: ImportPlan | None = None,
) -> Applied:
    """Plan and apply in this transaction; all of it is saved or nothing.

    ``shown`` is the plan that a person saw. When the books have changed since in a way
    that changes the plan, nothing is done and ChangedElsewhere is raised.
    """
    require(work, Right.IMPORT_FILES, "import files")
    one_at_a_time(work)
    prepared = plan_import(
        work, file, answers=answers, accept_proposals=accept_proposals, file_day=file_day
    )
    if shown is not None and shown.digest != prepared.plan.digest:
        raise ChangedElsewhere(
            "The books changed after this plan was made.",
            hint="Nothing was imported. The new plan is shown; look at it and apply again.",
        )
    return apply_plan(work, prepared)


def apply_prepared(work: Work, file: ReadFile, prepared: Prepared, **how: Any) -> Applied:
    """Apply a plan that was made before, or plan again when the books have moved since."""
    require(work, Right.IMPORT_FILES, "import files")
    one_at_a_time(work)
    now = {topic.value: count for topic, count in change_counts(work).items() if topic in BASIS}
    if now == prepared.counters:
        return apply_plan(work, prepared)
    return import_file(work, file, shown=prepared.plan, **how)


def apply_plan(work: Work, prepared: Prepared) -> Applied:
    """Write what the plan says. The caller holds the lock and the plan is of this moment."""
    plan = prepared.plan
    if plan.already is not None or not _leaves_anything(prepared):
        return Applied(None, plan)
    batch = _batch(work, plan)
    founded = found(work, prepared, batch.id)
    reason = f"Import of {plan.file_name}"
    sessions: dict[int, int] = {}  # plan row: session
    drafts = [_draft(creation, founded, prepared) for creation in prepared.creations]
    for creation, session_id in zip(
        prepared.creations,
        record_sessions(
            work,
            _with_guarantors(work, drafts),
            recorded_on=plan.file_day,
            reason=reason,
            batch_id=batch.id,
        ),
        strict=True,
    ):
        sessions[creation.row_id] = session_id
    before = apply_changes(work, prepared, founded, batch, reason)
    before |= cancel_sessions(work, prepared.cancel, batch, reason)
    rehome_allocations(work)
    settle(work, on=plan.file_day, batch_id=batch.id)
    completed = [change.session.id for change in prepared.changes if change.recharge]
    invoice_completed(work, [*sessions.values(), *completed])
    _keep_rows(work, plan, batch.id, sessions, before)
    keep_answers(work, plan, batch.id)
    record(
        work,
        "import",
        "import_batch",
        batch.id,
        profile=plan.profile,
        read=plan.read,
        created=plan.created,
        changed=plan.changed,
        unchanged=plan.unchanged,
        skipped=plan.skipped,
        gone=plan.gone,
    )
    work.touch(Topic.IMPORTS)
    refresh_statistics(work, rows=len(drafts))
    return Applied(BatchId(batch.id), plan)


def _leaves_anything(prepared: Prepared) -> bool:
    """Return whether a batch is worth keeping: something is written, or it is a first look.

    A file of which nothing can be used yet, or whose waiting rows still wait, leaves nothing.
    """
    plan = prepared.plan
    return bool(plan.writes) or (plan.unchanged > 0 and not prepared.again)


def _batch(work: Work, plan: ImportPlan) -> ImportBatch:
    batch = ImportBatch(
        file_name=plan.file_name,
        sha256=plan.sha256,
        profile=plan.profile,
        file_day=plan.file_day,
        first_day=plan.first_day,
        last_day=plan.last_day,
        status=BatchStatus.APPLIED,
        read=plan.read,
        created=plan.created,
        changed=plan.changed,
        unchanged=plan.unchanged,
        skipped=plan.skipped,
        gone=plan.gone,
        totals={name: value.plain() for name, value in _totals(plan).items()},
        findings={"list": [asdict(finding) for finding in plan.findings]},
        applied_by=work.actor.staff_id,
        applied_at=work.now(),
    )
    work.db.add(batch)
    work.db.flush()
    return batch


def _totals(plan: ImportPlan) -> dict[str, Any]:
    totals = plan.totals
    return {
        name: getattr(totals, name)
        for name in (
            "fee",
            "patient_charge",
            "insurance_charge",
            "patient_paid",
            "insurance_paid",
            "write_off",
        )
    }


def _draft(creation: Creation, founded: Founded, prepared: Prepared) -> SessionDraft:
    return SessionDraft(
        day=creation.day,
        minute=creation.minute,
        occurrence=creation.occurrence,
        patient_id=founded.patient(creation.patient_id),
        guarantor_id=0,
        provider_id=founded.provider(creation.provider_id),
        payer_id=founded.payer(creation.payer_id),
        second_payer_id=founded.payer(creation.second_payer_id),
        service_id=service_of(creation, founded, prepared),
        attendance=creation.attendance,
        billing_status=creation.billing_status,
        note_status=creation.report.note_status,
        code_text=creation.code_text,
        charges=real_charges(creation.charges, founded),
        report=creation.report,
        recorded=creation.report.recorded,
    )


def _with_guarantors(work: Work, drafts: list[SessionDraft]) -> list[SessionDraft]:
    """Fill in who pays for each client, as it stands now."""
    payers = guarantors(work)
    return [draft._replace(guarantor_id=payers[draft.patient_id]) for draft in drafts]


def _keep_rows(
    work: Work,
    plan: ImportPlan,
    batch_id: int,
    sessions: Mapping[int, int],
    before: Mapping[int, dict[str, Any]],
) -> None:
    ids = reserve_ids(work, "import_row", len(plan.rows))

    def rows() -> Iterator[tuple[object, ...]]:
        for row_id, row in zip(ids, plan.rows, strict=True):
            kept = before.get(row.id)
            yield (
                row_id,
                batch_id,
                row.line,
                row.verdict.value,
                (row.what or row.reason)[:300],
                row.raw,
                sessions.get(row.id, row.session_id),
                None if kept is None else json.dumps(kept),
            )

    insert_rows(
        work,
        "import_row",
        ("id", "batch_id", "line", "verdict", "reason", "raw", "session_id", "before"),
        rows(),
    )
