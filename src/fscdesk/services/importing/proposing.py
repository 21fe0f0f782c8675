"""A plan made ready to be looked at: its rows to page through, its previews, its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fscdesk.services.importing.plan import ImportPlan, Prepared
from fscdesk.services.importing.plan_rows import PlanLines
from fscdesk.services.importing.planning import ReadFile, plan_import
from fscdesk.services.importing.preview import Previews, count_entries
from fscdesk.services.work import Work


@dataclass(frozen=True)
class Proposal:
    """What a person decides on. ``prepared`` is handed back to be applied, unopened.

    ``entries`` is how many journal entries applying would post.
    """

    prepared: Prepared
    lines: PlanLines
    previews: Previews
    entries: int

    @property
    def plan(self) -> ImportPlan:
        """The plan itself."""
        return self.prepared.plan


def propose(
    work: Work, file: ReadFile, *, answers: Mapping[str, str], file_day: date | None
) -> Proposal:
    """Plan an import for a person to look at; nothing is written."""
    prepared = plan_import(work, file, answers=answers, file_day=file_day)
    return Proposal(
        prepared, PlanLines(prepared.plan), Previews(prepared), count_entries(work, prepared)
    )
