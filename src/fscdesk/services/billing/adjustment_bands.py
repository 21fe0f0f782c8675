"""Who may decide about a write-off or a credit memo: by what one account loses (DESIGN 8).

    lock_accounts(work, patient_ids)            # before it is read how much there was
    band = band_of(work, {patient_id: cents})   # band.needs, band.why

Asking in parts is no way round a band: with what is asked for now, what waits and what was posted
in the last ``DAYS`` days count, for every guarantor, write-offs and credit memos together. What a
higher person decided or will decide fills no lower band. What a payer's remittance says is not the
practice's gift and is not counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ScalarSelect, and_, case, func, or_, select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.approval import ApprovalRequest
from fscdesk.models.invoice import CreditMemo, MemoStatus
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.values import LARGEST_CENTS, ZERO, Money
from fscdesk.services.approvals import CLERK_BAND, MANAGER_BAND
from fscdesk.services.billing.adjustment_rules import RULES, TAKEN_WITH_PAYMENT
from fscdesk.services.billing.limits import write_off_alone
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right
from fscdesk.services.work import Work

DAYS: Final = 30
"""So long a decision counts, from the moment in which it was made."""
ALONE: Final = ""
"""Whose decision it was where nobody was asked."""
_CLERKS: Final = (ALONE, Right.APPROVE_WRITE_OFF_50)
_MANAGERS: Final = (*_CLERKS, Right.APPROVE_WRITE_OFF_500)
_OWN: Final = tuple(kind for kind, rule in RULES.items() if not rule.moves)
"""The kinds that make less owed; the others only change who owes it."""

Lately = Mapping[tuple[int, str], int]
"""Cents by guarantor and by the right that decides, or decided, about them."""


@dataclass(frozen=True, slots=True)
class Band:
    """What a decision needs: nobody else (``needs`` None), or whose right.

    ``why`` is a sentence where it needs more than its own amount would; empty otherwise.
    """

    needs: Right | None
    why: str = ""


def lock_accounts(work: Work, patient_ids: Collection[int]) -> None:
    """Let nobody else decide about these clients' accounts until the end of the work.

    Before any charge is locked, as a change of the guarantor does; what only names the account
    does not wait for it.
    """
    wanted = select(Patient.guarantor_id).where(among(work, Patient.id, patient_ids))
    rows = select(Guarantor.id).where(Guarantor.id.in_(wanted)).order_by(Guarantor.id)
    work.db.scalars(rows.with_for_update(key_share=True)).all()


def band_of(work: Work, asked: Mapping[int, int], *, alone: bool = True) -> Band:
    """Return who decides about so many cents of each client; ``alone``: perhaps nobody else.

    It is the highest right that one of the accounts needs. Call ``lock_accounts`` first.
    """
    now = _by_account(work, asked)
    lately = _lately(work, now)
    tiers = _tiers(work)
    first = 0 if alone and sum(now.values()) <= tiers[0].most else 1
    needed = {one: _place(tiers, first, one, cents, lately) for one, cents in now.items()}
    highest = max(needed.values())
    raised = [
        one
        for one, place in sorted(needed.items())
        if place == highest > _place(tiers, first, one, now[one], {})
    ]
    needs = tiers[highest].needs
    if not raised:
        return Band(needs)
    account, below = raised[0], tiers[highest - 1]
    filled = _filled(below, account, lately)
    total = now[account] + filled
    number = work.db.get_one(Guarantor, account).number
    return Band(
        needs,
        f"Account {number}: {Money(now[account])} now, with {Money(filled)} {below.which} in the"
        f" last {DAYS} days, are {Money(total)}. Above {Money(below.most)} {below.then} decides.",
    )


@dataclass(frozen=True, slots=True)
class _Tier:
    """Who decides up to how many cents, and whose decisions fill them; words for a sentence."""

    needs: Right | None
    most: int
    who: tuple[str, ...]
    which: str = "that waits or was posted"
    then: str = "a higher right"


def _tiers(work: Work) -> tuple[_Tier, ...]:
    own = write_off_alone(work).cents
    return (
        _Tier(None, own, (ALONE,), "that one person wrote off alone", "a second person"),
        _Tier(Right.APPROVE_WRITE_OFF_50, CLERK_BAND.cents, _CLERKS),
        _Tier(Right.APPROVE_WRITE_OFF_500, MANAGER_BAND.cents, _MANAGERS),
        _Tier(Right.APPROVE_WRITE_OFF_ANY, LARGEST_CENTS, ()),
    )


def _place(tiers: Sequence[_Tier], first: int, account: int, cents: int, lately: Lately) -> int:
    """Return which is the first tier that has room for so much of an account."""
    places = range(first, len(tiers) - 1)
    fits = (at for at in places if cents + _filled(tiers[at], account, lately) <= tiers[at].most)
    return next(fits, len(tiers) - 1)


def _filled(tier: _Tier, account: int, lately: Lately) -> int:
    return sum(lately.get((account, who), 0) for who in tier.who)


def _by_account(work: Work, asked: Mapping[int, int]) -> dict[int, int]:
    found = work.db.execute(
        select(Patient.id, Patient.guarantor_id).where(among(work, Patient.id, asked))
    )
    now: dict[int, int] = defaultdict(int)
    for patient_id, guarantor_id in found:
        now[guarantor_id] += abs(asked[patient_id])
    return now


def given_of_memo() -> ScalarSelect[Money | None]:
    """Return what a credit memo gave and still gives: of a void one, what was spent of it."""
    return (
        select(-func.sum(JournalLine.amount))
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(
            JournalLine.credit_id == CreditMemo.credit_id,
            or_(
                JournalEntry.kind == EntryKind.CREDIT_MEMO,
                JournalEntry.reverses_id == CreditMemo.entry_id,
            ),
        )
        .correlate(CreditMemo)
        .scalar_subquery()
    )


def _lately(work: Work, guarantor_ids: Collection[int]) -> dict[tuple[int, str], int]:
    since = work.now() - timedelta(days=DAYS)
    found: dict[tuple[int, str], int] = defaultdict(int)
    for reader in (_adjusted, _given):
        for guarantor_id, needs, cents in reader(work, guarantor_ids, since):
            found[guarantor_id, needs] += cents
    return found


def _adjusted(
    work: Work, guarantor_ids: Collection[int], since: datetime
) -> list[tuple[int, str, int]]:
    needs = func.coalesce(ApprovalRequest.needs, ALONE)
    size = case((Adjustment.amount < ZERO, -Adjustment.amount), else_=Adjustment.amount)
    decided = func.coalesce(ApprovalRequest.decided_at, Adjustment.made_at)
    word = RULES[AdjustmentKind.CONTRACTUAL].word  # what a person's own begin with
    by_payment = and_(
        Adjustment.recorded.is_(True),
        Adjustment.request_id.is_(None),
        Adjustment.reason == TAKEN_WITH_PAYMENT,
        JournalEntry.memo.not_like(f"{word}%"),
    )
    rows = work.db.execute(
        select(Patient.guarantor_id, needs, func.sum(size))
        .join(Patient, Patient.id == Adjustment.patient_id)
        .outerjoin(ApprovalRequest, ApprovalRequest.id == Adjustment.request_id)
        .outerjoin(JournalEntry, JournalEntry.id == Adjustment.entry_id)
        .where(
            among(work, Patient.guarantor_id, guarantor_ids),
            Adjustment.kind.in_(_OWN),
            Adjustment.payment_id.is_(None),
            or_(
                Adjustment.status == AdjustmentStatus.WAITING,
                and_(Adjustment.status == AdjustmentStatus.POSTED, decided >= since),
            ),
            or_(JournalEntry.id.is_(None), ~by_payment),
        )
        .group_by(Patient.guarantor_id, needs)
    )
    return [(guarantor_id, who, total.cents) for guarantor_id, who, total in rows]


def _given(
    work: Work, guarantor_ids: Collection[int], since: datetime
) -> list[tuple[int, str, int]]:
    decided = func.coalesce(ApprovalRequest.decided_at, CreditMemo.made_at)
    rows = work.db.execute(
        select(
            Patient.guarantor_id,
            func.coalesce(ApprovalRequest.needs, ALONE),
            CreditMemo.status,
            CreditMemo.amount,
            given_of_memo(),
        )
        .join(Patient, Patient.id == CreditMemo.patient_id)
        .outerjoin(ApprovalRequest, ApprovalRequest.id == CreditMemo.request_id)
        .where(
            among(work, Patient.guarantor_id, guarantor_ids),
            or_(
                CreditMemo.status == MemoStatus.WAITING,
                and_(CreditMemo.status.in_((MemoStatus.ISSUED, MemoStatus.VOID)), decided >= since),
            ),
        )
    )
    return [
        (
            guarantor_id,
            needs,
            amount.cents if status == MemoStatus.WAITING else (given or ZERO).cents,
        )
        for guarantor_id, needs, status, amount, given in rows
    ]
