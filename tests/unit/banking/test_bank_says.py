"""A bank's words as a person reads them."""

from __future__ import annotations

import pytest

from fscdesk.services.banking.bank_says import reference_words, short_words


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
