"""Opens a file and reads it as far as it can be read without the books."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fscdesk.services.importing.files import open_source
from fscdesk.services.importing.mapping import Profile
from fscdesk.services.importing.planning import ReadFile
from fscdesk.services.importing.readers.appointments import read_appointments
from fscdesk.services.importing.recognising import explain_unknown, recognise
from fscdesk.services.work import Job


def read_file(path: Path, profiles: Sequence[Profile] = (), *, job: Job | None = None) -> ReadFile:
    """Open, recognise and read a file of sessions.

    Raises Problem, with what to do, for a file that is not one; nothing is written anywhere.
    """
    source = open_source(path)
    recognised = recognise(source, profiles)
    if recognised is None:
        raise explain_unknown(source)
    progress = None if job is None else job.step
    return ReadFile(source, recognised, read_appointments(source, recognised, progress=progress))
