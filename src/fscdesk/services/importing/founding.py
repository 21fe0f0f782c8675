"""Makes what a plan found to be new: payers, clinicians, services, clients, policies, aliases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from fscdesk.models.coverage import Policy
from fscdesk.models.patient import Patient, PatientAlias, PatientKind, SendBy
from fscdesk.models.payer import Payer, PayerAlias
from fscdesk.models.provider import Provider, ProviderAlias
from fscdesk.models.service import Service, ServiceKind
from fscdesk.models.values import Money
from fscdesk.services.bulk import insert_rows, reserve_ids
from fscdesk.services.importing.naming import Resolved
from fscdesk.services.importing.persons import Persons
from fscdesk.services.importing.plan import Creation, Prepared
from fscdesk.services.numbering import reserve_numbers
from fscdesk.services.patients.names import sort_name
from fscdesk.services.work import Topic, Work

SHORTEST_PAYER = 16
_BLANK = ("address1", "address2", "city", "state", "zip_code", "phone", "email")
_GUARANTOR = (
    *("id", "number", "name", "bad_address", "do_not_bill", "billing_type", "send_by", "version"),
)
NO_WORDS = ("",) * len(_BLANK)


@dataclass(frozen=True, slots=True)
class Founded:
    """Ids below zero of a plan to the ids of what was made."""

    providers: dict[int, int]
    payers: dict[int, int]
    patients: dict[int, int]
    services: dict[str, int]

    def provider(self, plan_id: int) -> int:
        """Return the real id of a clinician."""
        return self.providers.get(plan_id, plan_id)

    def payer(self, plan_id: int | None) -> int | None:
        """Return the real id of a payer, or None for self-pay."""
        return None if plan_id is None else self.payers.get(plan_id, plan_id)

    def patient(self, plan_id: int) -> int:
        """Return the real id of a client."""
        return self.patients.get(plan_id, plan_id)


def found(work: Work, prepared: Prepared, batch_id: int) -> Founded:
    """Make every new noun of the plan, remembering the batch that made it."""
    used = [*prepared.creations, *(change.target for change in prepared.changes)]
    founded = Founded(
        providers=make_providers(work, prepared.providers, batch_id),
        payers=make_payers(work, prepared.payers, batch_id),
        patients={},
        services=_services(work, prepared, batch_id),
    )
    seen_by: dict[int, int | None] = {}
    for target in used:
        seen_by.setdefault(target.patient_id, founded.provider(target.provider_id))
    founded.patients.update(make_clients(work, prepared.persons, seen_by, batch_id))
    remember_spellings(work, prepared.persons, founded.patients, founded.providers, batch_id)
    _policies(work, founded, used, batch_id)
    wake_clients(work, {founded.patient(target.patient_id) for target in used})
    work.db.flush()
    return founded


def make_providers(work: Work, resolved: Resolved, batch_id: int) -> dict[int, int]:
    """Make the new clinicians with their spellings; return plan ids to real ids."""
    made: dict[int, int] = {}
    texts = {ident: shown for shown, ident in resolved.aliases.values()}
    for plan_id, name in resolved.new.items():
        credentials = texts.get(plan_id, name).partition(",")[2].strip()
        row = Provider(name=name, credentials=credentials, batch_id=batch_id)
        work.db.add(row)
        work.db.flush()
        made[plan_id] = row.id
    for alias, (shown, plan_id) in resolved.aliases.items():
        provider_id = made.get(plan_id, plan_id)
        work.db.add(
            ProviderAlias(alias=alias, shown=shown, provider_id=provider_id, batch_id=batch_id)
        )
    if resolved.aliases:
        work.touch(Topic.PROVIDERS)
    return made


def make_payers(work: Work, resolved: Resolved, batch_id: int) -> dict[int, int]:
    """Make the new payers with their spellings; return plan ids to real ids.

    A payer that was known by its name alone gets the payer code that now stands beside it.
    """
    made: dict[int, int] = {}
    taken = set(work.db.scalars(select(Payer.short_name)))
    codes = {ident: alias.rpartition("|")[2] for alias, (_, ident) in resolved.aliases.items()}
    for plan_id, name in resolved.new.items():
        short = short_payer_name(name, taken)
        taken.add(short)
        row = Payer(
            name=name, short_name=short, payer_code=codes.get(plan_id, ""), batch_id=batch_id
        )
        work.db.add(row)
        work.db.flush()
        made[plan_id] = row.id
    for alias, (shown, plan_id) in resolved.aliases.items():
        payer_id = made.get(plan_id, plan_id)
        work.db.add(PayerAlias(alias=alias, shown=shown, payer_id=payer_id, batch_id=batch_id))
        if plan_id > 0 and codes[plan_id]:
            work.db.execute(
                update(Payer)
                .where(Payer.id == plan_id, Payer.payer_code == "")
                .values(payer_code=codes[plan_id])
            )
    if resolved.aliases:
        work.touch(Topic.PAYERS)
    return made


def short_payer_name(name: str, taken: Iterable[str]) -> str:
    """Return at most 16 letters for lists, whole words first, different from all others."""
    words = name.split()
    short = words[0] if words else name
    for word in words[1:]:
        if len(short) + 1 + len(word) > SHORTEST_PAYER:
            break
        short = f"{short} {word}"
    short = short[:SHORTEST_PAYER].rstrip(" ,-&")
    used, number, wanted = set(taken), 2, short
    while wanted in used:
        wanted = f"{short[: SHORTEST_PAYER - 1 - len(str(number))]} {number}"
        number += 1
    return wanted


def _services(work: Work, prepared: Prepared, batch_id: int) -> dict[str, int]:
    made: dict[str, int] = {}
    for code in prepared.new_codes:
        facts = prepared.catalogue.service(code)
        if facts is None:
            continue
        row = Service(
            code=code,
            name=_service_name(facts.kind, code),
            kind=facts.kind,
            base_rate=Money(facts.base_rate),
            revenue_account=facts.revenue_account,
            batch_id=batch_id,
        )
        work.db.add(row)
        work.db.flush()
        made[code] = row.id
    if made:
        work.touch(Topic.SERVICES)
    return made


def _service_name(kind: ServiceKind, code: str) -> str:
    return {
        ServiceKind.LATE_CANCEL_FEE: "Late cancellation",
        ServiceKind.NO_SHOW_FEE: "Missed session",
    }.get(kind, f"Service {code}")


def make_clients(
    work: Work, persons: Persons, seen_by: Mapping[int, int | None], batch_id: int
) -> dict[int, int]:
    """Make the new clients that are needed, each with who pays; return plan ids to real ids.

    ``seen_by`` holds the clients that a row uses, with the (real) clinician, if one is told.
    """
    wanted = [ident for ident in persons.new if ident in seen_by]
    if not wanted:
        return {}
    numbers = reserve_numbers(work, "C", 0, len(wanted))
    pays = reserve_ids(work, "guarantor", len(wanted))
    insert_rows(
        work,
        "guarantor",
        (*_GUARANTOR, *_BLANK),
        (
            (
                *(ident, f"G{1000 + number}", persons.new[plan_id], False, False),
                *("", SendBy.MAIL.value, 1),
                *NO_WORDS,
            )
            for ident, number, plan_id in zip(pays, numbers, wanted, strict=True)
        ),
    )
    people = reserve_ids(work, "patient", len(wanted))
    insert_rows(
        work,
        "patient",
        (
            "id",
            "number",
            "name",
            "sort_name",
            "kind",
            "guarantor_id",
            "provider_id",
            "unapplied",
            "active",
            "withdrawn",
            "batch_id",
            "version",
        ),
        (
            (
                ident,
                str(1000 + number),
                persons.new[plan_id],
                sort_name(persons.new[plan_id]),
                _kind(persons.new[plan_id]),
                guarantor,
                seen_by[plan_id],
                0,
                True,
                False,
                batch_id,
                1,
            )
            for ident, guarantor, number, plan_id in zip(people, pays, numbers, wanted, strict=True)
        ),
    )
    made = dict(zip(wanted, people, strict=True))
    work.touch(Topic.PATIENTS)
    return made


def _kind(name: str) -> str:
    return (PatientKind.COUPLE if " & " in name else PatientKind.ADULT).value


def remember_spellings(
    work: Work,
    persons: Persons,
    patients: Mapping[int, int],
    providers: Mapping[int, int],
    batch_id: int,
) -> None:
    """Keep the spellings under which clients appeared; the maps lead from plan ids to real ids."""
    known = {
        (alias, provider_id, patient_id)
        for alias, provider_id, patient_id in work.db.execute(
            select(PatientAlias.alias, PatientAlias.provider_id, PatientAlias.patient_id)
        )
    }
    rows: list[tuple[object, ...]] = []
    for alias, shown, plan_provider, plan_patient in sorted(
        persons.aliases, key=lambda one: (one[0], str(one[2]), one[3])
    ):
        patient_id = patients.get(plan_patient, plan_patient)
        if patient_id < 0:  # none of this person's rows is used
            continue
        provider_id = None if plan_provider is None else providers.get(plan_provider, plan_provider)
        if (alias, provider_id, patient_id) in known:
            continue
        known.add((alias, provider_id, patient_id))
        rows.append((alias, shown, patient_id, provider_id, batch_id))
    ids = reserve_ids(work, "patient_alias", len(rows))
    insert_rows(
        work,
        "patient_alias",
        ("id", "alias", "shown", "patient_id", "provider_id", "batch_id"),
        ((ident, *row) for ident, row in zip(ids, rows, strict=True)),
    )


def _policies(work: Work, founded: Founded, used: Iterable[Creation], batch_id: int) -> None:
    """Add the policy that a row shows, where the client has none with that payer and rank."""
    known = {
        (patient_id, payer_id, rank)
        for patient_id, payer_id, rank in work.db.execute(
            select(Policy.patient_id, Policy.payer_id, Policy.rank)
        )
    }
    first: dict[tuple[int, int, int], date] = {}
    for target in used:
        for rank, plan_payer in ((1, target.payer_id), (2, target.second_payer_id)):
            payer_id = founded.payer(plan_payer)
            if payer_id is None:
                continue
            key = (founded.patient(target.patient_id), payer_id, rank)
            if key not in known:
                first[key] = min(first.get(key, target.day), target.day)
    ids = reserve_ids(work, "policy", len(first))
    insert_rows(
        work,
        "policy",
        (
            "id",
            "patient_id",
            "payer_id",
            "rank",
            "member_id",
            "group_number",
            "valid_from",
            "batch_id",
            "version",
        ),
        (
            (ident, patient_id, payer_id, rank, "", "", day.isoformat(), batch_id, 1)
            for ident, ((patient_id, payer_id, rank), day) in zip(ids, first.items(), strict=True)
        ),
    )


def wake_clients(work: Work, ids: set[int]) -> None:
    """Bring back clients whose import was undone and who are in a file again."""
    asleep = set(work.db.scalars(select(Patient.id).where(Patient.withdrawn)))
    again = sorted(ids & asleep)
    if again:
        work.db.execute(update(Patient).where(Patient.id.in_(again)).values(withdrawn=False))
        work.touch(Topic.PATIENTS)
