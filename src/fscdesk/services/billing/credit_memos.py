"""Credit memos: what the practice gives back of its charges, as a credit that can be applied.

Dr 4910 discounts, Cr 2400 (DESIGN 6): the credit is applied to charges like money, in parts. A
void memo keeps what was applied; only what is left of it is taken back, and it pays nothing any
more. The memos of one invoice are together never more than the invoice.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from fscdesk.models.approval import ApprovalRequest, RequestKind, RequestStatus
from fscdesk.models.invoice import CreditMemo, Invoice, InvoiceStatus, MemoStatus
from fscdesk.models.ledger import EntryKind, Part
from fscdesk.models.patient import Patient
from fscdesk.models.payment import Credit, CreditKind
from fscdesk.models.values import LARGEST_CENTS, ZERO, Money
from fscdesk.services import approvals
from fscdesk.services.audit import record
from fscdesk.services.billing.adjustment_bands import band_of, given_of_memo, lock_accounts
from fscdesk.services.billing.adjustment_rules import NOTHING
from fscdesk.services.editing import key_of, locked, require_version, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.ledger import credits as crediting
from fscdesk.services.ledger.accounts import DISCOUNTS
from fscdesk.services.ledger.posting import Draft, Leg, post, reverse
from fscdesk.services.numbering import next_number
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = [
    "Memo",
    "MemoStatus",
    "NewMemo",
    "issue",
    "post_approved",
    "refused",
    "require_spendable",
    "take_rest_of_void",
    "void_memo",
]

SERIES = "CM"
_DOING = "issue credit memos"
_LIVE = (MemoStatus.ISSUED, MemoStatus.VOID)


@dataclass(frozen=True, slots=True)
class NewMemo:
    """A credit memo as it is asked for; ``invoice_id`` names the invoice that it corrects."""

    patient_id: int
    amount: Money
    reason: str
    invoice_id: int | None = None
    request_key: str | None = None


@dataclass(frozen=True, slots=True)
class Memo:
    """A credit memo and the request that it waits in, if it does.

    ``repeated`` says that the same command had made it before, and nothing was made now. ``why``
    a higher person must decide than the amount alone would need: mostly empty.
    """

    memo_id: int
    number: str
    status: MemoStatus
    amount: Money
    credit_id: int | None
    request_id: int | None = None
    request_number: str = ""
    needs: str = ""
    why: str = ""
    repeated: bool = False


def issue(work: Work, new: NewMemo) -> Memo:
    """Issue a credit memo, or ask for it where it needs a second person (DESIGN 8).

    Raises Problem, with nothing made, for an amount that cannot be, a missing reason, an
    unknown client, an invoice of somebody else, and more than is left of the invoice.
    """
    require(work, Right.ADJUST, _DOING)
    repeated = _made_before(work, new)
    if repeated is not None:
        return repeated
    _require_amount(new.amount)
    patient = locked(work, Patient, new.patient_id, "this client")
    lock_accounts(work, [patient.id])
    _require_invoice(work, new)
    band = band_of(work, {patient.id: new.amount.cents})
    memo = CreditMemo(
        number=next_number(work, SERIES, work.today().year),
        guarantor_id=patient.guarantor_id,
        patient_id=patient.id,
        invoice_id=new.invoice_id,
        amount=new.amount,
        reason=text_of(new.reason, "the reason", longest=300, required=True),
        issued_on=work.today(),
        status=MemoStatus.WAITING,
        request_key=new.request_key,
        made_by=work.actor.staff_id,
        made_at=work.now(),
    )
    work.db.add(memo)
    try:
        work.db.flush()
    except IntegrityError as taken:
        raise Problem(
            "This credit memo was issued at another desk a moment ago.",
            hint="Nothing was posted twice. Look at the client's account.",
        ) from taken
    if band.needs is None:
        _post(work, memo)
    else:
        request = approvals.ask(
            work,
            RequestKind.CREDIT_MEMO,
            amount=new.amount,
            count=1,
            reason=memo.reason,
            needs=band.needs,
            why=band.why,
        )
        memo.request_id = request.id
        work.db.flush()
    _record(work, memo, "issue_credit_memo")
    work.touch(Topic.INVOICES, Topic.PATIENTS)
    return _memo(work, memo)


def post_approved(work: Work, request_id: int) -> Memo:
    """Issue the memo of an approved request, on the day of the approval.

    Raises Problem, with nothing posted, when its invoice was voided or has less left since.
    """
    memo = _waiting(work, request_id, RequestStatus.APPROVED)
    if memo.invoice_id is not None:
        hint = f"{NOTHING} It needs no credit memo: refuse the request."
        invoice = locked(work, Invoice, memo.invoice_id, "this invoice")
        _require_left(work, invoice, memo.amount, hint, besides=memo.id)
    memo.issued_on = work.today()
    _post(work, memo)
    _record(work, memo, "credit_memo_issued")
    work.touch(Topic.INVOICES, Topic.PATIENTS, Topic.APPROVALS)
    return _memo(work, memo)


def refused(work: Work, request_id: int) -> int:
    """Refuse the memo of a refused or withdrawn request; return how many: one."""
    memo = _waiting(work, request_id, RequestStatus.REFUSED, RequestStatus.WITHDRAWN)
    memo.status = MemoStatus.REFUSED
    work.db.flush()
    _record(work, memo, "credit_memo_refused")
    work.touch(Topic.INVOICES, Topic.PATIENTS, Topic.APPROVALS)
    return 1


def void_memo(work: Work, memo_id: int, *, reason: str, expected_version: int) -> Money:
    """Take back what is left of a memo, and return how much that was; it stays in the lists.

    What was applied stays applied. Where an application of a void memo is taken back, what
    returned to its credit is taken back by voiding it again. Raises Problem when nothing is left.
    """
    require(work, Right.ADJUST, _DOING)
    memo = locked(work, CreditMemo, memo_id, "this credit memo")
    require_version(memo, expected_version, "this credit memo")
    words = text_of(reason, "the reason", longest=300, required=True)
    if memo.status not in _LIVE or memo.credit_id is None or memo.entry_id is None:
        raise Problem(
            f"Credit memo {memo.number} is {memo.status.value}; it was never issued.",
            hint="Nothing was changed.",
        )
    credit = locked(work, Credit, memo.credit_id, "this credit")
    left = credit.balance
    if left <= ZERO:
        raise Problem(
            f"Nothing is left of credit memo {memo.number}.",
            hint="Nothing was changed. Take back what it was applied to first.",
        )
    if left == memo.amount and memo.status is MemoStatus.ISSUED:
        reverse(work, memo.entry_id, on=work.today(), reason=words)
    else:
        _move(work, memo, credit, -left.cents)
    memo.status, memo.void_reason = MemoStatus.VOID, words
    work.db.flush()
    work.db.expire_all()
    record(
        work,
        "void_credit_memo",
        "credit_memo",
        memo.id,
        number=memo.number,
        amount=memo.amount.plain(),
        left=left.plain(),
    )
    work.touch(Topic.INVOICES, Topic.PATIENTS, Topic.PAYMENTS)
    return left


def require_spendable(work: Work, credit: Credit) -> None:
    """Raise Problem for the credit of a void memo: what came back to it pays nothing."""
    if credit.kind is not CreditKind.CREDIT_MEMO:
        return
    memo = work.db.scalars(
        select(CreditMemo).filter_by(credit_id=credit.id, status=MemoStatus.VOID)
    ).one_or_none()
    if memo is not None:
        raise Problem(
            f"Credit memo {memo.number} is void.",
            hint=f"{NOTHING} Void it again: that takes back what is left.",
        )


def take_rest_of_void(work: Work, credit_id: int) -> Money:
    """Take back what has just returned to the credit of a void memo; return how much that was.

    It follows the voiding, whose right was asked. Nothing happens for any other credit.
    """
    found = select(CreditMemo.id).filter_by(credit_id=credit_id, status=MemoStatus.VOID)
    memo_id = work.db.scalar(found)
    if memo_id is None:
        return ZERO
    memo = locked(work, CreditMemo, memo_id, "this credit memo")
    credit = locked(work, Credit, credit_id, "this credit")
    left = credit.balance
    if left <= ZERO:
        return ZERO
    _move(work, memo, credit, -left.cents)
    work.db.expire_all()
    record(
        work,
        "void_credit_memo",
        "credit_memo",
        memo_id,
        number=memo.number,
        amount=memo.amount.plain(),
        left=left.plain(),
    )
    work.touch(Topic.INVOICES, Topic.PATIENTS, Topic.PAYMENTS)
    return left


def _post(work: Work, memo: CreditMemo) -> None:
    credit = crediting.open_credit(
        work,
        CreditKind.CREDIT_MEMO,
        since=memo.issued_on,
        patient_id=memo.patient_id,
        guarantor_id=memo.guarantor_id,
        note=memo.number,
    )
    memo.credit_id = credit.id
    memo.entry_id = _move(work, memo, credit, memo.amount.cents)
    memo.status = MemoStatus.ISSUED
    work.db.flush()
    work.db.expire_all()
    work.touch(Topic.LEDGER, Topic.PAYMENTS)


def _move(work: Work, memo: CreditMemo, credit: Credit, cents: int) -> int:
    """Fill the memo's credit, or with a negative amount take back from it."""
    owner = crediting.about(credit)._replace(credit_id=None)
    what = "Credit memo" if cents > 0 else "Void: credit memo"
    return post(
        work,
        Draft(
            on=memo.issued_on if cents > 0 else max(work.today(), memo.issued_on),
            kind=EntryKind.CREDIT_MEMO,
            memo=f"{what} {memo.number}",
            legs=(
                Leg(DISCOUNTS, cents, Part.ADJUSTMENT, owner),
                crediting.leg(credit, -cents, Part.ADJUSTMENT),
            ),
        ),
    )


def _require_amount(amount: Money) -> None:
    if amount <= ZERO:
        raise Problem(
            "The amount of a credit memo must be above zero.",
            hint=f"{NOTHING} What the client owes more is a charge.",
        )
    if amount.cents > LARGEST_CENTS:
        raise Problem(f"{amount} is more than these books can hold.", hint=NOTHING)


def _require_invoice(work: Work, new: NewMemo) -> None:
    if new.invoice_id is None:
        return
    invoice = work.db.get(Invoice, new.invoice_id)
    if invoice is None or invoice.patient_id != new.patient_id:
        raise Problem("That invoice is not one of this client's.", hint=NOTHING)
    invoice = locked(work, Invoice, new.invoice_id, "this invoice")
    _require_left(work, invoice, new.amount, f"{NOTHING} It needs no credit memo.")


def _require_left(
    work: Work, invoice: Invoice, amount: Money, if_void: str, *, besides: int = 0
) -> None:
    """Refuse more than an invoice has left, less what memos give or would give of it."""
    if invoice.status is InvoiceStatus.VOID:
        raise Problem(f"Invoice {invoice.number} is void.", hint=if_void)
    found = work.db.execute(
        select(CreditMemo.status, CreditMemo.amount, given_of_memo()).where(
            CreditMemo.invoice_id == invoice.id, CreditMemo.id != besides
        )
    )
    given = Money(
        sum(
            amount.cents if status == MemoStatus.WAITING else (given or ZERO).cents
            for status, amount, given in found
        )
    )
    if amount <= invoice.amount - given:
        return
    if not given:
        words = f"{amount} is more than invoice {invoice.number}, which is {invoice.amount}."
    else:
        words = (
            f"{amount} is more than the {invoice.amount - given} that is left of invoice"
            f" {invoice.number}: {given} of credit memos stand or wait for it."
        )
    raise Problem(words, hint=f"{NOTHING} Lower the amount.")


def _waiting(work: Work, request_id: int, *wanted: RequestStatus) -> CreditMemo:
    request = locked(work, ApprovalRequest, request_id, "this request")
    if request.kind is not RequestKind.CREDIT_MEMO or request.status not in wanted:
        raise Problem(
            f"Request {request.number} is {request.status.value}:"
            " that does not decide about a credit memo.",
            hint=NOTHING,
        )
    found = select(CreditMemo.id).filter_by(request_id=request_id, status=MemoStatus.WAITING)
    memo_id = work.db.scalar(found)
    if memo_id is None:
        raise Problem(f"The credit memo of request {request.number} does not wait.", hint=NOTHING)
    return locked(work, CreditMemo, memo_id, "this credit memo")


def _made_before(work: Work, new: NewMemo) -> Memo | None:
    if key_of(new.request_key) is None:
        return None
    found = work.db.scalars(select(CreditMemo).filter_by(request_key=new.request_key)).one_or_none()
    if found is None:
        return None
    if (found.patient_id, found.amount) != (new.patient_id, new.amount):
        raise Problem(
            f"Credit memo {found.number} was issued under the same key with other facts.",
            hint=f"{NOTHING} Enter this one anew.",
        )
    return _memo(work, found, repeated=True)


def _memo(work: Work, memo: CreditMemo, *, repeated: bool = False) -> Memo:
    request = None if memo.request_id is None else work.db.get(ApprovalRequest, memo.request_id)
    return Memo(
        memo.id,
        memo.number,
        MemoStatus(memo.status),
        memo.amount,
        memo.credit_id,
        memo.request_id,
        "" if request is None else request.number,
        "" if request is None else request.needs,
        approvals.why_higher(work, memo.request_id),
        repeated,
    )


def _record(work: Work, memo: CreditMemo, action: str) -> None:
    record(
        work,
        action,
        "credit_memo",
        memo.id,
        number=memo.number,
        amount=memo.amount.plain(),
        status=memo.status.value,
    )
