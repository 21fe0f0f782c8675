"""The file of a question about coverage: written into the outbox, and again where it was lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from fscdesk.services.claims import policies
from fscdesk.services.claims.eligibility import ask_eligibility, eligibility_detail
from fscdesk.services.claims.eligibility_files import write_question
from fscdesk.services.claims.eligibility_reading import read_eligibility
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.permissions import Right
from tests.books.claims.test_eligibility import answer
from tests.support.fail_at import assert_all_or_nothing
from tests.support.second_person import without
from tests.support.sent_claims import set_setting, with_clearinghouse


def test_the_question_lies_in_the_outbox_as_it_is_kept(books: Office, tmp_path: Path) -> None:
    desk = with_clearinghouse(books, tmp_path)
    asked = books.write(lambda work: ask_eligibility(work, desk.alma)).value
    path = books.write(lambda work: write_question(work, asked.check_id)).value
    assert path == tmp_path / asked.file_name
    assert path.read_text("ascii") == asked.text
    assert [one.name for one in tmp_path.iterdir()] == [asked.file_name]
    path.unlink()
    assert books.write(lambda work: write_question(work, asked.check_id)).value == path
    assert path.read_text("ascii") == asked.text


def test_without_an_outbox_or_with_one_that_is_gone_the_question_is_kept(
    books: Office, tmp_path: Path
) -> None:
    desk = with_clearinghouse(books)
    asked = books.write(lambda work: ask_eligibility(work, desk.alma)).value
    with pytest.raises(Problem, match="is kept, but no outbox is set"):
        books.write(lambda work: write_question(work, asked.check_id))
    books.write(lambda work: set_setting(work, policies.OUTBOX, str(tmp_path / "away")))
    with pytest.raises(Problem, match="does not exist"):
        books.write(lambda work: write_question(work, asked.check_id))
    detail = books.read(lambda work: eligibility_detail(work, asked.check_id))
    assert detail.request == asked.text


def test_an_answer_that_nobody_asked_for_has_no_question_to_write(
    books: Office, tmp_path: Path
) -> None:
    with_clearinghouse(books, tmp_path)
    (row,) = books.write(lambda work: read_eligibility(work, "x.271", answer())).value.rows
    with pytest.raises(Problem, match="no question to write"):
        books.write(lambda work: write_question(work, row.id))
    with pytest.raises(Problem, match="no question to write"):
        books.write(lambda work: write_question(work, 4711))


def test_who_may_not_make_claims_writes_nothing(books: Office, tmp_path: Path) -> None:
    desk = with_clearinghouse(books, tmp_path)
    asked = books.write(lambda work: ask_eligibility(work, desk.alma)).value
    other = without(books, Right.MAKE_CLAIMS)
    with pytest.raises(Problem, match="You may not"):
        other.write(lambda work: write_question(work, asked.check_id))
    assert list(tmp_path.iterdir()) == []


def test_writing_is_on_record_or_not_done(books: Office, tmp_path: Path) -> None:
    desk = with_clearinghouse(books, tmp_path)
    asked = books.write(lambda work: ask_eligibility(work, desk.alma)).value
    assert_all_or_nothing(books, lambda work: write_question(work, asked.check_id))
    assert [one.name for one in tmp_path.iterdir()] == [asked.file_name]
