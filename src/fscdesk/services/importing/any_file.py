"""The one door for files: sessions or any report that is kept, planned and applied alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from fscdesk.services.importing.applying import Applied, import_file
from fscdesk.services.importing.plan import ImportPlan, Prepared
from fscdesk.services.importing.planning import ReadFile, plan_import
from fscdesk.services.importing.reading import ReadReport
from fscdesk.services.importing.report_applying import import_report
from fscdesk.services.importing.report_planning import plan_report
from fscdesk.services.importing.reports_engine import PreparedReport
from fscdesk.services.work import Work

AnyRead = ReadFile | ReadReport


def plan_any(
    work: Work,
    read: AnyRead,
    *,
    answers: Mapping[str, str] | None = None,
    accept_proposals: bool = False,
    file_day: date | None = None,
) -> Prepared | PreparedReport:
    """Return what importing a file would do now; its ``plan`` is the same kind for every file."""
    if isinstance(read, ReadReport):
        return plan_report(
            work, read, answers=answers, accept_proposals=accept_proposals, file_day=file_day
        )
    return plan_import(
        work, read, answers=answers, accept_proposals=accept_proposals, file_day=file_day
    )


def import_any(
    work: Work,
    read: AnyRead,
    *,
    answers: Mapping[str, str] | None = None,
    accept_proposals: bool = False,
    file_day: date | None = None,
    shown: ImportPlan | None = None,
) -> Applied:
    """Plan and apply a file in this transaction; all of it is saved or nothing.

    ``shown`` is the plan that a person saw: when it would be another one by now, nothing is done
    and ChangedElsewhere is raised.
    """
    if isinstance(read, ReadReport):
        return import_report(
            work,
            read,
            answers=answers,
            accept_proposals=accept_proposals,
            file_day=file_day,
            shown=shown,
        )
    return import_file(
        work,
        read,
        answers=answers,
        accept_proposals=accept_proposals,
        file_day=file_day,
        shown=shown,
    )
