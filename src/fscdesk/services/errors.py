"""Problems with a sentence for the person at the desk. Anything else is a bug."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Problem(Exception):
    """Something the user can understand and act on; the screen shows it as it is."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


class ChangedElsewhere(Problem):
    """Another workstation saved the same record first."""


class Cancelled(Exception):
    """The user stopped the job; nothing was saved and nothing needs saying."""


class Severity(enum.StrEnum):
    """Whether a finding stops the work."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault in data, returned in a list so that one run reports all of them."""

    code: str
    message: str
    where: str
    severity: Severity = Severity.ERROR
