"""Takes back what a remittance posted: one of its claims, or all of it, by opposite entries.

What was said stays; it can be posted again. Nothing is taken back that something later rests on:
a reversal of the payer, a settled item, money that was deposited or went back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.payment import Payment, PaymentStatus
from fscdesk.models.remittance import (
    Fate,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
    RemittanceOrigin,
    RemittanceStatus,
)
from fscdesk.models.values import ZERO
from fscdesk.services.audit import record
from fscdesk.services.banking.certain import take_explanation_back
from fscdesk.services.banking.deposited import deposited_words
from fscdesk.services.billing.plan_ending import reopen_unpaid
from fscdesk.services.editing import locked, require_version, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.chains import standing
from fscdesk.services.ledger.charge_locks import lock_charges
from fscdesk.services.ledger.posting import reverse_all
from fscdesk.services.payments.following import follow_reversed
from fscdesk.services.payments.holding import (
    entries_of,
    free_of,
    locked_credits,
    locked_payment,
    require_no_refunds,
    write_change,
)
from fscdesk.services.permissions import Right, require
from fscdesk.services.remittances.adjustment_rows import (
    of_claims,
    of_payment,
    put_back,
    take_back,
)
from fscdesk.services.remittances.entries import claim_memo, taken_back_memo, undone_memo
from fscdesk.services.remittances.executing import count_unposted
from fscdesk.services.remittances.fates import write_undone
from fscdesk.services.remittances.following import (
    go_back,
    said_still,
    say_again,
    take_crossings_back,
)
from fscdesk.services.remittances.posted_claims import (
    NOTHING,
    PostedClaim,
    posted_claims,
    require_last,
    with_netted,
)
from fscdesk.services.remittances.provider_postings import lock_items
from fscdesk.services.remittances.provider_undoing import (
    require_items_free,
    undo_items,
    undo_rests,
)
from fscdesk.services.remittances.returned import replaced_by, require_not_returned
from fscdesk.services.remittances.taking_back import take_back as take_payment_back
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


@dataclass(frozen=True, slots=True)
class UndoneRemittance:
    """What was taken back: how many claims and entries, and where the remittance stands.

    ``typed``: it was an EOB that somebody typed in, so that it does not post again by itself.
    """

    remittance_id: int
    number: str
    status: RemittanceStatus
    claims: int
    entries: int
    unposted: int
    typed: bool = False


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
    if row.origin is RemittanceOrigin.TYPED:
        raise Problem(
            f"{row.number} was typed in as one: what it says of a claim is not taken back alone.",
            hint=f"{NOTHING} Undo the whole EOB, and type it in anew.",
        )
    claims = with_netted(work, posted_claims(work, row), remittance_claim_id)
    if not claims:
        raise Problem("This claim is not posted.", hint=NOTHING)
    require_not_returned(work, row)
    payment = locked_payment(work, row.payment_id or 0)
    credit = locked_credits(work, payment.id)[0]
    memo = undone_memo(row.number, f"claim {claims[0].position}: {words}")
    undo_rests(work, lock_items(work, row), claims, on=work.today(), reason=memo)
    done = _take_out(work, row, payment, claims, memo, whole=False)
    work.db.refresh(credit)
    short = -free_of(work, credit)
    if short > ZERO:
        raise Problem(
            f"{short} that this claim took back is used by other claims of {row.number}.",
            hint=f"{NOTHING} Undo the whole remittance.",
        )
    row.status = RemittanceStatus.PARTLY
    return _done(work, row, claims, done, "undo_remittance_claim")


def undo_remittance(
    work: Work, remittance_id: int, reason: str, *, expected_version: int | None = None
) -> UndoneRemittance:
    """Take a whole remittance out of the books; it can be posted again.

    Raises Problem, with nothing changed, for one that is not posted, that something later rests
    on (which is named), and once its money was deposited or refunded; money of the bank that it
    alone explained waits to be explained again. Of one whose money the bank took back, what it
    said is taken back; its payment stays returned.
    """
    require(work, Right.CORRECT_PAYMENT, "take posted remittances back")
    words = text_of(reason, "the reason", longest=_LONGEST_REASON, required=True)
    typed = _typed(work, remittance_id)
    if typed is not None:
        return _undo_typed(work, typed, words, expected_version)
    row = _locked(work, remittance_id, expected_version)
    payment = work.db.get_one(Payment, row.payment_id)
    if payment.status is PaymentStatus.RETURNED:
        return _undo_returned(work, row, payment, words)
    payment = locked_payment(work, payment.id)
    take_explanation_back(work, payment.id, undone_memo(row.number, words))
    deposited = deposited_words(work, payment)
    if deposited:
        raise Problem(
            f"The money of {row.number} (payment {payment.number}) was {deposited}.",
            hint=f"{NOTHING} Undo single claims of it; the money stays with the payer's credits.",
        )
    require_no_refunds(work, payment, "taken back")
    locked_credits(work, payment.id)
    items = lock_items(work, row)
    require_items_free(work, row, items)
    claims = posted_claims(work, row)
    memo = undone_memo(row.number, words)
    undo_items(work, row, items, on=work.today(), reason=memo)
    done = _take_out(work, row, payment, claims, memo, whole=True)
    payment.status = PaymentStatus.VOIDED
    old = f"Posted, {payment.amount}"
    write_change(work, payment, "voided", old=old, new="Voided", reason=memo)
    row.status = RemittanceStatus.UNDONE
    return _done(work, row, claims, done, "undo_remittance")


def _undo_returned(work: Work, row: Remittance, payment: Payment, words: str) -> UndoneRemittance:
    """Take back what a remittance said whose money went back; the payment stays returned."""
    by = replaced_by(work, row)
    if by:
        raise Problem(
            f"{by} has paid again what the bank took back of {row.number}.",
            hint=f"{NOTHING} Undo {by} first.",
        )
    locked(work, Payment, payment.id, "this payment")
    return take_back_said(work, row, payment, undone_memo(row.number, words), on=work.today())


def take_back_said(
    work: Work, row: Remittance, payment: Payment, memo: str, *, on: date
) -> UndoneRemittance:
    """Take back all that a remittance said but its receipt; the caller has locked the payment.

    Its whole check is in the fund then, or has left it with a return. Raises Problem where
    something later rests on it, which is named.
    """
    items = lock_items(work, row)
    require_items_free(work, row, items)
    claims = posted_claims(work, row)
    undo_items(work, row, items, on=on, reason=memo)
    done = _take_out(work, row, payment, claims, memo, whole=True, on=on, receipt=False)
    row.status = RemittanceStatus.UNDONE
    return _done(work, row, claims, done, "undo_remittance")


def _typed(work: Work, remittance_id: int) -> Remittance | None:
    """Return the remittance if it is a typed EOB that is in the books."""
    row = work.db.get(Remittance, remittance_id)
    if row is None or row.origin is not RemittanceOrigin.TYPED:
        return None
    return row if row.status is RemittanceStatus.POSTED else None


def _undo_typed(
    work: Work, row: Remittance, words: str, expected_version: int | None
) -> UndoneRemittance:
    """Take the payment of a typed EOB back, and with it all that it said."""
    payment = locked_payment(work, row.payment_id or 0)
    row = _locked(work, row.id, expected_version)
    claims = posted_claims(work, row)
    entries = len(entries_of(work, payment.id)) + len(of_payment(work, payment.id))
    take_payment_back(work, payment.id, expected_version=payment.version, reason=words)
    work.db.refresh(row)
    return _done(work, row, claims, entries, "undo_remittance")


def _locked(work: Work, remittance_id: int, expected_version: int | None) -> Remittance:
    row = locked(work, Remittance, remittance_id, "this remittance")
    if expected_version is not None:
        require_version(row, expected_version, f"remittance {row.number}")
    if row.status not in (RemittanceStatus.POSTED, RemittanceStatus.PARTLY):
        raise Problem(f"Remittance {row.number} is not posted.", hint=NOTHING)
    return row


def _take_out(
    work: Work,
    row: Remittance,
    payment: Payment,
    claims: Sequence[PostedClaim],
    memo: str,
    *,
    whole: bool,
    on: date | None = None,
    receipt: bool = True,
) -> int:
    """Reverse what claims posted, let all follow, and return how many entries were reversed."""
    ids = [one.id for one in claims]
    lines = work.db.execute(
        select(RemittanceLine.id, RemittanceLine.remittance_claim_id, RemittanceLine.charge_id)
        .where(
            among(work, RemittanceLine.remittance_claim_id, ids),
            RemittanceLine.fate == Fate.POSTED,
        )
        .order_by(RemittanceLine.id)
    ).all()
    # What was netted has moved nothing, and said nothing in the end.
    moved = {one.id for one in claims if not one.netted}
    charges = {
        line.charge_id
        for line in lines
        if line.charge_id is not None and line.remittance_claim_id in moved
    }
    back = {one.id for one in claims if one.back}
    reopened = {line.charge_id for line in lines if line.remittance_claim_id in back} - {None}
    lock_charges(work, charges)
    require_last(work, row, ids, [line.id for line in lines], reopened)
    on = on or work.today()
    entries = _entries(work, row, payment, None if whole else claims, charges, receipt=receipt)
    reversals = reverse_all(work, standing(work, entries), on=on, reason=memo)
    # First what its reversals had taken back: of a claim that goes with them nothing may stand.
    again = put_back(work, _taken_back(work, row, reopened), on=on, reason=memo)
    taken = take_back(work, of_claims(work, ids), on=on, reason=memo)
    work.db.expire_all()
    follow_reversed(work, reversals, on=on, reason=memo)
    stays = [] if whole else said_still(work, row, ids, charges)
    moved = go_back(work, payment.number, charges, reason=memo, on=on)
    say_again(work, row, payment.number, stays, moved, on=on)
    claim_ids = {one.claim_id for one in claims if one.claim_id is not None and not one.netted}
    take_crossings_back(work, payment.number, None if whole else claim_ids)
    reopen_unpaid(work, charges, on=on)
    write_undone(work, ids)
    return len(reversals) + taken + again


def _entries(
    work: Work,
    row: Remittance,
    payment: Payment,
    claims: Sequence[PostedClaim] | None,
    charges: Collection[int],
    *,
    receipt: bool,
) -> list[int]:
    """Return the entries of claims, or of a whole remittance where ``claims`` is None.

    Without ``receipt`` the money itself stays: it came, and has gone or goes by a return. What an
    import applied anew (SimplePractice called it paid meanwhile) has another memo: it goes with
    the claims of its charge.
    """
    found = (
        select(JournalEntry.id)
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .where(JournalLine.payment_id == payment.id)
        .distinct()
    )
    if claims is None:
        moves = [one for one in _ALL_MOVES if receipt or one is not EntryKind.RECEIPT]
        return list(work.db.scalars(found.where(JournalEntry.kind.in_(moves))))
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
    """Return the entries by which reversals of this remittance took adjustments back.

    Those of charges that are void by now stay taken back: nothing may stand with such a charge.
    """
    ids = [one for one in charges if one is not None]
    live = select(Charge.id).where(among(work, Charge.id, ids), Charge.voided_on.is_(None))
    wanted = list(work.db.scalars(live))
    # A remittance that was undone and posted again has taken back more than once.
    later = aliased(JournalEntry)
    put_back_before = select(later.id).where(later.reverses_id == JournalEntry.id).exists()
    return list(
        work.db.scalars(
            select(JournalEntry.id)
            .where(
                among(work, JournalEntry.charge_id, wanted),
                JournalEntry.kind == EntryKind.REVERSAL,
                JournalEntry.memo == taken_back_memo(row.number),
                ~put_back_before,
            )
            .order_by(JournalEntry.id)
        )
    )


def _done(
    work: Work, row: Remittance, claims: Sequence[PostedClaim], entries: int, action: str
) -> UndoneRemittance:
    count = len(claims)
    row.unposted = count_unposted(work, row.id)
    work.db.flush()
    record(work, action, "remittance", row.id, number=row.number, claims=count, entries=entries)
    work.touch(Topic.REMITTANCES, Topic.QUEUE, Topic.PAYMENTS, Topic.LEDGER)
    work.touch(Topic.PATIENTS, Topic.SESSIONS, Topic.CLAIMS)
    work.db.expire_all()
    typed = row.origin is RemittanceOrigin.TYPED
    return UndoneRemittance(row.id, row.number, row.status, count, entries, row.unposted, typed)
