"""What comes back: 999 and 277CA move batches, claims and sessions; what is not ours is kept."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimChange, ClaimStatus
from fscdesk.models.claim_batch import (
    Acknowledgment,
    AcknowledgmentItem,
    AcknowledgmentKind,
    BatchState,
    Route,
)
from fscdesk.models.payer import Payer
from fscdesk.models.session import BillingStatus
from fscdesk.services.claims.ack_plan import Acknowledged, AckPlan
from fscdesk.services.claims.acknowledging import apply_acknowledgment, plan_acknowledgment
from fscdesk.services.claims.batches import batch_detail
from fscdesk.services.claims.correcting import resend_rejected
from fscdesk.services.claims.detail import claim_page
from fscdesk.services.claims.lifecycle import ClaimMove, move_claims
from fscdesk.services.claims.undoing import undo_batch
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.claims import DAY, ClaimDesk, add_person, add_policy, build, ready, statuses_of
from tests.support.clock import Clock
from tests.support.fail_at import assert_all_or_nothing
from tests.support.people import add_payer
from tests.support.pyx12_judge import judge
from tests.support.second_person import at_once
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


def read(books: Office, data: bytes, name: str = "answer.999") -> Acknowledged:
    """Plan and apply, as a desk does."""
    seen = books.read(lambda work: plan_acknowledgment(work, name, data))
    return books.write(lambda work: apply_acknowledgment(work, seen)).value


def look(books: Office, data: bytes, name: str = "answer.999") -> AckPlan:
    return books.read(lambda work: plan_acknowledgment(work, name, data))


def two_payers(books: Office) -> tuple[ClaimDesk, tuple[int, ...]]:
    """Two claims of one payer and one of another: two sets in one file."""
    desk = with_clearinghouse(books)

    def more(work: Work) -> None:
        payer = add_payer(work, "Second Electric", code="99903")
        work.db.get_one(Payer, payer).route = Route.ELECTRONIC
        patient = add_person(work, "Cora Client", "P-9", sex="F", born=DAY.replace(year=1990))
        add_policy(work, patient, payer, "M00012345")
        ready(work, desk, patient=patient, payer=payer)

    claims = some_claims(books, desk, 2)
    books.write(more)
    return desk, (*claims, *build(books))


def test_a_999_acknowledges_a_batch_and_its_claims(books: Office) -> None:
    desk = with_clearinghouse(books)
    claims = some_claims(books, desk, 2)
    (batch,) = send(books).batches
    found = batch_of(books, batch.id)
    (transaction,) = sets_of(books, batch.id)
    data = answer_999(found.group_control, {transaction: "A"})
    done = read(books, data)
    assert (done.plan.kind, done.plan.accepted, done.plan.rejected) == (
        AcknowledgmentKind.SYNTAX,
        1,
        0,
    )
    assert (done.plan.matched, done.plan.unmatched, done.moved) == (1, 0, 2)
    assert done.plan.findings == ()
    assert statuses(books) == dict.fromkeys(claims, ClaimStatus.ACKNOWLEDGED)
    assert batch_of(books, batch.id).state is BatchState.ACKNOWLEDGED
    detail = books.read(lambda work: batch_detail(work, batch.id))
    (answer,) = detail.answers
    assert (answer.kind, answer.accepted, answer.words) == ("999", True, "The file was taken")
    with pytest.raises(Problem, match="is acknowledged"):
        books.write(lambda work: undo_batch(work, batch.id, "Too late"))


def test_the_judges_own_999_is_read(sqlite_books: Office) -> None:
    """pyx12 plays the clearinghouse: an acceptance, and the rejection of a spoilt copy."""
    desk = with_clearinghouse(sqlite_books)
    claims = some_claims(sqlite_books, desk, 2)
    (batch,) = send(sqlite_books).batches
    text = text_of(sqlite_books, batch.id)
    accepted = look(sqlite_books, judge(text).acknowledgment.encode())
    assert (accepted.accepted, accepted.matched, accepted.unmatched) == (1, 1, 0)
    assert len(accepted.rows[0].moves) == 2
    second = account(sqlite_books, claims[1])
    start = text.index(f"CLM*{second}")
    spoilt = text[:start] + text[start:].replace("HI*ABK:F411", "HI*ABK:", 1)
    rejected = look(sqlite_books, judge(spoilt).acknowledgment.encode())
    (row,) = rejected.rows
    assert (rejected.rejected, rejected.matched) == (1, 1)
    reasons = {move.claim_id: move.reason for move in row.moves}
    assert "HI" in reasons[claims[1]]
    assert second in reasons[claims[0]]
    assert "this one was right" in reasons[claims[0]]


def test_a_rejected_set_sends_its_claims_back_and_no_other(books: Office) -> None:
    _, claims = two_payers(books)
    (batch,) = send(books).batches
    found = batch_of(books, batch.id)
    first, second = sets_of(books, batch.id)
    done = read(
        books,
        answer_999(
            found.group_control,
            {first: "A", second: "R"},
            faults=["IK3*NM1*15**8", "IK4*9*67*1"],
        ),
    )
    assert (done.plan.accepted, done.plan.rejected, done.plan.matched) == (1, 1, 2)
    assert [row.words.partition(":")[0] for row in done.plan.rows] == [
        "The claims to Imaginary Blue (2) were taken",
        "The claims to Second Electric (1) were rejected because of CLM-2026-00003",
    ]
    now = statuses(books)
    assert [now[one] for one in claims] == [
        ClaimStatus.ACKNOWLEDGED,
        ClaimStatus.ACKNOWLEDGED,
        ClaimStatus.REJECTED,
    ]
    assert batch_of(books, batch.id).state is BatchState.ACKNOWLEDGED
    rejected = books.read(lambda work: work.db.get_one(Claim, claims[2]))
    assert "NM109 required element is missing" in rejected.reason
    sessions = statuses_of(books)
    assert sorted(sessions.values()) == [
        BillingStatus.READY_TO_BILL,
        BillingStatus.SUBMITTED,
        BillingStatus.SUBMITTED,
    ]


def test_a_fault_above_a_claim_is_found_by_its_segment(sqlite_books: Office) -> None:
    """The receiver names only the segment: NM1*IL stands before the CLM of its claim."""
    desk = with_clearinghouse(sqlite_books)
    first, second = some_claims(sqlite_books, desk, 2)
    (batch,) = send(sqlite_books).batches
    lines = text_of(sqlite_books, batch.id).splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("ST*"))
    place = [at for at, line in enumerate(lines) if line.startswith("NM1*IL")][1] - start + 1
    (transaction,) = sets_of(sqlite_books, batch.id)
    group = batch_of(sqlite_books, batch.id).group_control
    faults = [f"IK3*NM1*{place}**8", "IK4*9*67*1"]
    (row,) = look(sqlite_books, answer_999(group, {transaction: "R"}, faults=faults)).rows
    reasons = {move.claim_id: move.reason for move in row.moves}
    assert "NM109 required element is missing" in reasons[second]
    assert f"for {account(sqlite_books, second)}; this one was right" in reasons[first]


def test_a_file_that_is_rejected_whole_rejects_its_batch(books: Office) -> None:
    _, claims = two_payers(books)
    (batch,) = send(books).batches
    found = batch_of(books, batch.id)
    group = answer_999(found.group_control, {}).replace(b"AK9*A*0*0*0", b"AK9*R*2*2*0*4")
    done = read(books, group)
    assert (done.plan.rejected, done.plan.matched, done.moved) == (2, 2, 3)
    assert set(statuses(books).values()) == {ClaimStatus.REJECTED}
    assert batch_of(books, batch.id).state is BatchState.REJECTED
    reason = books.read(lambda work: work.db.get_one(Claim, claims[0]).reason)
    assert "control numbers of GS and GE differ" in reason


@pytest.mark.parametrize("code", ["A", "R"])
def test_a_ta1_answers_for_the_whole_file(books: Office, code: str) -> None:
    desk = with_clearinghouse(books)
    some_claims(books, desk, 2)
    (batch,) = send(books).batches
    number = int(batch_of(books, batch.id).interchange)
    isa = answer_999("1", {}).decode().splitlines()[0]
    fault = "000" if code == "A" else "025"
    receipt = f"TA1*{number:09d}*260412*0830*{code}*{fault}~"
    done = read(books, f"{isa}\n{receipt}\nIEA*0*000000905~".encode())
    if code == "A":
        assert (done.plan.pending, done.plan.matched, done.moved) == (1, 1, 0)
        assert batch_of(books, batch.id).state is BatchState.SENT
    else:
        assert (done.plan.rejected, done.plan.matched, done.moved) == (1, 1, 2)
        assert batch_of(books, batch.id).state is BatchState.REJECTED
        assert set(statuses(books).values()) == {ClaimStatus.REJECTED}


def test_a_277ca_moves_claims_one_by_one(books: Office) -> None:
    desk = with_clearinghouse(books)
    taken, refused, waiting, received = some_claims(books, desk, 4)
    (batch,) = send(books).batches
    data = answer_277(
        [
            (account(books, taken), "A2:20", "PAYER-77"),
            (account(books, refused), "A7:164", ""),
            (account(books, waiting), "P1:20", ""),
            (account(books, received), "A1:19", ""),
            ("OTHER0001", "A2:20", ""),
        ]
    )
    done = read(books, data, "answer.277")
    plan = done.plan
    assert plan.kind is AcknowledgmentKind.CLAIMS
    assert (plan.accepted, plan.rejected, plan.pending, plan.unmatched) == (1, 1, 2, 1)
    assert (plan.matched, plan.unmatched, done.moved) == (4, 1, 4)
    assert [one.code for one in plan.findings] == ["batch_by_claims", "unmatched"]
    assert statuses(books) == {
        taken: ClaimStatus.ACCEPTED,
        refused: ClaimStatus.REJECTED,
        waiting: ClaimStatus.PENDING,
        received: ClaimStatus.ACKNOWLEDGED,
    }
    assert batch_of(books, batch.id).state is BatchState.ACKNOWLEDGED
    claim = books.read(lambda work: work.db.get_one(Claim, taken))
    assert claim.payer_number == "PAYER-77"
    change = books.read(lambda work: work.db.scalars(select(ClaimChange)).one())
    assert (change.field, change.new, change.source) == ("payer_number", "PAYER-77", "277CA")
    claim = books.read(lambda work: work.db.get_one(Claim, refused))
    assert claim.reason.startswith("Rejected, information is wrong: ")
    assert claim.reason_code == "A7:164"
    kept = books.read(lambda work: work.db.scalars(select(Acknowledgment)).one())
    assert kept.content == data
    items = books.read(
        lambda work: work.db.scalars(
            select(AcknowledgmentItem).order_by(AcknowledgmentItem.position)
        ).all()
    )
    assert [(one.reference, one.claim_id) for one in items][-1] == ("OTHER0001", None)
    by_status = sorted(statuses_of(books).values())
    assert by_status == [
        BillingStatus.PENDING,
        BillingStatus.PENDING,
        BillingStatus.READY_TO_BILL,
        BillingStatus.SUBMITTED,
    ]


def test_the_same_file_again_changes_nothing(books: Office) -> None:
    desk = with_clearinghouse(books)
    (claim,) = some_claims(books, desk)
    send(books)
    data = answer_277([(account(books, claim), "A2:20", "PAYER-1")])
    first, again = read(books, data), read(books, data, "renamed.277")
    assert first.id is not None
    assert (again.id, again.moved) == (None, 0)
    assert again.plan.already == "It was read on 04/12/2026 at 08:00 as answer.999"
    rows = books.read(lambda work: len(work.db.scalars(select(Acknowledgment)).all()))
    assert rows == 1


def test_two_desks_read_one_file_once(books: Office) -> None:
    desk = with_clearinghouse(books)
    (claim,) = some_claims(books, desk)
    send(books)
    plan = look(books, answer_277([(account(books, claim), "A2:20", "")]))

    def act(work: Work) -> Acknowledged:
        return apply_acknowledgment(work, plan)

    results = at_once((books, act), (books, act))
    assert sorted(one.moved for one in results) == [0, 1]


def test_reading_is_all_or_nothing(books: Office) -> None:
    desk = with_clearinghouse(books)
    first, second = some_claims(books, desk, 2)
    send(books)
    names = [(account(books, first), "A2:20", "P-1"), (account(books, second), "A7:164", "")]
    plan = look(books, answer_277(names))
    assert_all_or_nothing(books, lambda work: apply_acknowledgment(work, plan))


def test_an_answer_never_moves_a_claim_back(books: Office) -> None:
    desk = with_clearinghouse(books)
    (claim,) = some_claims(books, desk)
    (batch,) = send(books).batches
    move = ClaimMove(claim, ClaimStatus.PAID, "ERA")
    books.write(lambda work: move_claims(work, [move]))
    done = read(books, answer_277([(account(books, claim), "A7:164", "")]))
    assert done.moved == 0
    assert "decided" in [one.code for one in done.plan.findings]
    (transaction,) = sets_of(books, batch.id)
    late = answer_999(batch_of(books, batch.id).group_control, {transaction: "R"})
    assert read(books, late).moved == 0
    assert statuses(books)[claim] is ClaimStatus.PAID


def test_an_answer_to_an_earlier_sending_does_not_move_the_later(
    books: Office, clock: Clock
) -> None:
    desk = with_clearinghouse(books)
    (claim,) = some_claims(books, desk)
    (first,) = send(books).batches
    read(books, answer_277([(account(books, claim), "A7:164", "")], on="260412"))
    assert statuses(books)[claim] is ClaimStatus.REJECTED
    clock.forward(days=2)
    version = books.read(lambda work: work.db.get_one(Claim, claim).version)
    books.write(lambda work: resend_rejected(work, {claim: version}))
    send(books)
    days = books.read(lambda work: work.db.get_one(Claim, claim))
    assert (days.first_sent_on, days.last_sent_on) == (date(2026, 4, 12), date(2026, 4, 14))
    (transaction,) = sets_of(books, first.id)
    late = answer_999(batch_of(books, first.id).group_control, {transaction: "R"}, on="260414")
    assert read(books, late).moved == 0
    old = read(books, answer_277([(account(books, claim), "A3:21", "")], on="260413"))
    assert old.moved == 0
    assert "earlier sending" in old.plan.rows[0].words
    assert statuses(books)[claim] is ClaimStatus.SUBMITTED
    new = read(books, answer_277([(account(books, claim), "A2:20", "")], on="260414"))
    assert new.moved == 1


def test_an_answer_to_an_undone_batch_is_an_alarm(books: Office) -> None:
    desk = with_clearinghouse(books)
    (claim,) = some_claims(books, desk)
    (batch,) = send(books).batches
    (transaction,) = sets_of(books, batch.id)
    books.write(lambda work: undo_batch(work, batch.id, "Wrong day", anyway=True))
    data = answer_999(batch_of(books, batch.id).group_control, {transaction: "A"})
    done = read(books, data)
    assert [one.code for one in done.plan.findings] == ["undone_answered"]
    assert done.moved == 0
    assert statuses(books)[claim] is ClaimStatus.DRAFT
    held = books.read(lambda work: work.db.get_one(Claim, claim).held_for)
    assert "was taken back, but the receiver has answered" in held
    assert batch_of(books, batch.id).state is BatchState.UNDONE


def test_a_batch_level_rejection_rejects_its_set(books: Office) -> None:
    _, claims = two_payers(books)
    (batch,) = send(books).batches
    data = answer_277([]).replace(b"TRN*2*BATCH", f"TRN*2*{batch.number}.2".encode())
    data = data.replace(b"STC*A1:19:PR*20260413*WQ", b"STC*A3:21*20260413*U")
    done = read(books, data)
    assert (done.plan.rejected, done.plan.matched, done.moved) == (1, 1, 1)
    assert [statuses(books)[one] for one in claims][2] is ClaimStatus.REJECTED


def test_a_claim_carries_the_answer_of_its_own_set_alone(books: Office) -> None:
    _, claims = two_payers(books)
    (batch,) = send(books).batches
    first, second = sets_of(books, batch.id)
    group = batch_of(books, batch.id).group_control
    read(books, answer_999(group, {first: "A", second: "R"}))
    data = answer_277([]).replace(b"TRN*2*BATCH", f"TRN*2*{batch.number}.2".encode())
    read(books, data.replace(b"STC*A1:19:PR*20260413*WQ", b"STC*A3:21*20260413*U"), "b.277")
    pages = books.read(lambda work: [claim_page(work, one) for one in claims])
    assert [[(one.kind, one.accepted) for one in page.answers] for page in pages] == [
        [("999", True)],
        [("999", True)],
        [("277CA", False), ("999", False)],
    ]
