"""What a setting of the practice is: its words, its consequence, and what it may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "folder", "money", "whole", "yes_no", "choice", "several"]


@dataclass(frozen=True, slots=True)
class SettingDef:
    """What a setting is: its words, its consequence, its default, and what it may be.

    ``lowest`` and ``highest`` bound whole numbers, and amounts in cents; ``choices`` are
    (value, word). The default of an amount is Money.
    """

    key: str
    group: str
    title: str
    hint: str
    kind: Kind
    default: Any
    choices: tuple[tuple[str, str], ...] = ()
    lowest: int = 0
    highest: int = 0
    unit: str = ""
