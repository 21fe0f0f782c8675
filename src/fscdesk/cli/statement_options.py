"""Options that the commands which make statements share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fscdesk.cli.statement_showing import ready_folder

OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="The folder for the PDF files.")
]
PlanOption = Annotated[
    bool, typer.Option("--plan", help="Print the proof list, and write nothing.")
]
MailOnlyOption = Annotated[
    bool, typer.Option("--mail-only", help="Leave out those without an address.")
]
TwoSidedOption = Annotated[
    bool, typer.Option("--two-sided", help="End each recipient on an even page.")
]


def require_out(out: Path | None, *, plan: bool) -> None:
    """Refuse a command that has no folder for its files, or one that takes none."""
    if out is None and not plan:
        raise typer.BadParameter("Name the folder for the files with --out DIR, or add --plan.")
    if out is not None:
        ready_folder(out)
