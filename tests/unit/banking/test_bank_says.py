"""A bank's words as a person reads them."""

from __future__ import annotations

import pytest

from fscdesk.services.banking.bank_says import (
    number_first,
    reference_words,
    short_words,
    split_number,
)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (r"IMAGINARY BLUE PLAN OF HCCLAIMPMT TRN*1*EFT1*1999\ ".strip(), "Imaginary Blue Plan of"),
        ("Stripe           TRANSFER   ST-FICT0018 FICTIONAL SPRINGS CO", "Stripe Transfer"),
        ("MAKE-BELIEVE HEALTH  M HCCLAIMPMT TRN*1*A*B", "Make-believe Health M"),
        ("SAMPLE OFFICE RENT LLC WEB PMT", "Sample Office Rent LLC Web Pmt"),
        ("REMOTE ONLINE DEPOSIT #          1", "Remote Online Deposit # 1"),
        ("TRN*1*EFT9*1999", "TRN*1*EFT9*1999"),
        ("", ""),
    ],
)
def test_codes_are_left_out_and_shouting_is_quiet(words: str, said: str) -> None:
    assert short_words(words) == said


@pytest.mark.parametrize(
    ("trace", "check", "kind", "said"),
    [
        ("EFT1", "", "ACH_CREDIT", "EFT1"),
        ("1042", "1042", "CHECK_PAID", "check 1042"),
        ("", "", "FEE_TRANSACTION", "fee transaction"),
        ("", "", "", ""),
    ],
)
def test_a_line_is_named_by_its_trace_its_check_or_its_kind(
    trace: str, check: str, kind: str, said: str
) -> None:
    assert reference_words(trace, check, kind) == said


@pytest.mark.parametrize(
    ("words", "number", "rest"),
    [
        ("Deposit DEP-2026-00292, 000102", "DEP-2026-00292", "deposit 000102"),
        ("EFT DEP-2026-00328", "DEP-2026-00328", "EFT"),
        ("PAY-2026-02134 of Alma Anyone", "PAY-2026-02134", "of Alma Anyone"),
        ("DEP-2026-00292", "DEP-2026-00292", ""),
        ("Rent of March", "Rent of March", ""),
        ("Reversal of DEP-2026-00292", "Reversal of DEP-2026-00292", ""),
    ],
)
def test_the_number_of_a_document_stands_first(words: str, number: str, rest: str) -> None:
    assert split_number(words) == (number, rest)
    assert number_first(words) == f"{number} {rest}".strip()
