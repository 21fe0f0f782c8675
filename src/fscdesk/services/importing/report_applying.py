"""Applies the plan of a report: exactly what was shown, in one transaction, remembered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from fscdesk.models.values import BatchId
from fscdesk.services.bulk import insert_rows, reserve_ids
from fscdesk.services.importing.applying import Applied
from fscdesk.services.importing.batches import (
    begin_import,
    counters_of,
    keep_answers,
    new_batch,
    record_import,
    require_as_shown,
)
from fscdesk.services.importing.plan import ImportPlan
from fscdesk.services.importing.reading import ReadReport
from fscdesk.services.importing.report_founding import found_names
from fscdesk.services.importing.report_planning import BASIS, kind_of, plan_report
from fscdesk.services.importing.reports_engine import Applying, Kept, PreparedReport
from fscdesk.services.importing.settling_again import settle_again
from fscdesk.services.ledger.statistics import refresh_statistics
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
    begin_import(work)
    prepared = plan_report(
        work, read, answers=answers, accept_proposals=accept_proposals, file_day=file_day
    )
    require_as_shown(shown, prepared.plan)
    return apply_report(work, prepared)


def apply_prepared_report(work: Work, prepared: PreparedReport, **how: Any) -> Applied:
    """Apply a plan that was made before, or plan again when the books have moved since."""
    begin_import(work)
    if counters_of(work, BASIS) == prepared.counters:
        return apply_report(work, prepared)
    return import_report(work, prepared.read, shown=prepared.plan, **how)


def apply_report(work: Work, prepared: PreparedReport) -> Applied:
    """Write what the plan says. The caller holds the lock and the plan is of this moment."""
    plan, kind = prepared.plan, kind_of(prepared.plan.profile)
    if plan.already is not None or not _leaves_anything(prepared):
        return Applied(None, plan)
    batch = new_batch(work, plan, plan.report_totals or {})
    made = found_names(work, prepared, batch.id)
    applying = Applying(
        work, prepared, batch, plan.file_day, made.patients, made.providers, made.payers
    )
    kind.apply(applying)
    work.db.flush()
    if kind.settles:
        settle_again(work, on=plan.file_day, batch_id=batch.id)
    _keep_rows(work, prepared, batch.id, applying.kept)
    keep_answers(work, plan, batch.id)
    record_import(work, plan, batch.id)
    work.touch(Topic.IMPORTS, *kind.topics)
    refresh_statistics(work, rows=len(prepared.steps))
    return Applied(BatchId(batch.id), plan)


def _leaves_anything(prepared: PreparedReport) -> bool:
    """Return whether a batch is worth keeping: something is written, or it is a first look."""
    plan = prepared.plan
    return bool(prepared.steps) or (plan.unchanged > 0 and not prepared.again)


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
