"""How an import is undone as a whole, and done again: for Ctrl+Z and Ctrl+Y."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from fscdesk.services.errors import Problem
from fscdesk.services.importing.planning import ReadFile
from fscdesk.services.importing.proposing import import_again
from fscdesk.services.importing.reading import ReadReport
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.work import Work
from fscdesk.ui.screens.importing.words import applied_words, undone_words
from fscdesk.ui.undo import Undo


def undo_of(
    batch_id: int, file_name: str, redo: Callable[[Work], tuple[str, Undo]] | None = None
) -> Undo:
    """How an import is undone as a whole, for Ctrl+Z."""

    def act(work: Work) -> str:
        return undone_words(undo_import(work, batch_id))

    return Undo(f"the import of {file_name}", act, redo)


def again(
    file: ReadFile | ReadReport, answers: Mapping[str, str], day: date | None, work: Work
) -> tuple[str, Undo]:
    """Import the same file once more, after it was undone."""
    applied = import_again(work, file, answers=answers, file_day=day)
    if applied.batch_id is None:
        raise Problem("This file was imported already.", hint="Nothing was changed.")
    redo = partial(again, file, answers, day)
    return applied_words(applied.plan), undo_of(int(applied.batch_id), file.source.name, redo)
