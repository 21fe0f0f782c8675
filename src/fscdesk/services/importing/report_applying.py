"""Applies the plan of a report: exactly what was shown, in one transaction, remembered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from fscdesk.models.import_batch import BatchStatus, ImportBatch
from fscdesk.models.values import BatchId
from fscdesk.services.audit import record
from fscdesk.services.bulk import insert_rows, reserve_ids
from fscdesk.services.changes import change_counts
from fscdesk.services.errors import ChangedElsewhere
from fscdesk.services.importing.applying import Applied, keep_answers, one_at_a_time
from fscdesk.services.importing.plan import ImportPlan
from fscdesk.services.importing.reading import ReadReport
from fscdesk.services.importing.report_founding import found_names
from fscdesk.services.importing.report_planning import BASIS, kind_of, plan_report
from fscdesk.services.importing.reports_engine import Applying, Kept, PreparedReport
from fscdesk.services.importing.shared_names import rehome_allocations
from fscdesk.services.ledger.statistics import refresh_statistics
from fscdesk.services.payments.clearing import settle
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work


def import_report(
    work: Work,
    read: ReadReport,
    *,
    answers: Mapping[str, str] | None = None,
    accept_proposals: bool = False,
    file_day: date | None = None,
    shown: ImportPlan | None = None,
) -> Applied:
    """Plan and apply in this transaction; all of it is saved or nothing.

    ``shown`` is the plan that a person saw: when the books have changed since in a way that
    changes the plan, nothing is done and ChangedElsewhere is raised.
    """
    require(work, Right.IMPORT_FILES, "import files")
    one_at_a_time(work)
    prepared = plan_report(
        work, read, answers=answers, accept_proposals=accept_proposals, file_day=file_day
    )
    if shown is not None and shown.digest != prepared.plan.digest:
        raise ChangedElsewhere(
            "The books changed after this plan was made.",
            hint="Nothing was imported. The new plan is shown; look at it and apply again.",
        )
    return apply_report(work, prepared)


def apply_prepared_report(work: Work, prepared: PreparedReport, **how: Any) -> Applied:
    """Apply a plan that was made before, or plan again when the books have moved since."""
    require(work, Right.IMPORT_FILES, "import files")
    one_at_a_time(work)
    now = {topic.value: count for topic, count in change_counts(work).items() if topic in BASIS}
    if now == prepared.counters:
        return apply_report(work, prepared)
    return import_report(work, prepared.read, shown=prepared.plan, **how)


def apply_report(work: Work, prepared: PreparedReport) -> Applied:
    """Write what the plan says. The caller holds the lock and the plan is of this moment."""
    plan, kind = prepared.plan, kind_of(prepared.plan.profile)
    if plan.already is not None or not _leaves_anything(prepared):
        return Applied(None, plan)
    batch = _batch(work, plan)
    made = found_names(work, prepared, batch.id)
    applying = Applying(
        work, prepared, batch, plan.file_day, made.patients, made.providers, made.payers
    )
    kind.apply(applying)
    work.db.flush()
    if kind.settles:
        rehome_allocations(work)
        settle(work, on=plan.file_day, batch_id=batch.id)
    _keep_rows(work, prepared, batch.id, applying.kept)
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
    )
    work.touch(Topic.IMPORTS, *kind.topics)
    refresh_statistics(work, rows=len(prepared.steps))
    return Applied(BatchId(batch.id), plan)


def _leaves_anything(prepared: PreparedReport) -> bool:
    """Return whether a batch is worth keeping: something is written, or it is a first look."""
    plan = prepared.plan
    return bool(prepared.steps) or (plan.unchanged > 0 and not prepared.again)


def _batch(work: Work, plan: ImportPlan) -> ImportBatch:
    totals = plan.report_totals or {}
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
        totals={name: amount.plain() for name, amount in totals.items()},
        findings={"list": [asdict(finding) for finding in plan.findings]},
        applied_by=work.actor.staff_id,
        applied_at=work.now(),
    )
    work.db.add(batch)
    work.db.flush()
    return batch


def _keep_rows(
    work: Work, prepared: PreparedReport, batch_id: int, kept: Mapping[int, Kept]
) -> None:
    rows = prepared.plan.rows
    ids = reserve_ids(work, "import_row", len(rows))

    def kept_rows() -> Iterator[tuple[object, ...]]:
        for row_id, row in zip(ids, rows, strict=True):
            one = kept.get(row.id) or prepared.keeps.get(row.id)
            before = None if one is None else one.before
            yield (
                row_id,
                batch_id,
                row.line,
                row.verdict.value,
                (row.what or row.reason)[:300],
                row.raw,
                row.session_id if one is None else one.session_id,
                None if one is None else one.noun,
                None if one is None else one.noun_id,
                None if before is None else json.dumps(before),
            )

    insert_rows(
        work,
        "import_row",
        (
            *("id", "batch_id", "line", "verdict", "reason", "raw"),
            *("session_id", "noun", "noun_id", "before"),
        ),
        kept_rows(),
    )
