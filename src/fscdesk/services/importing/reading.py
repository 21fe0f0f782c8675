"""Opens a file and reads it as far as it can be read without the books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Any

from fscdesk.services.importing.mapping import Profile
from fscdesk.services.importing.planning import ReadFile
from fscdesk.services.importing.readers.appointments import read_appointments
from fscdesk.services.importing.readers.report_rows import ReportFile
from fscdesk.services.importing.readers.reports import read_report
from fscdesk.services.importing.recognising import Recognised, explain_unknown, recognise
from fscdesk.services.spreadsheets.files import SourceFile, open_source
from fscdesk.services.work import Job


@dataclass(frozen=True, slots=True)
class ReadReport:
    """A file that holds another report than sessions, with its rows."""

    source: SourceFile
    recognised: Recognised
    report: ReportFile[Any]

    @property
    def content(self) -> ReportFile[Any]:
        """What was read: rows, what was left out, days and sums."""
        return self.report


def read_file(path: Path, profiles: Sequence[Profile] = (), *, job: Job | None = None) -> ReadFile:
    """Open, recognise and read a file of sessions.

    Raises Problem, with what to do, for a file that is not one; nothing is written anywhere.
    """
    source, recognised = _known(path, profiles)
    progress = None if job is None else job.step
    return ReadFile(source, recognised, read_appointments(source, recognised, progress=progress))


def read_any(
    path: Path, profiles: Sequence[Profile] = (), *, zone: tzinfo, job: Job | None = None
) -> ReadFile | ReadReport:
    """Open, recognise and read a file of sessions or one of SimplePractice's other reports.

    ``zone`` is the practice's: one of the reports is in UTC. Raises Problem, with what to do,
    for a file that is neither; nothing is written anywhere.
    """
    source, recognised = _known(path, profiles)
    progress = None if job is None else job.step
    if recognised.is_report:
        report = read_report(source, recognised, zone, progress=progress)
        return ReadReport(source, recognised, report)
    return ReadFile(source, recognised, read_appointments(source, recognised, progress=progress))


def _known(path: Path, profiles: Sequence[Profile]) -> tuple[SourceFile, Recognised]:
    source = open_source(path)
    recognised = recognise(source, profiles)
    if recognised is None:
        raise explain_unknown(source)
    return source, recognised
