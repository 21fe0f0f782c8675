"""The sample month of a bank, in two formats: every line, both balances, the same keys."""

from __future__ import annotations

import json
from datetime import date

import pytest

from fscdesk.models.values import Money
from fscdesk.services.banking.bank_words import key_of, sender_of, trace_of
from fscdesk.services.banking.reading import read_statement
from fscdesk.services.banking.statement_files import ReadStatement
from tests.support.shared import samples

CHASE = "bank_chase_checking_2026-03.csv"
OFX = "bank_sample_2026-03.ofx"


def read(name: str) -> ReadStatement:
    found = samples() / name
    (statement,) = read_statement(found.read_bytes(), name)
    return statement


@pytest.mark.parametrize("name", [CHASE, OFX])
def test_every_line_of_the_month_is_read(name: str) -> None:
    told = json.loads((samples() / "expected.json").read_text("utf-8"))
    statement = read(name)
    opening, closing = Money.parse(told["bank_opening"]), Money.parse(told["bank_closing"])
    assert statement.findings == ()
    assert len(statement.lines) == 30
    assert statement.closing == closing
    assert sum((line.amount for line in statement.lines), opening) == closing
    assert [line.on for line in statement.lines] == sorted(line.on for line in statement.lines)
    credits_ = {f"{line.on} {line.amount}" for line in statement.lines if line.amount > Money()}
    assert credits_ == set(told["bank_matches"])


def test_only_the_csv_tells_what_the_month_began_with() -> None:
    assert read(CHASE).opening == Money(500_000)
    assert (read(OFX).opening, read(OFX).account_number) == (None, "0000001234")
    assert (read(OFX).first_day, read(OFX).last_day) == (date(2026, 3, 1), date(2026, 3, 31))


def test_the_same_line_has_the_same_key_in_both() -> None:
    def keys(statement: ReadStatement) -> list[str]:
        return [key_of(line.on, line.amount.cents, line.words) for line in statement.lines]

    assert sorted(keys(read(CHASE))) == sorted(keys(read(OFX)))
    assert len(set(keys(read(CHASE)))) == 30


@pytest.mark.parametrize("name", [CHASE, OFX])
def test_every_eft_and_payout_is_named_by_its_trace(name: str) -> None:
    told = json.loads((samples() / "expected.json").read_text("utf-8"))["bank_matches"]
    for line in read(name).lines:
        meant = told.get(f"{line.on} {line.amount}", "")
        if meant.startswith(("EFT", "po_")):
            assert trace_of(line.words) == meant.removeprefix("po_")
        if meant == "unexplained":
            assert trace_of(line.words) == "EFT0000000001"
            assert sender_of(line.words) == "1999990000"
