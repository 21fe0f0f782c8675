"""Which check a file is about, whose it is, and whom it was paid to."""

from __future__ import annotations

import pytest

from fscdesk.models.payer import Payer
from fscdesk.models.practice import Practice
from fscdesk.models.remittance import Fate, RemittanceStatus, Unposted
from fscdesk.services.errors import Problem
from fscdesk.services.remittances.choosing import choose_payer, let_go_on
from fscdesk.services.remittances.incoming import apply_era, plan_era
from fscdesk.services.work import Work
from tests.books.remittances.edge_cases.test_second_answers import type_check, type_eob
from tests.support.era_edges import KEPT, EraOffice, only
from tests.support.eras import era, file_of, remittance

HOUSE = "1888888888"
"""A clearinghouse that puts its own id into TRN03."""


# A check that was typed in over another amount.


@pytest.mark.parametrize("eob", [False, True], ids=["payment", "EOB"])
def test_a_check_that_was_typed_in_over_another_amount_is_shown_beside_it(
    edge: EraOffice, *, eob: bool
) -> None:
    one = edge.send()
    if eob:
        number = type_eob(edge, one, 90_00, 40_00, "00778812")
    else:
        number = type_check(edge, one, 90_00, "00778812")
    page = edge.says(edge.answer(one, "CO45=45 PR3=30"), trace="778812")
    words = f"This check number was typed in as {number} over 90.00; this one says 85.00."
    with pytest.raises(Problem, match=words.replace(".", r"\.")):
        edge.post(page)
    assert (edge.payments(), page.row.status) == ([90_00], RemittanceStatus.TO_POST)
    edge.verify()


def test_a_check_number_that_comes_again_years_later_is_another_check(edge: EraOffice) -> None:
    one, two = edge.send(), edge.send(week=1)
    type_check(edge, one, 90_00, "1001")
    page = edge.says(edge.answer(two, KEPT), trace="1001", effective="20270320")
    assert only(page).fate is Fate.POSTED
    assert edge.payments() == [90_00, 100_00]


# The same check by two ways.


def test_the_same_check_from_a_clearinghouse_changes_nothing(edge: EraOffice) -> None:
    one = edge.send()
    said = edge.answer(one, KEPT)
    first = edge.says(said, trace="T3")
    text = era(said, trace="T3", origin=HOUSE)
    (plan,) = edge.books.read(lambda work: plan_era(work, "again", text.encode())).transactions
    assert plan.before is not None
    assert plan.before.number == first.row.number
    assert plan.before.words.startswith("posted on ")
    done = edge.books.write(lambda work: apply_era(work, "b", text.encode(), clicked=True)).value
    assert (done.kept, done.posted) == ((first.row.id,), (None,))
    assert edge.payments() == [100_00]
    edge.verify()


def test_a_copy_of_a_clearinghouse_that_says_something_else_is_shown_with_the_first(
    edge: EraOffice,
) -> None:
    one = edge.send()
    first = edge.says(edge.answer(one, KEPT), trace="T3")
    copy = edge.says(edge.answer(one, "CO45=25 PR3=35"), trace="T3", origin=HOUSE)
    assert (copy.row.status, copy.conflict_id) == (RemittanceStatus.STOPPED, first.row.id)
    edge.books.write(lambda work: let_go_on(work, copy.row.id, "Looked at both"))
    with pytest.raises(Problem, match=f"in the books already: {first.row.number}"):
        edge.post(copy)
    assert edge.payments() == [100_00]
    edge.verify()


def test_both_copies_in_one_file_are_one_check(edge: EraOffice) -> None:
    said = edge.answer(edge.send(), KEPT)
    first = remittance(said, trace="T3")
    text = file_of(first, remittance(said, trace="T3", control="0002", origin=HOUSE))
    edge.all_of(text)
    assert edge.payments() == [100_00]
    edge.verify()


def test_a_copy_whose_payer_is_told_later_is_not_posted_again(edge: EraOffice) -> None:
    one = edge.send()
    first = edge.says(edge.answer(one, KEPT), trace="T3")
    # The copy names nobody that is known, and a claim that is nobody's.
    lost = edge.answer(one, KEPT, ben=True, patient=("ELSEWHERE", "ZED", "QQQ"))
    strange = {"payer": "SOMEONE TPA", "payer_id": "12345", "origin": "1777777777"}
    copy = edge.reads(era(lost, trace="T3", **strange).replace(one.account, "NOBODYS"))
    edge.books.write(lambda work: choose_payer(work, copy.row.id, edge.desk.payer))
    with pytest.raises(Problem, match=f"in the books already: {first.row.number}"):
        edge.post(copy)
    assert edge.payments() == [100_00]


# Whose it is.


def test_a_payer_that_is_named_by_its_own_code_is_no_other(edge: EraOffice) -> None:
    one = edge.send()
    south = {"payer": "EXAMPLE SOUTH", "payer_id": "99902", "origin": "1999029902"}
    page = edge.says(edge.answer(one, KEPT), **south)
    assert (only(page).fate, page.row.payer_id) == (Fate.UNPOSTED, None)
    assert (edge.owed(one), edge.payments()) == ((130_00, 30_00), [])
    edge.verify()


def test_a_payer_that_nobody_knows_is_whose_claims_it_answers(edge: EraOffice) -> None:
    one = edge.send()
    strange = {"payer": "SOMEONE TPA", "payer_id": "12345", "origin": "1777777777"}
    page = edge.says(edge.answer(one, KEPT), **strange)
    assert (only(page).fate, page.row.payer_id) == (Fate.POSTED, edge.desk.payer)


# Whom it was paid to.


@pytest.mark.parametrize(
    ("payee", "words"),
    [
        ({"npi": "1992000012"}, "It was paid to NPI 1992000012, which is not ours"),
        ({"npi": "", "tax_id": "110000001"}, "It was paid to tax id 110000001, which is not ours"),
    ],
    ids=["NPI", "tax id"],
)
def test_a_check_of_another_practice_is_not_posted(
    edge: EraOffice, payee: dict[str, str], words: str
) -> None:
    one = edge.send()
    page = edge.says(edge.answer(one, KEPT), **payee)
    assert edge.owed(one) == (130_00, 30_00)
    with pytest.raises(Problem, match=words):
        edge.post(page)
    assert edge.payments() == []
    edge.verify()


@pytest.mark.parametrize("payee", [{"npi": "1245319599"}, {"npi": ""}, {"npi": "", "tax_id": ""}])
def test_a_check_for_a_clinician_or_by_tax_id_is_ours(
    edge: EraOffice, payee: dict[str, str]
) -> None:
    one = edge.send()
    assert only(edge.says(edge.answer(one, KEPT), **payee)).fate is Fate.POSTED


def test_without_numbers_in_setup_nothing_is_said_of_the_payee(edge: EraOffice) -> None:
    one = edge.send()

    def forget(work: Work) -> None:
        work.db.get_one(Practice, 1).tax_id = ""

    edge.books.write(forget)
    page = edge.says(edge.answer(one, KEPT), npi="", tax_id="110000001")
    assert only(page).fate is Fate.POSTED


# Statuses of other versions.


@pytest.mark.parametrize("status", ["5", "10", "13", "15", "17", "27", "99", ""])
def test_a_status_that_is_not_known_waits_for_a_person(edge: EraOffice, status: str) -> None:
    one = edge.send()
    page = edge.says(edge.answer(one, KEPT, status=status))
    stays = only(page)
    assert (stays.fate, stays.why) == (Fate.UNPOSTED, Unposted.BLOCKED)
    assert (edge.owed(one), edge.left(page)) == ((130_00, 30_00), 100_00)
    assert edge.books.read(lambda work: work.db.get_one(Payer, edge.desk.payer).active)
    edge.verify()
