"""A claim is put together from where things are kept now, in few questions for any number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from time import perf_counter
from typing import Any

import pytest
from sqlalchemy import event, select

from fscdesk.models.charge import Charge, Side
from fscdesk.models.claim import Claim, ClaimLine
from fscdesk.models.coverage import Policy, Relationship
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.practice import Practice
from fscdesk.models.provider import Provider
from fscdesk.models.session import Session
from fscdesk.models.values import Money
from fscdesk.services.claims.assembling import content_of, contents
from fscdesk.services.claims.content import Address, ClaimContent
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.work import Work
from tests.support.claims import (
    DAY,
    ClaimDesk,
    add_authorization,
    add_claim_desk,
    add_policy,
    build,
    claim_of,
    ready,
    the_claim,
)
from tests.support.payments import pay, received


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """The little practice that bills payers."""
    return books.write(add_claim_desk).value


def content(books: Office, claim_id: int) -> ClaimContent:
    """Return a claim, complete."""
    return books.read(lambda work: content_of(work, claim_id))


def changed(books: Office, act: Callable[[Work], Any]) -> None:
    """Change something by hand."""
    books.write(act)


def test_a_claim_says_who_where_and_what(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk, sessions=2)
    one = content(books, claim_id)
    assert (one.number, one.account, one.frequency, one.status) == (
        *("CLM-2026-00001", "CLM202600001", "1"),
        "scrubbed",
    )
    assert (one.patient.last_name, one.patient.first_name, one.patient.sex) == (
        *("Anyone", "Alma"),
        "F",
    )
    assert (one.practice.npi, one.practice.tax_id, one.practice.tax_id_kind) == (
        *("1234567893", "221234567"),
        "EI",
    )
    assert (one.rendering.last_name, one.rendering.npi) == ("O’Sample", "1679576722")
    assert one.coverage is not None
    assert one.coverage.subscriber == one.patient
    assert (one.coverage.member_id, one.coverage.is_self) == ("XYZ123456789", True)
    assert (one.payer.name, one.payer.payer_code, one.payer.route) == (
        *("Imaginary Blue", "99901"),
        "electronic",
    )
    assert (one.facility_name, one.place_of_service) == ("Main office", "11")
    assert one.diagnoses == ("F41.1",)
    assert [line.service_day for line in one.lines] == [DAY, DAY + timedelta(weeks=1)]
    assert {line.control for line in one.lines} == {str(line.line_id) for line in one.lines}
    assert (one.total, one.lines[0].amount, one.lines[0].open_insurance) == (
        *(Money(320_00), Money(160_00)),
        Money(130_00),
    )
    assert (one.first_day, one.last_day, one.today) == (
        *(DAY, DAY + timedelta(weeks=1)),
        date(2026, 4, 12),
    )
    assert one.others == ()


def test_mending_the_source_mends_the_claim(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk)

    def mend(work: Work) -> None:
        work.db.get_one(Policy, desk.policy).member_id = "NEW42"
        work.db.get_one(Provider, desk.mock).npi = "1245319599"
        alma = work.db.get_one(Patient, desk.alma)
        alma.first_name, alma.last_name, alma.address1 = "Alma Maria", "Anyone-Other", ""
        alma.city = alma.state = alma.zip_code = ""
        guarantor = work.db.get_one(Guarantor, alma.guarantor_id)
        guarantor.address1, guarantor.city = "9 Other Street", "Elsewhere"
        guarantor.phone = "201-555-0199"

    books.write(mend)
    one = content(books, claim_id)
    assert one.coverage is not None
    assert (one.coverage.member_id, one.rendering.npi) == ("NEW42", "1245319599")
    assert (one.patient.first_name, one.patient.last_name) == ("Alma Maria", "Anyone-Other")
    assert one.patient.address == Address("9 Other Street", "", "Elsewhere")  # who pays
    assert one.patient.phone == "201-555-0199"


def test_a_subscriber_who_is_somebody_else(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk)

    def insure(work: Work) -> None:
        policy = work.db.get_one(Policy, desk.policy)
        policy.relationship = Relationship.CHILD
        policy.subscriber_first, policy.subscriber_last = "Pat", "Anyone Jr"
        policy.subscriber_birth, policy.subscriber_sex = date(1955, 4, 5), "M"

    books.write(insure)
    one = content(books, claim_id)
    assert one.coverage is not None
    who = one.coverage.subscriber
    assert (who.first_name, who.last_name, who.suffix) == ("Pat", "Anyone", "Jr")
    assert who.birth_date == date(1955, 4, 5)
    assert who.address == one.patient.address  # none of his own


def test_what_the_client_paid_is_on_the_line(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk)

    def charge(work: Work) -> Charge:
        return work.db.scalars(select(Charge)).one()

    one = books.read(charge)
    copay = Application(one.id, Money(20_00), Side.PATIENT)
    new = pay_of(books, one.guarantor_id, copay)
    received(books, new)
    assert content(books, claim_id).lines[0].patient_paid == Money(20_00)


def pay_of(books: Office, guarantor: int, *parts: Application) -> Any:
    """Return a check of a guarantor over 20.00."""
    from dataclasses import replace

    from tests.support.payments import Till

    till = Till(0, 0, guarantor, 0, 0, (0, 0), 0)
    return replace(pay(till, 20_00, *parts))


def test_the_authorization_is_named_with_what_is_left(books: Office, desk: ClaimDesk) -> None:
    books.write(lambda work: add_authorization(work, desk.alma, desk.payer, 5, code="90837 90834"))
    one = content(books, claim_of(books, desk=desk))
    assert one.authorization is not None
    assert (one.authorization.number, one.authorization.left) == ("AUTH-1", 5)
    assert one.authorization.codes == ("90837", "90834")


def test_the_other_coverage_stands_on_the_claim(books: Office, desk: ClaimDesk) -> None:
    books.write(lambda work: add_policy(work, desk.alma, desk.next_payer, "SEC1", rank=2))
    old = date(2025, 12, 31)
    books.write(
        lambda work: add_policy(work, desk.alma, desk.next_payer, "OLD1", rank=3, until=old)
    )
    one = content(books, claim_of(books, desk=desk))
    assert [(other.coverage.rank, other.payer.name, other.answer) for other in one.others] == [
        (2, "Example East", None)
    ]


def test_doubles_and_nears_are_other_charges_of_the_same_service(
    books: Office, desk: ClaimDesk
) -> None:
    first = claim_of(books, desk=desk)

    def again(work: Work) -> None:
        ready(work, desk, minute=600)
        ready(work, desk, minute=660, provider=desk.testa)
        ready(work, desk, minute=720, code="90834")
        ready(work, desk, day=DAY + timedelta(days=1))

    books.write(again)
    build(books)
    assert content(books, first).doubles == ("CLM-2026-00002",)
    assert content(books, first).nears == ("CLM-2026-00003",)


def test_a_claim_that_lost_its_lines_is_left_out(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk)

    def lose(work: Work) -> None:
        for line in work.db.scalars(select(ClaimLine)):
            work.db.delete(line)

    books.write(lose)
    assert books.read(lambda work: contents(work, [claim_id, 99])) == {}
    with pytest.raises(Problem, match="nothing is left on it"):
        content(books, claim_id)


def test_a_thousand_claims_take_as_many_questions_as_one(
    sqlite_books: Office,
) -> None:
    books = sqlite_books
    desk = books.write(add_claim_desk).value

    def many(work: Work) -> None:
        for at in range(60):
            session = ready(work, desk, day=DAY + timedelta(days=at % 28), minute=500 + at // 28)
            work.db.get_one(Session, session)

    books.write(many)
    (first,) = build(books)[:1]
    ids = books.read(lambda work: list(work.db.scalars(select(Claim.id))))
    assert len(ids) > 1

    def questions(wanted: list[int]) -> int:
        count = 0

        def hear(*_: Any) -> None:
            nonlocal count
            count += 1

        def ask(work: Work) -> None:
            engine = work.db.get_bind()
            event.listen(engine, "before_cursor_execute", hear)
            try:
                contents(work, wanted)
            finally:
                event.remove(engine, "before_cursor_execute", hear)

        books.read(ask)
        return count

    assert questions(ids) == questions([first])
    began = perf_counter()
    books.read(lambda work: contents(work, ids))
    assert perf_counter() - began < 5
    assert the_claim(books, first).number == "CLM-2026-00001"


@pytest.mark.parametrize(
    ("mock", "practice", "kind", "owner"),
    [
        ("1679576722", "1679576722", "EI", "O’Sample"),
        ("1679576722", "1679576722", "SY", "O’Sample"),
        ("1679576722", "1234567893", "SY", ""),  # the other NPI is no person's
        ("1679576722", "1234567893", "EI", ""),
        ("", "1234567893", "SY", ""),  # two of them could be meant
    ],
)
def test_who_bills_alone_bills_as_a_person(
    sqlite_books: Office, mock: str, practice: str, kind: str, owner: str
) -> None:
    desk = sqlite_books.write(add_claim_desk).value
    claim_id = claim_of(sqlite_books, desk=desk)

    def alone(work: Work) -> None:
        work.db.get_one(Provider, desk.mock).npi = mock
        row = work.db.get_one(Practice, 1)
        row.npi, row.tax_id_kind = practice, kind

    sqlite_books.write(alone)
    found = content(sqlite_books, claim_id).practice
    assert (found.owner_last, found.is_person) == (owner, bool(owner))


def test_the_only_clinician_behind_a_persons_tax_id_bills_as_a_person(
    sqlite_books: Office,
) -> None:
    desk = sqlite_books.write(add_claim_desk).value
    claim_id = claim_of(sqlite_books, desk=desk)

    def alone(work: Work) -> None:
        work.db.get_one(Provider, desk.mock).npi = ""
        work.db.get_one(Provider, desk.testa).active = False
        work.db.get_one(Practice, 1).tax_id_kind = "SY"

    sqlite_books.write(alone)
    found = content(sqlite_books, claim_id).practice
    assert (found.owner_first, found.owner_last) == ("Mockley", "O’Sample")
