"""A plan made ready to be looked at: its rows to page through, its previews, its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fscdesk.services.importing.applying import Applied, apply_prepared, import_file
from fscdesk.services.importing.plan import ImportPlan, Prepared
from fscdesk.services.importing.plan_rows import PlanLines
from fscdesk.services.importing.planning import BASIS as SESSIONS_BASIS
from fscdesk.services.importing.planning import ReadFile, plan_import
from fscdesk.services.importing.preview import Previews, count_entries
from fscdesk.services.importing.reading import ReadReport
from fscdesk.services.importing.report_applying import apply_prepared_report, import_report
from fscdesk.services.importing.report_planning import BASIS as REPORTS_BASIS
from fscdesk.services.importing.report_planning import plan_report
from fscdesk.services.importing.report_preview import ReportPreviews
from fscdesk.services.importing.reports_engine import PreparedReport
from fscdesk.services.work import Work

BASIS = frozenset((*SESSIONS_BASIS, *REPORTS_BASIS))
"""A plan of any file stands while none of these has changed."""


@dataclass(frozen=True)
class Proposal:
    """What a person decides on. ``prepared`` is handed back to be applied, unopened.

    ``entries`` is how many journal entries applying would post; None for other reports than
    sessions, which post as they find the books.
    """

    prepared: Prepared | PreparedReport
    lines: PlanLines
    previews: Previews | ReportPreviews
    entries: int | None

    @property
    def plan(self) -> ImportPlan:
        """The plan itself."""
        return self.prepared.plan


def propose(
    work: Work,
    file: ReadFile | ReadReport,
    *,
    answers: Mapping[str, str],
    file_day: date | None,
) -> Proposal:
    """Plan an import for a person to look at; nothing is written."""
    if isinstance(file, ReadReport):
        report = plan_report(work, file, answers=answers, file_day=file_day)
        return Proposal(report, PlanLines(report.plan), ReportPreviews(report), None)
    prepared = plan_import(work, file, answers=answers, file_day=file_day)
    return Proposal(
        prepared, PlanLines(prepared.plan), Previews(prepared), count_entries(work, prepared)
    )


def apply_proposal(
    work: Work,
    file: ReadFile | ReadReport,
    proposal: Proposal,
    *,
    answers: Mapping[str, str],
    file_day: date | None,
) -> Applied:
    """Apply what was shown. Raises ChangedElsewhere when the books have moved on since."""
    prepared = proposal.prepared
    if isinstance(prepared, PreparedReport):
        return apply_prepared_report(work, prepared, answers=answers, file_day=file_day)
    assert isinstance(file, ReadFile)
    return apply_prepared(work, file, prepared, answers=answers, file_day=file_day)


def import_again(
    work: Work,
    file: ReadFile | ReadReport,
    *,
    answers: Mapping[str, str],
    file_day: date | None,
) -> Applied:
    """Plan and apply a file that was undone, with the answers that were given then."""
    if isinstance(file, ReadReport):
        return import_report(work, file, answers=answers, file_day=file_day)
    return import_file(work, file, answers=answers, file_day=file_day)
