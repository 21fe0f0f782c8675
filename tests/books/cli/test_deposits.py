"""The commands for deposits: planned, made with a slip, made once, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from fscdesk.models.payment import PaymentMethod
from fscdesk.services.connecting import open_office
from tests.support.cli import run_cli
from tests.support.deposits import paid
from tests.support.payments import open_till
from tests.support.pdf import page_texts


@pytest.fixture
def money(practice: str) -> str:
    """A check of 150.00, cash of 40.00, and a card payment of 100.00, of 04/10/2026."""
    office = open_office(practice)
    try:
        till = office.write(open_till).value
        paid(office, till, 150_00, reference="1047")
        paid(office, till, 40_00, PaymentMethod.CASH)
        paid(office, till, 100_00, PaymentMethod.CARD)
    finally:
        office.close()
    return practice


def test_a_day_is_planned_made_and_taken_back(money: str, tmp_path: Path) -> None:
    planned = run_cli("bank", "deposits", "--plan", "--json", "--practice", money)
    assert planned.status == 0, planned.err
    assert [(one["kind"], one["amount"], one["cash"]) for one in planned.json["deposits"]] == [
        ("card", "100.00", "0.00"),
        ("counter", "190.00", "40.00"),
    ]
    assert planned.json["total"] == "290.00"
    told = run_cli("bank", "deposits", "--plan", "--practice", money)
    assert "290.00 is undeposited; 0.00 of it waits for a payout." in told.out

    slip = tmp_path / "slip.pdf"
    asked = ("bank", "deposit", "--date", "2026-04-11", "--key", "one", "--practice", money)
    done = run_cli(*asked, "--method", "cash", "--method", "check", "--slip", slip, "--json")
    assert done.status == 0, done.err
    assert (done.json["deposit"], done.json["amount"]) == ("DEP-2026-00001", "190.00")
    (page,) = page_texts(slip.read_bytes())
    assert "1047" in page
    again = run_cli(*asked, "--method", "cash", "--json")
    assert (again.json["deposit"], again.json["repeated"]) == ("DEP-2026-00001", True)

    batch = run_cli(
        *("bank", "deposit", "--date", "2026-04-11", "--fees", "3.45", "--practice", money),
        *("--payment", "PAY-2026-00003"),
    )
    assert "DEP-2026-00002 of 04/11/2026 is made: 1 item, 96.55" in batch.out
    assert "100.00 less fees of 3.45." in batch.out
    listed = run_cli("bank", "deposits", "--practice", money)
    assert "2 deposits." in listed.out
    assert "Cash and checks" in listed.out
    back = run_cli(
        *("bank", "undo-deposit", "DEP-2026-00001", "--reason", "Counted again"),
        *("--practice", money),
    )
    assert "DEP-2026-00001 was taken back" in back.out
    rows = run_cli("bank", "deposits", "--json", "--practice", money).json["deposits"]
    assert [(one["number"], one["status"]) for one in rows] == [
        ("DEP-2026-00002", "posted"),
        ("DEP-2026-00001", "undone"),
    ]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("--payment", "PAY-2026-00077"), "PAY-2026-00077 is not undeposited"),
        (("--method", "wire"), "Nothing that came by wire"),
        (("--payout", "po_1"), "The card report has no payout po_1"),
        ((), "Say what to deposit"),
        (("--method", "cash", "--payout", "po_1"), "Say what to deposit"),
    ],
)
def test_what_cannot_be_is_refused(money: str, asked: tuple[str, ...], words: str) -> None:
    done = run_cli("bank", "deposit", *asked, "--date", "2026-04-11", "--practice", money)
    assert (done.status, words in done.err) == (2, True), done.err


def test_a_deposit_that_is_not_there(practice: str) -> None:
    asked = ("bank", "undo-deposit", "DEP-2026-00001", "--reason", "x", "--practice", practice)
    done = run_cli(*asked)
    assert (done.status, "There is no deposit DEP-2026-00001" in done.err) == (2, True)
