"""What the screen asks: as of which day, whose amounts in a row, aged from when, how wide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from fscdesk.services.reports.aging import Aging, aging
from fscdesk.services.reports.aging_lines import EVERYBODY
from fscdesk.services.reports.aging_sums import UNAPPLIED, AgeBy, By, Key
from fscdesk.services.work import Work

WIDTHS = (7, 15, 30, 45, 60, 90)
"""Widths of buckets that are offered, in days."""
WHOLE: int | None = None
"""The bucket of a whole row."""
AGES = {AgeBy.SERVICE: "Service", AgeBy.POSTING: "Posting", AgeBy.RESPONSIBILITY: "Responsibility"}


@dataclass(frozen=True, slots=True)
class Question:
    """The question above the matrix. ``as_of`` None is today, whichever day that will be."""

    as_of: date | None = None
    by: By = By.PAYER
    age_by: AgeBy = AgeBy.SERVICE
    bucket_days: int = 30

    def of(self, what: Mapping[str, Any]) -> Question:
        """Return the question that another screen, or the way back, asks for.

        Whoever asks without a day means today.
        """
        if not what:
            return self
        return replace(
            self,
            as_of=what.get("as_of"),
            by=By(what.get("by", self.by)),
            age_by=AgeBy(what.get("age_by", self.age_by)),
            bucket_days=int(what.get("bucket_days", self.bucket_days)),
        )

    def said(self) -> dict[str, Any]:
        """Return the question as ``of`` reads it."""
        return {
            "as_of": self.as_of,
            "by": self.by.value,
            "age_by": self.age_by.value,
            "bucket_days": self.bucket_days,
        }

    def read(self, work: Work, *, prove: bool = False) -> Aging:
        """Return the figures. The proof reads every line, so a screen asks for it afterwards."""
        return aging(
            work,
            as_of=self.as_of or work.today(),
            by=self.by,
            age_by=self.age_by,
            bucket_days=self.bucket_days,
            prove=prove,
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """The figures on view, the office's day, and the moment at which they were read."""

    aging: Aging
    today: date
    at: datetime


@dataclass(frozen=True, slots=True)
class CellRef:
    """One cell: a row's key (EVERYBODY for the row of all) and its bucket (WHOLE for the row)."""

    key: Key
    bucket: int | None

    @classmethod
    def of(cls, what: Mapping[str, Any]) -> CellRef | None:
        """Return the cell that another screen asks for, or None where it names none."""
        if "key" not in what and "bucket" not in what:
            return None
        bucket = what.get("bucket")
        return cls(what.get("key", EVERYBODY), UNAPPLIED if bucket == "unapplied" else bucket)

    def span_words(self, titles: tuple[str, ...]) -> str:
        """Return ``31 to 60 days``, ``credits`` or ``all ages``."""
        if self.bucket is None:
            return "all ages"
        if self.bucket == UNAPPLIED:
            return "credits"
        words = titles[self.bucket].replace("–", " to ")
        return f"{words[0].lower()}{words[1:]} days"
