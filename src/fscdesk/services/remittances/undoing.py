"""Takes back what a remittance posted: one of its claims, or all of it, by opposite entries.

What was said stays; it can be posted again. Nothing is taken back that something later rests on:
a reversal of the payer, a settled item, money that was deposited or went back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.payment import Payment, PaymentStatus
from fscdesk.models.remittance import (
    Fate,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
    RemittanceStatus,
)
from fscdesk.models.values import ZERO
from fscdesk.services.audit import record
from fscdesk.services.billing.plan_ending import reopen_unpaid
from fscdesk.services.editing import locked, require_version, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.chains import standing
from fscdesk.services.ledger.charge_locks import lock_charges
from fscdesk.services.ledger.posting import reverse_all
from fscdesk.services.payments.following import follow_reversed
from fscdesk.services.payments.holding import (
    free_of,
    locked_credits,
    locked_payment,
    require_no_refunds,
    write_change,
)
from fscdesk.services.permissions import Right, require
from fscdesk.services.remittances.adjustment_rows import of_claims, put_back, take_back
from fscdesk.services.remittances.answered import REVERSAL
from fscdesk.services.remittances.entries import claim_memo, taken_back_memo, undone_memo
from fscdesk.services.remittances.executing import count_unposted
from fscdesk.services.remittances.fates import write_undone
from fscdesk.services.remittances.following import go_back, take_crossings_back
from fscdesk.services.remittances.provider_postings import lock_items
from fscdesk.services.remittances.provider_undoing import require_items_free, undo_items
from fscdesk.services.work import Topic, Work

_OWN_MOVES = (EntryKind.APPLIED, EntryKind.TAKEN_BACK)
_ALL_MOVES = (
    EntryKind.RECEIPT,
    EntryKind.APPLIED,
    EntryKind.TAKEN_BACK,
    EntryKind.PROVIDER_ADJUSTMENT,
    EntryKind.TRANSFER,
    EntryKind.REFUND,
)
_LONGEST_REASON = 120
_NOTHING = "Nothing was taken back."


@dataclass(frozen=True, slots=True)
class UndoneRemittance:
    """What was taken back: how many claims and entries, and where the remittance stands."""

    remittance_id: int
    number: str
    status: RemittanceStatus
    claims: int
    entries: int
    unposted: int


class _Claim(NamedTuple):
    """A claim that is in the books; ``back``: it took back what was paid."""

    id: int
    position: int
    claim_id: int | None
    back: bool


def undo_claim(
    work: Work, remittance_claim_id: int, reason: str, *, expected_version: int | None = None
) -> UndoneRemittance:
    """Take one claim of a remittance out of the books; its money is in the fund again.

    ``expected_version`` is the remittance's. Raises Problem, with nothing changed, for a claim
    that is not posted, that a later answer of the payer rests on, and where the fund does not
    hold what it had taken back.
    """
    require(work, Right.CORRECT_PAYMENT, "take posted remittances back")
    words = text_of(reason, "the reason", longest=_LONGEST_REASON, required=True)
    found = work.db.scalar(
        select(RemittanceClaim.remittance_id).where(RemittanceClaim.id == remittance_claim_id)
    )
    row = _locked(work, found or 0, expected_version)
    claims = [one for one in _posted(work, row) if one.id == remittance_claim_id]
    if not claims:
        raise Problem("This claim is not posted.", hint=_NOTHING)
    payment = locked_payment(work, row.payment_id or 0)
    credit = locked_credits(work, payment.id)[0]
    memo = undone_memo(row.number, f"claim {claims[0].position}: {words}")
    done = _take_out(work, row, payment, claims, memo, whole=False)
    work.db.refresh(credit)
    short = -free_of(work, credit)
    if short > ZERO:
        raise Problem(
            f"{short} that this claim took back is used by other claims of {row.number}.",
            hint=f"{_NOTHING} Undo the whole remittance.",
        )
    row.status = RemittanceStatus.PARTLY
    return _done(work, row, claims, done, "undo_remittance_claim")


def undo_remittance(
    work: Work, remittance_id: int, reason: str, *, expected_version: int | None = None
) -> UndoneRemittance:
    """Take a whole remittance out of the books; it can be posted again.

    Raises Problem, with nothing changed, for one that is not posted, that something later rests
    on (which is named), and once its money was deposited or refunded.
    """
    require(work, Right.CORRECT_PAYMENT, "take posted remittances back")
    words = text_of(reason, "the reason", longest=_LONGEST_REASON, required=True)
    row = _locked(work, remittance_id, expected_version)
    payment = locked_payment(work, row.payment_id or 0)
    if payment.deposited_on is not None or payment.banked_on is not None:
        raise Problem(
            f"The money of {row.number} (payment {payment.number}) was deposited.",
            hint=f"{_NOTHING} Undo single claims of it; the money stays with the payer's credits.",
        )
    require_no_refunds(work, payment, "taken back")
    locked_credits(work, payment.id)
    items = lock_items(work, row)
    require_items_free(work, row, items)
    claims = _posted(work, row)
    memo = undone_memo(row.number, words)
    undo_items(work, row, items, on=work.today(), reason=memo)
    done = _take_out(work, row, payment, claims, memo, whole=True)
    payment.status = PaymentStatus.VOIDED
    old = f"Posted, {payment.amount}"
    write_change(work, payment, "voided", old=old, new="Voided", reason=memo)
    row.status = RemittanceStatus.UNDONE
    return _done(work, row, claims, done, "undo_remittance")


def _locked(work: Work, remittance_id: int, expected_version: int | None) -> Remittance:
    row = locked(work, Remittance, remittance_id, "this remittance")
    if expected_version is not None:
        require_version(row, expected_version, f"remittance {row.number}")
    if row.status not in (RemittanceStatus.POSTED, RemittanceStatus.PARTLY):
        raise Problem(f"Remittance {row.number} is not posted.", hint=_NOTHING)
    return row


def _posted(work: Work, row: Remittance) -> list[_Claim]:
    found = select(
        RemittanceClaim.id,
        RemittanceClaim.position,
        RemittanceClaim.status_code,
        RemittanceClaim.paid,
        RemittanceClaim.claim_id,
    ).where(RemittanceClaim.remittance_id == row.id, RemittanceClaim.fate == Fate.POSTED)
    return [
        _Claim(
            one.id,
            one.position,
            one.claim_id,
            back=one.status_code == REVERSAL and one.paid <= ZERO,
        )
        for one in work.db.execute(found.order_by(RemittanceClaim.position))
    ]


def _take_out(
    work: Work,
    row: Remittance,
    payment: Payment,
    claims: Sequence[_Claim],
    memo: str,
    *,
    whole: bool,
) -> int:
    """Reverse what claims posted, let all follow, and return how many entries were reversed."""
    ids = [one.id for one in claims]
    lines = work.db.execute(
        select(RemittanceLine.id, RemittanceLine.remittance_claim_id, RemittanceLine.charge_id)
        .where(among(work, RemittanceLine.remittance_claim_id, ids))
        .order_by(RemittanceLine.id)
    ).all()
    charges = {line.charge_id for line in lines if line.charge_id is not None}
    back = {one.id for one in claims if one.back}
    reopened = {line.charge_id for line in lines if line.remittance_claim_id in back} - {None}
    lock_charges(work, charges)
    _require_last(work, row, ids, [line.id for line in lines], reopened)
    on = work.today()
    entries = _entries(work, row, payment, None if whole else claims, charges)
    reversals = reverse_all(work, standing(work, entries), on=on, reason=memo)
    taken = take_back(work, of_claims(work, ids), on=on, reason=memo)
    undone = _taken_back(work, row, reopened)
    again = put_back(work, undone, on=on, reason=memo)
    work.db.expire_all()
    follow_reversed(work, reversals, on=on, reason=memo)
    go_back(work, payment.number, charges, reason=memo, on=on)
    claim_ids = {one.claim_id for one in claims if one.claim_id is not None}
    take_crossings_back(work, payment.number, None if whole else claim_ids)
    reopen_unpaid(work, charges, on=on)
    write_undone(work, ids)
    return len(reversals) + taken + again


def _entries(
    work: Work,
    row: Remittance,
    payment: Payment,
    claims: Sequence[_Claim] | None,
    charges: Collection[int],
) -> list[int]:
    """Return the entries of claims, or of a whole remittance where ``claims`` is None.

    What an import applied anew (SimplePractice called it paid meanwhile) has another memo: it
    goes with the claims of its charge.
    """
    found = (
        select(JournalEntry.id)
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .where(JournalLine.payment_id == payment.id)
        .distinct()
    )
    if claims is None:
        return list(work.db.scalars(found.where(JournalEntry.kind.in_(_ALL_MOVES))))
    memos = [claim_memo(row.number, one.position) for one in claims]
    others = JournalEntry.memo.startswith(claim_memo(row.number, 0)[:-1], autoescape=True)
    return list(
        work.db.scalars(
            found.where(
                JournalEntry.kind.in_(_OWN_MOVES),
                among(work, JournalEntry.charge_id, charges),
                or_(JournalEntry.memo.in_(memos), ~others),
            )
        )
    )


def _taken_back(work: Work, row: Remittance, charges: Iterable[int | None]) -> list[int]:
    """Return the entries by which reversals of this remittance took adjustments back."""
    wanted = [one for one in charges if one is not None]
    return list(
        work.db.scalars(
            select(JournalEntry.id)
            .where(
                among(work, JournalEntry.charge_id, wanted),
                JournalEntry.kind == EntryKind.REVERSAL,
                JournalEntry.memo == taken_back_memo(row.number),
            )
            .order_by(JournalEntry.id)
        )
    )


def _require_last(
    work: Work,
    row: Remittance,
    claim_ids: Collection[int],
    line_ids: Collection[int],
    reopened: Iterable[int | None],
) -> None:
    """Raise Problem where a later answer of the payer rests on what is to be taken back."""
    mine = set(claim_ids)
    later = aliased(RemittanceLine)
    rests = (
        select(Remittance.number, RemittanceClaim.position, RemittanceClaim.id)
        .join(RemittanceClaim, RemittanceClaim.remittance_id == Remittance.id)
        .join(later, later.remittance_claim_id == RemittanceClaim.id)
        .where(later.fate == Fate.POSTED)
        .order_by(RemittanceClaim.id)
    )
    for found in work.db.execute(rests.where(among(work, later.reverses_id, line_ids))):
        if found.id not in mine:
            raise Problem(
                f"{found.number} takes this back (claim {found.position}).",
                hint=f"{_NOTHING} Undo that first.",
            )
    wanted = [one for one in reopened if one is not None]
    if not wanted:
        return
    reversed_ones = select(RemittanceLine.reverses_id).where(
        RemittanceLine.reverses_id.is_not(None), RemittanceLine.fate == Fate.POSTED
    )
    since = or_(Remittance.id == row.id, Remittance.posted_at > row.posted_at)
    answered = rests.where(
        among(work, later.charge_id, wanted),
        later.reverses_id.is_(None),
        later.id.not_in(reversed_ones),
        Remittance.payer_id == row.payer_id,
        since,
    )
    for found in work.db.execute(answered):
        if found.id not in mine:
            raise Problem(
                f"{found.number} has answered it since (claim {found.position}).",
                hint=f"{_NOTHING} Undo that first.",
            )


def _done(
    work: Work, row: Remittance, claims: Sequence[_Claim], entries: int, action: str
) -> UndoneRemittance:
    count = len(claims)
    row.unposted = count_unposted(work, row.id)
    work.db.flush()
    record(work, action, "remittance", row.id, number=row.number, claims=count, entries=entries)
    work.touch(Topic.REMITTANCES, Topic.QUEUE, Topic.PAYMENTS, Topic.LEDGER)
    work.touch(Topic.PATIENTS, Topic.SESSIONS, Topic.CLAIMS)
    work.db.expire_all()
    return UndoneRemittance(row.id, row.number, row.status, count, entries, row.unposted)
