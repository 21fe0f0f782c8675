"""Reading an 835 that came in: kept once, posted as far as nobody is needed, whoever reads it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from fscdesk.models.payer import Payer
from fscdesk.models.payment import Payment
from fscdesk.models.remittance import (
    Automation,
    Fate,
    Remittance,
    RemittanceFile,
    RemittanceLine,
    RemittanceStatus,
    Unposted,
)
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.remittances.choosing import (
    choose_charge,
    choose_payer,
    let_go_on,
    match_again,
)
from fscdesk.services.remittances.closing import set_aside, take_up
from fscdesk.services.remittances.detail import RemittancePage, remittance_page, remittance_text
from fscdesk.services.remittances.incoming import EraDone, apply_era, plan_era
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.work import Work
from tests.support.claims import ClaimDesk, add_claim_desk
from tests.support.era_matching import ALMA, STRANGER, SentClaim, send_claim
from tests.support.eras import claim, era, file_of, plb, remittance, service
from tests.support.payments import verify


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """A practice whose payer is the one of the files."""
    made = books.write(add_claim_desk).value
    set_automation(books, made.payer, Automation.ONE_CLICK)
    return made


def set_automation(books: Office, payer_id: int, automation: Automation) -> None:
    def act(work: Work) -> None:
        work.db.get_one(Payer, payer_id).automation = automation

    books.write(act)


def answer(sent: SentClaim, **settings: object) -> str:
    """The payer pays 120.00 of 160.00, and 40.00 is above its fee."""
    line = service("90837", "160", cas="CO45=40", day=sent.days[0])
    return era(claim(sent.account, line, patient=ALMA), **settings)


def read(books: Office, text: str, *, clicked: bool = True, name: str = "a.835") -> EraDone:
    return books.write(lambda work: apply_era(work, name, text.encode(), clicked=clicked)).value


def page(books: Office, remittance_id: int) -> RemittancePage:
    return books.read(lambda work: remittance_page(work, remittance_id))


def kept(books: Office) -> int:
    return books.read(lambda work: work.db.scalar(select(func.count(Remittance.id))) or 0)


def test_a_click_posts_what_balances_and_is_known(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk)
    planned = books.read(lambda work: plan_era(work, "a.835", answer(sent).encode()))
    (one,) = planned.transactions
    assert one.decided is not None
    assert (one.matched, len(one.decided.unposted), one.decided.stop) == (1, 0, "")
    assert kept(books) == 0, "a plan writes nothing"
    done = read(books, answer(sent))
    (posted,) = done.posted
    assert posted is not None
    assert (posted.claims, posted.unposted, posted.applied) == (1, 0, Money(120_00))
    shown = page(books, done.kept[0])
    assert (shown.row.status, shown.stop, shown.posted) == (RemittanceStatus.POSTED, "", 1)
    assert [line.wrote_off for line in shown.claims[0].lines] == [Money(40_00)]
    verify(books)


def test_what_waits_for_a_click_is_kept_and_shown_as_it_will_be_posted(
    books: Office, desk: ClaimDesk
) -> None:
    sent = send_claim(books, desk)
    done = read(books, answer(sent), clicked=False)
    assert done.posted == (None,)
    before = page(books, done.kept[0])
    assert (before.row.status, before.postable) == (RemittanceStatus.TO_POST, 1)
    books.write(lambda work: post_remittance(work, done.kept[0]))
    after = page(books, done.kept[0])
    assert after.postable == 0
    for then, now in zip(before.claims, after.claims, strict=True):
        assert (then.fate, then.words) == (now.fate, now.words)
        for was, is_ in zip(then.lines, now.lines, strict=True):
            assert (was.wrote_off, was.to_patient, was.denied) == (
                is_.wrote_off,
                is_.to_patient,
                is_.denied,
            )


def test_an_automatic_payer_needs_no_click_and_a_reviewed_one_waits_for_its_screen(
    books: Office, desk: ClaimDesk
) -> None:
    sent = send_claim(books, desk)
    set_automation(books, desk.payer, Automation.REVIEW)
    waits = read(books, answer(sent))
    assert waits.posted == (None,)
    set_automation(books, desk.payer, Automation.AUTOMATIC)
    again = send_claim(books, desk)
    went = read(books, answer(again, trace="EFT2"), clicked=False)
    assert went.posted[0] is not None


def test_the_same_check_in_whatever_file_changes_nothing_and_says_who_posted_it(
    books: Office, desk: ClaimDesk
) -> None:
    sent = send_claim(books, desk)
    first = read(books, answer(sent))
    wrapped = answer(sent, wrap="80", control="0099")
    second = read(books, wrapped, name="again.835")
    assert (second.kept, second.posted) == (first.kept, (None,))
    before = second.plan.transactions[0].before
    assert before is not None
    assert before.words.startswith("posted on 04/12/2026 at ")
    assert kept(books) == 1
    payments = books.read(lambda work: work.db.scalar(select(func.count(Payment.id))))
    assert payments == 1


def test_the_same_trace_with_other_words_is_stopped_and_shown_beside_the_first(
    books: Office, desk: ClaimDesk
) -> None:
    sent = send_claim(books, desk)
    first = read(books, answer(sent))
    other = era(claim(sent.account, service("90837", "160", cas="CO45=50", day=sent.days[0])))
    second = read(books, other)
    assert second.posted == (None,)
    shown = page(books, second.kept[0])
    assert (shown.row.status, shown.conflict_id) == (RemittanceStatus.STOPPED, first.kept[0])
    assert shown.postable == 0
    third = read(books, other)
    assert third.kept == second.kept, "what contradicts is kept once, too"
    assert kept(books) == 2


def test_a_check_that_stands_twice_in_a_file_is_read_once(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk)
    line = service("90837", "160", cas="CO45=40", day=sent.days[0])
    one = remittance(claim(sent.account, line))
    done = read(books, file_of(one, one))
    assert len(done.kept) == 1
    assert kept(books) == 1


def test_one_bad_transaction_does_not_spoil_the_others(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk)
    good = remittance(
        claim(sent.account, service("90837", "160", cas="CO45=40", day=sent.days[0])), trace="GOOD"
    )
    bad = remittance(claim("X1", service("90837", "100", cas="CO45=40")), amount="1", trace="BAD")
    done = read(books, file_of(bad, good))
    assert [one is not None for one in done.posted] == [False, True]
    stopped = page(books, done.kept[0])
    assert stopped.row.status is RemittanceStatus.STOPPED
    assert stopped.check_off == Money(-59_00)
    assert "59.00" in stopped.stop
    with pytest.raises(Problem, match="cannot be posted"):
        books.write(lambda work: let_go_on(work, done.kept[0], "Looked at"))
    verify(books)


def test_a_payer_nobody_knows_is_chosen_with_what_the_file_says_beside_its_claims(
    books: Office, desk: ClaimDesk
) -> None:
    text = era(
        claim("ZZ9", service("90837", "100"), patient=STRANGER),
        plb=[plb("L6", "-5", "I1")],
        payer="NOWHERE MUTUAL",
        payer_id="00000",
        origin="1000000009",
    )
    done = read(books, text)
    assert done.posted == (None,)
    assert page(books, done.kept[0]).row.payer_id is None
    books.write(lambda work: choose_payer(work, done.kept[0], desk.payer))
    shown = page(books, done.kept[0])
    assert (shown.row.payer_id, [one.amount for one in shown.plbs]) == (desk.payer, [Money(-5_00)])
    books.write(lambda work: post_remittance(work, done.kept[0]))
    verify(books)


def test_a_claim_that_is_not_ours_is_set_aside_and_its_money_stays_named(
    books: Office, desk: ClaimDesk
) -> None:
    sent = send_claim(books, desk)
    line = service("90837", "160", cas="CO45=40", day=sent.days[0])
    text = era(
        claim(sent.account, line, patient=ALMA),
        claim("ZZ9", service("90834", "75"), patient=STRANGER, payer_number="ICN9"),
    )
    done = read(books, text)
    shown = page(books, done.kept[0])
    stays = shown.claims[1]
    assert (shown.row.status, shown.row.unposted) == (RemittanceStatus.PARTLY, 1)
    assert (stays.fate, stays.why) == (Fate.UNPOSTED, Unposted.NOT_OURS)
    books.write(lambda work: set_aside(work, stays.id, "Of the practice next door"))
    after = page(books, done.kept[0])
    assert (after.row.status, after.row.unposted) == (RemittanceStatus.POSTED, 0)
    assert after.claims[1].fate is Fate.CLOSED
    with pytest.raises(Problem, match="closed"):
        books.write(lambda work: set_aside(work, stays.id, "Twice"))
    books.write(lambda work: take_up(work, stays.id))
    assert page(books, done.kept[0]).row.status is RemittanceStatus.PARTLY
    verify(books)


def test_what_was_sent_later_is_found_when_it_is_matched_again(
    books: Office, desk: ClaimDesk
) -> None:
    number = "CLM202600001"
    text = era(claim(number, service("90837", "160", cas="CO45=40", day="20260302"), patient=ALMA))
    done = read(books, text)
    assert page(books, done.kept[0]).claims[0].why is not None
    send_claim(books, desk)
    assert books.write(lambda work: match_again(work, done.kept[0])).value == 1
    assert page(books, done.kept[0]).claims[0].why is None


def test_a_line_that_nobody_could_place_is_placed_by_hand_and_posts(
    books: Office, desk: ClaimDesk
) -> None:
    sent = send_claim(books, desk)
    line = service("90837", "160", cas="CO45=40", day=sent.days[0])
    done = read(books, era(claim("ZZ9", line, patient=STRANGER)))
    stays = page(books, done.kept[0]).claims[0]
    assert stays.why is Unposted.NOT_OURS
    row = books.read(
        lambda work: work.db.scalar(
            select(RemittanceLine.id).where(RemittanceLine.remittance_claim_id == stays.id)
        )
    )
    assert row is not None
    books.write(lambda work: choose_charge(work, row, sent.charges[0]))
    assert page(books, done.kept[0]).claims[0].fate is Fate.POSTED
    posted = books.write(lambda work: post_remittance(work, done.kept[0])).value
    assert (posted.claims, posted.unposted, posted.applied) == (1, 0, Money(120_00))
    verify(books)


def test_another_day_or_amount_is_not_what_a_line_is_about(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk)
    text = era(claim("ZZ9", service("90837", "150", day=sent.days[0]), patient=STRANGER))
    done = read(books, text)
    row = books.read(lambda work: work.db.scalar(select(RemittanceLine.id)))
    assert row is not None
    with pytest.raises(Problem, match=r"The payer speaks of 150\.00 on 03/02/2026"):
        books.write(lambda work: choose_charge(work, row, sent.charges[0]))
    assert page(books, done.kept[0]).claims[0].why is Unposted.NOT_OURS


def test_the_file_is_kept_as_it_came(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk)
    text = answer(sent)
    done = read(books, text)
    name, data = books.read(lambda work: remittance_text(work, done.kept[0]))
    assert (name, data) == ("a.835", text.encode())
    assert books.read(lambda work: work.db.scalar(select(func.count(RemittanceFile.id)))) == 1


@pytest.mark.parametrize("text", ["", "nothing of the kind", "ISA*00"])
def test_what_is_no_remittance_is_refused_in_words(
    books: Office, desk: ClaimDesk, text: str
) -> None:
    with pytest.raises(Problem, match="no remittance") as refused:
        read(books, text)
    assert refused.value.hint == "Nothing of this file was read."
    assert kept(books) == 0
