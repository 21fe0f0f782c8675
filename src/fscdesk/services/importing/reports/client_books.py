"""What the books know of clients before the client details report is planned, read once."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, select

from fscdesk.models.coverage import Policy
from fscdesk.models.import_batch import BatchStatus, ImportBatch, ImportRow
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payer import Payer
from fscdesk.models.session import Attendance, BillingStatus, Session
from fscdesk.services.id_sets import among
from fscdesk.services.importing.knowledge import KnownSession
from fscdesk.services.importing.report_signatures import CLIENT_DETAILS
from fscdesk.services.work import Work

NOUN = "patient"


class ClientNow(NamedTuple):
    """A client as the books have him, with the guarantor who pays for him."""

    name: str
    number: str
    kind: str
    active: bool
    withdrawn: bool
    provider_id: int | None
    from_import: bool
    version: int
    guarantor_id: int
    guarantor_name: str
    guarantor_number: str
    address: tuple[str, str, str, str, str]
    phone: str
    email: str
    pays_for: int


class PolicyNow(NamedTuple):
    """A primary policy of a client."""

    id: int
    payer_id: int
    payer: str
    member_id: str
    valid_from: date
    valid_to: date | None


@dataclass(slots=True)
class ClientBooks:
    """The books' side of the plan. ``taken`` are the clients that a row has been found for."""

    clients: dict[int, ClientNow]
    policies: dict[int, list[PolicyNow]]
    said: dict[int, dict[str, Any]]
    first_days: dict[tuple[int, int], date]
    provider_names: dict[int, str]
    guarantor_names: frozenset[str]
    taken: dict[int, int] = field(default_factory=dict)  # client: line


def read_client_books(work: Work, ids: Iterable[int], providers: dict[int, str]) -> ClientBooks:
    """Read clients, their guarantors, primary policies and what was last imported of them."""
    wanted = sorted({one for one in ids if one > 0})
    paid_for = {
        row[0]: row[1]
        for row in work.db.execute(
            select(Patient.guarantor_id, func.count())
            .where(Patient.withdrawn.is_(False))
            .group_by(Patient.guarantor_id)
        )
    }
    clients: dict[int, ClientNow] = {}
    for patient, pays in work.db.execute(
        select(Patient, Guarantor)
        .join(Guarantor, Guarantor.id == Patient.guarantor_id)
        .where(among(work, Patient.id, wanted))
    ):
        clients[patient.id] = ClientNow(
            patient.name,
            patient.number,
            patient.kind.value,
            patient.active,
            patient.withdrawn,
            patient.provider_id,
            patient.batch_id is not None,
            patient.version,
            pays.id,
            pays.name,
            pays.number,
            (pays.address1, pays.address2, pays.city, pays.state, pays.zip_code),
            pays.phone,
            pays.email,
            paid_for.get(pays.id, 0),
        )
    return ClientBooks(
        clients=clients,
        policies=_policies(work, wanted),
        said=last_said(work, wanted),
        first_days={
            (patient_id, payer_id): first
            for patient_id, payer_id, first in work.db.execute(
                select(Session.patient_id, Session.payer_id, func.min(Session.day))
                .where(
                    among(work, Session.patient_id, wanted),
                    Session.payer_id.is_not(None),
                    Session.withdrawn_by.is_(None),
                )
                .group_by(Session.patient_id, Session.payer_id)
            )
            if payer_id is not None
        },
        provider_names=providers,
        guarantor_names=frozenset(work.db.scalars(select(Guarantor.name))),
    )


def seen_with(work: Work) -> list[KnownSession]:
    """Return one session of nowhere for each client and clinician who have met.

    That is all that the resolving of names needs to tell two clients of one name apart; a
    client without a session counts as seen by the clinician whose client he is.
    """
    pairs = {
        (patient_id, provider_id)
        for patient_id, provider_id in work.db.execute(
            select(Session.patient_id, Session.provider_id)
            .where(Session.withdrawn_by.is_(None))
            .distinct()
        )
    }
    pairs |= {
        (patient_id, provider_id)
        for patient_id, provider_id in work.db.execute(select(Patient.id, Patient.provider_id))
        if provider_id is not None
    }
    return [
        KnownSession(
            *(0, date.min, 0, 0, patient_id, provider_id, None, None),
            *(Attendance.COMPLETED, BillingStatus.COMPLETED, 0, 0, None),
        )
        for patient_id, provider_id in sorted(pairs)
    ]


def last_said(work: Work, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return, for each client, what the newest standing import of this report said of him."""
    said: dict[int, dict[str, Any]] = {}
    for noun_id, text in work.db.execute(
        select(ImportRow.noun_id, ImportRow.before)
        .join(ImportBatch, ImportBatch.id == ImportRow.batch_id)
        .where(
            ImportBatch.profile == CLIENT_DETAILS,
            ImportBatch.status == BatchStatus.APPLIED,
            ImportRow.noun == NOUN,
            among(work, ImportRow.noun_id, ids),
            ImportRow.before.is_not(None),
        )
        .order_by(ImportRow.batch_id, ImportRow.id)
    ):
        if noun_id is not None and text is not None:
            said.setdefault(noun_id, {}).update(json.loads(text).get("said", {}))
    return said


def _policies(work: Work, ids: Sequence[int]) -> dict[int, list[PolicyNow]]:
    found: dict[int, list[PolicyNow]] = defaultdict(list)
    for policy, payer in work.db.execute(
        select(Policy, Payer.name)
        .join(Payer, Payer.id == Policy.payer_id)
        .where(among(work, Policy.patient_id, ids), Policy.rank == 1)
        .order_by(Policy.valid_from, Policy.id)
    ):
        found[policy.patient_id].append(
            PolicyNow(
                policy.id,
                policy.payer_id,
                payer,
                policy.member_id,
                policy.valid_from,
                policy.valid_to,
            )
        )
    return dict(found)
