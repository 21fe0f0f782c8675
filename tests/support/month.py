"""The sample exports of one month: brought in through the one door, and what stands then."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from fscdesk.models.ledger import JournalLine, Part
from fscdesk.models.payment import Payment, PaymentStatus
from fscdesk.models.refund import Refund, RefundStatus
from fscdesk.models.simplepractice import CardTransaction, ReportedAllocation, ReportedClaim
from fscdesk.services.importing.any_file import import_any
from fscdesk.services.importing.applying import Applied
from fscdesk.services.importing.reading import read_any
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.ledger.accounts import RECORDED_IN_SIMPLEPRACTICE
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.appointment_files import MARCH
from tests.support.payments import cents
from tests.support.report_files import SAMPLES, ZONE
from tests.support.shared import samples

SESSIONS, EXPORT, ALLOCATION = "sessions", "sp_payment_export", "sp_income_alloc"
CARDS, CHECKS = "sp_card_tx", "sp_ins_pay"
MONTH = (SESSIONS, EXPORT, ALLOCATION, CARDS, CHECKS)
FILES = {SESSIONS: MARCH, **SAMPLES}


def bring_in(books: Office, file: str, *, accept: bool = True) -> Applied:
    """Import a sample by its key (or its name), questions answered by their proposals."""
    read = read_any(samples() / FILES.get(file, file), zone=ZONE)
    return books.write(lambda work: import_any(work, read, accept_proposals=accept)).value


def take_back(books: Office, batch_id: int | None) -> None:
    """Undo an import."""
    assert batch_id is not None
    books.write(lambda work: undo_import(work, batch_id))


@dataclass(frozen=True)
class Standing:
    """What stands in the books, in cents, however it came there."""

    client_open: int
    payer_open: int
    written_off_open: int
    undeposited: int
    client_credits: int
    payer_credits: int
    owed: int
    contractual: int
    payments: int
    refunds: int
    allocations: int
    claims: int
    cards: int
    cards_linked: int


def stands(books: Office) -> Standing:
    """Return what stands now."""
    return books.read(_stands)


def _stands(work: Work) -> Standing:
    def open_of(*parts: Part) -> int:
        total = work.db.scalar(
            select(func.sum(JournalLine.amount)).where(
                JournalLine.account == RECORDED_IN_SIMPLEPRACTICE, JournalLine.part.in_(parts)
            )
        )
        return 0 if total is None else total.cents

    def count(model: type, *where: object) -> int:
        return work.db.scalar(select(func.count()).select_from(model).where(*where)) or 0  # type: ignore[arg-type]

    return Standing(
        client_open=open_of(Part.PATIENT_PAID),
        payer_open=open_of(Part.INSURANCE_PAID),
        written_off_open=open_of(Part.WRITE_OFF, Part.ADJUSTMENT),
        undeposited=cents(work, "1050"),
        client_credits=cents(work, "2400"),
        payer_credits=cents(work, "2410"),
        owed=cents(work, "1100") + cents(work, "1110"),
        contractual=cents(work, "4900"),
        payments=count(Payment, Payment.status == PaymentStatus.POSTED),
        refunds=count(Refund, Refund.status == RefundStatus.PAID),
        allocations=count(ReportedAllocation),
        claims=count(ReportedClaim),
        cards=count(CardTransaction),
        cards_linked=count(CardTransaction, CardTransaction.payment_id.is_not(None)),
    )
