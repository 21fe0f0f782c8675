"""Lets every practice of a run share one SQL compiler's work.

Each test opens a practice of its own, and with it an engine that has compiled nothing yet: to
write the same statements out anew cost half the time of the tests of services, and what each
mapper remembered of all those engines made a worker grow by hundreds of megabytes.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache

from fscdesk.services import connecting

ROOM = 10_000
"""Statements: more than the program has, with those that the tests write."""


def share_compiled() -> None:
    """Make every engine from now on use the first one's dialect and compiled statements."""
    opening = vars(connecting)
    create = opening["create_engine"]
    shared: dict[str, tuple[Dialect, LRUCache[Any, Any]]] = {}

    def create_sharing(url: Any, **options: Any) -> Engine:
        engine: Engine = create(url, **options)
        if engine.dialect.name == "postgresql":
            from tests.support.warm_connections import connect_warm

            connect_warm(engine)
        first = (engine.dialect, LRUCache[Any, Any](ROOM))
        engine.dialect, engine._compiled_cache = shared.setdefault(engine.dialect.name, first)
        return engine

    opening["create_engine"] = create_sharing
