"""835 texts as this program answers them, before anything is matched: no database is needed."""

from __future__ import annotations

from datetime import date

from fscdesk.services.remittances.answered import AnsweredRemittance
from fscdesk.services.remittances.from_835 import answered_of
from fscdesk.services.x12.reading_835 import read_835

READ_ON = date(2026, 4, 12)


def answered(text: str | bytes) -> tuple[AnsweredRemittance, ...]:
    """What a file says."""
    data = text.encode() if isinstance(text, str) else text
    return tuple(
        answered_of(one, read_on=READ_ON, position=at)
        for at, one in enumerate(read_835(data).remittances, start=1)
    )
