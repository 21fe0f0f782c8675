"""Ticked deposits as the one that they would become: one count, one slip, one day for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from fscdesk.models.values import ZERO
from fscdesk.services.banking.deposit_book import BookedDeposit, DepositState
from fscdesk.services.banking.deposit_plan import DepositGroup
from fscdesk.ui.screens.deposits.deposit_acts import why_not_together
from fscdesk.ui.screens.deposits.making import Making
from fscdesk.ui.text import count_text

TOGETHER: Final = 0
"""The id of the row that stands for the ticked ones: no deposit and no group has it."""


class Together:
    """What was said of the ticked ones so far. It stays while other rows are ticked as well.

    ``making_of`` gives what was said of a row alone: what was left out there stays out.
    """

    def __init__(self, making_of: Callable[[BookedDeposit], Making | None]) -> None:
        self._making_of = making_of
        self._ids: frozenset[int] = frozenset()
        self.making: Making | None = None

    def row_of(self, rows: Sequence[BookedDeposit]) -> BookedDeposit | None:
        """Return the row that stands for ticked ones; None where they are not one deposit."""
        if why_not_together(rows):
            return None
        group = _group_of(rows)
        self.making = self._renewed(group, rows)
        self._ids = frozenset(row.id for row in rows)
        return BookedDeposit(
            id=TOGETHER,
            state=DepositState.TO_MAKE,
            number="",
            on=group.on,
            account=rows[0].account,
            kind=group.kind,
            items=len(group.items),
            amount=group.amount,
            fees=group.fees,
            reference="",
            words=f"{count_text(len(rows), 'deposit')} in one",
            group=group,
        )

    def forget(self) -> None:
        """Begin anew: they are made, or nothing is ticked any more."""
        self._ids, self.making = frozenset(), None

    def _renewed(self, group: DepositGroup, rows: Sequence[BookedDeposit]) -> Making:
        now = self.making or Making(group, group.on, fees=group.fees)
        new = [row for row in rows if row.id not in self._ids]
        if now.on == now.group.on or (new and now.on < group.on):
            now.on = group.on  # nobody typed a day, or what came after it is ticked now
        if now.fees == now.group.fees:
            now.fees = group.fees
        for row in new:
            alone = self._making_of(row)
            if alone is not None:
                now.left_out |= alone.left_out
        return now.renewed(group)


def _group_of(rows: Sequence[BookedDeposit]) -> DepositGroup:
    """Return the payments of all rows as one group, in the order of their days."""
    groups = sorted((row.group for row in rows if row.group is not None), key=lambda one: one.on)
    return replace(
        groups[-1],
        items=tuple(item for one in groups for item in one.items),
        amount=sum((one.amount for one in groups), ZERO),
        fees=sum((one.fees for one in groups), ZERO),
        reference="",
    )
