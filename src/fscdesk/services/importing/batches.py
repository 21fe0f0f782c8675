"""What every import has in common, of sessions or of a report: one at a time, as shown, kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, select

from fscdesk.models.import_batch import BatchStatus, ImportAnswer, ImportBatch, ImportRow
from fscdesk.models.practice import Practice
from fscdesk.models.staff import Staff
from fscdesk.models.values import Money
from fscdesk.services.audit import record
from fscdesk.services.changes import change_counts
from fscdesk.services.errors import ChangedElsewhere, Finding
from fscdesk.services.importing.plan import ImportPlan
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work


@dataclass(frozen=True, slots=True)
class ImportedBefore:
    """This very file was imported before: when and by whom, and the lines that still wait."""

    words: str
    waiting: frozenset[int]


def imported_before(
    work: Work, sha256: str, *, waits: Collection[ColumnElement[bool]]
) -> ImportedBefore | None:
    """Return the newest import of a file of this content that stands, or None.

    ``waits`` are the conditions of an import row whose line can still become something.
    """
    found = work.db.execute(
        select(ImportBatch.applied_at, ImportBatch.id, Staff.name)
        .join(Staff, Staff.id == ImportBatch.applied_by)
        .where(ImportBatch.sha256 == sha256, ImportBatch.status == BatchStatus.APPLIED)
        .order_by(ImportBatch.id)
    ).all()
    if not found:
        return None
    newest = found[-1]
    lines = work.db.scalars(select(ImportRow.line).where(ImportRow.batch_id == newest.id, *waits))
    at = newest.applied_at.astimezone(work.zone)
    words = f"Imported already on {at:%m/%d/%Y %H:%M} by {newest.name} (import {newest.id})"
    return ImportedBefore(words, frozenset(lines))


def counters_of(work: Work, basis: Collection[Topic]) -> dict[str, int]:
    """Return how often each of these topics has changed: a plan stands while none moves."""
    return {topic.value: count for topic, count in change_counts(work).items() if topic in basis}


def begin_import(work: Work) -> None:
    """Ask for the right and wait for other imports: two of one file cannot both find nothing."""
    require(work, Right.IMPORT_FILES, "import files")
    work.db.execute(select(Practice.id).where(Practice.id == 1).with_for_update())


def require_as_shown(shown: ImportPlan | None, now: ImportPlan) -> None:
    """Raise ChangedElsewhere when a person saw another plan than the one of this moment."""
    if shown is not None and shown.digest != now.digest:
        raise ChangedElsewhere(
            "The books changed after this plan was made.",
            hint="Nothing was imported. The new plan is shown; look at it and apply again.",
        )


def new_batch(work: Work, plan: ImportPlan, totals: Mapping[str, Money]) -> ImportBatch:
    """Keep that a plan is applied, and return the batch by which it can be undone."""
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


def say_also(batch: ImportBatch, plan: ImportPlan, told: Sequence[Finding]) -> ImportPlan:
    """Keep with a batch what turned out when it was applied, and return the plan with it.

    What the plan had foreseen is said once.
    """
    more = tuple(finding for finding in told if finding not in plan.findings)
    if not more:
        return plan
    plan = replace(plan, findings=(*plan.findings, *more))
    batch.findings = {"list": [asdict(finding) for finding in plan.findings]}
    return plan


def keep_answers(work: Work, plan: ImportPlan, batch_id: int) -> None:
    """Remember the answers of a plan, each with the import that gave it first."""
    known = set(work.db.scalars(select(ImportAnswer.question)))
    for question in plan.questions:
        if question.answer is not None and question.id not in known:
            work.db.add(
                ImportAnswer(question=question.id, answer=question.answer, batch_id=batch_id)
            )


def record_import(work: Work, plan: ImportPlan, batch_id: int, **detail: Any) -> None:
    """Put on record that a file came in, with its counts."""
    record(
        work,
        "import",
        "import_batch",
        batch_id,
        profile=plan.profile,
        read=plan.read,
        created=plan.created,
        changed=plan.changed,
        unchanged=plan.unchanged,
        skipped=plan.skipped,
        **detail,
    )
