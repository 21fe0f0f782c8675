"""Leaves what was taken back out of a ledger: an entry and its reversal, and both their effects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from fscdesk.models.values import ZERO
from fscdesk.services.patients.movements import AccountRow


def without_taken_back(rows: Iterable[AccountRow]) -> Iterator[AccountRow]:
    """Yield the movements that stand, with the balances that come of them alone.

    The last balances are those of the whole ledger, as a pair moves nothing. Where a reversal
    was reversed itself, the entry that it had taken back stands again.
    """
    whole = list(rows)
    reversed_by = {row.entry_number: row.reversed_by for row in whole if row.reversed_by}
    payer_before = client_before = payer_owes = client_owes = ZERO
    for row in whole:
        to_payer = row.payer_owes - payer_before
        to_client = row.client_owes - client_before
        payer_before, client_before = row.payer_owes, row.client_owes
        if row.reverses or not _stands(row.entry_number, reversed_by):
            continue
        payer_owes, client_owes = payer_owes + to_payer, client_owes + to_client
        yield replace(
            row,
            payer_owes=payer_owes,
            client_owes=client_owes,
            balance=payer_owes + client_owes,
        )


def _stands(number: str, reversed_by: Mapping[str, str]) -> bool:
    """Return whether an entry holds: not reversed, or its reversal holds no more."""
    stands = True
    while number in reversed_by:
        number, stands = reversed_by[number], not stands
    return stands
