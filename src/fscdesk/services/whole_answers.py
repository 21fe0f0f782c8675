"""A SQLite cursor that reads an answer to its end before it hands out the first row.

The driver lends one prepared statement to every cursor that asks the same text. A cursor that
was left half read gives it back when it is freed, even while another is reading with it: that
one then begins again, and its rows come twice; the one after it is refused with "Error binding
parameter". Nothing doubled is worth the little that rows in memory cost
(tests/books/test_unread_answers.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import sqlcipher3.dbapi2


class WholeCursor(sqlcipher3.dbapi2.Cursor):  # type: ignore[misc]  # a class of C without types
    """Holds the rows of its last statement, and no statement."""

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self._rows: Iterator[Any] = iter(())

    def execute(self, statement: str, parameters: Any = ()) -> WholeCursor:
        """Run the statement and read all that it answers."""
        super().execute(statement, parameters)
        self._rows = iter(super().fetchall())
        return self

    def fetchone(self) -> Any:
        """Return the next row, or None."""
        return next(self._rows, None)

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Return up to ``size`` rows."""
        return list(islice(self._rows, self.arraysize if size is None else size))

    def fetchall(self) -> list[Any]:
        """Return the rows that are left."""
        return list(self._rows)

    def __iter__(self) -> Iterator[Any]:
        """Give the rows that are left."""
        return self._rows

    def __next__(self) -> Any:
        """Give the next row."""
        return next(self._rows)


class WholeConnection(sqlcipher3.dbapi2.Connection):  # type: ignore[misc]
    """A connection whose cursors are whole."""

    def cursor(self) -> WholeCursor:
        """Return a new cursor."""
        whole: WholeCursor = super().cursor(WholeCursor)
        return whole
