"""Client details fill and update clients, ask where a person typed, and are taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from fscdesk.models.patient import Guarantor, PatientKind
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.importing.applying import Applied
from fscdesk.services.importing.report_applying import import_report
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.office import Office
from fscdesk.services.patients.changing import PatientFields, edit_patient
from fscdesk.services.patients.coverage import PolicyFields, edit_policy, policies_of
from fscdesk.services.patients.guarantors import GuarantorFields, edit_guarantor
from fscdesk.services.work import Work
from tests.support.fail_at import assert_all_or_nothing
from tests.support.people import add_patient
from tests.support.report_files import line
from tests.support.report_imports import (
    ask,
    bring_in,
    counts,
    proves,
    sample,
    sessions_of,
    small,
    take_back,
)

REPORT = "sp_client_details"
CLIENTS = """
    SELECT p.name, p.number, p.kind, p.active, p.withdrawn, g.name, g.address1, g.city, g.state,
        g.zip_code, g.phone, g.email
    FROM patient p JOIN guarantor g ON g.id = p.guarantor_id ORDER BY p.id
"""
POLICIES = """
    SELECT p.name, q.member_id, q.valid_from, y.payer_code FROM policy q
    JOIN patient p ON p.id = q.patient_id JOIN payer y ON y.id = q.payer_id
    ORDER BY p.id, q.rank, q.id
"""


def quill(books: Office) -> tuple[object, ...]:
    """City and phone of the one who pays for Quill Fakerson, and whether he is active."""
    return ask(
        books,
        "SELECT g.city, g.phone, p.active FROM patient p JOIN guarantor g ON g.id = p.guarantor_id"
        " WHERE p.name = 'Quill Fakerson'",
    )[0]


def retype(books: Office, **fields: str) -> None:
    """Type something into the guarantor of Quill Fakerson, as a person would."""

    def act(work: Work) -> None:
        row = work.db.scalars(select(Guarantor).where(Guarantor.name == "Quill Fakerson")).one()
        names = GuarantorFields.__dataclass_fields__
        now = {name: getattr(row, name) for name in names} | fields
        edit_guarantor(work, row.id, GuarantorFields(**now), expected_version=row.version)

    books.write(act)


def test_the_sample_fills_every_client_of_march(books: Office) -> None:
    sessions_of(books)
    applied = bring_in(books, sample(REPORT))
    assert counts(applied.plan) == (23, 0, 23, 0, 0)
    by_name = {row[0]: row for row in ask(books, CLIENTS)}
    assert len(ask(books, CLIENTS)) == 23
    minor = by_name["Minna Minorsample"]
    assert minor[2:3] + minor[5:6] == ("minor", "Guardian Demoparent")
    assert minor[10:] == ("(555) 011-0009", "client09@example.invalid")
    assert by_name["Alpha Nonexist & Beta Nonexist"][2] == "couple"
    first = by_name["Quill Fakerson"]
    assert first[6:10] == ("100 Nowhere Lane, Apt 4", "Sampleville", "NJ", "07000")
    assert [row[1] for row in ask(books, POLICIES) if row[0] == "Pat Placeholder"] == [
        "ZZZ000007",
        "ZZZ000008",
    ]
    proves(books)


def test_without_sessions_the_sample_makes_every_client_and_the_sessions_find_them(
    books: Office,
) -> None:
    applied = bring_in(books, sample(REPORT))
    assert counts(applied.plan) == (23, 23, 0, 0, 0)
    before = ask(books, CLIENTS)
    assert len([row for row in before if row[0] == "Pat Placeholder"]) == 2
    assert len(ask(books, POLICIES)) == 19
    sessions_of(books)
    assert ask(books, CLIENTS) == before
    assert len(ask(books, POLICIES)) == 19, "the policies stand, so the sessions make none"
    by_clinician = ask(
        books,
        "SELECT p.id, v.name, count(*) FROM session s JOIN patient p ON p.id = s.patient_id"
        " JOIN provider v ON v.id = s.provider_id WHERE p.name = 'Pat Placeholder'"
        " GROUP BY p.id, v.name",
    )
    assert len(by_clinician) == 2
    assert len({row[0] for row in by_clinician}) == 2
    proves(books)


def test_who_pays_for_a_minor_waits_for_an_answer_and_the_answer_is_remembered(
    books: Office, tmp_path: Path
) -> None:
    row = line(REPORT, Client="Minna Minorsample", Clienttype="Minor", Contactname="Guardian D")
    waiting = bring_in(books, small(tmp_path, REPORT, row), accept=False)
    assert waiting.batch_id is None
    (question,) = waiting.plan.questions
    assert question.text == "Does Guardian D pay for Minna Minorsample?"
    assert question.proposal == "contact"
    answered = {question.id: "client"}
    bring_in(books, small(tmp_path, REPORT, row), accept=False, answers=answered)
    assert ask(books, CLIENTS)[0][5] == "Minna Minorsample"
    row[6] = "7 Elsewhere Street"
    again = bring_in(books, small(tmp_path, REPORT, row), accept=False)
    assert [one.remembered for one in again.plan.questions] == [True]
    assert counts(again.plan) == (1, 0, 1, 0, 0)


def test_the_same_rows_again_change_nothing(books: Office, tmp_path: Path) -> None:
    row = line(REPORT)
    bring_in(books, small(tmp_path, REPORT, row))
    again = bring_in(books, small(tmp_path, REPORT, row, line(REPORT, Client="Other Person")))
    assert [one.verdict for one in again.plan.rows] == ["unchanged", "new"]
    assert again.plan.rows[0].reason == "Nothing changed"


def test_what_simplepractice_changes_follows_until_a_person_typed_here(
    books: Office, tmp_path: Path
) -> None:
    bring_in(books, small(tmp_path, REPORT, line(REPORT, Phonenumber="(555) 010-1111")))
    bring_in(books, small(tmp_path, REPORT, line(REPORT, Phonenumber="(555) 010-2222")))
    assert quill(books)[1] == "(555) 010-2222"
    retype(books, phone="(555) 010-9999")
    third = small(tmp_path, REPORT, line(REPORT, Phonenumber="(555) 010-3333"))
    waiting = bring_in(books, third)
    assert waiting.batch_id is None, "no proposal is made where two values are equally good"
    (question,) = waiting.plan.questions
    assert "(555) 010-9999 here, (555) 010-3333 in SimplePractice" in question.text
    kept = bring_in(books, third, answers={question.id: "keep"})
    assert counts(kept.plan) == (1, 0, 0, 1, 0)
    assert quill(books)[1] == "(555) 010-9999"
    fourth = small(tmp_path, REPORT, line(REPORT, Phonenumber="(555) 010-3333", City="Newtown"))
    remembered = bring_in(books, fourth)
    assert counts(remembered.plan) == (1, 0, 1, 0, 0)
    assert quill(books)[:2] == ("Newtown", "(555) 010-9999")


def test_taking_it_back_gives_back_all_that_nobody_changed_since(
    books: Office, tmp_path: Path
) -> None:
    sessions_of(books)
    clients, policies = ask(books, CLIENTS), ask(books, POLICIES)
    first = bring_in(books, sample(REPORT))
    take_back(books, first)
    assert (ask(books, CLIENTS), ask(books, POLICIES)) == (clients, policies)
    second = bring_in(books, sample(REPORT))
    assert counts(second.plan) == (23, 0, 23, 0, 0)
    retype(books, phone="(555) 010-9999")
    take_back(books, second)
    assert quill(books) == ("", "(555) 010-9999", True)
    proves(books)


def test_clients_that_it_made_go_with_it_unless_they_have_sessions(books: Office) -> None:
    applied = bring_in(books, sample(REPORT))
    take_back(books, applied)
    assert {bool(row[4]) for row in ask(books, CLIENTS)} == {True}
    assert ask(books, POLICIES) == []
    again = bring_in(books, sample(REPORT))
    assert {bool(row[4]) for row in ask(books, CLIENTS)} == {False}
    assert len(ask(books, CLIENTS)) == 23, "nobody is made twice"
    assert len(ask(books, POLICIES)) == 19
    sessions_of(books)
    with pytest.raises(Problem, match="60 sessions of clients that it made"):
        take_back(books, again)


def test_the_sessions_are_not_taken_away_from_under_it(books: Office) -> None:
    sessions = sessions_of(books)
    details = bring_in(books, sample(REPORT))
    with pytest.raises(Problem, match=f"import {details.batch_id} of"):
        take_back(books, sessions)
    take_back(books, details)
    take_back(books, sessions)
    proves(books)


def test_two_rows_of_one_name_and_one_clinician_are_told_apart_by_nobody(
    books: Office, tmp_path: Path
) -> None:
    rows = (line(REPORT), line(REPORT, City="Elsewhere"))
    plan = bring_in(books, small(tmp_path, REPORT, *rows)).plan
    assert [row.verdict for row in plan.rows] == ["new", "skipped"]
    assert [finding.code for finding in plan.findings] == ["client-twice"]


def test_another_payer_is_told_and_the_policy_stays(books: Office, tmp_path: Path) -> None:
    bring_in(books, small(tmp_path, REPORT, line(REPORT)))
    before = ask(books, POLICIES)
    other = line(REPORT, Primaryinsurance="Example East (99903)", InsuranceID="EE1")
    plan = bring_in(books, small(tmp_path, REPORT, other)).plan
    assert [finding.code for finding in plan.findings] == ["other-payer"]
    assert ask(books, POLICIES) == before


def test_a_policy_that_a_person_typed_is_asked_about_and_stays_a_persons(
    books: Office, tmp_path: Path
) -> None:
    first = bring_in(books, small(tmp_path, REPORT, line(REPORT)))
    (payer_id, patient_id), *_ = ask(books, "SELECT payer_id, patient_id FROM policy")
    (policy,) = books.read(lambda work: policies_of(work, patient_id))
    typed = PolicyFields(payer_id, 1, "TYPED1", policy.valid_from, copay=Money(2500))
    books.write(lambda work: edit_policy(work, policy.id, typed, expected_version=policy.version))
    file = small(tmp_path, REPORT, line(REPORT, InsuranceID="ZZ1"))
    waiting = bring_in(books, file)
    (question,) = waiting.plan.questions
    assert question.text.startswith("Member id of Quill Fakerson: TYPED1 here, ZZ1 in Simple")
    taken = bring_in(books, file, answers={question.id: "take"})
    assert [row[1] for row in ask(books, POLICIES)] == ["ZZ1"]
    take_back(books, taken)
    assert [row[1] for row in ask(books, POLICIES)] == ["TYPED1"]
    take_back(books, first)
    assert [row[1] for row in ask(books, POLICIES)] == ["TYPED1"], "what a person typed stays"


def test_a_kind_that_a_person_chose_is_asked_about(books: Office, tmp_path: Path) -> None:
    bring_in(books, small(tmp_path, REPORT, line(REPORT)))
    (patient_id, version) = ask(books, "SELECT id, version FROM patient")[0]
    fields = PatientFields("Quill Fakerson", PatientKind.COUPLE, active=False)
    books.write(lambda work: edit_patient(work, patient_id, fields, expected_version=version))
    plan = bring_in(books, small(tmp_path, REPORT, line(REPORT, City="Newtown"))).plan
    assert sorted(question.text.partition(":")[0] for question in plan.questions) == [
        "Client of Quill Fakerson",
        "Kind of Quill Fakerson",
    ]
    assert counts(plan) == (1, 0, 0, 0, 1)


def test_what_cannot_be_used_is_left_out_and_said(books: Office, tmp_path: Path) -> None:
    row = line(REPORT, State="New Jersey", Email="nobody at all", Phonenumber="(555) 010-4444")
    plan = bring_in(books, small(tmp_path, REPORT, row)).plan
    assert sorted(finding.code for finding in plan.findings) == ["left-out", "left-out"]
    assert quill(books)[1] == "(555) 010-4444"
    assert ask(books, CLIENTS)[0][8] == ""


def test_all_of_it_or_nothing(books: Office, tmp_path: Path) -> None:
    books.write(lambda work: add_patient(work, "Quill Fakerson", "1007"))
    file = small(tmp_path, REPORT, line(REPORT))
    done: Applied = assert_all_or_nothing(
        books, lambda work: import_report(work, file, accept_proposals=True)
    ).value
    batch_id = int(done.batch_id or 0)
    assert_all_or_nothing(books, lambda work: undo_import(work, batch_id))
    proves(books)


def test_nobody_is_changed_while_a_question_waits(books: Office) -> None:
    sessions_of(books)
    applied = bring_in(books, sample(REPORT), accept=False)
    assert counts(applied.plan) == (23, 0, 22, 0, 1)
    assert ask(books, "SELECT count(*) FROM patient WHERE kind = 'minor'") == [(0,)]
    later = bring_in(books, sample(REPORT))
    assert counts(later.plan) == (23, 0, 1, 22, 0)
