"""Every command of the room of claims is known to a battery: whole or not at all, and once.

What asks for a right in `services/claims` is read from its source; a command that is new and in no
battery makes this test fail.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import fscdesk.services.claims as room
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from tests.support.claim_acts import ONCE
from tests.support.fail_at import assert_all_or_nothing, whole_books
from tests.support.keyed_acts import KEYED
from tests.support.more_claim_acts import MORE
from tests.support.payments import verify
from tests.support.second_person import at_once, nobody, refusals, winners

HERE = Path(__file__).parent
LOOK_ONLY = frozenset(
    {
        *("batch_detail", "batch_file", "batch_pdf", "claim_pdf", "copy_for_test", "denial_rates"),
        *("page_of_batches", "plan_acknowledgment", "plan_batch", "portal_list"),
        *("portal_round", "preview_letter", "ready_claims", "appeals_opened", "page_of_counted"),
    }
)
"""They ask for a right, and change nothing in the books."""
OF_SEVERAL = frozenset({"build_today"})
"""They do what other commands do, one after the other, in one transaction."""


def commands() -> set[str]:
    """Return the names of all public functions of the room that ask for a right."""
    found = set()
    for path in Path(room.__file__).parent.glob("*.py"):
        for one in ast.parse(path.read_text(encoding="utf-8")).body:
            asks = isinstance(one, ast.FunctionDef) and any(
                isinstance(call, ast.Call) and getattr(call.func, "id", "") == "require"
                for call in ast.walk(one)
            )
            if isinstance(one, ast.FunctionDef) and asks and not one.name.startswith("_"):
                found.add(one.name)
    return found


def test_every_command_is_in_a_battery() -> None:
    batteries = "\n".join(
        text
        for path in HERE.glob("test_*.py")
        if "assert_all_or_nothing" in (text := path.read_text(encoding="utf-8"))
        and path != Path(__file__)
    )
    named = set(ONCE) | set(MORE) | set(KEYED) | LOOK_ONLY | OF_SEVERAL
    found = commands()
    assert len(found) > 40
    unknown = {one for one in found - named if not re.search(rf"\b{one}\(", batteries)}
    assert unknown == set(), "write a battery for these, or say that they change nothing"
    assert found >= LOOK_ONLY | OF_SEVERAL


@pytest.mark.parametrize("name", MORE)
def test_nothing_is_half_done(books: Office, name: str) -> None:
    act = MORE[name](books)
    assert_all_or_nothing(books, act)
    verify(books)


@pytest.mark.parametrize("name", MORE)
def test_of_two_at_once_one_wins_and_the_other_is_told(books: Office, name: str) -> None:
    act = MORE[name](books)
    outcomes = at_once((books, act), (books, act))
    assert len(winners(outcomes)) == 1, outcomes
    (told,) = refusals(outcomes)
    assert isinstance(told, Problem), repr(told)
    assert told.hint
    verify(books)


@pytest.mark.parametrize("name", MORE)
def test_who_may_not_is_refused_and_nothing_changes(books: Office, name: str) -> None:
    act = MORE[name](books)
    stranger = nobody(books)
    before = books.read(whole_books)
    with pytest.raises(Problem, match="You may not"):
        stranger.write(act)
    assert books.read(whole_books) == before
