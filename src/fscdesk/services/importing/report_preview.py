"""What one row of a report's plan would do: each fact as it was and will be, and why."""

from __future__ import annotations

from fscdesk.models.import_batch import Verdict
from fscdesk.models.values import Money
from fscdesk.services.importing.plan import PlanRow
from fscdesk.services.importing.preview import FieldLine, RowPreview
from fscdesk.services.importing.report_planning import kind_of
from fscdesk.services.importing.reports_engine import PreparedReport
from fscdesk.services.work import Work


class ReportPreviews:
    """Answers for the rows of one report's plan, as ``preview.Previews`` does for sessions."""

    def __init__(self, prepared: PreparedReport) -> None:
        self._plan = prepared.plan
        self._money = kind_of(prepared.plan.profile).settles

    def of_row(self, work: Work, row_id: int) -> RowPreview:
        """Return what the row would do; reports do not tell their entries one by one."""
        del work
        row = self._plan.rows[row_id]
        fields = tuple(FieldLine(one.field, one.old, one.new) for one in row.changes)
        return RowPreview(row, fields, (), self._words(row))

    def _words(self, row: PlanRow) -> str:
        if row.verdict is Verdict.SKIPPED and row.question_id is not None:
            return "Nothing is saved until the question is answered."
        if row.verdict not in (Verdict.NEW, Verdict.CHANGED):
            return "Nothing is posted: the row changes nothing."
        if self._money:
            return "Its money is posted with the plan, and closes what SimplePractice called paid."
        if row.open_change != Money():
            return f"The charge follows: the open balance moves by {row.open_change}."
        return "Nothing is posted: the row moves no money."
