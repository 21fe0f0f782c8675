"""Applies a plan: exactly what was shown, in one transaction, remembered as a batch."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from fscdesk.models.values import BatchId, Money
from fscdesk.services.billing.invoices import invoice_completed
from fscdesk.services.billing.parking import release_on_new_visit
from fscdesk.services.bulk import insert_rows, reserve_ids
from fscdesk.services.importing.batches import (
    begin_import,
    counters_of,
    keep_answers,
    new_batch,
    record_import,
    require_as_shown,
    say_also,
)
from fscdesk.services.importing.changing import apply_changes, cancel_sessions
from fscdesk.services.importing.founding import Founded, found
from fscdesk.services.importing.plan import Creation, ImportPlan, Prepared
from fscdesk.services.importing.planning import BASIS, ReadFile, plan_import
from fscdesk.services.importing.settling_again import settle_again
from fscdesk.services.importing.shaping import guarantors, real_charges, service_of
from fscdesk.services.ledger.statistics import refresh_statistics
from fscdesk.services.sessions.recording import SessionDraft, record_sessions
from fscdesk.services.settled_claims import follow_settled
from fscdesk.services.work import Topic, Work


class Applied(NamedTuple):
    """What an import did: its batch (None when there was nothing to do) and its plan."""

    batch_id: BatchId | None
    plan: ImportPlan


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
    begin_import(work)
    prepared = plan_import(
        work, file, answers=answers, accept_proposals=accept_proposals, file_day=file_day
    )
    require_as_shown(shown, prepared.plan)
    return apply_plan(work, prepared)


def apply_prepared(work: Work, file: ReadFile, prepared: Prepared, **how: Any) -> Applied:
    """Apply a plan that was made before, or plan again when the books have moved since."""
    begin_import(work)
    if counters_of(work, BASIS) == prepared.counters:
        return apply_plan(work, prepared)
    return import_file(work, file, shown=prepared.plan, **how)


def apply_plan(work: Work, prepared: Prepared) -> Applied:
    """Write what the plan says. The caller holds the lock and the plan is of this moment."""
    plan = prepared.plan
    if plan.already is not None or not _leaves_anything(prepared):
        return Applied(None, plan)
    batch = new_batch(work, plan, _totals(plan))
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
    written = apply_changes(work, prepared, founded, batch, reason)
    plan = say_also(batch, plan, written.findings)
    before = written.before
    before |= cancel_sessions(work, prepared.cancel, batch, reason)
    settle_again(work, on=plan.file_day, batch_id=batch.id)
    changed = [one.session.id for one in prepared.changes]
    follow_settled(work, {*sessions.values(), *changed}, reason)
    completed = [change.session.id for change in prepared.changes if change.recharge]
    invoice_completed(work, [*sessions.values(), *completed])
    release_on_new_visit(work)
    _keep_rows(work, plan, batch.id, sessions, before)
    keep_answers(work, plan, batch.id)
    record_import(work, plan, batch.id, gone=plan.gone)
    work.touch(Topic.IMPORTS)
    refresh_statistics(work, rows=len(drafts))
    return Applied(BatchId(batch.id), plan)


def _leaves_anything(prepared: Prepared) -> bool:
    """Return whether a batch is worth keeping: something is written, or it is a first look.

    A file of which nothing can be used yet, or whose waiting rows still wait, leaves nothing.
    """
    plan = prepared.plan
    return bool(plan.writes) or (plan.unchanged > 0 and not prepared.again)


def _totals(plan: ImportPlan) -> dict[str, Money]:
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
