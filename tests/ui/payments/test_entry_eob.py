"""A payer's check by keyboard: claims, lines, letters, what nobody knows, what is left."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.charge import Charge
from fscdesk.models.values import ZERO, Money
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.payments import Till, cents, verify
from tests.support.people import add_provider, add_session
from tests.support.robots.payment_entry import PaymentEntryRobot


@pytest.fixture
def known(sqlite_books: Office, till: Till) -> Till:
    """The payer has settled such a line before: 91.40 paid, 38.60 contractual."""

    def history(work: Work) -> None:
        provider = add_provider(work, "Testa Fernsample")
        add_session(
            work,
            till.alma,
            provider,
            day=date(2026, 2, 2),
            payer=till.payer,
            insurance=130_00,
            share=30_00,
            patient_paid=30_00,
            insurance_paid=91_40,
            write_off=38_60,
        )

    sqlite_books.write(history)
    return till


def in_claim(entry: PaymentEntryRobot, amount: str) -> None:
    entry.opens()
    entry.heads("exa", "481516", amount, "4/8")
    entry.takes("al")
    assert entry.in_cell()


def test_a_whole_claim_is_taken_as_expected(
    entry: PaymentEntryRobot, sqlite_books: Office, known: Till
) -> None:
    in_claim(entry, "182.80")
    assert entry.screen.grid.edit.placeholderText() == "182.80"
    entry.does("Return")
    assert entry.in_box()
    assert entry.sums() == ["182.80", "182.80", "0.00", "0.00"]
    entry.does("Ctrl+Return")
    assert entry.newest().text.endswith(": 2 lines.")
    assert sqlite_books.read(lambda work: cents(work, "1050")) == 182_80
    verify(sqlite_books)


def test_the_typed_total_must_be_the_expected_one(entry: PaymentEntryRobot, known: Till) -> None:
    in_claim(entry, "182.80")
    entry.fills("182.70")
    assert "Go down" in entry.fault()
    assert entry.screen.state.answered == []
    entry.presses("Ctrl+A")
    entry.fills("182.80")
    assert len(entry.screen.state.answered) == 2


def test_without_an_expectation_enter_does_nothing(entry: PaymentEntryRobot, till: Till) -> None:
    in_claim(entry, "182.80")
    entry.does("Return")
    assert entry.in_cell()
    assert entry.screen.grid.edit.placeholderText() == ""
    entry.does("Down", "Return")
    assert entry.screen.state.answered == []
    entry.answers("61.20", "d")
    assert entry.line("Alma Anyone").answer is not None
    assert entry.in_cell()


def test_lines_take_letters_slashes_and_denials(
    entry: PaymentEntryRobot, sqlite_books: Office, known: Till
) -> None:
    in_claim(entry, "61.20")
    entry.does("Down")
    entry.fills("61.20/2")
    assert entry.in_cell()
    entry.denies("16")
    assert entry.in_box()
    assert "CO-16" in entry.screen.below.notices.notices[0][2]
    entry.does("Ctrl+Return")

    def look(work: Work) -> list[tuple[int, int]]:
        charges = [work.db.get_one(Charge, one) for one in known.copays]
        return [(one.insurance_balance.cents, one.patient_balance.cents) for one in charges]

    assert sqlite_books.read(look) == [(0, 30_00 + 30_20), (130_00, 30_00)]
    verify(sqlite_books)


def test_what_is_left_is_kept_for_the_payer_when_somebody_says_so(
    entry: PaymentEntryRobot, sqlite_books: Office, known: Till
) -> None:
    in_claim(entry, "200")
    entry.does("Return", "Ctrl+Return")
    assert "17.20 is left to apply" in entry.newest().text
    assert sqlite_books.read(lambda work: cents(work, "1050")) == 0
    entry.does("Ctrl+Shift+K")
    entry.presses("O")
    assert entry.sums() == ["200.00", "182.80", "17.20", "0.00"]
    legs = {one.account: (one.debit or one.credit).cents for one in entry.screen.state.legs()}
    assert legs == {"1050": 200_00, "4900": 77_20, "1110": 260_00, "2410": 17_20}
    entry.does("Ctrl+Return")
    assert sqlite_books.read(lambda work: cents(work, "2410")) == -17_20
    verify(sqlite_books)


def test_a_half_typed_cell_stops_the_posting(
    entry: PaymentEntryRobot, sqlite_books: Office, known: Till
) -> None:
    in_claim(entry, "182.80")
    entry.does("Down")
    entry.types("61.2")
    entry.does("Up", "Return")
    assert entry.fault() == "Its line of 03/02 is half typed. Finish or empty it."
    entry.does("Ctrl+Return")
    assert sqlite_books.read(lambda work: cents(work, "1050")) == 0


def test_the_preview_is_what_is_posted(
    entry: PaymentEntryRobot, sqlite_books: Office, known: Till
) -> None:
    accounts = ("1050", "1100", "1110", "4900")
    before = sqlite_books.read(lambda work: [cents(work, one) for one in accounts])
    in_claim(entry, "152.60")
    entry.does("Down")
    entry.answers("61.20", "d")
    entry.does("Return")
    wanted = {one.account: one.debit.cents - one.credit.cents for one in entry.screen.state.legs()}
    assert sum(wanted.values()) == 0
    entry.does("Ctrl+Return")
    after = sqlite_books.read(lambda work: [cents(work, one) for one in accounts])
    moved = [now - was for now, was in zip(after, before, strict=True)]
    assert moved == [wanted.get(one, 0) for one in accounts]
    verify(sqlite_books)


def test_the_claim_box_finds_nobody_in_words(entry: PaymentEntryRobot, known: Till) -> None:
    entry.opens()
    entry.heads("exa", "481516", "100", "4/8")
    entry.takes("zz")
    assert entry.in_box()
    assert entry.fault() == "Example East has no open claim of “zz”."


def test_an_answered_line_can_be_corrected_and_taken_back(
    entry: PaymentEntryRobot, known: Till
) -> None:
    in_claim(entry, "182.80")
    entry.does("Return")
    entry.takes("al")
    entry.does("Down")
    assert entry.cell() == "91.40"
    entry.answers("61.20", "c")
    assert entry.line("Alma Anyone").paid == Money(61_20)
    entry.does("Delete")
    assert entry.line("Alma Anyone", 1).answer is None
    assert entry.line("Alma Anyone", 1).paid == ZERO


def test_an_eob_that_denies_and_leaves_all_to_the_client_comes_without_money(
    entry: PaymentEntryRobot, sqlite_books: Office, till: Till
) -> None:
    in_claim(entry, "0")
    assert "0.00" in entry.screen.post_act.text()
    ready = [entry.screen.view.sums.ready]
    entry.does("Down")
    entry.answers("0", "d")
    entry.denies("29")
    ready.append(entry.screen.view.sums.ready)
    assert ready == [False, True]
    entry.does("Ctrl+Return")
    assert entry.newest().text.endswith("as PAY-2026-00001: 2 lines, 1 denied.")
    assert "0.00" in entry.newest().text

    def look(work: Work) -> list[tuple[int, int]]:
        charges = [work.db.get_one(Charge, one) for one in till.copays]
        return [(one.insurance_balance.cents, one.patient_balance.cents) for one in charges]

    assert sorted(sqlite_books.read(look)) == [(0, 160_00), (130_00, 30_00)]
    verify(sqlite_books)


def test_an_eob_without_money_needs_a_line(
    entry: PaymentEntryRobot, sqlite_books: Office, till: Till
) -> None:
    in_claim(entry, "0.00")
    entry.does("Ctrl+Return")
    assert "0.00 says nothing without a line" in entry.newest().text
    assert sqlite_books.read(lambda work: cents(work, "4900")) == 0


def test_a_letter_behind_nothing_answers_all_lines_of_a_claim(
    entry: PaymentEntryRobot, till: Till
) -> None:
    in_claim(entry, "182.80")
    entry.answers("0", "p")
    assert entry.in_box(), "the claim is done"
    said = [entry.line("Alma Anyone", at).answer for at in (0, 1)]
    assert [one and (one.paid, one.patient, one.reason) for one in said] == [
        (ZERO, Money(130_00), "3")
    ] * 2


def test_a_letter_behind_an_amount_is_refused_at_once_for_several_lines(
    entry: PaymentEntryRobot, till: Till
) -> None:
    in_claim(entry, "182.80")
    entry.answers("61.20", "d")
    assert entry.fault().startswith("A letter cannot say how 61.20 is shared by 2 lines.")
    assert entry.screen.state.answered == []
    assert entry.in_cell()
    entry.presses("Ctrl+A")
    entry.answers("0", "o")
    assert len(entry.screen.state.answered) == 2


def test_a_claim_of_one_line_takes_letters_as_its_line_does(
    entry: PaymentEntryRobot, sqlite_books: Office, till: Till
) -> None:
    def alone(work: Work) -> None:
        provider = add_provider(work, "Testa Fernsample")
        day = date(2026, 3, 4)
        add_session(work, till.ben, provider, day=day, payer=till.payer, insurance=130_00)

    sqlite_books.write(alone)
    entry.opens()
    entry.heads("exa", "481516", "61.20", "4/8")
    entry.takes("ben")
    entry.answers("61.20", "c")
    answer = entry.line("Ben Somebody").answer
    assert answer is not None
    assert (answer.paid, answer.patient, answer.reason) == (Money(61_20), Money(68_80), "2")
    assert entry.in_box()


def test_money_that_the_bank_has_comes_with_its_payer(entry: PaymentEntryRobot, till: Till) -> None:
    told = {"amount": "88.00", "reference": "EFT777", "received_on": "04/09/2026"}
    entry.opens(bank=told, payer_id=till.payer)
    screen = entry.screen
    entry.waits(lambda: screen.state.source is not None)
    assert screen.state.source is not None
    assert screen.state.source.key == f"payer:{till.payer}"
    assert (screen.state.head.amount, screen.state.head.reference) == (Money(88_00), "EFT777")
    assert screen.state.head.received_on == date(2026, 4, 9)
