from __future__ import annotations

from datetime import date
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from fscdesk.models.values import Money
from fscdesk.services.patients.movements import AccountRow
from fscdesk.services.patients.pairs import without_taken_back

DAY = date(2026, 3, 6)


def ledger(*moves: tuple[str, int, int, str, str]) -> list[AccountRow]:
    """Rows from (number, to payer, to client, reverses, reversed by) in cents."""
    payer = list(accumulate(move[1] for move in moves))
    client = list(accumulate(move[2] for move in moves))
    return [
        AccountRow(
            id=place,
            day=DAY,
            what=number,
            detail="",
            charge=Money(to_payer + to_client),
            paid=None,
            payer_owes=Money(payer[place]),
            client_owes=Money(client[place]),
            balance=Money(payer[place] + client[place]),
            kind="charge",
            session_id=None,
            entry_id=place,
            entry_number=number,
            reverses=reverses,
            reversed_by=reversed_by,
        )
        for place, (number, to_payer, to_client, reverses, reversed_by) in enumerate(moves)
    ]


def test_a_pair_is_left_out_of_rows_and_balances() -> None:
    rows = ledger(
        ("1", 14500, 1500, "", "3"),
        ("2", 500, 0, "", ""),
        ("3", -14500, -1500, "1", ""),
        ("4", 10500, 1500, "", ""),
    )
    shown = [
        (row.what, row.payer_owes.cents, row.client_owes.cents, row.balance.cents)
        for row in without_taken_back(rows)
    ]
    assert shown == [("2", 500, 0, 500), ("4", 11000, 1500, 12500)]


def test_an_entry_stands_again_when_its_reversal_was_reversed() -> None:
    rows = ledger(("1", 100, 0, "", "2"), ("2", -100, 0, "1", "3"), ("3", 100, 0, "2", ""))
    assert [row.what for row in without_taken_back(rows)] == ["1"]


@given(st.lists(st.tuples(st.integers(-(10**9), 10**9), st.integers(0, 3)), max_size=8))
def test_the_last_balance_is_that_of_the_whole_ledger(moves: list[tuple[int, int]]) -> None:
    made: list[tuple[str, int, int, str, str]] = []
    for number, (cents, turns) in enumerate(moves):
        for turn in range(turns + 1):
            sign = 1 if turn % 2 == 0 else -1
            made.append(
                (
                    f"{number}.{turn}",
                    cents * sign,
                    -cents * sign,
                    f"{number}.{turn - 1}" if turn else "",
                    f"{number}.{turn + 1}" if turn < turns else "",
                )
            )
    rows = ledger(*made)
    shown = list(without_taken_back(rows))
    last = rows[-1] if rows else None
    if not shown:
        assert last is None or (last.payer_owes.cents, last.client_owes.cents) == (0, 0)
        return
    assert last is not None
    assert (shown[-1].payer_owes, shown[-1].client_owes) == (last.payer_owes, last.client_owes)
