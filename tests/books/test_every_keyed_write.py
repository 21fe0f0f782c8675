"""What holds for every command with a request key: however often it comes, it happens once."""

from __future__ import annotations

import pytest

from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from tests.support.fail_at import assert_all_or_nothing, whole_books
from tests.support.keyed_acts import KEYED
from tests.support.payments import verify
from tests.support.second_person import at_once, refusals, winners


@pytest.mark.parametrize("name", KEYED)
def test_a_command_that_comes_again_happens_once(books: Office, name: str) -> None:
    keyed = KEYED[name](books)
    outcomes = at_once((books, keyed.act), (books, keyed.act))
    done = winners(outcomes)
    assert done, outcomes
    assert len({repr(keyed.names(one)) for one in done}) == 1, outcomes
    for told in refusals(outcomes):
        assert isinstance(told, Problem), repr(told)
        assert told.hint
    after = books.read(whole_books)

    again = books.write(keyed.act).value
    assert keyed.names(again) == keyed.names(done[0])
    assert books.read(whole_books) == after
    if keyed.other is not None:
        with pytest.raises(Problem) as refused:
            books.write(keyed.other)
        assert "under the same key with " in refused.value.message
        assert refused.value.hint
        assert books.read(whole_books) == after
    verify(books)


@pytest.mark.parametrize(
    ("name", "every"),
    [
        *(("receive_entry", 1), ("enter_line", 1), ("adjust_entries", 1)),
        *(("agree", 7), ("take_on_plan", 3)),  # each part of it has a test of its own
    ],
)
def test_a_command_of_a_form_or_a_line_is_not_half_done(
    books: Office, name: str, every: int
) -> None:
    """The other commands are tried so beside their own tests."""
    assert_all_or_nothing(books, KEYED[name](books).act, every=every)
    verify(books)
