"""One patient with all that belongs to him: who pays, coverage, spellings, figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fscdesk.models.coverage import Authorization
from fscdesk.models.patient import Patient, PatientAlias
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.services.errors import Problem
from fscdesk.services.patients.account import AccountHeader, account_header
from fscdesk.services.patients.coverage import (
    DiagnosisRow,
    PolicyRow,
    diagnoses_of,
    policies_of,
)
from fscdesk.services.patients.guarantors import GuarantorRow, guarantor
from fscdesk.services.patients.names import fold
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class AliasRow:
    """A spelling that means a patient; ``provider`` where it does so with one clinician only."""

    id: int
    shown: str
    provider_id: int | None
    provider: str
    from_import: bool


@dataclass(frozen=True, slots=True)
class AuthorizationRow:
    """Visits that a payer approved."""

    id: int
    payer: str
    number: str
    code: str
    granted: int
    used: int
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class PatientDetail:
    """A patient with everything that the account's page shows beside the ledger."""

    id: int
    number: str
    name: str
    kind: str
    birth_date: date | None
    active: bool
    provider_id: int | None
    provider: str
    guarantor: GuarantorRow
    pays_for_himself: bool
    header: AccountHeader
    policies: tuple[PolicyRow, ...]
    authorizations: tuple[AuthorizationRow, ...]
    diagnoses: tuple[DiagnosisRow, ...]
    aliases: tuple[AliasRow, ...]
    version: int
    sex: str = ""
    first_name: str = ""
    last_name: str = ""
    address1: str = ""
    address2: str = ""
    city: str = ""
    state: str = ""
    zip_code: str = ""
    phone: str = ""
    hold_claims: bool = False


CLAIM_FIELDS = (
    *("sex", "first_name", "last_name", "phone", "hold_claims"),
    *("address1", "address2", "city", "state", "zip_code"),
)
"""What claims need of a patient beyond the name: the same on the row, the page and the form."""


def patient_detail(work: Work, patient_id: int) -> PatientDetail:
    """Return one patient. Raises Problem when there is none of that id."""
    patient = work.db.get(Patient, patient_id)
    if patient is None or patient.withdrawn:
        raise Problem(
            "This client is not in the books: the import that brought it was undone."
            if patient
            else "This client is not in the books.",
            hint="Look at the list again.",
        )
    pays = guarantor(work, patient.guarantor_id)
    provider = work.db.get(Provider, patient.provider_id) if patient.provider_id else None
    return PatientDetail(
        id=patient.id,
        number=patient.number,
        name=patient.name,
        kind=str(patient.kind),
        birth_date=patient.birth_date,
        active=patient.active,
        provider_id=patient.provider_id,
        provider=provider.name if provider else "",
        guarantor=pays,
        pays_for_himself=fold(pays.fields.name) == fold(patient.name),
        header=account_header(work, patient_id),
        policies=policies_of(work, patient_id),
        authorizations=_authorizations(work, patient_id),
        diagnoses=diagnoses_of(work, patient_id),
        aliases=aliases_of(work, patient_id),
        version=patient.version,
        **{name: getattr(patient, name) for name in CLAIM_FIELDS},
    )


def aliases_of(work: Work, patient_id: int) -> tuple[AliasRow, ...]:
    """Return the spellings that mean a patient."""
    found = work.db.execute(
        select(PatientAlias, Provider.name)
        .outerjoin(Provider, Provider.id == PatientAlias.provider_id)
        .where(PatientAlias.patient_id == patient_id)
        .order_by(PatientAlias.id)
    )
    return tuple(
        AliasRow(alias.id, alias.shown, alias.provider_id, name or "", alias.batch_id is not None)
        for alias, name in found
    )


def _authorizations(work: Work, patient_id: int) -> tuple[AuthorizationRow, ...]:
    found = work.db.execute(
        select(Authorization, Payer.short_name)
        .join(Payer, Payer.id == Authorization.payer_id)
        .where(Authorization.patient_id == patient_id)
        .order_by(Authorization.valid_from.desc(), Authorization.id)
    )
    return tuple(
        AuthorizationRow(
            one.id,
            payer,
            one.number,
            one.code,
            one.granted,
            one.used,
            one.valid_from,
            one.valid_to,
        )
        for one, payer in found
    )
