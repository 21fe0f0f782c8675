"""Rows as tab-separated text for the clipboard, safe to paste into a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from fscdesk.ui.tables.columns import Column, Kind

_FORMULA = ("=", "+", "-", "@", "\N{MINUS SIGN}")
_BREAKS = str.maketrans({"\t": " ", "\n": " ", "\r": " ", "\v": " ", "\f": " "})


def tab_separated(columns: Sequence[Column[Any]], rows: Iterable[Any]) -> str:
    """Return headings and rows, one line each, ending in a line break.

    Amounts have the sign ``-`` and no thousands marks. Words that a spreadsheet would run as a
    formula get an apostrophe in front; numbers and amounts do not.
    """
    lines = [[_safe(column.title) for column in columns]]
    lines += [[_cell(column, row) for column in columns] for row in rows]
    return "".join("\t".join(line) + "\n" for line in lines)


def _cell(column: Column[Any], row: Any) -> str:
    words = column.copied_text(row)
    return words if column.kind is Kind.MONEY else _safe(words)


def _safe(words: str) -> str:
    plain = words.translate(_BREAKS).strip()
    return f"'{plain}" if plain.startswith(_FORMULA) else plain
