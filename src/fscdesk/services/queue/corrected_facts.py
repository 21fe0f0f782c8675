"""What payers have otherwise than the client's card: a name, a member id (NM1*74 of an 835).

Nothing on a card is overwritten. The thing is there until the card says the same, for a year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from fscdesk.models.coverage import Policy
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.remittance import Remittance, RemittanceClaim, RemittanceStatus
from fscdesk.models.values import ZERO
from fscdesk.services.id_sets import among
from fscdesk.services.patients.names import fold
from fscdesk.services.queue.items import ItemKind, QueueItem, Step, the_rest
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.reports.opening import Opens
from fscdesk.services.work import Work

TOLD_DAYS: Final = 365
"""So long after its check a correction is a thing of the queue."""
_NAME, _ID = "name ", "member id "
_READ: Final = (RemittanceStatus.TO_POST, RemittanceStatus.POSTED, RemittanceStatus.PARTLY)


def corrected_facts(work: Work, most: int) -> Iterator[QueueItem]:
    """Yield what payers have corrected and the cards do not say, a client and payer at a time."""
    rows = work.db.execute(
        select(RemittanceClaim, Remittance, Patient.name, Payer.short_name)
        .join(Remittance, Remittance.id == RemittanceClaim.remittance_id)
        .join(Patient, Patient.id == RemittanceClaim.patient_id)
        .join(Payer, Payer.id == Remittance.payer_id)
        .where(
            RemittanceClaim.corrected != "",
            Remittance.status.in_(_READ),
            Remittance.paid_on >= work.today() - timedelta(days=TOLD_DAYS),
        )
        .order_by(Remittance.paid_on, RemittanceClaim.id)
    ).all()
    newest = {(row.RemittanceClaim.patient_id, row.Remittance.payer_id): row for row in rows}
    cards = _cards(work, {patient for patient, _ in newest})
    left = [
        (key, row)
        for key, row in newest.items()
        if not _same(row.RemittanceClaim.corrected, row.name, cards[key])
    ]
    for (patient_id, payer_id), (claim, remittance, patient, payer) in left[:most]:
        policy = next(iter(cards[patient_id, payer_id]), None)
        asked: dict[str, object] = {"patient": patient_id, "tab": "policies"}
        if policy is not None:
            asked["record"] = policy.id
        yield QueueItem(
            key=f"{ItemKind.CORRECTED.value}:{patient_id}-{payer_id}",
            kind=ItemKind.CORRECTED,
            urgency=Urgency.MEDIUM,
            title="Payer has corrected facts",
            about=f"{patient}, {payer}, {remittance.number}",
            why=f"{payer} has {claim.corrected}. The card says something else.",
            amount=ZERO,
            due_on=None,
            since=remittance.paid_on,
            opens=Opens("patients", asked),
            steps=(
                Step("Ask the client which is right", claim.corrected),
                Step("Change the policy or the name, or set this aside"),
            ),
            patient_id=patient_id,
            payer_id=payer_id,
            payer=payer,
            claim_id=claim.claim_id,
            remittance_id=remittance.id,
            standing=claim.corrected,
        )
    opens = Opens("patients")
    yield from the_rest(
        ItemKind.CORRECTED, len(left), most, "corrected facts", opens, Urgency.MEDIUM
    )


def _cards(work: Work, patient_ids: Collection[int]) -> dict[tuple[int, int], list[Policy]]:
    """Return the policies of clients by client and payer, the newest first."""
    found: dict[tuple[int, int], list[Policy]] = defaultdict(list)
    for one in work.db.scalars(
        select(Policy)
        .where(among(work, Policy.patient_id, patient_ids))
        .order_by(Policy.valid_from.desc(), Policy.id.desc())
    ):
        found[one.patient_id, one.payer_id].append(one)
    return found


def _same(corrected: str, patient: str, policies: Collection[Policy]) -> bool:
    """Return whether the card says what the payer has; capital letters and initials aside."""
    name, id_ = _parts(corrected)
    names = {_words(patient)}
    names |= {_words(f"{one.subscriber_first} {one.subscriber_last}") for one in policies}
    ids = {_plain(one.member_id) for one in policies}
    return (not name or _words(name) in names) and (not id_ or _plain(id_) in ids)


def _parts(corrected: str) -> tuple[str, str]:
    """Return the name and the member id that ``RemittanceClaim.corrected`` tells."""
    name, found, id_ = corrected.rpartition(_ID)
    if not found:
        name, id_ = corrected, ""
    return name.removesuffix(", ").removeprefix(_NAME).strip(), id_.strip()


def _words(name: str) -> frozenset[str]:
    words = fold(name).replace("-", " ").replace(",", " ").split()
    return frozenset(one for one in words if len(one) > 1)


def _plain(member_id: str) -> str:
    return "".join(mark for mark in member_id.casefold() if mark.isalnum())
