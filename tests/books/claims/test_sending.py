"""Sending claims: what goes, what stays and why, the file, and that nothing doubles."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest

from fscdesk.models.claim import Claim, ClaimFinding, ClaimStatus, Severity
from fscdesk.models.claim_batch import Route
from fscdesk.models.coverage import Policy
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.practice import Practice
from fscdesk.models.staff import Role
from fscdesk.services.claims import as_837p, policies
from fscdesk.services.claims.as_cms1500 import CmsMode, claim_pdf
from fscdesk.services.claims.batch_plan import Sent, Stays
from fscdesk.services.claims.batches import page_of_batches
from fscdesk.services.claims.controls import INTERCHANGE, take_controls
from fscdesk.services.claims.sending import plan_batch, send_claims
from fscdesk.services.claims.sending_again import batch_file, batch_pdf
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.permissions import Right
from fscdesk.services.work import Work
from tests.support.claims import DAY, add_person, add_policy, build, ready
from tests.support.clock import Clock
from tests.support.fail_at import assert_all_or_nothing
from tests.support.pdf import page_texts
from tests.support.people import add_payer
from tests.support.pyx12_judge import assert_accepted
from tests.support.second_person import at_once, second_person, without
from tests.support.sent_claims import (
    batch_of,
    plan,
    send,
    set_setting,
    sets_of,
    some_claims,
    statuses,
    text_of,
    with_clearinghouse,
)

BORN = date(1990, 1, 2)


def test_all_claims_go_in_one_file_that_a_judge_accepts(books: Office, tmp_path: Path) -> None:
    desk = with_clearinghouse(books, tmp_path)
    claims = some_claims(books, desk, 4)
    found = plan(books)
    assert found.staying == ()
    assert [one.claim_id for one in found.electronic] == list(claims)
    sent = send(books)
    (batch,) = sent.batches
    assert (batch.route, batch.claims, sent.claims) == (Route.ELECTRONIC, 4, 4)
    assert set(statuses(books).values()) == {ClaimStatus.SUBMITTED}
    text = text_of(books, batch.id)
    assert_accepted(text)
    (path,) = tmp_path.iterdir()
    assert path.name == batch.file_name
    assert path.read_bytes() == text.encode("ascii")
    assert batch.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert batch_of(books, batch.id).reference.startswith("Outbox")


def test_what_cannot_go_stays_behind_with_its_reason(books: Office) -> None:
    desk = with_clearinghouse(books)
    claims = some_claims(books, desk, 6)

    def spoil(work: Work) -> None:
        ids = dict(zip(("held", "waits", "crossed", "old", "stops"), claims, strict=False))
        work.db.get_one(Claim, ids["held"]).held_for = "A person asks the payer first"
        work.db.get_one(Claim, ids["waits"]).wait_for = "Its first payer has not answered"
        work.db.get_one(Claim, ids["crossed"]).crossed_over = True
        work.db.get_one(Claim, ids["old"]).outdated = "A charge on it was voided"
        row = ClaimFinding(
            claim_id=ids["stops"],
            rule="member_id",
            severity=Severity.STOPS,
            field="member_id",
            message="The member id is missing.",
            hint="Type it on the policy.",
        )
        work.db.add(row)
        work.db.get_one(Claim, ids["stops"]).stops = 1

    books.write(spoil)
    found = plan(books)
    assert {one.claim_id: one.reason_code for one in found.staying} == dict(
        zip(
            claims,
            (Stays.HELD, Stays.WAITS, Stays.CROSSED_OVER, Stays.OUTDATED, Stays.STOPS),
            strict=False,
        )
    )
    stopped = next(one for one in found.staying if one.reason_code is Stays.STOPS)
    assert (stopped.reason, stopped.hint, stopped.field) == (
        "The member id is missing",
        "Type it on the policy.",
        "member_id",
    )
    assert [one.claim_id for one in found.going] == [claims[5]]
    sent = send(books)
    assert sent.claims == 1
    assert len(sent.staying) == 5


@pytest.mark.parametrize(
    ("spoilt", "reason"),
    [
        ("payer_code", Stays.STOPS),
        ("submitter", Stays.NO_SENDER),
        ("patient", Stays.PATIENT_HELD),
        ("phone", Stays.NO_SENDER),
    ],
)
def test_what_is_missing_elsewhere_keeps_a_claim_back(
    sqlite_books: Office, spoilt: str, reason: Stays
) -> None:
    desk = with_clearinghouse(sqlite_books)
    (claim,) = some_claims(sqlite_books, desk)

    def spoil(work: Work) -> None:
        if spoilt == "payer_code":
            work.db.get_one(Payer, desk.payer).payer_code = ""
        elif spoilt == "patient":
            work.db.get_one(Patient, desk.alma).hold_claims = True
        elif spoilt == "phone":
            work.db.get_one(Practice, 1).phone = "555"
        else:
            set_setting(work, policies.SUBMITTER_ID, "")

    before = plan(sqlite_books)
    sqlite_books.write(spoil)
    (staying,) = plan(sqlite_books).staying
    assert (staying.claim_id, staying.hint != "") == (claim, True)
    if spoilt == "payer_code":
        assert staying.reason_code is Stays.NO_PAYER_ID
    else:
        assert staying.reason_code is reason
    # A send checks once more, whatever its plan had seen.
    with pytest.raises(ChangedElsewhere):
        sqlite_books.write(lambda work: send_claims(work, before))
    assert statuses(sqlite_books)[claim] is not ClaimStatus.SUBMITTED


def test_a_send_checks_each_claim_once_more(books: Office) -> None:
    desk = with_clearinghouse(books)
    alma, ben = some_claims(books, desk, 2)
    wanted = plan(books)
    born = DAY + timedelta(days=1)
    books.write(lambda work: setattr(work.db.get_one(Patient, desk.alma), "birth_date", born))
    sent = books.write(lambda work: send_claims(work, wanted)).value
    assert [(one.claim_id, one.reason_code) for one in sent.staying] == [(alma, Stays.STOPS)]
    assert statuses(books) == {alma: ClaimStatus.DRAFT, ben: ClaimStatus.SUBMITTED}


def test_a_value_that_x12_cannot_carry_keeps_its_claim_alone(sqlite_books: Office) -> None:
    desk = with_clearinghouse(sqlite_books)
    first, second = some_claims(sqlite_books, desk, 2)

    def spoil(work: Work) -> None:
        work.db.get_one(Patient, desk.ben).address1 = "A very long street name " * 4

    sqlite_books.write(spoil)
    found = plan(sqlite_books)
    assert [one.claim_id for one in found.going] == [first]
    (staying,) = found.staying
    assert (staying.claim_id, staying.reason_code) == (second, Stays.CANNOT_WRITE)
    assert "street" in staying.reason
    assert send(sqlite_books).claims == 1


def test_each_payer_has_a_set_of_its_own_and_each_route_a_batch(
    books: Office, tmp_path: Path
) -> None:
    desk = with_clearinghouse(books, tmp_path)

    def more(work: Work) -> None:
        for name, route, code in (
            ("Paper Mutual", Route.PAPER, ""),
            ("Portal Health", Route.PORTAL, ""),
            ("Second Electric", Route.ELECTRONIC, "99903"),
        ):
            payer = work.db.get_one(Payer, add_payer(work, name, code=code))
            payer.route = route
            payer.address1, payer.city = "3 Invented Plaza", "Sampleville"
            payer.state, payer.zip_code = "NJ", "07001-0001"
            patient = add_person(work, f"{name} Client", f"N-{name[:6]}", born=BORN, sex="F")
            add_policy(work, patient, payer.id, f"M{payer.id:08d}")
            ready(work, desk, patient=patient, payer=payer.id)

    books.write(more)
    some_claims(books, desk, 2)
    build(books)
    found = plan(books)
    assert found.staying == ()
    assert [len(one) for one in (found.electronic, found.paper, found.portal)] == [3, 1, 1]
    sent = send(books)
    electronic, paper, portal = sent.batches
    assert [one.route for one in sent.batches] == [Route.ELECTRONIC, Route.PAPER, Route.PORTAL]
    assert [len(one) for one in sets_of(books, electronic.id).values()] == [2, 1]
    assert_accepted(text_of(books, electronic.id))
    assert (portal.file_name, portal.sha256, portal.payer) == ("", "", "Portal Health")
    assert [one.name for one in tmp_path.iterdir()] == [electronic.file_name]
    page = books.read(lambda work: batch_file(work, paper.id))
    assert page.data.startswith(b"%PDF")
    assert "PAPER MUTUAL" in "".join(page_texts(page.data))
    with pytest.raises(Problem, match="portal"):
        books.read(lambda work: batch_file(work, portal.id))
    copies = books.read(lambda work: batch_pdf(work, portal.id, CmsMode.FILE_COPY))
    assert "PORTAL HEALTH" in "".join(page_texts(copies))


def test_control_numbers_never_repeat(books: Office, clock: Clock) -> None:
    desk = with_clearinghouse(books)
    seen: list[int] = []
    for day in range(3):
        some_claims(books, desk, 1, since=DAY + timedelta(days=day))
        (batch,) = send(books).batches
        found = batch_of(books, batch.id)
        numbers = [int(found.interchange), int(found.group_control)]
        (transaction,) = sets_of(books, batch.id)
        seen += [numbers[0]]
        assert int(transaction) == numbers[0] == numbers[1]
        if day:
            clock.forward(days=-1)  # a clock that is set back gives no number twice
    assert seen == sorted(set(seen))


def test_numbers_of_a_day_do_not_depend_on_what_a_restored_practice_has_counted(
    sqlite_books: Office, clock: Clock
) -> None:
    first = sqlite_books.write(lambda work: take_controls(work, INTERCHANGE, 3)).value
    clock.forward(days=1)
    second = sqlite_books.write(lambda work: take_controls(work, INTERCHANGE)).value
    assert second[0] - first[0] == 24 * 60 * 60
    assert len(first) == 3
    assert len(str(first[0])) == 9
    clock.forward(days=-1)
    third = sqlite_books.write(lambda work: take_controls(work, INTERCHANGE)).value
    assert third[0] == second[0] + 1


def test_one_key_sends_once(books: Office, tmp_path: Path) -> None:
    desk = with_clearinghouse(books, tmp_path)
    some_claims(books, desk, 2)
    wanted = plan(books)

    def act(work: Work) -> Sent:
        return send_claims(work, wanted, request_key="send-1")

    first, again = books.write(act).value, books.write(act).value
    assert again.repeated
    assert again.batches == first.batches
    assert not first.repeated


def test_two_desks_that_send_at_once_send_each_claim_once(books: Office) -> None:
    desk = with_clearinghouse(books)
    claims = some_claims(books, desk, 4)
    wanted = plan(books)

    def act(work: Work) -> Sent:
        return send_claims(work, wanted)

    results = at_once((books, act), (second_person(books, Role.BILLING_CLERK), act))
    sent = [one for one in results if isinstance(one, Sent)]
    told = [one for one in results if isinstance(one, ChangedElsewhere)]
    assert (len(sent), len(told)) == (1, 1)
    assert sent[0].claims == len(claims)
    batches = books.read(lambda work: page_of_batches(work, Span(0, 10, "number")))
    assert [one.claims for one in batches.rows] == [4]


def test_a_claim_that_another_desk_has_changed_stays_and_the_rest_goes(books: Office) -> None:
    desk = with_clearinghouse(books)
    first, second = some_claims(books, desk, 2)
    wanted = plan(books)
    books.write(lambda work: setattr(work.db.get_one(Claim, first), "note", "changed"))
    sent = books.write(lambda work: send_claims(work, wanted)).value
    assert [(one.claim_id, one.reason_code) for one in sent.staying] == [(first, Stays.CHANGED)]
    assert statuses(books)[second] is ClaimStatus.SUBMITTED
    assert statuses(books)[first] is ClaimStatus.SCRUBBED


def test_sending_is_all_or_nothing(books: Office) -> None:
    desk = with_clearinghouse(books)
    some_claims(books, desk, 2)
    wanted = plan(books)
    assert_all_or_nothing(books, lambda work: send_claims(work, wanted))


def test_a_file_that_does_not_read_back_is_not_sent(
    sqlite_books: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = with_clearinghouse(sqlite_books)
    (claim,) = some_claims(sqlite_books, desk)
    wanted = plan(sqlite_books)
    name = "write_837p"
    right = getattr(as_837p, name)
    monkeypatch.setattr(as_837p, name, lambda file: right(file).replace("90837", "90834"))
    with pytest.raises(Problem, match="does not say what its claims say"):
        sqlite_books.write(lambda work: send_claims(work, wanted))
    assert statuses(sqlite_books)[claim] is ClaimStatus.SCRUBBED


def test_sent_claims_print_as_they_left(sqlite_books: Office) -> None:
    desk = with_clearinghouse(sqlite_books)
    (claim,) = some_claims(sqlite_books, desk)
    send(sqlite_books)
    sqlite_books.write(lambda work: setattr(work.db.get_one(Patient, desk.alma), "sex", "M"))
    sqlite_books.write(
        lambda work: setattr(work.db.get_one(Policy, desk.policy), "member_id", "NEW999")
    )
    page = sqlite_books.read(lambda work: claim_pdf(work, [claim], CmsMode.FILE_COPY))
    assert "XYZ123456789" in "".join(page_texts(page))
    assert "NEW999" not in "".join(page_texts(page))
    with pytest.raises(Problem, match="not in the books"):
        sqlite_books.read(lambda work: claim_pdf(work, [claim, 999], CmsMode.FILE_COPY))


def test_who_may_not_send_sends_nothing(sqlite_books: Office) -> None:
    desk = with_clearinghouse(sqlite_books)
    some_claims(sqlite_books, desk)
    wanted = plan(sqlite_books)
    other = without(sqlite_books, Right.SEND_CLAIMS)
    with pytest.raises(Problem, match="You may not send claims"):
        other.write(lambda work: send_claims(work, wanted))
    with pytest.raises(Problem, match="You may not send claims"):
        other.read(plan_batch)


def test_nothing_to_send_says_so(sqlite_books: Office) -> None:
    with_clearinghouse(sqlite_books)
    wanted = plan(sqlite_books)
    with pytest.raises(Problem, match=r"^There is no claim to send\.$"):
        sqlite_books.write(lambda work: send_claims(work, wanted))
