"""How commands write the pages that they made: one PDF each, named by its number."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from fscdesk.cli.terminal import complain
from fscdesk.services.billing.page_files import require_writable, write_pages
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office

OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="The folder for the PDF files.")
]


def require_out(out: Path | None, nothing: str) -> None:
    """Refuse a folder before anything is made for it; a missing last part of it is made."""
    if out is None:
        return
    if out.parent.is_dir() and not out.exists():
        out.mkdir()
    require_writable(out, nothing)


def save_pages(
    office: Office, out: Path | None, document_ids: Sequence[int], kept: str
) -> tuple[Path, ...] | None:
    """Write pages that are kept already to a folder, if one is named; return where they are.

    None says that the folder did not take them: it was said, and the pages are ``kept``.
    """
    if out is None:
        return ()
    folder = out
    try:
        return office.write(lambda work: write_pages(work, folder, document_ids)).value
    except Problem as problem:
        complain(problem.message, f"{kept[:1].upper()}{kept[1:]} in the practice; run it again.")
        return None
