"""A whole remittance that nobody can post is set aside in one act, and taken up again."""

from __future__ import annotations

import pytest

from fscdesk.models.remittance import Fate, RemittanceStatus
from fscdesk.models.values import Money
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.queue.items import ItemKind
from fscdesk.services.queue.remittance_items import not_posted
from fscdesk.services.remittances.choosing import choose_payer, match_again
from fscdesk.services.remittances.closing import set_aside
from fscdesk.services.remittances.detail import RemittancePage, remittance_page
from fscdesk.services.remittances.incoming import apply_era
from fscdesk.services.remittances.listing import RemittanceFilter, page_of_remittances
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.remittances.setting_aside import set_all_aside, take_all_up
from fscdesk.services.remittances.undoing import undo_remittance
from tests.support.claims import ClaimDesk, add_claim_desk
from tests.support.era_day import read
from tests.support.era_matching import ALMA, SentClaim, send_claim
from tests.support.eras import claim, era, plb, service
from tests.support.payments import verify

WHY = "The payer sends a right one"


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    return books.write(add_claim_desk).value


@pytest.fixture
def sent(books: Office, desk: ClaimDesk) -> SentClaim:
    return send_claim(books, desk)


def answer(sent: SentClaim, cas: str = "CO45=40", **settings: object) -> str:
    line = service("90837", "160", cas=cas, day=sent.days[0])
    return era(claim(sent.account, line, patient=ALMA), **settings)


def page(books: Office, one: int) -> RemittancePage:
    return books.read(lambda work: remittance_page(work, one))


def in_view(books: Office, view: str) -> list[int]:
    asked, span = RemittanceFilter(view=view), Span(0, 50, "paid")
    return [row.id for row in books.read(lambda work: page_of_remittances(work, asked, span)).rows]


def waiting(books: Office) -> list[str]:
    return [one.key for one in books.read(lambda work: list(not_posted(work, 50)))]


def aside(books: Office, one: int) -> str:
    return books.write(lambda work: set_all_aside(work, one, WHY)).value


def test_one_that_does_not_balance_leaves_the_queue_with_its_reason(
    books: Office, sent: SentClaim
) -> None:
    one = read(books, answer(sent, amount="100"))
    assert waiting(books) == [f"{ItemKind.REMITTANCE.value}:{one}"]
    assert aside(books, one) == "REM-2026-00001"
    assert waiting(books) == []
    assert (in_view(books, "needs"), in_view(books, "aside")) == ([], [one])
    shown = page(books, one)
    assert (shown.row.status, shown.row.reason) == (RemittanceStatus.CLOSED, WHY)
    assert shown.aside
    assert shown.stop.endswith(f"set it aside on 04/12/2026: {WHY}")
    assert {each.fate for each in shown.claims} == {Fate.CLOSED}
    verify(books)


def test_taken_up_it_is_stopped_for_what_it_was(books: Office, sent: SentClaim) -> None:
    one = read(books, answer(sent, amount="100"))
    was = page(books, one).row
    aside(books, one)
    assert books.write(lambda work: take_all_up(work, one)).value == was.number
    now = page(books, one)
    assert (now.row.status, now.row.reason) == (RemittanceStatus.STOPPED, was.reason)
    assert {each.fate for each in now.claims} == {Fate.UNPOSTED}
    assert in_view(books, "needs") == [one]
    verify(books)


def test_one_that_waits_is_set_aside_and_waits_again_and_posts(
    books: Office, sent: SentClaim
) -> None:
    one = read(books, answer(sent))
    aside(books, one)
    for act in (
        lambda work: post_remittance(work, one),
        lambda work: match_again(work, one),
        lambda work: choose_payer(work, one, 1),
        lambda work: set_aside(work, 1, WHY),
    ):
        with pytest.raises(Problem, match="set aside"):
            books.write(act)
    books.write(lambda work: take_all_up(work, one))
    assert page(books, one).row.status is RemittanceStatus.TO_POST
    books.write(lambda work: post_remittance(work, one))
    verify(books)


def test_one_without_claims_is_set_aside_too(books: Office, desk: ClaimDesk) -> None:
    assert desk.payer
    one = read(books, era(plb=[plb("WO", "10", "A1")], amount="50", trace="ODD"))
    aside(books, one)
    assert page(books, one).stop.endswith(WHY)
    books.write(lambda work: take_all_up(work, one))
    assert page(books, one).row.status is RemittanceStatus.STOPPED


def test_what_is_or_was_in_the_books_is_not_set_aside(books: Office, sent: SentClaim) -> None:
    one = read(books, answer(sent))
    books.write(lambda work: post_remittance(work, one))
    with pytest.raises(Problem, match="is or was in the books") as refused:
        aside(books, one)
    assert "Undo it" in refused.value.hint
    with pytest.raises(Problem, match="is not set aside"):
        books.write(lambda work: take_all_up(work, one))


def test_it_wants_a_reason_and_the_version_that_was_seen(books: Office, sent: SentClaim) -> None:
    one = read(books, answer(sent))
    with pytest.raises(Problem, match="reason"):
        books.write(lambda work: set_all_aside(work, one, " "))
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: set_all_aside(work, one, WHY, expected_version=99))
    assert page(books, one).row.status is RemittanceStatus.TO_POST
    aside(books, one)
    with pytest.raises(Problem, match="set aside already"):
        aside(books, one)


def test_a_right_file_of_the_same_check_comes_in_its_place(books: Office, sent: SentClaim) -> None:
    wrong = answer(sent, amount="100")
    first = read(books, wrong, "wrong.835")
    aside(books, first)
    second = read(books, answer(sent), "right.835")
    right = page(books, second)
    assert (right.row.status, right.conflict_id, right.stop) == (RemittanceStatus.TO_POST, None, "")
    again = books.write(lambda work: apply_era(work, "wrong.835", wrong.encode())).value
    assert again.kept == (first,), "the wrong one is known still"
    before = again.plan.transactions[0].before
    assert before is not None
    assert before.words.endswith("and set aside since")
    books.write(lambda work: take_all_up(work, first))
    back = page(books, first)
    assert (back.row.status, back.conflict_id) == (RemittanceStatus.STOPPED, second)
    verify(books)


def test_of_two_that_differ_the_one_set_aside_says_it_is_stopped_again(
    books: Office, sent: SentClaim
) -> None:
    first = read(books, answer(sent))
    second = read(books, answer(sent, cas="CO45=50"), "other.835")
    stopped = page(books, second)
    assert stopped.row.status is RemittanceStatus.STOPPED
    assert {each.fate for each in stopped.claims} == {Fate.UNPOSTED}, "nothing of it would post"
    assert stopped.claims[0].words == stopped.row.reason
    aside(books, second)
    books.write(lambda work: take_all_up(work, second))
    assert page(books, second).conflict_id == first
    assert page(books, second).row.status is RemittanceStatus.STOPPED


def test_the_sum_of_the_list_is_what_is_posted_or_will_be(books: Office, sent: SentClaim) -> None:
    def sums() -> dict[str, Money]:
        span = Span(0, 0, "paid")
        return books.read(lambda work: page_of_remittances(work, RemittanceFilter(), span)).totals

    assert sums() == {}
    first = read(books, answer(sent, trace="A"))
    assert sums() == {"to_post": Money(120_00), "amount": Money(120_00)}
    books.write(lambda work: post_remittance(work, first))
    read(books, answer(sent, cas="CO45=50", trace="A"), "other.835")
    read(books, answer(sent, trace="T", test=True), "test.835")
    wrong = read(books, answer(sent, trace="W", amount="100"), "wrong.835")
    read(books, answer(sent, cas="CO45=60", trace="B"), "b.835")
    others = Money(110_00 + 120_00 + 100_00)
    said = {"posted": Money(120_00), "to_post": Money(100_00), "amount": Money(220_00)}
    assert sums() == said | {"others": others}
    aside(books, wrong)
    assert sums()["others"] == others
    books.write(lambda work: undo_remittance(work, first, WHY))
    assert sums()["amount"] == Money(100_00)
