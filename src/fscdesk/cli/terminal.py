"""What commands print: one JSON document, or a few aligned lines for a person."""

from __future__ import annotations

import enum
import io
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from fscdesk.models.values import Money
from fscdesk.services.errors import Finding, Severity

_URGENCY = {Severity.INFO: "note", Severity.WARNING: "look", Severity.ERROR: "mend"}


def speak_utf8() -> None:
    """Write UTF-8 whatever the console's code page is; what it cannot hold becomes an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def say(*lines: str) -> None:
    """Print lines for a person."""
    for line in lines:
        print(line)


def say_findings(findings: Iterable[Finding], *, indent: str = "") -> None:
    """Print findings for a person: how urgent, where (unless the message says it), what."""
    for finding in findings:
        told = finding.where and finding.where not in finding.message
        place = f"{finding.where}: " if told else ""
        say(f"{indent}{_URGENCY[finding.severity]}: {place}{finding.message}")


def complain(*lines: str) -> None:
    """Print lines where refusals go."""
    for line in lines:
        print(line, file=sys.stderr)


def print_json(document: Any) -> None:
    """Print one document and nothing else; amounts as ``"12.50"``, days as ``"2026-03-31"``."""
    print(json.dumps(as_json(document), ensure_ascii=False, indent=2))


def print_bytes(data: bytes) -> None:
    """Print a file's content as it is: no line end is changed on the way."""
    sys.stdout.flush()
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(data.decode("utf-8"))
    else:
        buffer.write(data)
        buffer.flush()


def end_quietly() -> None:
    """Stop writing: whoever read what we print has gone (``fscdesk … | head``)."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def as_json(value: Any) -> Any:
    """Return plain JSON values of a dataclass and of everything in it."""
    if isinstance(value, Money):
        return value.plain()
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): as_json(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_json(one) for one in value]
    return value


def table(rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> list[str]:
    """Return rows as lines with aligned columns; ``right`` are the columns of amounts."""
    if not rows:
        return []
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(width) if at in right else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def counted(count: int, one: str, several: str = "") -> str:
    """Return ``1 row`` or ``2 rows``."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"
