"""Which letters of a paper the font lacks: they are printed as boxes, and somebody should know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from fscdesk.services.printing.fonts import missing_letters


def lost_letters(document: object) -> str:
    """The letters that a document's paper prints as boxes, each once, in order; usually none."""
    lost = (letter for text in _texts(document) for letter in missing_letters(text))
    return "".join(dict.fromkeys(lost))


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        for each in part:
            yield from _texts(each)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _texts(getattr(part, field.name))
