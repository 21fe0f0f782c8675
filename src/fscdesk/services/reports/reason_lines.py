"""Which entries have one reason: the adjustment that made them, or what they are without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from fscdesk.models.adjustment import Adjustment, AdjustmentKind
from fscdesk.models.ledger import EntryKind, JournalEntry


@dataclass(frozen=True, slots=True)
class Reason:
    """A kind of adjustment with its group and reason code; empty codes are none at all.

    ``without`` are the kinds of entries that count though no adjustment made them.
    """

    kinds: tuple[AdjustmentKind, ...]
    without: tuple[EntryKind, ...]
    group: str = ""
    code: str = ""

    def entries(self) -> Select[Any]:
        """Return the ids of the entries; a reversal belongs to the adjustment that it undoes."""
        undone = aliased(JournalEntry)
        return (
            select(JournalEntry.id)
            .outerjoin(undone, undone.id == JournalEntry.reverses_id)
            .outerjoin(Adjustment, Adjustment.entry_id == func.coalesce(undone.id, JournalEntry.id))
            .where(
                or_(
                    Adjustment.kind.in_(self.kinds),
                    and_(
                        Adjustment.id.is_(None),
                        func.coalesce(undone.kind, JournalEntry.kind).in_(self.without),
                    ),
                ),
                func.coalesce(Adjustment.group_code, "") == self.group,
                func.coalesce(Adjustment.carc, "") == self.code,
            )
        )
