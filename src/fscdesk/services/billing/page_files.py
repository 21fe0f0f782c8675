"""Writes pages that are kept to a folder the person chooses, and logs that they left.

Files and the send log go together: when the transaction fails, the files are taken away again.
A file's name is the number of its page, never a person's.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from sqlalchemy import event

from fscdesk.models.document import SentBy
from fscdesk.services.billing.documents import document_bytes, kept_document
from fscdesk.services.billing.sendings import log_sending
from fscdesk.services.errors import Problem
from fscdesk.services.reports.saving import save_bytes
from fscdesk.services.work import Work


def require_writable(folder: Path, nothing: str) -> None:
    """Raise Problem before anything is made for a folder that takes no files.

    ``nothing`` says what was not done: "No receipt was made."
    """
    if not folder.is_dir():
        raise Problem(
            f"The folder {folder} does not exist. {nothing}",
            hint="Create the folder first, or choose another.",
        )
    if not os.access(folder, os.W_OK):
        raise Problem(
            f"Nothing can be written to the folder {folder}. {nothing}",
            hint="Choose another folder.",
        )


def write_pages(work: Work, folder: Path, document_ids: Sequence[int]) -> tuple[Path, ...]:
    """Write pages to a folder, all or none, each logged as FILE; return where they are.

    The same page may be there already. Raises Problem, with nothing written, when another file
    has one of the names.
    """
    require_writable(folder, "Nothing was written.")
    paths = []
    for one in document_ids:
        page = kept_document(work, one)
        data = document_bytes(work, one)
        path = folder / page.file_name
        if path.exists() and not (path.is_file() and path.read_bytes() == data):
            raise Problem(
                f"{path.name} is in this folder already and is another file. Nothing was written.",
                hint="Choose an empty folder. The page is kept in the practice.",
            )
        log_sending(work, SentBy.FILE, document_id=one, destination=folder.name[:200])
        if not path.exists():
            write_with(work, path, data)
        paths.append(path)
    return tuple(paths)


def write_with(work: Work, path: Path, data: bytes) -> None:
    """Write a new file that a rolled back transaction takes away again."""
    save_bytes(path, data)

    def take_away(_db: object) -> None:
        with suppress(OSError):
            path.unlink()

    event.listen(work.db, "after_rollback", take_away, once=True)
