"""What waits of remittances: not posted, claims of them that stay, recoupments, paid too little."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import func, select

from fscdesk.models.payer import Payer
from fscdesk.models.recoupment import RecoupmentKind
from fscdesk.models.remittance import (
    Fate,
    Remittance,
    RemittanceClaim,
    RemittanceStatus,
    Unposted,
)
from fscdesk.services.paging import Span
from fscdesk.services.queue.items import ItemKind, QueueItem, Step, the_rest
from fscdesk.services.remittances.deciding import decide
from fscdesk.services.remittances.listing import (
    RETURNED,
    RemittanceFilter,
    find_remittances,
)
from fscdesk.services.remittances.loading import load
from fscdesk.services.remittances.recoupments import find_recoupments
from fscdesk.services.remittances.underpayments import (
    UnderpaymentFilter,
    find_underpayments,
)
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work

REMITTANCE: Final = "remittance"
PAYMENTS: Final = "payments"
RECOUPMENTS: Final = "recoupments"
_NO_PAYER: Final = "nothing of it posts before its payer is chosen"
_NOT_OURS: Final = "the NPI it was paid to is not in Setup"
UNDERPAID_DAYS: Final = 365
"""So long after its check a line that was paid too little is a thing of the queue."""


def not_posted(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield the remittances that are stopped, or wait for a person's word to be posted."""
    wanted = RemittanceFilter(
        statuses=(RemittanceStatus.STOPPED.value, RemittanceStatus.TO_POST.value)
    )
    page = find_remittances(work, wanted, Span(0, most, "paid"))
    for row in page.rows:
        stopped = row.status is RemittanceStatus.STOPPED
        reason = row.reason.removesuffix(".") or "it waits for a look"
        if stopped:
            title, urgency = f"Remittance stopped: {reason}", Urgency.HIGH
            steps = (Step("See what differs", reason), Step("Post what is right, or set it aside"))
        elif row.payer_id is None:
            title, urgency, reason = "Remittance of a payer nobody knows", Urgency.HIGH, _NO_PAYER
            steps = (Step("Choose the payer", row.payer), Step("Post it, or set all of it aside"))
        elif row.to_another:
            title, urgency, reason = "Remittance paid to somebody else", Urgency.HIGH, _NOT_OURS
            steps = (Step("See to which NPI it was paid"), Step("Set all of it aside"))
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


def money_went_back(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield the remittances whose money the bank took back, until something replaces it."""
    page = find_remittances(work, RemittanceFilter(view=RETURNED), Span(0, most, "paid"))
    for row in page.rows:
        yield QueueItem(
            key=f"{ItemKind.REMITTANCE.value}:{row.id}",
            kind=ItemKind.REMITTANCE,
            urgency=Urgency.HIGH,
            title="Remittance whose money the bank took back",
            about=f"{row.payer}, {row.number}, check of {row.paid_on:%m/%d/%Y}",
            why=f"{row.claims:,} claims of {row.amount} are open again, and nothing has paid them"
            " since.",
            amount=row.amount,
            due_on=None,
            since=row.paid_on,
            opens=Opens(REMITTANCE, {REMITTANCE: row.id}),
            steps=(
                Step("Ask the payer to pay it again", row.trace),
                Step("Post the remittance that replaces it, or undo this one"),
            ),
            payer_id=row.payer_id,
            payer=row.payer,
            remittance_id=row.id,
            standing="returned",
        )
    opens = Opens(PAYMENTS, {"tab": "remittances", "view": "needs"})
    yield from the_rest(
        ItemKind.REMITTANCE, page.total, most, "remittances sent back", opens, Urgency.HIGH
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
    ready = _answered_since(work, [claim for claim, _, _ in rows])
    for claim, remittance, payer in rows:
        words = claim.words.removesuffix(".") or "it waits for a look"
        if claim.id in ready:
            words = "The payer before it has answered now"
        yield QueueItem(
            key=f"{ItemKind.UNPOSTED.value}:{claim.id}",
            kind=ItemKind.UNPOSTED,
            urgency=Urgency.MEDIUM,
            title=f"{'To post' if claim.id in ready else 'Not posted'}: {words}",
            about=f"{claim.patient_name or claim.number}, {payer or remittance.payer_name},"
            f" {remittance.number}",
            why=f"{words}. The payer paid {claim.paid} of {claim.charge}.",
            amount=claim.paid,
            due_on=None,
            since=remittance.paid_on,
            opens=Opens(REMITTANCE, {REMITTANCE: remittance.id, "claim": claim.id}),
            steps=_steps(claim, claim.id in ready),
            patient_id=claim.patient_id,
            payer_id=remittance.payer_id,
            payer=payer or remittance.payer_name,
            claim_id=claim.claim_id,
            remittance_id=remittance.id,
            standing=f"{claim.why} {'ready' if claim.id in ready else ''}".strip(),
        )
    total = 0
    if len(rows) == most:
        counted = select(func.count()).select_from(RemittanceClaim).join(Remittance, joined)
        total = work.db.scalar(counted.where(*where)) or 0
    opens = Opens(PAYMENTS, {"tab": "remittances", "view": "needs"})
    yield from the_rest(ItemKind.UNPOSTED, total, most, "answers not posted", opens, Urgency.MEDIUM)


def _answered_since(work: Work, claims: Sequence[RemittanceClaim]) -> set[int]:
    """Return the claims that waited for an earlier payer, and would post now."""
    held = [one for one in claims if one.why == Unposted.WAITS_FOR_EARLIER.value]
    found: set[int] = set()
    for remittance_id in sorted({one.remittance_id for one in held}):
        decided = decide(work, load(work, remittance_id), review=False)
        if not decided.stop:
            posts = (one for one in decided.claims if one.fate is Fate.POSTED)
            found |= {one.claim.row_id for one in posts}
    return found & {one.id for one in held}


def _steps(claim: RemittanceClaim, ready: bool) -> tuple[Step, ...]:
    if ready:
        return (Step("Post what waits of the remittance", claim.number),)
    return (
        Step("Say whose it is, or mend the rule", claim.number),
        Step("Post the remittance again, or set this claim aside with a reason"),
    )


def open_recoupments(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield what payers have taken and nothing explains, and what they say they will take."""
    found = find_recoupments(work)
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
            opens=Opens(
                PAYMENTS,
                {"tab": RECOUPMENTS, "view": "will_take" if coming else "explain", "row": row.id},
            ),
            steps=steps,
            payer_id=row.payer_id,
            payer=row.payer,
            remittance_id=row.remittance_id,
            standing=f"{row.kind.value} {row.open.cents}",
        )
    opens = Opens(PAYMENTS, {"tab": RECOUPMENTS, "view": "explain"})
    yield from the_rest(ItemKind.RECOUPMENT, len(found), most, "recoupments", opens, Urgency.MEDIUM)


def underpaid(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield the underpayments that are open in the list of them, the largest first."""
    span = Span(0, most, "short", descending=True)
    for one in find_underpayments(work, UnderpaymentFilter(), span).rows:
        if (work.today() - one.paid_on).days > UNDERPAID_DAYS:
            continue
        yield QueueItem(
            key=f"{ItemKind.UNDERPAID.value}:{one.line_id}",
            kind=ItemKind.UNDERPAID,
            urgency=Urgency.MEDIUM,
            title=f"Underpaid by {one.short}",
            about=f"{one.patient}, {one.payer}, {one.code}, {one.day:%m/%d/%Y}",
            why=f"{one.payer} allowed {one.allowed}; {one.expected} was expected.",
            amount=one.short,
            due_on=None,
            since=one.paid_on,
            opens=Opens(PAYMENTS, {"tab": "underpaid", "view": "open", "row": one.line_id}),
            steps=(
                Step("Compare it with the contract", f"{one.code}: {one.expected}"),
                Step("Ask the payer to pay the rest, change the expected fee, or accept it"),
            ),
            patient_id=one.patient_id,
            payer_id=one.payer_id,
            payer=one.payer,
            session_id=one.session_id,
            remittance_id=one.remittance_id,
        )
