"""Files that are not about our claims, or that are damaged: kept, told, never an exception."""

from __future__ import annotations

import random

import pytest

from fscdesk.models.claim import ClaimStatus
from fscdesk.models.claim_batch import BatchState
from fscdesk.services.claims.ack_plan import Acknowledged, AckPlan
from fscdesk.services.claims.acknowledging import apply_acknowledgment, plan_acknowledgment
from fscdesk.services.errors import Problem, Severity
from fscdesk.services.office import Office
from fscdesk.services.permissions import Right
from tests.support.second_person import without
from tests.support.sent_claims import (
    account,
    answer_277,
    answer_999,
    batch_of,
    send,
    sets_of,
    some_claims,
    statuses,
    text_of,
    with_clearinghouse,
)
from tests.support.shared import x12_files


def read(books: Office, data: bytes, name: str = "answer.999") -> Acknowledged:
    """Plan and apply, as a desk does."""
    seen = books.read(lambda work: plan_acknowledgment(work, name, data))
    return books.write(lambda work: apply_acknowledgment(work, seen)).value


def look(books: Office, data: bytes, name: str = "answer.999") -> AckPlan:
    return books.read(lambda work: plan_acknowledgment(work, name, data))


def test_others_files_are_kept_and_told(books: Office) -> None:
    desk = with_clearinghouse(books)
    some_claims(books, desk)
    (batch,) = send(books).batches
    group = batch_of(books, batch.id).group_control
    (transaction,) = sets_of(books, batch.id)
    for data in (
        answer_999("77", {"0001": "A"}),
        answer_999(group, {transaction: "A"}, on="260101"),  # before our batch was made
        answer_999(group, {transaction: "A"}).replace(b"AK1*HC", b"AK1*HS"),
        answer_277([("CLM202600099", "A2:20", "")]),
    ):
        done = read(books, data)
        assert (done.plan.matched, done.plan.unmatched, done.moved) == (0, 1, 0)
        assert done.id is not None
    assert set(statuses(books).values()) == {ClaimStatus.SUBMITTED}


def test_a_claim_with_another_amount_is_somebody_elses(sqlite_books: Office) -> None:
    desk = with_clearinghouse(sqlite_books)
    (claim,) = some_claims(sqlite_books, desk)
    send(sqlite_books)
    data = answer_277([(account(sqlite_books, claim), "A2:20", "")])
    plan = look(sqlite_books, data.replace(b"*WQ*160", b"*WQ*161"))
    assert (plan.matched, plan.rows[0].moves) == (0, ())
    assert [one.code for one in plan.findings] == ["charge_differs"]


def test_a_receiver_may_number_batches_and_claims_its_own_way(books: Office) -> None:
    desk = with_clearinghouse(books)
    first, second = some_claims(books, desk, 2)
    (batch,) = send(books).batches
    told = (account(books, first), "A2:20", ""), ("CH-778899", "A3:21", "")
    data = answer_277(told, batch="CH-0042").replace(
        b"TRN*2*CH-778899~", f"TRN*2*CH-778899~REF*EJ*{account(books, second)}~".encode()
    )
    done = read(books, data, "answer.277")
    assert (done.plan.matched, done.plan.unmatched, done.moved) == (2, 0, 2)
    assert statuses(books) == {first: ClaimStatus.ACCEPTED, second: ClaimStatus.REJECTED}
    (finding,) = [one for one in done.plan.findings if one.code == "batch_by_claims"]
    assert finding.severity is Severity.INFO
    assert finding.message == (
        f"The receiver calls the batch CH-0042; by its claims it is {batch.number}."
    )
    assert batch_of(books, batch.id).state is BatchState.ACKNOWLEDGED


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"\x00\x00", "is empty"),
        (b"Hello, this is a letter.", "is no X12 file"),
        (b"%PDF-1.4 something", "is no X12 file"),
    ],
)
def test_what_is_no_acknowledgment_is_refused(sqlite_books: Office, data: bytes, said: str) -> None:
    with pytest.raises(Problem, match=said) as told:
        look(sqlite_books, data)
    assert told.value.hint.startswith("Nothing was read.")


def test_our_own_837_is_no_acknowledgment(sqlite_books: Office) -> None:
    desk = with_clearinghouse(sqlite_books)
    some_claims(sqlite_books, desk)
    (batch,) = send(sqlite_books).batches
    with pytest.raises(Problem, match="a file of claims"):
        look(sqlite_books, text_of(sqlite_books, batch.id).encode())


def test_damaged_files_are_findings_never_exceptions(sqlite_books: Office) -> None:
    desk = with_clearinghouse(sqlite_books)
    (claim,) = some_claims(sqlite_books, desk)
    (batch,) = send(sqlite_books).batches
    (transaction,) = sets_of(sqlite_books, batch.id)
    group = batch_of(sqlite_books, batch.id).group_control
    chance = random.Random(7)
    answers = (
        answer_999(group, {transaction: "R"}, faults=["IK3*NM1*15**8", "IK4*9*67*1"]),
        answer_277([(account(sqlite_books, claim), "A7:164", "P-1")]),
    )
    told, refused = 0, list[str]()
    for data in answers:
        for _ in range(150):
            spoilt = bytearray(data)
            for _ in range(chance.randrange(1, 5)):
                at = chance.randrange(len(spoilt))
                if chance.random() < 0.3:
                    del spoilt[at : at + chance.randrange(1, 60)]
                else:
                    spoilt[at] = chance.randrange(256)
            cut = bytes(spoilt[: chance.randrange(1, len(spoilt) + 1)])
            try:
                told += bool(look(sqlite_books, cut).findings)
            except Problem as problem:
                refused.append(problem.hint)
    assert told > 100
    assert all("Nothing was read." in one for one in refused)


@pytest.mark.parametrize("kind", ["999", "277CA"])
def test_every_file_of_others_is_read_without_an_exception(sqlite_books: Office, kind: str) -> None:
    desk = with_clearinghouse(sqlite_books)
    some_claims(sqlite_books, desk)
    send(sqlite_books)
    files = x12_files(kind)
    assert files
    for path in files:
        done = read(sqlite_books, path.read_bytes(), path.name)
        assert (done.plan.kind.value, done.plan.matched, done.moved) == (kind, 0, 0), path.name
        assert done.plan.rows, path.name
    assert set(statuses(sqlite_books).values()) == {ClaimStatus.SUBMITTED}


def test_who_may_not_reads_nothing(sqlite_books: Office) -> None:
    with_clearinghouse(sqlite_books)
    data = answer_999("1", {"0001": "A"})
    plan = look(sqlite_books, data)
    other = without(sqlite_books, Right.SEND_CLAIMS)
    with pytest.raises(Problem, match="You may not"):
        other.read(lambda work: plan_acknowledgment(work, "x.999", data))
    with pytest.raises(Problem, match="You may not"):
        other.write(lambda work: apply_acknowledgment(work, plan))
