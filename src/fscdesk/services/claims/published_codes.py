"""ICD-10-CM as the scrubber asks it: the codes of many claims, read in one go."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from fscdesk.services.claims.icd10 import DiagnosisCode, look_up_all, plain
from fscdesk.services.errors import Problem


class PublishedCodes:
    """The `CodeBook` of some codes; where the table is missing, it can say nothing of any."""

    def __init__(self, codes: Collection[str]) -> None:
        self._missing, self._known = False, dict[str, DiagnosisCode]()
        try:
            self._known = look_up_all(tuple(codes))
        except Problem:
            self._missing = True

    def is_billable(self, code: str, on: date) -> bool | None:
        """Return whether a claim of that day may carry the code; None without a table."""
        if self._missing:
            return None
        found = self._known.get(plain(code))
        return found is not None and found.holds_on(on)

    def words(self, code: str) -> str:
        """Return the code's own words; nothing for a code that the table does not have."""
        found = self._known.get(plain(code))
        return "" if found is None else found.words
