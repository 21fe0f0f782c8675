"""Where the program's own files are: fonts, icons, tokens, help, seeds.

They live in one place in the repository, `resources/`, and are installed as the data package
`fscdesk.resource_files` (pyproject.toml maps one to the other); PyInstaller puts them in a folder
`resources` beside the program.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path


def resource(name: str) -> Path:
    """The path of a shipped file or folder, as `resource("fonts/FscSans-Regular.ttf")`.

    `name` is relative and uses `/`. Raises FileNotFoundError when the installation lacks it: that
    is a broken installation, not something a user can mend by another choice.
    """
    path = _root() / name
    if not path.exists():
        message = f"{name} is missing from this installation of fscdesk"
        raise FileNotFoundError(message)
    return path


@cache
def _root() -> Path:
    """The folder that holds them all: frozen program, source tree, or installed wheel."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / "resources"
    package = Path(__file__).resolve().parent
    source = package.parents[1] / "resources"
    # Any other project's `resources` folder two levels up must not be taken for ours.
    if (source / "tokens.json").is_file() and (source.parent / "pyproject.toml").is_file():
        return source
    return package / "resource_files"
