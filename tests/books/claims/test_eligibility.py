"""Eligibility: a question that is written and kept, and the answer read into coverage facts."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.coverage import Policy, Relationship
from fscdesk.models.values import Money
from fscdesk.services.claims import policies
from fscdesk.services.claims.eligibility import (
    ask_eligibility,
    eligibility_detail,
    eligibility_of,
)
from fscdesk.services.claims.eligibility_reading import EligibilityRead, read_eligibility
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.permissions import Right
from fscdesk.services.work import Work
from fscdesk.services.x12.envelopes import read_interchanges
from tests.support.fail_at import assert_all_or_nothing
from tests.support.second_person import without
from tests.support.sent_claims import set_setting, with_clearinghouse
from tests.support.shared import x12_files
from tests.support.x12_texts import x12

BENEFITS = """
    EB*1*IND*30*HM*GOLD 123 PLAN
    EB*B**98^MH***27*25*****Y
    EB*A*IND*MH*****.2****Y
    EB*C*IND*30***23*1500*****Y
    EB*C*IND*30***29*400*****Y
    EB*F*IND*MH***22***VS*30**Y
    EB*F*IND*MH***29***VS*12**Y
"""


def answer(trace: str = "NONE", *, benefits: str = BENEFITS, born: str = "19800501") -> bytes:
    """A 271 for Alma."""
    body = f"""
        BHT*0022*11*10001234*20260412*1319
        HL*1**20*1
        NM1*PR*2*IMAGINARY BLUE*****PI*99901
        HL*2*1*21*1
        NM1*1P*2*FICTIONAL SPRINGS*****XX*1234567893
        HL*3*2*22*0
        TRN*2*{trace}*9221234567
        NM1*IL*1*ANYONE*ALMA****MI*XYZ123456789
        DMG*D8*{born}*F
        DTP*346*D8*20260101
        {benefits}
    """
    return x12("271", body).encode()


def read(books: Office, data: bytes, name: str = "answer.271") -> EligibilityRead:
    return books.write(lambda work: read_eligibility(work, name, data)).value


def test_a_question_is_kept_and_its_answer_read_into_facts(books: Office) -> None:
    desk = with_clearinghouse(books)
    asked = books.write(lambda work: ask_eligibility(work, desk.alma)).value
    assert asked.file_name == f"270-{asked.trace}.270"
    assert [one.kind for one in read_interchanges(asked.text).sets()] == ["270"]
    assert f"*{asked.trace}*" in asked.text
    (row,) = books.read(lambda work: eligibility_of(work, desk.alma))
    assert (row.active, row.answered_at, row.policy_id) == (None, None, desk.policy)
    done = read(books, answer(asked.trace))
    assert (done.matched, done.unmatched, done.findings) == (1, 0, ())
    (row,) = done.rows
    assert (row.id, row.active, row.plan_name) == (asked.check_id, True, "GOLD 123 PLAN")
    assert (row.copay, row.coinsurance_percent) == (Money(25_00), 20)
    assert (row.deductible, row.deductible_left) == (Money(1500_00), Money(400_00))
    assert (row.visits, row.visits_left) == (30, 12)
    detail = books.read(lambda work: eligibility_detail(work, asked.check_id))
    assert len(detail.facts) == 7
    assert detail.request == asked.text
    assert "EB*B**98^MH***27*25*****Y~" in detail.answer


def test_the_same_answer_again_changes_nothing_and_another_takes_its_place(books: Office) -> None:
    desk = with_clearinghouse(books)
    trace = books.write(lambda work: ask_eligibility(work, desk.alma)).value.trace
    first, again = read(books, answer(trace)), read(books, answer(trace), "renamed.271")
    assert first.already == ""
    assert again.already == "It was read on 04/12/2026 at 08:00"
    assert again.rows == first.rows
    gone = read(books, answer(trace, benefits="EB*6**30"))
    (row,) = gone.rows
    assert (row.active, row.copay) == (False, None)


def test_an_answer_that_nobody_asked_for_finds_its_policy(books: Office) -> None:
    desk = with_clearinghouse(books)
    done = read(books, answer())
    assert [one.policy_id for one in done.rows] == [desk.policy]
    # The member id alone is not enough: the birth date must be the client's.
    other = read(books, answer(born="19910203"))
    assert (other.matched, other.unmatched) == (0, 1)
    assert [one.code for one in other.findings] == ["unmatched"]


def test_a_refusal_is_told_in_words(books: Office) -> None:
    desk = with_clearinghouse(books)
    trace = books.write(lambda work: ask_eligibility(work, desk.alma)).value.trace
    (row,) = read(books, answer(trace, benefits="AAA*N**75*C")).rows
    assert row.active is None
    assert row.refusal


@pytest.mark.parametrize("at", ["payer", "provider"])
def test_a_refusal_above_the_patient_finds_its_question(books: Office, at: str) -> None:
    """AAA at 2100A or 2100B: no subscriber and no TRN follow, but BHT03 is our own number."""
    desk = with_clearinghouse(books)
    trace = books.write(lambda work: ask_eligibility(work, desk.alma)).value.trace
    payer = "HL*1**20*1\nNM1*PR*2*IMAGINARY BLUE*****PI*99901"
    body = {
        "payer": f"{payer}\nAAA*Y**42*R",
        "provider": f"{payer}\nHL*2*1*21*0\nNM1*1P*2*X*****XX*1234567893\nAAA*N**51*C",
    }[at]

    def said(number: str) -> bytes:
        return x12("271", f"BHT*0022*11*{number}*20260412*1319\n{body}").encode()

    strange = read(books, said("ELG-2026-99999"))
    assert [one.code for one in strange.findings] == ["refused", "unmatched"]
    assert "IMAGINARY BLUE refused a question: " in strange.findings[0].message
    done = read(books, said(trace))
    assert (done.matched, done.findings) == (1, ())
    (row,) = done.rows
    assert row.active is None
    assert row.answered_at is not None
    words = {"payer": "payer cannot answer", "provider": "provider is not on file"}[at]
    assert words in row.refusal.casefold()


def test_a_dependent_is_asked_for_under_the_subscriber(sqlite_books: Office) -> None:
    desk = with_clearinghouse(sqlite_books)

    def change(work: Work) -> None:
        policy = work.db.get_one(Policy, desk.policy)
        policy.relationship = Relationship.SPOUSE
        policy.subscriber_first, policy.subscriber_last = "Sam", "Anyone"
        policy.subscriber_birth = date(1979, 1, 2)

    sqlite_books.write(change)
    asked = sqlite_books.write(lambda work: ask_eligibility(work, desk.alma)).value
    assert "NM1*IL*1*ANYONE*SAM" in asked.text
    assert "NM1*03*1*ANYONE*ALMA" in asked.text
    assert "INS*N*01~" in asked.text


def test_what_is_missing_is_said(sqlite_books: Office) -> None:
    desk = with_clearinghouse(sqlite_books)
    with pytest.raises(Problem, match="No policy of this client is in force on 01/01/2020"):
        sqlite_books.write(lambda work: ask_eligibility(work, desk.alma, day=date(2020, 1, 1)))
    with pytest.raises(Problem, match="not in the books"):
        sqlite_books.write(lambda work: ask_eligibility(work, 999))
    sqlite_books.write(lambda work: set_setting(work, policies.RECEIVER_ID, ""))
    with pytest.raises(Problem, match="no receiver id"):
        sqlite_books.write(lambda work: ask_eligibility(work, desk.alma))
    other = without(sqlite_books, Right.MAKE_CLAIMS)
    with pytest.raises(Problem, match="You may not"):
        other.write(lambda work: read_eligibility(work, "x.271", answer()))
    for data, said in ((b"", "is empty"), (b"A letter", "no X12 file")):
        with pytest.raises(Problem, match=said):
            read(sqlite_books, data)


def test_asking_and_reading_are_all_or_nothing(books: Office) -> None:
    desk = with_clearinghouse(books)
    done = assert_all_or_nothing(books, lambda work: ask_eligibility(work, desk.alma))
    data = answer(done.value.trace)
    assert_all_or_nothing(books, lambda work: read_eligibility(work, "a.271", data))


def test_every_file_of_others_is_read_without_an_exception(sqlite_books: Office) -> None:
    with_clearinghouse(sqlite_books)
    files = x12_files("271")
    assert files
    for path in files:
        done = read(sqlite_books, path.read_bytes(), path.name)
        assert (done.matched, done.unmatched > 0) == (0, True), path.name
