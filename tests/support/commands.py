"""Reads from the source which functions of a room are commands: they ask for a right, or record."""

from __future__ import annotations

import ast
from pathlib import Path
from types import ModuleType
from typing import Final

_SIGNS: Final = frozenset({"require", "record"})


def commands(room: ModuleType) -> set[str]:
    """Return the names of the public functions of a room that ask for a right, or record an act.

    What they call of their own file counts as theirs.
    """
    found: set[str] = set()
    assert room.__file__ is not None
    for path in Path(room.__file__).parent.glob("*.py"):
        calls = {
            one.name: {
                str(getattr(call.func, "id", ""))
                for call in ast.walk(one)
                if isinstance(call, ast.Call)
            }
            for one in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(one, ast.FunctionDef)
        }
        found |= {name for name in calls if not name.startswith("_") and _acts(name, calls)}
    return found


def _acts(name: str, calls: dict[str, set[str]]) -> bool:
    seen, ahead = set[str](), {name}
    while ahead:
        seen |= ahead
        called = {other for one in ahead for other in calls.get(one, ())}
        if called & _SIGNS:
            return True
        ahead = called - seen
    return False
