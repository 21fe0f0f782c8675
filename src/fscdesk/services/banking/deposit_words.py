"""The words for deposits, on every screen, on paper and in commands."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from fscdesk.models.deposit import DepositKind, DepositStatus

DEPOSIT_KINDS: Final[Mapping[DepositKind, str]] = MappingProxyType(
    {
        DepositKind.COUNTER: "Cash and checks",
        DepositKind.CARD: "Cards",
        DepositKind.EFT: "Transfer",
        DepositKind.SUSPENSE: "Money to identify",
    }
)
"""How the money gets to the bank; or it was there, and nobody knew whose it is (account 2420)."""
NO_SLIP: Final = frozenset({DepositKind.EFT, DepositKind.SUSPENSE})
"""What comes to the bank by itself: nobody carries it there with a slip."""
DEPOSIT_STATUSES: Final[Mapping[DepositStatus, str]] = MappingProxyType(
    {DepositStatus.POSTED: "Posted", DepositStatus.UNDONE: "Undone"}
)
