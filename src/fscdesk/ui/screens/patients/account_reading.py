"""What stands over an account besides its figures: flags, plan, parking, notes, counts of tabs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.account_notes import NoteRow, notes_of
from fscdesk.services.billing.adjustment_lists import memos_of
from fscdesk.services.billing.estimates import dispute_warning
from fscdesk.services.billing.flags import FlagsRow, flags_of
from fscdesk.services.billing.invoice_listing import InvoiceFilter, page_of_invoices
from fscdesk.services.billing.parking import is_parked
from fscdesk.services.billing.plan_reading import PlanFilter, page_of_plans, plan_position
from fscdesk.services.claims.authorizations import AuthorizationFilter, page_of_authorizations
from fscdesk.services.claims.listing import ClaimFilter, page_of_claims
from fscdesk.services.paging import Span
from fscdesk.services.payments.listing import page_of_payments
from fscdesk.services.payments.payment_filters import PaymentFilter
from fscdesk.services.permissions import Right, may
from fscdesk.services.work import Work

_COUNT = Span(0, 0, "number")


@dataclass(frozen=True, slots=True)
class AccountStanding:
    """How an account stands today.

    ``due_now`` and ``plan_left`` are those of the plans of who pays; zero without one.
    ``dispute`` warns that what was billed is far above the good-faith estimate.
    """

    flags: FlagsRow
    parked: bool
    plan: str
    due_now: Money
    plan_left: Money
    missed: int
    next_due_on: date | None
    notes: tuple[NoteRow, ...]
    payments: int
    invoices: int
    plans: int
    memos: int = 0
    dispute: str = ""
    claims: int = 0
    authorizations: int = 0

    @property
    def pinned(self) -> tuple[NoteRow, ...]:
        """The notes that are shown whenever the account is opened."""
        return tuple(one for one in self.notes if one.pinned)


def standing_of(work: Work, patient_id: int) -> AccountStanding:
    """Return how the account of a patient stands. Raises Problem when there is none."""
    flags = flags_of(work, patient_id)
    payer = flags.guarantor_id
    position = plan_position(work, payer, work.today())
    warning = dispute_warning(work, patient_id)
    return AccountStanding(
        flags,
        is_parked(work, patient_id),
        "" if position is None else ", ".join(one.number for one in position.plans),
        ZERO if position is None else position.due_now,
        ZERO if position is None else position.total,
        0 if position is None else position.missed,
        None if position is None else position.next_due_on,
        notes_of(work, patient_id),
        page_of_payments(work, PaymentFilter(guarantor_id=payer), Span(0, 0, "posted")).total,
        _invoices(work, patient_id),
        page_of_plans(work, _COUNT, PlanFilter(guarantor_id=payer)).total,
        len(memos_of(work, patient_id)),
        "" if warning is None else warning.words,
        page_of_claims(work, ClaimFilter(patient_id=patient_id), Span(0, 0, "day")).total,
        page_of_authorizations(
            work, AuthorizationFilter(patient_id=patient_id, view="all"), Span(0, 0, "to")
        ).total,
    )


def _invoices(work: Work, patient_id: int) -> int:
    if not may(work, Right.MAKE_INVOICES):
        return 0
    return page_of_invoices(work, InvoiceFilter(patient_id=patient_id), _COUNT).total
