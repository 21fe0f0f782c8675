"""What undoing an import of sessions and one of a report share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, delete, func, or_, select

from fscdesk.models.adjustment import Adjustment, AdjustmentStatus
from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim
from fscdesk.models.coverage import Policy
from fscdesk.models.eligibility import EligibilityCheck
from fscdesk.models.import_batch import BatchStatus, ImportAnswer, ImportBatch
from fscdesk.models.ledger import JournalEntry, JournalLine
from fscdesk.models.patient import Patient, PatientAlias
from fscdesk.models.payer import Payer, PayerAlias
from fscdesk.models.payment import Payment
from fscdesk.models.practice import Practice
from fscdesk.models.provider import Provider, ProviderAlias
from fscdesk.models.values import Money
from fscdesk.services.bulk import run_many
from fscdesk.services.claim_standing import standing as standing_claim
from fscdesk.services.claims.following import follow_claims
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.chains import standing
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking an import back did.

    ``withdrawn`` counts what it had made, ``restored`` what it had changed: sessions, or the
    payments and the like of a report.
    """

    batch_id: int
    file_name: str
    withdrawn: int
    restored: int
    entries_reversed: int
    sessions: bool = True


def batch_to_undo(work: Work, batch_id: int) -> ImportBatch:
    """Return an applied import, with the practice locked. Raises Problem for any other."""
    work.db.execute(select(Practice.id).where(Practice.id == 1).with_for_update())
    batch = work.db.get(ImportBatch, batch_id)
    if batch is None:
        raise Problem(f"There is no import {batch_id}.", hint="Nothing was changed.")
    if batch.status == BatchStatus.UNDONE:
        raise Problem(
            f"The import of {batch.file_name} was undone before.", hint="Nothing was changed."
        )
    return batch


def require_nothing_later(batch: ImportBatch, later: Sequence[str]) -> None:
    """Raise Problem, naming the work, when later work stands on an import."""
    later = list(dict.fromkeys(later))
    if later:
        shown = "; ".join(later[:3]) + (f"; and {len(later) - 3} more" if later[3:] else "")
        raise Problem(
            f"Later work stands on the import of {batch.file_name}: {shown}.",
            hint="Nothing was changed. Undo that first.",
        )


def who_used(work: Work, batch: ImportBatch, *lines: ColumnElement[bool]) -> list[str]:
    """Name the imports, or else the payments, by which others moved money that still stands.

    ``lines`` says which journal lines of payments are looked at. Lines of the batch itself do
    not count, and what was moved there and back is gone.
    """
    others = or_(JournalEntry.batch_id.is_(None), JournalEntry.batch_id != batch.id)
    moved = (
        select(JournalLine.payment_id, JournalLine.account, JournalLine.charge_id)
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(JournalLine.payment_id.is_not(None), others, *lines)
        .group_by(JournalLine.payment_id, JournalLine.account, JournalLine.charge_id)
        .having(func.sum(JournalLine.amount) != Money())
        .subquery()
    )
    rows = work.db.execute(
        select(JournalLine.payment_id, Payment.number, ImportBatch.id, ImportBatch.file_name)
        .join(
            moved,
            (moved.c.payment_id == JournalLine.payment_id)
            & (moved.c.account == JournalLine.account)
            & moved.c.charge_id.is_not_distinct_from(JournalLine.charge_id),
        )
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .join(Payment, Payment.id == JournalLine.payment_id)
        .outerjoin(
            ImportBatch,
            (ImportBatch.id == JournalEntry.batch_id) & (ImportBatch.status == BatchStatus.APPLIED),
        )
        .where(others, *lines)
        .order_by(Payment.number)
    ).all()
    imports = {row[2]: row[3] for row in rows if row[2] is not None}
    by_import = {row[0] for row in rows if row[2] is not None}
    by_hand = dict.fromkeys(row[1] for row in rows if row[0] not in by_import)
    return [
        *(f"import {ident} of {name}" for ident, name in sorted(imports.items(), reverse=True)),
        *(f"payment {number}" for number in by_hand),
    ]


def imports_that_reversed(work: Work, batch: ImportBatch) -> list[str]:
    """Name the imports that took back entries of this one, newest first."""
    own = select(JournalEntry.id).where(JournalEntry.batch_id == batch.id)
    rows = work.db.execute(
        select(ImportBatch.id, ImportBatch.file_name)
        .where(
            ImportBatch.status == BatchStatus.APPLIED,
            ImportBatch.id != batch.id,
            ImportBatch.id.in_(
                select(JournalEntry.batch_id).where(JournalEntry.reverses_id.in_(own))
            ),
        )
        .order_by(ImportBatch.id.desc())
    )
    return [f"import {row.id} of {row.file_name}" for row in rows]


def entries_of_batch(work: Work, batch_id: int) -> list[int]:
    """Return every entry that an import posted, oldest first."""
    return list(
        work.db.scalars(
            select(JournalEntry.id)
            .where(JournalEntry.batch_id == batch_id)
            .order_by(JournalEntry.id)
        )
    )


def free_adjustments(work: Work, entries: Sequence[int]) -> None:
    """Mark the adjustments as reversed whose entries the batch had posted.

    Those that it had taken out stand again, where their entry does.
    """
    run_many(
        work,
        "UPDATE adjustment SET status = 'reversed', version = version + 1"
        " WHERE entry_id = ? AND status = 'posted'",
        [(entry_id,) for entry_id in entries],
    )
    undone_here = (
        select(JournalEntry.charge_id)
        .where(among(work, JournalEntry.id, entries), JournalEntry.reverses_id.is_not(None))
        .distinct()
    )
    taken_out = work.db.execute(
        select(Adjustment.id, Adjustment.entry_id).where(
            Adjustment.charge_id.in_(undone_here),
            Adjustment.status == AdjustmentStatus.REVERSED,
            Adjustment.entry_id.is_not(None),
        )
    ).all()
    run_many(
        work,
        "UPDATE adjustment SET status = 'posted', version = version + 1 WHERE id = ?",
        [(row.id,) for row in taken_out if standing(work, [row.entry_id])],
    )
    work.db.expire_all()


def forget(work: Work, batch: ImportBatch) -> None:
    """Forget answers and spellings that this import taught about people it did not make.

    A clinician, payer or client that it made keeps its spellings: the same file, imported
    again, finds the same person and makes no second one.
    """
    for alias, noun, key in (
        (ProviderAlias, Provider, ProviderAlias.provider_id),
        (PayerAlias, Payer, PayerAlias.payer_id),
        (PatientAlias, Patient, PatientAlias.patient_id),
    ):
        made_here = select(noun.id).where(noun.batch_id == batch.id)
        work.db.execute(delete(alias).where(alias.batch_id == batch.id, key.not_in(made_here)))
    work.db.execute(delete(ImportAnswer).where(ImportAnswer.batch_id == batch.id))
    delete_policies(work, select(Policy.id).where(Policy.batch_id == batch.id))


def delete_policies(work: Work, wanted: Select[int]) -> int:
    """Delete policies that an import made, but for those that others stand on by now.

    A claim that stands, or a question to the payer, keeps its policy; a claim that has fallen
    only remembers its payer. Returns how many are gone.
    """
    used = select(Claim.policy_id).where(Claim.policy_id.in_(wanted), standing_claim())
    asked = select(EligibilityCheck.policy_id).where(EligibilityCheck.policy_id.in_(wanted))
    kept = {*work.db.scalars(used), *work.db.scalars(asked)}
    going = [one for one in work.db.scalars(wanted) if one not in kept]
    run_many(
        work,
        "UPDATE claim SET policy_id = NULL, version = version + 1 WHERE policy_id = ?",
        [(one,) for one in going],
    )
    run_many(work, "DELETE FROM policy WHERE id = ?", [(one,) for one in going])
    work.db.expire_all()
    return len(going)


def free_charges(work: Work, batch: ImportBatch) -> None:
    """Void the charges that the batch made and give back those that it voided; claims follow.

    Its entries are reversed already. Raises ChangedElsewhere when money stands on one of its
    charges still: whoever asked for later work did not see it.
    """
    made = select(Charge.id).where(Charge.batch_id == batch.id)
    own = list(work.db.scalars(made.where(Charge.voided_on.is_(None))))
    left = (
        select(JournalLine.charge_id)
        .where(among(work, JournalLine.charge_id, own))
        .group_by(JournalLine.charge_id, JournalLine.account)
        .having(func.sum(JournalLine.amount) != Money())
    )
    if work.db.scalar(select(func.count()).select_from(left.subquery())):
        raise ChangedElsewhere(
            f"Money moved on a session of {batch.file_name} at this moment.",
            hint="Nothing was changed. Look at the import again.",
        )
    run_many(
        work,
        "UPDATE charge SET voided_on = service_day WHERE id = ?",
        [(charge_id,) for charge_id in own],
    )
    reversed_here = select(JournalEntry.reverses_id).where(
        JournalEntry.batch_id == batch.id, JournalEntry.reverses_id.is_not(None)
    )
    voided_here = list(
        work.db.scalars(
            select(JournalEntry.charge_id)
            .where(JournalEntry.id.in_(reversed_here), JournalEntry.charge_id.is_not(None))
            .distinct()
        )
    )
    run_many(
        work,
        "UPDATE charge SET voided_on = NULL WHERE id = ?",
        [(charge_id,) for charge_id in voided_here],
    )
    work.db.expire_all()
    moved = select(Charge.session_id).where(
        among(work, Charge.id, [one for one in (*own, *voided_here) if one is not None])
    )
    sessions = {one for one in work.db.scalars(moved.distinct()) if one is not None}
    follow_claims(work, sessions, f"the import of {batch.file_name} was undone")
