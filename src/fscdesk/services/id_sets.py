"""Binds a set of ids as one parameter, whatever its size: never one mark for each id."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, String, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from fscdesk.models.values import LARGEST_ID
from fscdesk.services.bulk import is_postgres
from fscdesk.services.work import Work


def among(work: Work, column: Any, ids: Collection[int]) -> ColumnElement[bool]:
    """Return the condition that ``column`` is one of ``ids``; none of them is never true."""
    known = [int(one) for one in ids if abs(one) <= LARGEST_ID]
    return _among(work, column, known, BigInteger())


def among_words(work: Work, column: Any, words: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that a text column is one of ``words``."""
    return _among(work, column, [str(one) for one in words], String())


def _among(
    work: Work, column: Any, values: list[Any], kind: BigInteger | String
) -> ColumnElement[bool]:
    condition: ColumnElement[bool]
    if is_postgres(work):
        condition = column == any_(literal(values, ARRAY(kind)))
    else:
        condition = column.in_(_rows_of(values))
    return condition


def _rows_of(values: Iterable[Any]) -> Select[Any]:
    bound = literal(json.dumps(list(values)), String())
    return select(func.json_each(bound).table_valued("value").c.value)
