"""Every command of the room of remittances: whole or not at all, once, and only who may."""

from __future__ import annotations

import fscdesk.services.remittances as room
from fscdesk.models.ledger import JournalEntry
from fscdesk.models.payment import Payment
from fscdesk.models.remittance import Remittance, RemittanceClaim, RemittanceFile
from tests.support.era_acts import AGAIN, ONCE
from tests.support.every_command import Battery
from tests.support.keyed_acts import KEYED

LOOK_ONLY = frozenset({"charge_choices", "plan_era"})
PARTS = frozenset(
    {
        "execute",
        "keep",
        "keep_typed",
        "match_again",
        "note_undone",
        "post_as_read",
        "take_back_said",
    }
)
"""They are done by other commands, within them."""


class TestEveryRemittanceCommand(Battery):
    """The battery of the room."""

    rooms = (room,)
    once, again = ONCE, AGAIN
    elsewhere = LOOK_ONLY | PARTS | set(KEYED)
    nouns = (Remittance, RemittanceClaim, RemittanceFile, Payment, JournalEntry)
    least = 12
