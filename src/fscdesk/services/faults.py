"""Says where an unforeseen fault came from, without one value of it, and keeps that in a log.

An exception's own words, and the values in its frames, can hold a name or an amount. So only
what stands in the program is kept: types, modules, functions, line numbers.
"""

from __future__ import annotations

import platform
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from platformdirs import user_log_path

from fscdesk import __version__

LOG_NAME: Final = "fscdesk-commands.log"
LARGEST: Final = 500_000
_DEEPEST: Final = 40


def describe(fault: BaseException) -> str:
    """Return types, modules, functions and line numbers of a fault and of what led to it."""
    parts: list[str] = []
    seen: set[int] = set()
    here: BaseException | None = fault
    while here is not None and id(here) not in seen:
        seen.add(id(here))
        parts.append(_one(here))
        here = here.__cause__ or (None if here.__suppress_context__ else here.__context__)
    return "\nwhile handling\n".join(parts)


def keep_fault(fault: BaseException, folder: Path | None = None) -> Path | None:
    """Add a fault to the log of commands and return the log; None where it cannot be written."""
    place = folder or user_log_path("fscdesk", appauthor=False)
    log = place / LOG_NAME
    with suppress(OSError):
        place.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > LARGEST:
            log.replace(log.with_suffix(".1.log"))
        with log.open("a", encoding="utf-8") as file:
            file.write(
                f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z fscdesk {__version__},"
                f" {platform.system()}, Python {platform.python_version()}\n{describe(fault)}\n"
            )
        return log
    return None


def _one(fault: BaseException) -> str:
    kind = type(fault)
    lines = [f"{kind.__module__}.{kind.__qualname__}"]
    trace, depth = fault.__traceback__, 0
    while trace is not None and depth < _DEEPEST:
        code = trace.tb_frame.f_code
        module = trace.tb_frame.f_globals.get("__name__", "?")
        lines.append(f"  {module}, line {trace.tb_lineno}, in {code.co_name}")
        trace, depth = trace.tb_next, depth + 1
    return "\n".join(lines)
