"""Every command at the bank: whole or not at all, once, and only who may."""

from __future__ import annotations

import fscdesk.services.banking as room
from fscdesk.models.bank import BankLine, BankStatement
from fscdesk.models.ledger import JournalEntry
from fscdesk.models.reconciliation import BankMatch, Reconciliation, ReconciliationItem
from tests.support.bank_acts import AGAIN, EACH, ONCE
from tests.support.every_command import Battery

LOOK_ONLY = frozenset(
    {"bank_sheet", "line_place", "plan_statement", "reconciliations", "sheet_periods", "standing"}
)
PARTS = frozenset({"accept_in_parts", "hold_money", "offset"})
"""They are done by other commands, within them."""


class TestEveryBankingCommand(Battery):
    """The battery of the room."""

    rooms = (room,)
    once, again, each = ONCE, AGAIN, EACH
    elsewhere = LOOK_ONLY | PARTS
    nouns = (BankLine, BankStatement, BankMatch, Reconciliation, ReconciliationItem, JournalEntry)
    least = 20
