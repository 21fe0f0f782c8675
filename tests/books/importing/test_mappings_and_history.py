"""Mappings are kept with a record, imports are listed, new exports are found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from fscdesk.models.audit import AuditEvent
from fscdesk.models.staff import RoleRight
from fscdesk.services.errors import Problem
from fscdesk.services.importing.applying import import_file
from fscdesk.services.importing.history import import_of, page_of_imports
from fscdesk.services.importing.looking import look_at
from fscdesk.services.importing.mapping import Profile
from fscdesk.services.importing.profiles import delete_profile, list_profiles, save_profile
from fscdesk.services.importing.reading import read_file
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.importing.watching import LOOKED_AT, newest_unseen
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.permissions import Right
from tests.support.clock import NOON, Clock
from tests.support.robots.importing import put
from tests.support.weeks import last_week, this_week

GOOD = Profile(
    "Their calendar",
    "a" * 64,
    {"day": "termin", "client": "patient", "clinician": "therapist", "codes": "service"},
)
NEWEST = Span(0, 50, "when", descending=True)


def saved(books: Office, profile: Profile) -> Profile:
    return books.write(lambda work: save_profile(work, profile)).value


def test_a_mapping_is_kept_with_who_and_when_and_leaves_an_audit_event(books: Office) -> None:
    saved(books, replace(GOOD, name="  Their   calendar "))
    (kept,) = books.read(list_profiles)
    assert kept.profile == GOOD
    assert (kept.saved_by, kept.saved_at) == (books.actor.name, NOON)
    told = books.read(lambda work: work.db.scalars(select(AuditEvent.action)).all())
    assert told[-1] == "save_mapping"


def test_the_same_headings_have_one_mapping_and_a_name_one_owner(books: Office) -> None:
    saved(books, GOOD)
    saved(books, replace(GOOD, name="Another name", several_codes=True))
    assert [one.profile.name for one in books.read(list_profiles)] == ["Another name"]
    with pytest.raises(Problem, match="Another mapping is called “Another name”"):
        saved(books, replace(GOOD, name="Another name", signature="b" * 64))


@pytest.mark.parametrize(
    ("profile", "sentence"),
    [
        (replace(GOOD, name=" "), "needs a name"),
        (replace(GOOD, columns={"day": "termin"}), "does not say where to find: Clinician"),
    ],
)
def test_a_mapping_that_cannot_work_is_not_kept(
    books: Office, profile: Profile, sentence: str
) -> None:
    with pytest.raises(Problem, match=sentence):
        saved(books, profile)
    assert books.read(list_profiles) == ()


def test_a_mapping_can_be_thrown_away_once(books: Office) -> None:
    saved(books, GOOD)
    (kept,) = books.read(list_profiles)
    assert books.write(lambda work: delete_profile(work, kept.id)).value == "Their calendar"
    with pytest.raises(Problem, match="gone already"):
        books.write(lambda work: delete_profile(work, kept.id))


def test_who_may_not_import_may_not_keep_mappings(books: Office) -> None:
    taken = delete(RoleRight).where(RoleRight.right == Right.IMPORT_FILES.value)
    books.write(lambda work: work.db.execute(taken) and None)
    with pytest.raises(Problem, match="You may not save a mapping"):
        saved(books, GOOD)


def test_imports_are_listed_newest_first_with_what_became_of_them(
    books: Office, clock: Clock, tmp_path: Path
) -> None:
    for name, data in (("a_week.csv", last_week()), ("b week.csv", this_week(exceptions=False))):
        file = read_file(put(tmp_path, name, data, NOON))
        books.write(partial(import_file, file=file, accept_proposals=True))
        clock.set(clock() + timedelta(days=7))
    page = books.read(lambda work: page_of_imports(work, "", NEWEST))
    assert [(row.id, row.file_name, row.created, row.stands) for row in page.rows] == [
        (2, "b week.csv", 56, True),
        (1, "a_week.csv", 5, True),
    ]
    books.write(lambda work: undo_import(work, 2))
    row = books.read(lambda work: import_of(work, 2))
    assert row is not None
    assert (row.stands, row.undone_by, row.undone_at) == (False, books.actor.name, clock())
    found = books.read(lambda work: page_of_imports(work, "a_w", NEWEST))
    assert [row.id for row in found.rows] == [1]  # the mark is no joker
    by_read = books.read(lambda work: page_of_imports(work, "", Span(1, 1, "read")))
    assert (by_read.total, [row.id for row in by_read.rows]) == (2, [2])
    assert books.read(lambda work: import_of(work, 99)) is None


def test_the_newest_export_is_known_by_what_is_in_it(books: Office, tmp_path: Path) -> None:
    def newest() -> str:
        found = books.read(lambda work: newest_unseen(work, tmp_path))
        return "" if found is None else found.path.name

    assert newest() == ""
    assert books.read(lambda work: newest_unseen(work, tmp_path / "nowhere")) is None
    first = put(tmp_path, "x.CSV", last_week(), NOON + timedelta(minutes=1))
    put(tmp_path, "later but not ours.csv", "a,b\n1,2\n", NOON + timedelta(minutes=2))
    put(tmp_path, "broken.xlsx", b"PK\x03\x04", NOON + timedelta(minutes=3))
    put(tmp_path, "week.txt", this_week(), NOON + timedelta(minutes=4))
    assert newest() == "x.CSV"
    file = read_file(first)
    done = books.write(lambda work: import_file(work, file, accept_proposals=True)).value
    put(tmp_path, "the same again.csv", last_week(), NOON + timedelta(minutes=5))
    put(tmp_path, "older than the import.csv", this_week(), NOON - timedelta(days=1))
    assert newest() == ""
    books.write(lambda work: undo_import(work, done.batch_id or 0))
    assert newest() == "the same again.csv"


def test_a_full_folder_is_not_read_whole(books: Office, tmp_path: Path) -> None:
    put(tmp_path, "export.csv", last_week(), datetime(2026, 4, 1, tzinfo=UTC))
    for at in range(LOOKED_AT):
        put(tmp_path, f"{at}.csv", "a,b\n1,2\n", NOON + timedelta(seconds=at))
    assert books.read(lambda work: newest_unseen(work, tmp_path)) is None


def test_a_saved_mapping_is_recognised_and_shown_by_its_name(books: Office, tmp_path: Path) -> None:
    path = put(tmp_path, "t.csv", "Termin,Patient,Therapist,Service\n", NOON)
    looked = books.read(lambda work: look_at(work, path))
    assert looked.header is not None
    from fscdesk.services.importing.mapping import signature

    saved(books, replace(GOOD, signature=signature(looked.header.cells)))
    again = books.read(lambda work: look_at(work, path))
    assert again.file is not None
    assert again.file.recognised.title == "Their calendar"
