"""Answers with our numbers that are about others, about what was taken back, or cannot be kept."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.claim_batch import BatchState
from fscdesk.services.backups import SENT_OUT, back_up, restore
from fscdesk.services.claims import policies
from fscdesk.services.claims.ack_plan import Acknowledged
from fscdesk.services.claims.acknowledging import apply_acknowledgment, plan_acknowledgment
from fscdesk.services.claims.as_cms1500 import CmsMode, claim_pdf
from fscdesk.services.claims.batch_plan import Stays
from fscdesk.services.claims.correcting import resend_rejected
from fscdesk.services.claims.eligibility import ask_eligibility, eligibility_detail
from fscdesk.services.claims.eligibility_reading import EligibilityRead, read_eligibility
from fscdesk.services.claims.scrubbing import scrub_claims
from fscdesk.services.claims.sending_again import save_batch_file
from fscdesk.services.claims.undoing import undo_batch
from fscdesk.services.connecting import open_office
from fscdesk.services.errors import Problem, Severity
from fscdesk.services.office import Office
from tests.support.claims import NPI_OF_PRACTICE
from tests.support.clock import Clock
from tests.support.sent_claims import (
    RECEIVER,
    SENDER,
    account,
    answer_277,
    answer_999,
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
from tests.support.x12_texts import x12

ALMA = "NM1*QC*1*ANYONE*ALMA****MI*XYZ123456789"
ON = "260412"


def read(books: Office, data: bytes, name: str = "answer.277") -> Acknowledged:
    """Plan and apply, as a desk does."""
    seen = books.read(lambda work: plan_acknowledgment(work, name, data))
    return books.write(lambda work: apply_acknowledgment(work, seen)).value


def codes(done: Acknowledged) -> list[str]:
    return [one.code for one in done.plan.findings]


def the_claim(books: Office, claim_id: int) -> Claim:
    return books.read(lambda work: work.db.get_one(Claim, claim_id))


def reopen(books: Office, claim_id: int) -> None:
    """Let a rejected claim be ready to go again, as it is."""
    seen = the_claim(books, claim_id).version
    books.write(lambda work: resend_rejected(work, {claim_id: seen}))
    books.write(lambda work: scrub_claims(work, [claim_id]))


def test_a_group_that_is_rejected_overrides_its_sets(books: Office) -> None:
    desk = with_clearinghouse(books)
    (claim,) = some_claims(books, desk)
    (batch,) = send(books).batches
    (transaction,) = sets_of(books, batch.id)
    group = batch_of(books, batch.id).group_control
    done = read(books, answer_999(group, {transaction: "A"}).replace(b"AK9*A", b"AK9*R"))
    assert codes(done) == ["group_rejected"]
    assert statuses(books)[claim] is ClaimStatus.REJECTED
    assert batch_of(books, batch.id).state is BatchState.REJECTED


def test_a_999_for_another_receiver_with_our_group_number_moves_nothing(books: Office) -> None:
    desk = with_clearinghouse(books)
    (claim,) = some_claims(books, desk)
    (batch,) = send(books).batches
    (transaction,) = sets_of(books, batch.id)
    data = answer_999(batch_of(books, batch.id).group_control, {transaction: "R"})
    other = data.replace(f"{SENDER:<15}".encode(), b"OTHERPRAC      ")
    theirs = read(books, other.replace(SENDER.encode(), b"OTHERPRAC"))
    assert (theirs.plan.matched, theirs.moved, codes(theirs)) == (0, 0, ["unmatched"])
    assert statuses(books)[claim] is ClaimStatus.SUBMITTED
    assert read(books, other).moved == 1  # GS03 names us: that is enough


def test_a_277_for_a_batch_that_was_taken_back_is_an_alarm_and_holds_the_claim(
    books: Office,
) -> None:
    desk = with_clearinghouse(books)
    (claim,) = some_claims(books, desk)
    (batch,) = send(books).batches
    books.write(lambda work: undo_batch(work, batch.id, "Wrong day", anyway=True))
    assert len(plan(books).going) == 1
    done = read(books, answer_277([(account(books, claim), "A2:20", "ICN-9")], on=ON))
    (finding,) = (one for one in done.plan.findings if one.severity is not Severity.INFO)
    assert (finding.code, finding.severity) == ("undone_answered", Severity.ERROR)
    found = the_claim(books, claim)
    assert (found.status, found.payer_number) == (ClaimStatus.DRAFT, "")
    assert f"{batch.number} was taken back" in found.held_for
    assert plan(books).going == ()


def test_an_acceptance_of_a_claim_that_was_reopened_holds_it(books: Office) -> None:
    desk = with_clearinghouse(books)
    (claim,) = some_claims(books, desk)
    (batch,) = send(books).batches
    (transaction,) = sets_of(books, batch.id)
    group = batch_of(books, batch.id).group_control
    read(books, answer_999(group, {transaction: "R"}))
    reopen(books, claim)
    assert len(plan(books).going) == 1
    done = read(books, answer_999(group, {transaction: "A"}))
    assert codes(done) == ["undone_answered"]
    assert "waits to be sent again" in the_claim(books, claim).held_for
    assert plan(books).going == ()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (NPI_OF_PRACTICE, "1679576722"),
        ("ANYONE*ALMA", "STRANGER*SAM"),
        ("XYZ123456789", "QQQ000"),
        ("D8*20260302", "D8*20260115"),
    ],
)
def test_a_277_with_our_number_about_somebody_else_moves_nothing(
    sqlite_books: Office, ours: str, theirs: str
) -> None:
    desk = with_clearinghouse(sqlite_books)
    (claim,) = some_claims(sqlite_books, desk)
    send(sqlite_books)
    number = account(sqlite_books, claim)
    data = answer_277([(number, "A3:21", "THEIRS")], on=ON, about=ALMA, day="20260302")
    done = read(sqlite_books, data.replace(ours.encode(), theirs.encode()))
    assert codes(done) == ["another_claim"]
    assert (done.plan.matched, done.moved) == (0, 0)
    found = the_claim(sqlite_books, claim)
    assert (found.status, found.payer_number) == (ClaimStatus.SUBMITTED, "")
    assert read(sqlite_books, data).moved == 1


def test_an_answer_to_an_earlier_sending_of_the_same_day_does_not_move_a_claim(
    books: Office,
) -> None:
    desk = with_clearinghouse(books)
    (claim,) = some_claims(books, desk)
    (batch,) = send(books).batches
    number = account(books, claim)
    data = answer_277([(number, "A3:21", "")], on=ON, batch=f"{batch.number}.1")
    assert read(books, data).moved == 1
    reopen(books, claim)
    (second,) = send(books, [claim]).batches
    again = read(books, data.replace(b"000000905", b"000000906"))
    assert (again.moved, codes(again)) == (0, ["earlier_sending"])
    assert statuses(books)[claim] is ClaimStatus.SUBMITTED
    new = answer_277([(number, "A2:20", "")], on=ON, batch=f"{second.number}.1")
    assert read(books, new).moved == 1


def test_a_payers_number_that_is_too_long_is_told_and_the_rest_is_read(books: Office) -> None:
    desk = with_clearinghouse(books)
    first, second = some_claims(books, desk, 2)
    send(books)
    rows = [
        (account(books, first), "A2:20", "9" * 70),
        (account(books, second), "A2:20", "ICN\x01-7"),
    ]
    done = read(books, answer_277(rows, on=ON))
    assert codes(done) == ["payer_number", "batch_by_claims"]
    assert done.moved == 2
    assert the_claim(books, first).payer_number == ""
    assert the_claim(books, second).payer_number == "ICN-7"


def test_a_batch_that_something_came_back_for_is_not_taken_back_by_itself(
    books: Office, tmp_path: Path
) -> None:
    desk = with_clearinghouse(books, tmp_path)
    some_claims(books, desk)
    (batch,) = send(books).batches
    interchange = int(batch.interchange)
    receipt = (
        f"ISA*00*          *00*          *ZZ*{RECEIVER:<15}*ZZ*{SENDER:<15}*260412*0830*^*00501"
        f"*000000905*0*P*:~TA1*{interchange:09d}*260412*0800*A*000~IEA*0*000000905~"
    )
    assert read(books, receipt.encode(), "in.ta1").plan.matched == 1
    with pytest.raises(Problem, match="came back"):
        books.write(lambda work: undo_batch(work, batch.id, "Wrong day"))
    assert batch_of(books, batch.id).state is BatchState.SENT
    books.write(lambda work: undo_batch(work, batch.id, "They dropped it", anyway=True))


def test_the_file_of_a_batch_that_was_taken_back_is_not_saved(
    books: Office, tmp_path: Path
) -> None:
    desk = with_clearinghouse(books)
    some_claims(books, desk)
    (batch,) = send(books).batches
    books.write(lambda work: undo_batch(work, batch.id, "Wrong day", anyway=True))
    with pytest.raises(Problem, match="was taken back"):
        books.write(lambda work: save_batch_file(work, batch.id, tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_red_form_is_not_printed_of_a_claim_that_something_stops(books: Office) -> None:
    desk = with_clearinghouse(books)
    (claim,) = some_claims(books, desk)
    assert books.read(lambda work: claim_pdf(work, [claim], CmsMode.RED_FORM))
    books.write(lambda work: setattr(work.db.get_one(Claim, claim), "stops", 1))
    with pytest.raises(Problem, match="not ready for a red form"):
        books.read(lambda work: claim_pdf(work, [claim], CmsMode.RED_FORM))
    assert books.read(lambda work: claim_pdf(work, [claim], CmsMode.FILE_COPY))


def coverage_answer(
    trace: str,
    who: str = "ANYONE*ALMA****MI*XYZ123456789",
    born: str = "19800501",
    payer: str = "99901",
) -> str:
    """A 271 for one person."""
    return x12(
        "271",
        f"""
        BHT*0022*11*10001234*20260412*1319
        HL*1**20*1
        NM1*PR*2*SOMEBODY*****PI*{payer}
        HL*2*1*21*1
        NM1*1P*2*FICTIONAL SPRINGS*****XX*{NPI_OF_PRACTICE}
        HL*3*2*22*0
        TRN*2*{trace}*9221234567
        NM1*IL*1*{who}
        DMG*D8*{born}*F
        EB*1*IND*30*HM*GOLD
        """,
    )


def read_271_text(books: Office, text: str) -> EligibilityRead:
    return books.write(lambda work: read_eligibility(work, "x.271", text.encode())).value


@pytest.mark.parametrize(
    "other",
    [
        {"who": "STRANGER*SAM****MI*XYZ123456789"},
        {"who": "ANYONE*ALMA****MI*QQQ0001"},
        {"born": "19500101"},
        {"payer": "77777"},
    ],
)
def test_a_271_with_our_trace_about_somebody_else_is_not_kept(
    sqlite_books: Office, other: dict[str, str]
) -> None:
    desk = with_clearinghouse(sqlite_books)
    asked = sqlite_books.write(lambda work: ask_eligibility(work, desk.alma)).value
    done = read_271_text(sqlite_books, coverage_answer(asked.trace, **other))
    assert (done.matched, done.unmatched) == (0, 1)
    assert [one.code for one in done.findings] == ["another_person", "unmatched"]
    detail = sqlite_books.read(lambda work: eligibility_detail(work, asked.check_id))
    assert (detail.answer, detail.row.active) == ("", None)
    assert read_271_text(sqlite_books, coverage_answer(asked.trace)).matched == 1


def test_the_kept_text_of_an_answer_is_of_that_client_alone(books: Office) -> None:
    desk = with_clearinghouse(books)
    alma = books.write(lambda work: ask_eligibility(work, desk.alma)).value
    ben = books.write(lambda work: ask_eligibility(work, desk.ben)).value
    bens = "SOMEBODY*BEN****MI*XYZ987654321"
    for text in (
        # Two interchanges whose sets have one number, and two clients in one set.
        coverage_answer(alma.trace) + coverage_answer(ben.trace, bens, "19750809"),
        coverage_answer(alma.trace).replace(
            "EB*1*IND*30*HM*GOLD~",
            f"EB*1*IND*30*HM*GOLD~HL*4*2*22*0~TRN*2*{ben.trace}*9221234567~"
            f"NM1*IL*1*{bens}~DMG*D8*19750809*M~EB*6*IND*30~",
        ),
    ):
        assert read_271_text(books, text).matched == 2
        for asked, own, foreign in ((alma, "ALMA", "BEN"), (ben, "BEN", "ALMA")):
            kept = books.read(partial(eligibility_detail, check_id=asked.check_id))
            assert own in kept.answer
            assert foreign not in kept.answer
            assert "NM1*PR*" in kept.answer
            assert "EB*" in kept.answer


def test_after_a_restore_of_the_same_day_no_number_goes_out_twice(
    sqlite_practice: Path, tmp_path: Path, clock: Clock
) -> None:
    numbers: list[list[str]] = []
    books = open_office(sqlite_practice, now=clock)
    desk = with_clearinghouse(books)
    kept = tmp_path / "kept.fscdesk"
    back_up(sqlite_practice, kept)
    for again in (False, True, True):
        if again:
            books.close()
            restore(kept, sqlite_practice, replace=True)
            books = open_office(sqlite_practice, now=clock)
        claims = some_claims(books, desk, 2)
        (batch,) = send(books).batches
        found = batch_of(books, batch.id)
        numbers.append(
            [
                found.number,
                found.interchange,
                found.group_control,
                *(account(books, one) for one in claims),
                *(f"ST{one}" for one in sets_of(books, batch.id)),
            ]
        )
        assert text_of(books, batch.id)
    books.close()
    assert "CLM" in SENT_OUT
    for at in range(5):
        assert len({row[at] for row in numbers}) == 3
    assert len({row[-1] for row in numbers}) == 3


def test_a_test_file_moves_no_claim(books: Office, tmp_path: Path) -> None:
    desk = with_clearinghouse(books, tmp_path)
    (claim,) = some_claims(books, desk)
    books.write(lambda work: set_setting(work, policies.MODE, policies.TEST))
    sent = send(books)
    assert sent.batches == ()
    assert [one.reason_code for one in sent.staying] == [Stays.TESTED]
    (file,) = tmp_path.iterdir()
    assert file.name == sent.test_file
    assert "*T*:~" in file.read_text("ascii")
    assert statuses(books)[claim] is ClaimStatus.SCRUBBED
    books.write(lambda work: set_setting(work, policies.MODE, policies.PRODUCTION))
    assert len(send(books).batches) == 1
    assert statuses(books)[claim] is ClaimStatus.SUBMITTED


def test_a_test_without_an_outbox_is_refused(sqlite_books: Office) -> None:
    desk = with_clearinghouse(sqlite_books)
    some_claims(sqlite_books, desk)
    sqlite_books.write(lambda work: set_setting(work, policies.MODE, policies.TEST))
    with pytest.raises(Problem, match="no outbox is set for them"):
        send(sqlite_books)
