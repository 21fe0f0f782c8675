"""Coverage by day, spellings, and who pays from when, with what that does to the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import JournalLine
from fscdesk.models.patient import PatientAlias
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.patients.account import account_header
from fscdesk.services.patients.changing import (
    PatientFields,
    add_alias,
    add_patient,
    edit_patient,
    move_alias,
)
from fscdesk.services.patients.coverage import (
    PolicyFields,
    add_diagnosis,
    add_policy,
    diagnoses_of,
    end_policy,
    policies_of,
    policies_on,
)
from fscdesk.services.patients.guarantors import (
    GuarantorFields,
    add_guarantor,
    change_guarantor,
    find_guarantors,
)
from fscdesk.services.patients.queries import aliases_of
from fscdesk.services.work import Work
from tests.support import people

NEW_YEAR = date(2026, 1, 1)
POLICY = PolicyFields(1, 1, "ZZZ000005", NEW_YEAR)


@pytest.fixture
def little(books: Office) -> Office:
    def fill(work: Work) -> None:
        people.add_provider(work, "Testa Fernsample")
        people.add_payer(work, "Fictional Assurance", "FICTA")
        people.add_payer(work, "Imaginary Blue", "Blue", "99902")
        add_patient(work, PatientFields("Maxim Nonesuch"))
        add_patient(work, PatientFields("Quill Fakerson"))

    books.write(fill)
    return books


def test_the_policy_in_force_goes_by_the_day(little: Office) -> None:
    def fill(work: Work) -> None:
        first = add_policy(work, 1, POLICY)
        end_policy(work, first, date(2026, 3, 31), expected_version=1)
        add_policy(work, 1, replace(POLICY, payer_id=2, valid_from=date(2026, 4, 1)))
        add_policy(work, 1, replace(POLICY, payer_id=2, rank=2, valid_to=date(2026, 2, 28)))

    little.write(fill)

    def on(day: date) -> list[tuple[str, str]]:
        found = little.read(lambda work: policies_on(work, 1, day))
        return [(one.rank_word, one.payer) for one in found]

    assert on(date(2025, 12, 31)) == []
    assert on(date(2026, 2, 28)) == [("Primary", "FICTA"), ("Secondary", "Blue")]
    assert on(date(2026, 3, 31)) == [("Primary", "FICTA")]
    assert on(date(2026, 4, 1)) == [("Primary", "Blue")]
    assert [one.valid_from.month for one in little.read(lambda work: policies_of(work, 1))] == [
        4,
        1,
        1,
    ]


def test_two_policies_of_one_rank_never_cover_one_day(little: Office) -> None:
    little.write(lambda work: add_policy(work, 1, POLICY))
    with pytest.raises(Problem) as told:
        little.write(lambda work: add_policy(work, 1, replace(POLICY, valid_from=date(2026, 4, 1))))

    assert told.value.message == "FICTA is primary from 01/01/2026 on, without an end."
    assert "End that policy on 03/31/2026 first" in told.value.hint


@pytest.mark.parametrize(
    "fields",
    [
        replace(POLICY, rank=4),
        replace(POLICY, payer_id=9),
        replace(POLICY, valid_to=date(2025, 12, 31)),
        replace(POLICY, coinsurance_percent=101),
        replace(POLICY, copay=Money(-1)),
        replace(POLICY, member_id="Z" * 25),
    ],
    ids=str,
)
def test_a_policy_that_cannot_be_is_refused(little: Office, fields: PolicyFields) -> None:
    with pytest.raises(Problem):
        little.write(lambda work: add_policy(work, 1, fields))
    assert little.read(lambda work: policies_of(work, 1)) == ()


@pytest.mark.parametrize("code", ["", "F4", "FB1.1", "41.1", "F41.", "F41.12345", "F41.1; drop"])
def test_a_diagnosis_has_the_form_of_icd_10(little: Office, code: str) -> None:
    with pytest.raises(Problem, match="not an ICD-10 code"):
        little.write(lambda work: add_diagnosis(work, 1, code, valid_from=NEW_YEAR))


def test_a_diagnosis_may_begin_with_two_letters(little: Office) -> None:
    little.write(lambda work: add_diagnosis(work, 1, "qa0.0101", valid_from=NEW_YEAR))
    assert [one.code for one in little.read(lambda work: diagnoses_of(work, 1))] == ["QA0.0101"]


def test_two_people_can_have_one_name(little: Office) -> None:
    little.write(lambda work: add_alias(work, 1, "Max N."))
    little.write(lambda work: add_alias(work, 2, "Max N.", provider_id=1))
    with pytest.raises(Problem, match="means Maxim Nonesuch already"):
        little.write(lambda work: add_alias(work, 1, "max  n."))

    assert [one.shown for one in little.read(lambda work: aliases_of(work, 2))] == [
        "Quill Fakerson",
        "Max N.",
    ]


def test_a_spelling_moves_to_the_other_person(little: Office) -> None:
    alias = little.write(lambda work: add_alias(work, 1, "Q. Fakerson")).value
    little.write(lambda work: move_alias(work, alias, of_patient=1, to_patient=2))

    owner = little.read(lambda work: work.db.get_one(PatientAlias, alias).patient_id)
    assert owner == 2


def test_a_new_name_keeps_the_old_one_as_a_spelling(little: Office) -> None:
    little.write(
        lambda work: edit_patient(work, 1, PatientFields("Maxim Newname"), expected_version=1)
    )

    assert [one.shown for one in little.read(lambda work: aliases_of(work, 1))] == [
        "Maxim Nonesuch",
    ]


def test_guarantors_are_found_by_name_without_accents(little: Office) -> None:
    little.write(lambda work: add_guarantor(work, GuarantorFields("José Ficción")))

    found = little.read(lambda work: find_guarantors(work, "jose fic"))
    assert [one.fields.name for one in found] == ["José Ficción"]
    assert len(little.read(lambda work: find_guarantors(work, ""))) == 3
    with pytest.raises(Problem, match="not a state"):
        little.write(lambda work: add_guarantor(work, GuarantorFields("X", state="Jersey")))


def owed_by(work: Work, guarantor_id: int, until: date | None = None) -> int:
    asked = select(func.sum(JournalLine.amount)).where(
        JournalLine.guarantor_id == guarantor_id, JournalLine.account == "1100"
    )
    if until is not None:
        asked = asked.where(JournalLine.day <= until)
    return (work.db.scalar(asked) or Money()).cents


def test_another_guarantor_owes_what_is_open_from_a_day_on(little: Office) -> None:
    def fill(work: Work) -> int:
        for day, paid in ((date(2026, 1, 9), 0), (date(2026, 2, 6), 2000), (date(2026, 3, 6), 500)):
            people.add_session(
                work,
                1,
                1,
                day=day,
                payer=1,
                insurance=10000,
                share=2000,
                insurance_paid=7000,
                write_off=3000,
                patient_paid=paid,
            )
        people.add_session(work, 1, 1, day=date(2026, 3, 20), payer=1, insurance=9000, share=1000)
        return add_guarantor(work, GuarantorFields("Pat Parent"))

    parent = little.write(fill).value
    before = little.read(lambda work: account_header(work, 1))
    assert little.read(lambda work: owed_by(work, 1)) == 2000 + 1500 + 1000

    done = little.write(
        lambda work: change_guarantor(
            work, 1, parent, from_day=date(2026, 2, 1), expected_version=1
        )
    ).value

    assert (done.charges, done.moved) == (2, Money(2500))
    assert little.read(lambda work: owed_by(work, 1)) == 2000
    assert little.read(lambda work: owed_by(work, parent)) == 2500
    yesterday = date(2026, 4, 11)
    assert little.read(lambda work: owed_by(work, 1, yesterday)) == 4500
    assert little.read(lambda work: account_header(work, 1)).balance == before.balance
    live = little.read(
        lambda work: work.db.scalars(select(Charge).where(Charge.voided_on.is_(None))).all()
    )
    assert sorted((one.service_day, one.guarantor_id) for one in live) == [
        (date(2026, 1, 9), 1),
        (date(2026, 2, 6), 1),
        (date(2026, 3, 6), parent),
        (date(2026, 3, 20), parent),
    ]
    checks = little.read(run_checks).checks
    assert [one.offenders for one in checks if not one.ok] == []


def test_who_pays_already_is_not_changed(little: Office) -> None:
    with pytest.raises(Problem, match="pays for Maxim Nonesuch already"):
        little.write(
            lambda work: change_guarantor(work, 1, 1, from_day=NEW_YEAR, expected_version=1)
        )
