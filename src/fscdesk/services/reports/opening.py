"""What stands behind a figure: a place of the program, and what to ask there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Opens:
    """How a screen opens the list behind a figure.

    ``place`` is a place of the rail (``sessions``, ``aging``, ``importing``, ``setup``);
    ``asked`` is the question there, for ``sessions`` in the words of ``SessionFilter.of``.
    """

    place: str
    asked: Mapping[str, Any] = field(default_factory=dict)
