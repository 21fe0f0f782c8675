"""Single cells: every accepted way to write an amount, a code, a name, and what is refused."""

from __future__ import annotations

import contextlib
import math
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fscdesk.models.values import LARGEST_CENTS
from fscdesk.services.spreadsheets.cells import (
    CellFault,
    Names,
    Note,
    PayerName,
    Words,
    clean_name,
    read_cents,
    read_codes,
    read_payer,
    shown,
    without_zeros,
    writes_comma_decimals,
)


@pytest.mark.parametrize(
    ("cell", "cents"),
    [
        ("160.0", 16000),
        ("30.85", 3085),
        ("-32.0", -3200),
        ("160.0 ", 16000),
        ("$1,234.50", 123450),
        ("1,234,567.89", 123456789),
        ("(40.00)", -4000),
        ("($40.00)", -4000),
        ("$(40.00)", -4000),
        (" $ (40.00)", -4000),
        ("-$40.00", -4000),
        ("$-40.00", -4000),
        ("\u221240.00", -4000),
        ("\u00a0160.00\u00a0", 16000),
        ("$\u00a0160", 16000),
        ("--", 0),
        ("-", 0),
        ("$ -", 0),
        ("$", 0),
        ("\u2014", 0),
        ("", 0),
        ("  ", 0),
        (".5", 50),
        ("91.4000", 9140),
        ("0", 0),
        (160, 16000),
        (160.0, 16000),
        (91.39999999999999, 9140),
        (-0.01, -1),
    ],
)
def test_amounts_in_every_style_that_files_have(cell: str | float, cents: int) -> None:
    assert read_cents(cell) == cents


@pytest.mark.parametrize(
    "cell",
    [
        "NaN",
        "nan",
        "Infinity",
        "-inf",
        "1e5",
        "1_000",
        "\uff11\uff10",
        "1.005",
        "12,50",
        "1,23.00",
        "1.234,50",
        "12 50",
        "110.0 25.0",
        "--5",
        "-(5)",
        "(5",
        "5)",
        "5-",
        "$5$",
        "+5",
        "abc",
        "=1+1",
        "5.",
        "10000000000.01",
        "9" * 14,
        "9" * 40,
        math.nan,
        math.inf,
        1e300,
        1.005,
        datetime(2026, 3, 2),  # noqa: DTZ001 - a cell is a wall clock
    ],
)
def test_what_is_no_amount_is_refused(cell: str | float | datetime) -> None:
    with pytest.raises(CellFault) as fault:
        read_cents(cell)
    assert fault.value.code == "amount"
    assert fault.value.message.endswith(".")


STYLES = (
    "{sign}{whole}.{part:02d}",
    "{sign}${whole:,}.{part:02d}",
    "${sign}{whole:,}.{part:02d}",
    " {sign}{whole:,}.{part:02d}\u00a0",
    "{sign}{whole}.{part:02d}000",
)


@given(st.integers(-LARGEST_CENTS, LARGEST_CENTS), st.sampled_from(STYLES), st.booleans())
def test_an_amount_reads_back_in_every_style(cents: int, style: str, unicode: bool) -> None:
    whole, part = divmod(abs(cents), 100)
    sign = ("\u2212" if unicode else "-") if cents < 0 else ""
    assert read_cents(style.format(sign=sign, whole=whole, part=part)) == cents
    if cents < 0:
        assert read_cents(f"(${whole:,}.{part:02d})") == cents
    commas = f"{sign}{whole:,}.{part:02d}".replace(",", " ").replace(".", ",").replace(" ", ".")
    assert read_cents(commas, comma_decimal=True) == cents


@given(st.integers(-(10**10), 10**10))
def test_an_amount_reads_back_from_a_number_cell(cents: int) -> None:
    assert read_cents(cents / 100) == cents


@given(st.text())
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    with contextlib.suppress(CellFault):
        assert abs(read_cents(text)) <= LARGEST_CENTS


@pytest.mark.parametrize(
    ("column", "commas"),
    [
        ({"1.234,50", "40,00", "160", ""}, True),
        ({"1.234,50", "40.00"}, False),
        ({"1,234", "2,500"}, False),
        ({"1.234", "160"}, False),
        ({"110,0 25,0 ", "--"}, True),
        ({"(40,00)", "-3,5"}, True),
        (set(), False),
    ],
)
def test_a_column_writes_comma_decimals_only_if_all_its_cells_agree(
    column: set[str], commas: bool
) -> None:
    assert writes_comma_decimals(set(column)) is commas


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("90837 ", ("90837",)),
        ("012 ", ("012",)),
        ("90832 90785 ", ("90832", "90785")),
        ("90832, 90785", ("90832", "90785")),
        ("90832\n90785", ("90832", "90785")),
        ("90832\u00a090785", ("90832", "90785")),
        ("gr", ("gr",)),
        (90837.0, ("90837",)),
        (90837, ("90837",)),
        ("90837.0", ("90837",)),
        ("", ()),
    ],
)
def test_codes_are_text(cell: str | float, codes: tuple[str, ...]) -> None:
    assert read_codes(cell) == codes


def test_a_service_in_words_is_one_code() -> None:
    assert read_codes("Individual  Counselling", several=False) == ("Individual Counselling",)


def test_codes_that_lost_their_zeros_can_be_compared() -> None:
    assert without_zeros("012") == without_zeros("12")
    assert without_zeros("000") == "0"


@pytest.mark.parametrize(
    ("cell", "payer"),
    [
        ("Example East (99903)", PayerName("Example East", "99903")),
        (
            "Make-Believe Health  MB  Plus Plan (MakeBelieve Mutual Fund) (99902)",
            PayerName("Make-Believe Health MB Plus Plan (MakeBelieve Mutual Fund)", "99902"),
        ),
        ("Plan (Mutual Fund)", PayerName("Plan (Mutual Fund)", "")),
        ("Plain Plan", PayerName("Plain Plan", "")),
        ("Example\u00a0East(99903)", PayerName("Example East", "99903")),
        ("(99903)", PayerName("(99903)", "")),
        ("", None),
        ("--", None),
    ],
)
def test_the_last_brackets_of_a_payer_are_its_id(cell: str, payer: PayerName | None) -> None:
    assert read_payer(cell) == payer


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("  Quill\u00a0 Fakerson ", "Quill Fakerson"),
        ("QUILL FAKERSON", "QUILL FAKERSON"),
        ("Jose\u0301 Ficcio\u0301n", "José Ficción"),
        ("Ana\tMari\u0301a\nFicticia", "Ana María Ficticia"),
        ("\u202eQuill\u202c Fak\x07erson\ufeff", "Quill Fakerson"),
        ("علی\u200cرضا", "علی\u200cرضا"),
    ],
)
def test_names_keep_their_letters(cell: str, name: str) -> None:
    assert clean_name(cell) == name


@pytest.mark.parametrize("cell", ["Quill\x00Fakerson", "Quill\ud800"])
def test_what_no_database_can_keep_is_refused(cell: str) -> None:
    with pytest.raises(CellFault, match="no database can keep"):
        clean_name(cell)


def test_hidden_characters_are_told_once() -> None:
    notes: list[Note] = []
    names = Names(notes)
    for cell in ("Quill\u202e Fakerson", "Quill\u202e Fakerson", "Zebra Testcase"):
        assert names[cell] in {"Quill Fakerson", "Zebra Testcase"}
    assert [note.code for note in notes] == ["hidden-characters"]


def test_a_name_past_the_limit_is_refused() -> None:
    with pytest.raises(CellFault, match="longer than"):
        Names([])["x" * 161]


def test_unknown_status_words_are_kept_and_long_ones_cut_with_a_word() -> None:
    notes: list[Note] = []
    words = Words(notes)
    assert (words["PARTLY  Maybe"], words["--"], notes) == ("PARTLY Maybe", "", [])
    assert words["A status of more than twenty-four letters"] == "A status of more than tw"
    assert [note.code for note in notes] == ["cut-word"]


def test_a_cell_in_a_sentence_is_short_and_visible() -> None:
    assert shown("a\u202e\n  b") == "a b"
    assert shown("x" * 50) == "x" * 40 + "…"
