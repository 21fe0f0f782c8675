"""What holds for every write of Setup and of patients, one by one.

Without the right it is refused; who saw an older version is told; it is put on record; and
when the database fails at any statement, nothing of it is left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from fscdesk.models.audit import AuditEvent
from fscdesk.models.staff import RoleRight
from fscdesk.models.values import Money
from fscdesk.services.audit import broken_links
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.patients import changing, coverage, guarantors, referrals
from fscdesk.services.patients.queries import aliases_of
from fscdesk.services.setup import (
    fees,
    payers,
    people,
    practice,
    providers,
    services,
    settings,
)
from fscdesk.services.work import Topic, Work
from tests.support.fail_at import assert_all_or_nothing
from tests.support.people import (
    SPRING,
    add_guarantor,
    add_patient,
    add_payer,
    add_provider,
    add_service,
    add_session,
)

NEW_YEAR = date(2026, 1, 1)


@dataclass(frozen=True)
class Write:
    """A write: what it does to the little practice below, and what it says on record.

    ``stale`` does the same for somebody who saw the record before it was changed; None
    where nothing was seen that could have changed.
    """

    act: Callable[[Work], Any]
    action: str
    topic: Topic
    stale: Callable[[Work], Any] | None = None


def little_practice(work: Work) -> None:
    """One of each; every id is 1 except where said."""
    testa = add_provider(work, "Testa Fernsample")
    ficta = add_payer(work, "Fictional Assurance", "FICTA")
    maxim = add_patient(work, "Maxim Nonesuch", "1006", also="Max Nonesuch")
    add_patient(work, "Quill Fakerson", "1007")
    add_guarantor(work, "Pat Parent", "G9")
    add_service(work, "90837")
    add_session(
        work, maxim, testa, day=SPRING, payer=ficta, insurance=10000, share=2000, patient_paid=500
    )
    coverage.add_policy(work, maxim, POLICY)
    referrals.add_referral(work, maxim, REFERRAL)
    coverage.add_diagnosis(work, maxim, "F41.1", valid_from=NEW_YEAR)
    coverage.add_diagnosis(work, maxim, "F32.0", valid_from=NEW_YEAR)
    fees.add_schedule(work, SCHEDULE)
    fees.set_fee(work, 1, FEE)
    payers.add_portal(work, ficta, PORTAL)
    practice.add_location(work, LOCATION)
    people.add_person(work, login="dana", name="Dana Kestrel", wanted=["billing_clerk"])
    payers.add_payer_alias(work, ficta, "FICTA Plan (99901)")
    providers.add_provider_alias(work, testa, "Testa F. Fernsample")


POLICY = coverage.PolicyFields(1, 1, "ZZZ000005", NEW_YEAR)
NPI = "1234567893"
REFERRAL = referrals.ReferralFields("DN", "Fictional", NEW_YEAR, first_name="Reed")
SCHEDULE = fees.ScheduleFields("Standard", None, NEW_YEAR)
FEE = fees.FeeFields("90837", Money(16000))
PORTAL = payers.PortalFields("FICTA portal", "https://portal.example")
LOCATION = practice.LocationFields("Main office")
PAYER = payers.PayerFields("Fictional Assurance", "FICTA", "99901", filing_days=90)
PROVIDER = providers.ProviderFields("Testa Fernsample", "LCSW", "1234567893")
SERVICE = services.ServiceFields("90837", "Individual session", minutes=53)
PATIENT = changing.PatientFields("Maxim N. Nonesuch")
GUARANTOR = guarantors.GuarantorFields("Maxim Nonesuch", "105 Nowhere Lane", state="NJ")
DIAGNOSIS = coverage.DiagnosisRow(1, 1, "F41.1", NEW_YEAR, None)
LATER = date(2026, 6, 30)


def home(work: Work) -> practice.PracticeFields:
    return replace(practice.practice(work).fields, name="Springs", npi="1234567893")


def clerk(work: Work) -> people.StaffRow:
    return next(one for one in people.people(work) if one.login == "dana")


def role(work: Work, name: str = "director") -> people.RoleRow:
    return next(one for one in people.roles(work) if one.role == name)


def schedule(work: Work) -> fees.ScheduleRow:
    return fees.schedules(work)[0]


def portal(work: Work) -> payers.PortalRow:
    return payers.payers(work)[0].portals[0]


def referral(work: Work) -> referrals.ReferralRow:
    return referrals.referrals_of(work, 1)[0]


def own_spelling(work: Work) -> int:
    return aliases_of(work, 1)[0].id


def alias_of_payer(work: Work) -> int:
    return payers.payers(work)[0].aliases[0].id


def alias_of_provider(work: Work) -> int:
    return providers.providers(work)[0].aliases[0].id


OTHER_FEE = replace(FEE, charged=Money(1))
WRITES = {
    "add patient": Write(
        lambda work: changing.add_patient(work, changing.PatientFields("Nova Newclient")),
        "add_patient",
        Topic.PATIENTS,
    ),
    "edit patient": Write(
        lambda work: changing.edit_patient(work, 1, PATIENT, expected_version=1),
        "edit_patient",
        Topic.PATIENTS,
        lambda work: changing.edit_patient(work, 1, PATIENT, expected_version=7),
    ),
    "add alias": Write(
        lambda work: changing.add_alias(work, 1, "M. Nonesuch", provider_id=1),
        "add_alias",
        Topic.PATIENTS,
    ),
    "remove alias": Write(
        lambda work: changing.remove_alias(work, own_spelling(work), of_patient=1),
        "remove_alias",
        Topic.PATIENTS,
        lambda work: changing.remove_alias(work, own_spelling(work), of_patient=2),
    ),
    "move alias": Write(
        lambda work: changing.move_alias(work, own_spelling(work), of_patient=1, to_patient=2),
        "move_alias",
        Topic.PATIENTS,
        lambda work: changing.move_alias(work, own_spelling(work), of_patient=2, to_patient=1),
    ),
    "add guarantor": Write(
        lambda work: guarantors.add_guarantor(work, GUARANTOR), "add_guarantor", Topic.PATIENTS
    ),
    "edit guarantor": Write(
        lambda work: guarantors.edit_guarantor(work, 1, GUARANTOR, expected_version=1),
        "edit_guarantor",
        Topic.PATIENTS,
        lambda work: guarantors.edit_guarantor(work, 1, GUARANTOR, expected_version=2),
    ),
    "change guarantor": Write(
        lambda work: guarantors.change_guarantor(work, 1, 3, from_day=NEW_YEAR, expected_version=1),
        "change_guarantor",
        Topic.LEDGER,
        lambda work: guarantors.change_guarantor(work, 1, 3, from_day=NEW_YEAR, expected_version=2),
    ),
    "add policy": Write(
        lambda work: coverage.add_policy(work, 1, replace(POLICY, rank=2)),
        "add_policy",
        Topic.PATIENTS,
    ),
    "add referral": Write(
        lambda work: referrals.add_referral(work, 1, replace(REFERRAL, first_name="Ruth")),
        "add_referral",
        Topic.PATIENTS,
    ),
    "edit referral": Write(
        lambda work: referrals.edit_referral(
            work, referral(work), replace(REFERRAL, valid_to=LATER)
        ),
        "edit_referral",
        Topic.CLAIMS,
        lambda work: referrals.edit_referral(
            work, replace(referral(work), fields=replace(REFERRAL, npi=NPI)), REFERRAL
        ),
    ),
    "edit policy": Write(
        lambda work: coverage.edit_policy(
            work, 1, replace(POLICY, copay=Money(1500)), expected_version=1
        ),
        "edit_policy",
        Topic.PATIENTS,
        lambda work: coverage.edit_policy(work, 1, POLICY, expected_version=3),
    ),
    "end policy": Write(
        lambda work: coverage.end_policy(work, 1, LATER, expected_version=1),
        "end_policy",
        Topic.PATIENTS,
        lambda work: coverage.end_policy(work, 1, LATER, expected_version=3),
    ),
    "add diagnosis": Write(
        lambda work: coverage.add_diagnosis(work, 1, "f43.10", valid_from=SPRING),
        "add_diagnosis",
        Topic.PATIENTS,
    ),
    "end diagnosis": Write(
        lambda work: coverage.end_diagnosis(work, DIAGNOSIS, LATER),
        "end_diagnosis",
        Topic.PATIENTS,
        lambda work: coverage.end_diagnosis(work, replace(DIAGNOSIS, code="F41.9"), LATER),
    ),
    "order diagnoses": Write(
        lambda work: coverage.order_diagnoses(work, 1, [2, 1]),
        "order_diagnoses",
        Topic.PATIENTS,
        lambda work: coverage.order_diagnoses(work, 1, [2, 1, 3]),
    ),
    "edit practice": Write(
        lambda work: practice.edit_practice(work, home(work), expected_version=1),
        "edit_practice",
        Topic.PRACTICE,
        lambda work: practice.edit_practice(work, home(work), expected_version=9),
    ),
    "add location": Write(
        lambda work: practice.add_location(work, practice.LocationFields("Video", "10")),
        "add_location",
        Topic.PRACTICE,
    ),
    "edit location": Write(
        lambda work: practice.edit_location(
            work, practice.locations(work)[0], replace(LOCATION, active=False)
        ),
        "edit_location",
        Topic.PRACTICE,
        lambda work: practice.edit_location(
            work, practice.LocationRow(1, replace(LOCATION, name="Old office")), LOCATION
        ),
    ),
    "add person": Write(
        lambda work: people.add_person(work, login="milo", name="Milo", wanted=["admin"]),
        "add_person",
        Topic.STAFF,
    ),
    "edit person": Write(
        lambda work: people.edit_person(
            work, clerk(work), name="Dana Kestrel", active=True, wanted=["billing_manager"]
        ),
        "edit_person",
        Topic.STAFF,
        lambda work: people.edit_person(
            work, replace(clerk(work), active=False), name="D", active=True, wanted=[]
        ),
    ),
    "set rights": Write(
        lambda work: people.set_rights(work, role(work), ["see_reports", "make_statements"]),
        "set_rights",
        Topic.STAFF,
        lambda work: people.set_rights(work, replace(role(work), rights=()), ["see_reports"]),
    ),
    "add provider": Write(
        lambda work: providers.add_provider(work, replace(PROVIDER, name="Mockley O'Sample")),
        "add_provider",
        Topic.PROVIDERS,
    ),
    "edit provider": Write(
        lambda work: providers.edit_provider(work, 1, PROVIDER, expected_version=1),
        "edit_provider",
        Topic.PROVIDERS,
        lambda work: providers.edit_provider(work, 1, PROVIDER, expected_version=0),
    ),
    "add provider alias": Write(
        lambda work: providers.add_provider_alias(work, 1, "T. Fernsample"),
        "add_alias",
        Topic.PROVIDERS,
    ),
    "remove provider alias": Write(
        lambda work: providers.remove_provider_alias(work, alias_of_provider(work), of_provider=1),
        "remove_alias",
        Topic.PROVIDERS,
        lambda work: providers.remove_provider_alias(work, 99, of_provider=1),
    ),
    "add payer": Write(
        lambda work: payers.add_payer(work, replace(PAYER, name="Blue", short_name="Blue")),
        "add_payer",
        Topic.PAYERS,
    ),
    "edit payer": Write(
        lambda work: payers.edit_payer(work, 1, PAYER, expected_version=1),
        "edit_payer",
        Topic.PAYERS,
        lambda work: payers.edit_payer(work, 1, PAYER, expected_version=5),
    ),
    "add payer alias": Write(
        lambda work: payers.add_payer_alias(work, 1, "Ficta  Gold (99903)"),
        "add_alias",
        Topic.PAYERS,
    ),
    "remove payer alias": Write(
        lambda work: payers.remove_payer_alias(work, alias_of_payer(work), of_payer=1),
        "remove_alias",
        Topic.PAYERS,
        lambda work: payers.remove_payer_alias(work, 99, of_payer=1),
    ),
    "add portal": Write(
        lambda work: payers.add_portal(work, 1, PORTAL), "add_portal", Topic.PAYERS
    ),
    "edit portal": Write(
        lambda work: payers.edit_portal(work, portal(work), replace(PORTAL, route="EDI")),
        "edit_portal",
        Topic.PAYERS,
        lambda work: payers.edit_portal(work, replace(portal(work), payer_id=2), PORTAL),
    ),
    "remove portal": Write(
        lambda work: payers.remove_portal(work, portal(work)),
        "remove_portal",
        Topic.PAYERS,
        lambda work: payers.remove_portal(work, replace(portal(work), payer_id=2)),
    ),
    "add service": Write(
        lambda work: services.add_service(work, replace(SERVICE, code="90834")),
        "add_service",
        Topic.SERVICES,
    ),
    "edit service": Write(
        lambda work: services.edit_service(work, 1, SERVICE, expected_version=1),
        "edit_service",
        Topic.SERVICES,
        lambda work: services.edit_service(work, 1, SERVICE, expected_version=4),
    ),
    "add schedule": Write(
        lambda work: fees.add_schedule(
            work, fees.ScheduleFields("2027", None, date(2027, 1, 1)), end_previous=True
        ),
        "add_schedule",
        Topic.SERVICES,
    ),
    "edit schedule": Write(
        lambda work: fees.edit_schedule(work, schedule(work), replace(SCHEDULE, valid_to=LATER)),
        "edit_schedule",
        Topic.SERVICES,
        lambda work: fees.edit_schedule(
            work, replace(schedule(work), fields=replace(SCHEDULE, name="Other")), SCHEDULE
        ),
    ),
    "add fee": Write(
        lambda work: fees.set_fee(work, 1, replace(FEE, modifier="95")), "add_fee", Topic.SERVICES
    ),
    "edit fee": Write(
        lambda work: fees.set_fee(work, 1, OTHER_FEE, seen=fees.fees(work, 1)[0]),
        "edit_fee",
        Topic.SERVICES,
        lambda work: fees.set_fee(work, 1, FEE, seen=fees.FeeRow(1, 1, OTHER_FEE)),
    ),
    "remove fee": Write(
        lambda work: fees.remove_fee(work, fees.fees(work, 1)[0]),
        "remove_fee",
        Topic.SERVICES,
        lambda work: fees.remove_fee(work, fees.FeeRow(1, 1, OTHER_FEE)),
    ),
    "change setting": Write(
        lambda work: settings.change_setting(work, "patient_word", "Patient", seen="Client"),
        "change_setting",
        Topic.SETTINGS,
        lambda work: settings.change_setting(work, "patient_word", "Patient", seen="Member"),
    ),
}


@pytest.fixture
def little(books: Office) -> Office:
    books.write(little_practice)
    return books


def events(work: Work) -> int:
    return work.db.scalar(select(func.count()).select_from(AuditEvent)) or 0


@pytest.mark.parametrize("name", WRITES)
def test_a_write_keeps_every_promise(little: Office, name: str) -> None:
    write = WRITES[name]
    before = little.read(events)

    def without_rights(work: Work) -> None:
        work.db.execute(delete(RoleRight))
        write.act(work)

    with pytest.raises(Problem, match="You may not") as refused:
        little.write(without_rights)
    assert refused.value.hint.startswith("Nothing was changed.")
    if write.stale is not None:
        with pytest.raises(ChangedElsewhere):
            little.write(write.stale)
    assert little.read(events) == before

    done = assert_all_or_nothing(little, write.act)
    assert write.topic in done.topics

    def newest(work: Work) -> list[AuditEvent]:
        return list(work.db.scalars(select(AuditEvent).order_by(AuditEvent.id).offset(before)))

    told = little.read(newest)
    assert write.action in {one.action for one in told}
    assert all(one.staff_id == little.actor.staff_id for one in told)
    assert little.read(lambda work: list(broken_links(work))) == []
    if name.startswith(("edit", "set", "end", "order")):
        _saving_it_again_writes_nothing(little, write, before + len(told))


def _saving_it_again_writes_nothing(office: Office, write: Write, before: int) -> None:
    try:
        office.write(write.act)
    except ChangedElsewhere:
        return
    assert office.read(events) == before
