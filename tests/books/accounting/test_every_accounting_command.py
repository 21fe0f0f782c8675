"""Every command on the books: whole or not at all, once, and only who may."""

from __future__ import annotations

import fscdesk.services.accounting as room
from fscdesk.models.budget import BudgetLine
from fscdesk.models.document import Document
from fscdesk.models.ledger import JournalEntry
from fscdesk.models.recurring import RecurringPosting
from tests.support.book_acts import AGAIN, EACH, ONCE
from tests.support.every_command import Battery

LOOK_ONLY = frozenset(
    {
        *("account_ledger", "attachment_bytes", "before_closing", "entry_detail", "journal_page"),
        *("origins_of", "plan_opening", "plan_year_end", "who_posted"),
    }
)
PARTS = frozenset({"post_checked", "post_due_reversals"})
"""They are done by other commands, within them, and by the daily job."""


class TestEveryAccountingCommand(Battery):
    """The battery of the room."""

    rooms = (room,)
    once, again, each = ONCE, AGAIN, EACH
    elsewhere = LOOK_ONLY | PARTS
    nouns = (JournalEntry, BudgetLine, Document, RecurringPosting)
    least = 25
