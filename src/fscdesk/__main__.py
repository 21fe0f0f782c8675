"""Where fscdesk begins: ``python -m fscdesk``. Hands the window to commands that open one."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from fscdesk.cli.options import Surroundings
from fscdesk.cli.program import main as run_commands
from fscdesk.services.errors import Problem
from fscdesk.services.office import utc_now


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    return run_commands(given, Surroundings(utc_now, _open_window, _draw_screens))


def _open_window(practice: str | None, demo: bool) -> int:
    """Open the application; what the window needs is imported only now."""
    try:
        from fscdesk.ui.opening import open_window
    except ImportError as lacking:
        raise _no_window(lacking) from None
    return open_window(practice, demo=demo)


def _draw_screens(folder: Path, practice: str | None) -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # pictures need no display
    try:
        from fscdesk.ui.screenshots import draw_screens
    except ImportError as lacking:
        raise _no_window(lacking) from None
    return draw_screens(folder, practice=practice)


def _no_window(lacking: ImportError) -> Problem:
    """Say that this computer lacks what Qt needs; a fault of our own stays one."""
    if "PySide6" not in str(lacking) and ".so" not in str(lacking) and "DLL" not in str(lacking):
        raise lacking
    return Problem(
        "The window cannot be opened: this computer lacks a part that Qt needs.",
        hint="Nothing was changed. “python3 dev.py run” installs what is missing, or names it.",
    )


if __name__ == "__main__":
    sys.exit(main())
