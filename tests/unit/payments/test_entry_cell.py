"""What may be typed into a cell of the payment entry: every form, and every refusal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fscdesk.models.values import ZERO, Money
from fscdesk.services.remittances.expecting import Expected
from fscdesk.ui.screens.payments.entry_cell import (
    Answer,
    answer_text,
    as_expected,
    is_complete,
    read_answer,
    read_part,
)

OWES, LEFT = Money(130_00), Money(500_00)
EXPECTED = Expected(Money(91_40), Money(38_60), ZERO, "fee schedule")


def read(text: str, *, expected: Expected | None = EXPECTED, left: Money = LEFT) -> Answer:
    return read_answer(text, owes=OWES, left=left, expected=expected)


def cents(answer: Answer) -> tuple[int, int, int, str]:
    return (
        answer.paid.cents,
        answer.contractual.cents,
        answer.patient.cents,
        answer.denied or (answer.reason if answer.patient else ""),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("61.20d", (61_20, 38_60, 30_20, "1")),
        ("61.20C", (61_20, 38_60, 30_20, "2")),
        (" 61.2 p ", (61_20, 38_60, 30_20, "3")),
        ("61.20/1", (61_20, 38_60, 30_20, "1")),
        ("61.20/2", (61_20, 38_60, 30_20, "2")),
        ("61.20/3", (61_20, 38_60, 30_20, "3")),
        ("61.20o", (61_20, 68_80, 0, "")),
        ("61.20/45", (61_20, 68_80, 0, "")),
        ("61.20r", (61_20, 0, 0, "")),
        ("61.20-20d", (61_20, 20_00, 48_80, "1")),
        ("61.20-68.80", (61_20, 68_80, 0, "")),
        ("61.20-20r", (61_20, 20_00, 0, "")),
        ("0d", (0, 38_60, 91_40, "1")),
        ("91.40", (91_40, 38_60, 0, "")),
        ("130", (130_00, 0, 0, "")),
        ("$1.50d", (1_50, 38_60, 89_90, "1")),
        ("=100-38.80d", (61_20, 38_60, 30_20, "1")),
        ("x16", (0, 0, 0, "16")),
        ("*197", (0, 0, 0, "197")),
        ("xB7", (0, 0, 0, "B7")),
        ("x016", (0, 0, 0, "16")),
    ],
)
def test_every_form_means_one_thing(text: str, said: tuple[int, int, int, str]) -> None:
    assert cents(read(text)) == said


def test_without_an_expectation_the_whole_rest_is_the_clients() -> None:
    assert cents(read("61.20d", expected=None)) == (61_20, 0, 68_80, "1")


def test_an_equals_sign_is_what_is_left_of_the_check() -> None:
    assert cents(read("=d", left=Money(61_20))) == (61_20, 38_60, 30_20, "1")
    assert cents(read("=", left=LEFT)) == (130_00, 0, 0, "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Nothing is not an amount"),
        ("d", "Nothing is not an amount"),
        ("٦١.٢٠d", "not an amount"),
        ("١٢", "not an amount"),
        ("x١٦", "Type the code"),
        ("12.345", "more than two decimals"),
        ("1e5", "not an amount"),
        ("nan", "not an amount"),
        ("inf", "not an amount"),
        ("99999999999999", "ten billion"),
        ("130.01", "more than the 130.00"),
        ("145.00o", "more than the 130.00"),
        ("61.20", "is left of this line"),
        ("61.20-10", "58.80 is left of this line"),
        ("61.20-70d", "more than the 68.80"),
        ("91.40d", "Nothing is left of this line"),
        ("-5d", "below zero"),
        ("(5)d", "below zero"),
        ("61.20-10o", "leave out the amount"),
        ("61.20/96", "/96 is not a reason"),
        ("61.20dd", "not an amount"),
        ("x", "Type the code"),
        ("x1234", "Type the code"),
        ("61.20x16", "not an amount"),
        ("=1+d", "not an amount"),
    ],
)
def test_what_means_nothing_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("/", "/")):
        read(text)


def test_nothing_left_of_the_check_is_refused() -> None:
    with pytest.raises(ValueError, match="Nothing is left of the check"):
        read("=", left=ZERO)


def test_more_than_is_owed_is_taken_where_the_practice_allows_it() -> None:
    answer = read_answer("145", owes=OWES, left=LEFT, may_exceed=True)
    assert cents(answer) == (145_00, 0, 0, "")


@pytest.mark.parametrize("text", ["61.20d", "5c", "=p", "1,200.50o", "61.20-3d", ".5r"])
def test_the_letter_ends_the_cell(text: str) -> None:
    assert is_complete(text)


@pytest.mark.parametrize("text", ["", "d", "61.20", "x16", "61.20/1", "qd", "61.20dx", "-d"])
def test_other_texts_wait_for_enter(text: str) -> None:
    assert not is_complete(text)


@given(
    paid=st.integers(0, 130_00), taken=st.integers(0, 130_00), letter=st.sampled_from(["d", "c"])
)
def test_what_stands_in_a_cell_reads_as_the_same_answer(paid: int, taken: int, letter: str) -> None:
    try:
        answer = read(f"{Money(paid).plain()}-{Money(taken).plain()}{letter}")
    except ValueError:
        return
    assert answer.answered == OWES
    assert read(answer_text(answer)) == answer


def test_as_expected_says_so() -> None:
    assert not as_expected(EXPECTED).typed
    assert read("91.40").typed


@pytest.mark.parametrize(("text", "paid"), [("12.5", 12_50), ("=", 130_00), ("=100-38.60", 61_40)])
def test_a_clients_charge_takes_an_amount(text: str, paid: int) -> None:
    assert read_part(text, owes=OWES, left=LEFT) == Money(paid)


@pytest.mark.parametrize("text", ["", "٥", "1e5", "nan", "12.345", "-5", "5d", "130.01"])
def test_a_clients_charge_refuses_the_rest(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_part(text, owes=OWES, left=LEFT)


@pytest.mark.parametrize("text", ["x999", "x0", "xC4", "xB", "xB700", "x16b", "*400"])
def test_what_cannot_be_a_reason_code_denies_nothing(text: str) -> None:
    with pytest.raises(ValueError, match="no denial code"):
        read(text)


@pytest.mark.parametrize("code", ["A1", "B7", "P12", "W1", "Y1", "D23", "A0", "306"])
def test_every_shape_of_the_code_list_denies(code: str) -> None:
    assert read(f"x{code.lower()}").denied == code
