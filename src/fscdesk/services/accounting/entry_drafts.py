"""Keeps the journal entry that somebody has half written, for that person alone.

It is a preference of the person at the desk, in the books and nowhere else: nobody else sees it,
nothing of it is posted, and it is there again after a restart, at another desk too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fscdesk.services.preferences import preference, put_preference
from fscdesk.services.work import Work

KEY: Final = "journal-entry-draft"


def keep_entry(work: Work, content: Mapping[str, Any]) -> None:
    """Keep what stands in the form of a new entry; what was kept before is replaced."""
    put_preference(work, KEY, dict(content))


def forget_entry(work: Work) -> None:
    """Forget it: it was posted, or thrown away. There need not be one."""
    put_preference(work, KEY, None)


def kept_entry(work: Work) -> Mapping[str, Any] | None:
    """Return what the person at the desk has half written; None while that is nothing."""
    kept = preference(work, KEY)
    return kept if isinstance(kept, Mapping) else None
