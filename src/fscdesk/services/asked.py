"""Reads what the table part holds of a question into the fields of a list's filter."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

NONE: Mapping[str, str] = MappingProxyType({})


def fields_asked(
    asked: Mapping[str, Any],
    single: Mapping[str, str],
    *,
    texts: Mapping[str, str] = NONE,
    numbers: Mapping[str, str] = NONE,
    days: bool = False,
) -> dict[str, Any]:
    """Return the fields of a filter by their names.

    ``single`` says which field a key fills with its plain value, ``texts`` and ``numbers`` with
    all its values, each once. With ``days``, ``day`` is a pair, for ``from_day`` and ``to_day``.
    Raises KeyError for any other key: a screen that asks for what is not there is a bug, not a
    filter that finds everything.
    """
    made: dict[str, Any] = {}
    for key, value in asked.items():
        if days and key == "day":
            made["from_day"], made["to_day"] = value
        elif key in texts:
            made[texts[key]] = tuple(sorted({str(one) for one in value}))
        elif key in numbers:
            made[numbers[key]] = tuple(sorted({int(one) for one in value}))
        else:
            made[single[key]] = value
    return made
