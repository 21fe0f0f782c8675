"""What waits of remittances: not posted, claims of them that stay, recoupments, paid too little."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.recoupment import RecoupmentKind
from fscdesk.models.remittance import (
    Fate,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
    RemittanceStatus,
)
from fscdesk.models.values import ZERO, Money
from fscdesk.services.paging import Span
from fscdesk.services.queue.items import ItemKind, QueueItem, Step, the_rest
from fscdesk.services.remittances.listing import RemittanceFilter, page_of_remittances
from fscdesk.services.remittances.recoupments import recoupments
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work

REMITTANCE: Final = "remittance"
PAYMENTS: Final = "payments"
UNDERPAID_DAYS: Final = 365
"""So long after its check a line that was paid too little is a thing of the queue."""


def not_posted(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield the remittances that are stopped, or wait for a person's word to be posted."""
    wanted = RemittanceFilter(
        statuses=(RemittanceStatus.STOPPED.value, RemittanceStatus.TO_POST.value)
    )
    page = page_of_remittances(work, wanted, Span(0, most, "paid"))
    for row in page.rows:
        stopped = row.status is RemittanceStatus.STOPPED
        reason = row.reason.removesuffix(".") or "it waits for a look"
        if stopped:
            title, urgency = f"Remittance stopped: {reason}", Urgency.HIGH
            steps = (Step("See what differs", reason), Step("Post what is right, or set it aside"))
        else:
            title, urgency = "Remittance to post", Urgency.MEDIUM
            steps = (Step("Look at what would be posted"), Step("Post it"))
        yield QueueItem(
            key=f"{ItemKind.REMITTANCE.value}:{row.id}",
            kind=ItemKind.REMITTANCE,
            urgency=urgency,
            title=title,
            about=f"{row.payer}, {row.number}, check of {row.paid_on:%m/%d/%Y}",
            why=f"{row.claims:,} claims of {row.amount}: {reason}.",
            amount=row.amount,
            due_on=None,
            since=row.paid_on,
            opens=Opens(REMITTANCE, {REMITTANCE: row.id}),
            steps=steps,
            payer_id=row.payer_id,
            payer=row.payer,
            remittance_id=row.id,
            standing=f"{row.status.value} {row.reason}",
        )
    opens = Opens(PAYMENTS, {"tab": "remittances", "view": "needs"})
    yield from the_rest(
        ItemKind.REMITTANCE, page.total, most, "remittances to post", opens, Urgency.MEDIUM
    )


def unposted(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield the claims that stay of remittances which are posted in part, each with its reason."""
    where = (
        Remittance.status == RemittanceStatus.PARTLY,
        RemittanceClaim.fate == Fate.UNPOSTED,
    )
    joined = Remittance.id == RemittanceClaim.remittance_id
    rows = work.db.execute(
        select(RemittanceClaim, Remittance, Payer.short_name)
        .join(Remittance, joined)
        .outerjoin(Payer, Payer.id == Remittance.payer_id)
        .where(*where)
        .order_by(Remittance.paid_on, RemittanceClaim.id)
        .limit(most)
    ).all()
    for claim, remittance, payer in rows:
        words = claim.words.removesuffix(".") or "it waits for a look"
        yield QueueItem(
            key=f"{ItemKind.UNPOSTED.value}:{claim.id}",
            kind=ItemKind.UNPOSTED,
            urgency=Urgency.MEDIUM,
            title=f"Not posted: {words}",
            about=f"{claim.patient_name or claim.number}, {payer or remittance.payer_name},"
            f" {remittance.number}",
            why=f"{words}. The payer paid {claim.paid} of {claim.charge}.",
            amount=claim.paid,
            due_on=None,
            since=remittance.paid_on,
            opens=Opens(REMITTANCE, {REMITTANCE: remittance.id, "claim": claim.id}),
            steps=(
                Step("Say whose it is, or mend the rule", claim.number),
                Step("Post the remittance again, or set this claim aside with a reason"),
            ),
            patient_id=claim.patient_id,
            payer_id=remittance.payer_id,
            payer=payer or remittance.payer_name,
            claim_id=claim.claim_id,
            remittance_id=remittance.id,
            standing=claim.why,
        )
    total = 0
    if len(rows) == most:
        counted = select(func.count()).select_from(RemittanceClaim).join(Remittance, joined)
        total = work.db.scalar(counted.where(*where)) or 0
    opens = Opens(PAYMENTS, {"tab": "remittances", "view": "needs"})
    yield from the_rest(ItemKind.UNPOSTED, total, most, "answers not posted", opens, Urgency.MEDIUM)


def open_recoupments(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield what payers have taken and nothing explains, and what they say they will take."""
    found = recoupments(work)
    for row in found[:most]:
        coming = row.kind is RecoupmentKind.WILL_TAKE
        steps: tuple[Step, ...]
        if coming:
            title, steps = "Payer will take this back", (Step("Wait for the check that takes it"),)
        else:
            title = "Payer took this, and nothing explains it"
            steps = (Step("Find what it took it for", row.reference), Step("Pair or explain it"))
        yield QueueItem(
            key=f"{ItemKind.RECOUPMENT.value}:{row.id}",
            kind=ItemKind.RECOUPMENT,
            urgency=Urgency.LOW if coming else Urgency.MEDIUM,
            title=title,
            about=f"{row.payer}, {row.number}, {row.on:%m/%d/%Y}",
            why=f"{row.reason_code} {row.reference}: {abs(row.open)} of {abs(row.amount)} is open"
            f" since {row.remittance}.",
            amount=abs(row.open),
            due_on=None,
            since=row.on,
            opens=Opens(REMITTANCE, {REMITTANCE: row.remittance_id}),
            steps=steps,
            payer_id=row.payer_id,
            payer=row.payer,
            remittance_id=row.remittance_id,
            standing=f"{row.kind.value} {row.open.cents}",
        )
    opens = Opens(PAYMENTS, {"tab": "remittances"})
    yield from the_rest(ItemKind.RECOUPMENT, len(found), most, "recoupments", opens, Urgency.MEDIUM)


def underpaid(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield the posted lines for which the payer allowed less than it was expected to.

    Only the newest answer of a charge counts, and none that was denied or taken back.
    """
    newest = (
        select(func.max(RemittanceLine.id))
        .where(RemittanceLine.fate == Fate.POSTED, RemittanceLine.charge_id.is_not(None))
        .group_by(RemittanceLine.charge_id)
    )
    rows = work.db.execute(
        select(RemittanceLine, RemittanceClaim, Remittance, Charge, Patient.name, Payer.short_name)
        .join(RemittanceClaim, RemittanceClaim.id == RemittanceLine.remittance_claim_id)
        .join(Remittance, Remittance.id == RemittanceClaim.remittance_id)
        .join(Charge, Charge.id == RemittanceLine.charge_id)
        .join(Patient, Patient.id == Charge.patient_id)
        .join(Payer, Payer.id == Remittance.payer_id)
        .where(
            RemittanceLine.id.in_(newest),
            RemittanceLine.expected.is_not(None),
            RemittanceLine.allowed.is_not(None),
            RemittanceLine.allowed > ZERO,
            RemittanceLine.allowed < RemittanceLine.expected,
            RemittanceLine.denied == "",
            Charge.voided_on.is_(None),
        )
        .order_by(Remittance.paid_on, RemittanceLine.id)
        .limit(most)
    )
    for line, claim, remittance, charge, patient, payer in rows:
        if (work.today() - remittance.paid_on).days > UNDERPAID_DAYS:
            continue
        less = Money((line.expected or ZERO).cents - (line.allowed or ZERO).cents)
        yield QueueItem(
            key=f"{ItemKind.UNDERPAID.value}:{line.id}",
            kind=ItemKind.UNDERPAID,
            urgency=Urgency.MEDIUM,
            title=f"Underpaid by {less}",
            about=f"{patient}, {payer}, {charge.code}, {charge.service_day:%m/%d/%Y}",
            why=f"{payer} allowed {line.allowed}; {line.expected} was expected.",
            amount=less,
            due_on=None,
            since=remittance.paid_on,
            opens=Opens(REMITTANCE, {REMITTANCE: remittance.id, "claim": claim.id}),
            steps=(
                Step("Compare it with the contract", f"{charge.code}: {line.expected}"),
                Step("Ask the payer to pay the rest, or change the fee that is expected"),
            ),
            patient_id=charge.patient_id,
            payer_id=remittance.payer_id,
            payer=payer,
            session_id=charge.session_id,
            claim_id=claim.claim_id,
            remittance_id=remittance.id,
        )
