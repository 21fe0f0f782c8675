"""An answer that nobody read to its end must not reach into the next question.

The driver keeps a prepared statement for each text and lends it to whoever asks the same
again. A cursor that was left half read gives its statement back when it is freed, which may be
in the middle of the next reading: that one began again, and its rows came twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from fscdesk.services.office import Office
from fscdesk.services.work import Work

NUMBERS = "SELECT column1 FROM (VALUES (1), (2), (3)) AS number WHERE column1 > {}"


def asked(work: Work, above: str) -> Any:
    bound = () if above == "0" else (0,)
    return work.db.connection().exec_driver_sql(NUMBERS.format(above), bound)


def left_behind(books: Office, above: str) -> list[Any]:
    return [books.read(lambda work: asked(work, above))]


def placeholder(books: Office) -> str:
    return "?" if books.dialect == "sqlite" else "%s"


def read_while_freeing(work: Work, above: str, left: list[Any]) -> Sequence[int]:
    answer = asked(work, above)
    first = answer.fetchone()[0]
    left.clear()
    return [first, *(row[0] for row in answer.fetchall())]


def test_rows_do_not_come_twice(books: Office) -> None:
    left = left_behind(books, "0")
    assert books.read(lambda work: read_while_freeing(work, "0", left)) == [1, 2, 3]


def test_the_same_question_can_be_asked_again(books: Office) -> None:
    above = placeholder(books)
    left = left_behind(books, above)
    books.read(lambda work: read_while_freeing(work, above, left))
    assert books.read(lambda work: [row[0] for row in asked(work, above)]) == [1, 2, 3]


def test_a_question_inside_another_one(books: Office) -> None:
    def nested(work: Work) -> list[tuple[int, int]]:
        return [(one[0], two[0]) for one in asked(work, "0") for two in asked(work, "0")]

    assert len(set(books.read(nested))) == 9


def test_a_broken_act_leaves_no_answer_open(books: Office) -> None:
    above = placeholder(books)
    kept: list[Any] = []

    def act(work: Work) -> None:
        kept.append(asked(work, above))
        raise LookupError

    for _ in range(3):
        with pytest.raises(LookupError):
            books.write(act)
    assert books.read(lambda work: read_while_freeing(work, above, kept)) == [1, 2, 3]
