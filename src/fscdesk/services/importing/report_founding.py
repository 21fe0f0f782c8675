"""Makes the people and payers that a report names for the first time, with their spellings."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import update

from fscdesk.models.provider import Provider
from fscdesk.services.importing.founding import (
    make_clients,
    make_payers,
    make_providers,
    remember_spellings,
    wake_clients,
)
from fscdesk.services.importing.reports_engine import PreparedReport
from fscdesk.services.work import Topic, Work


@dataclass(frozen=True, slots=True)
class Made:
    """Ids below zero of a plan to the ids of what was made."""

    providers: dict[int, int]
    payers: dict[int, int]
    patients: dict[int, int]


def found_names(work: Work, prepared: PreparedReport, batch_id: int) -> Made:
    """Make every new noun that a row needs which is written, and keep how it was spelled."""
    names = prepared.names
    providers = make_providers(work, names.providers, batch_id)
    payers = make_payers(work, names.payers, batch_id)
    used: dict[int, int | None] = {}
    for step in prepared.steps:
        patient_id, provider_id = names.patient(step.at), names.provider_of[step.at]
        if patient_id is not None:
            real = None if provider_id is None else providers.get(provider_id, provider_id)
            used[patient_id] = used.get(patient_id) or real
    patients = make_clients(work, names.persons, used, batch_id)
    remember_spellings(work, names.persons, patients, providers, batch_id)
    wake_clients(work, {patients.get(one, one) for one in used})
    _anchor(work, prepared, providers)
    work.db.flush()
    return Made(providers, payers, patients)


def _anchor(work: Work, prepared: PreparedReport, providers: dict[int, int]) -> None:
    """Keep SimplePractice's own id of a clinician: it finds them again under any spelling."""
    for plan_id, told in prepared.names.clinician_ids.items():
        work.db.execute(
            update(Provider)
            .where(
                Provider.id == providers.get(plan_id, plan_id),
                Provider.simplepractice_id.is_(None),
            )
            .values(simplepractice_id=told)
        )
        work.touch(Topic.PROVIDERS)
