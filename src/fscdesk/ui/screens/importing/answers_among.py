"""Tells what came back for claims from reports, by what is in the files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject

from fscdesk.services.claims.answer_files import is_answer_file
from fscdesk.services.work import Work
from fscdesk.ui.screen import Shell

ANSWERS: Final = "claim-answers"
_REPORTS: Final = frozenset({".csv", ".xlsx"})
"""Endings that only reports have: there is no need to look into these."""


def sorted_out(
    shell: Shell,
    owner: QObject,
    paths: Sequence[Path],
    take: Callable[[Sequence[Path]], object],
) -> None:
    """Hand reports to ``take``, and open the place of answers on the 999, 277CA and 271."""
    known = all(one.suffix.casefold() in _REPORTS for one in paths)
    if known or not shell.has(ANSWERS):
        take(paths)
        return

    def ask(_work: Work) -> tuple[Path, ...]:
        return tuple(one for one in paths if is_answer_file(one))

    def told(answers: tuple[Path, ...]) -> None:
        reports = [one for one in paths if one not in answers]
        if reports:
            take(reports)
        if answers:
            shell.open(ANSWERS, files=answers)

    shell.desk.ask(owner, ask, told)
