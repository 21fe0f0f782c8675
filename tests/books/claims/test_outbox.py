"""The outbox: no claim that was sent without its file, and no file without its claims."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.claim_batch import BatchState, ClaimBatch, Route
from fscdesk.services.claims import policies
from fscdesk.services.claims.lifecycle import ClaimMove, move_claims
from fscdesk.services.claims.outbox import write_missing
from fscdesk.services.claims.portal_list import portal_list, renumber, tick
from fscdesk.services.claims.sending import send_claims
from fscdesk.services.claims.sending_again import save_batch_file, send_again
from fscdesk.services.claims.undoing import undo_batch
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.fail_at import Broken, _cut_at, assert_all_or_nothing, whole_books
from tests.support.second_person import at_once
from tests.support.sent_claims import (
    batch_of,
    by_route,
    plan,
    send,
    set_setting,
    some_claims,
    statuses,
    with_clearinghouse,
    write_files,
)


def visible(folder: Path) -> list[str]:
    """What a program that takes files from the outbox sees."""
    return sorted(one.name for one in folder.iterdir() if not one.name.startswith("."))


def test_a_crash_between_saving_and_writing_loses_nothing(books: Office, tmp_path: Path) -> None:
    desk = with_clearinghouse(books, tmp_path)
    some_claims(books, desk, 2)
    (batch,) = send(books, write=False).batches
    assert visible(tmp_path) == []  # the computer stops here
    assert batch_of(books, batch.id).reference == ""
    written = write_files(books)  # as the window does when it opens
    assert [one.name for one in written.paths] == [batch.file_name] == visible(tmp_path)
    assert write_files(books).paths == ()


def test_a_send_that_fails_leaves_no_file(books: Office, tmp_path: Path) -> None:
    desk = with_clearinghouse(books, tmp_path)
    some_claims(books, desk)
    wanted = plan(books)
    before = books.read(whole_books)
    with pytest.raises(Broken), _cut_at(books, 30):
        books.write(lambda work: send_claims(work, wanted))
    assert books.read(whole_books) == before
    assert write_files(books).paths == ()
    assert visible(tmp_path) == []


def test_a_file_that_was_taken_is_not_written_again(books: Office, tmp_path: Path) -> None:
    desk = with_clearinghouse(books, tmp_path)
    some_claims(books, desk)
    (batch,) = send(books).batches
    (tmp_path / batch.file_name).unlink()  # the clearinghouse's program has sent it
    assert write_files(books).paths == ()
    assert visible(tmp_path) == []


def test_a_crash_after_the_rename_writes_the_same_file(books: Office, tmp_path: Path) -> None:
    desk = with_clearinghouse(books, tmp_path)
    some_claims(books, desk)
    (batch,) = send(books).batches
    before = (tmp_path / batch.file_name).read_bytes()
    books.write(lambda work: setattr(work.db.get_one(ClaimBatch, batch.id), "reference", ""))
    assert [one.name for one in write_files(books).paths] == [batch.file_name]
    assert (tmp_path / batch.file_name).read_bytes() == before


@pytest.mark.parametrize("trouble", ["none", "gone", "full", "other"])
def test_a_folder_that_takes_no_file_lets_it_wait(
    sqlite_books: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    folder = tmp_path / "outbox"
    if trouble != "gone":
        folder.mkdir()
    desk = with_clearinghouse(sqlite_books, None if trouble == "none" else folder)
    some_claims(sqlite_books, desk)
    (batch,) = send(sqlite_books, write=False).batches
    with monkeypatch.context() as broken:
        if trouble == "full":
            full = OSError(errno.ENOSPC, "no space")
            broken.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(full))
        if trouble == "other":
            (folder / batch.file_name).write_text("something else")
        (waiting,) = write_files(sqlite_books).waiting
        assert (waiting.number, waiting.hint != "") == (batch.number, True)
    if trouble == "other":
        assert (folder / batch.file_name).read_text() == "something else"
        (folder / batch.file_name).unlink()
    if trouble == "gone":
        folder.mkdir()
    if trouble == "none":
        sqlite_books.write(lambda work: set_setting(work, policies.OUTBOX, str(folder)))
    write_files(sqlite_books)
    assert visible(folder) == [batch.file_name]


def test_two_desks_write_one_file(books: Office, tmp_path: Path) -> None:
    desk = with_clearinghouse(books, tmp_path)
    some_claims(books, desk)
    send(books, write=False)
    results = at_once((books, write_missing), (books, write_missing))
    assert sorted(len(one.paths) for one in results) == [0, 1]


def test_a_batch_is_sent_again_as_it_was(books: Office, tmp_path: Path) -> None:
    desk = with_clearinghouse(books, tmp_path)
    some_claims(books, desk)
    (batch,) = send(books).batches
    data = (tmp_path / batch.file_name).read_bytes()
    (tmp_path / batch.file_name).unlink()
    assert books.write(lambda work: send_again(work, batch.id)).value == batch.number
    write_files(books)
    assert (tmp_path / batch.file_name).read_bytes() == data


def test_a_file_that_somebody_took_away_does_not_go_to_an_outbox_later(
    books: Office, tmp_path: Path
) -> None:
    desk = with_clearinghouse(books)
    some_claims(books, desk)
    (batch,) = send(books).batches
    hand, outbox = tmp_path / "hand", tmp_path / "outbox"
    hand.mkdir()
    outbox.mkdir()
    path = books.write(lambda work: save_batch_file(work, batch.id, hand)).value
    assert path.name == batch.file_name
    books.write(lambda work: set_setting(work, policies.OUTBOX, str(outbox)))
    assert write_files(books).paths == ()
    assert visible(outbox) == []
    # The same again is no other file; another file of that name is not replaced.
    books.write(lambda work: save_batch_file(work, batch.id, hand))
    path.write_text("something else")
    with pytest.raises(Problem, match="is another file"):
        books.write(lambda work: save_batch_file(work, batch.id, hand))


def test_undo_gives_everything_back(books: Office, tmp_path: Path) -> None:
    desk = with_clearinghouse(books, tmp_path)
    claims = some_claims(books, desk, 2)
    (batch,) = send(books).batches
    assert visible(tmp_path) == [batch.file_name]
    undone = books.write(lambda work: undo_batch(work, batch.id, "Wrong day")).value
    assert undone.claims == 2
    assert visible(tmp_path) == []
    write_files(books)
    assert list(tmp_path.iterdir()) == []
    assert set(statuses(books).values()) == {ClaimStatus.SCRUBBED}
    found = books.read(lambda work: [work.db.get_one(Claim, one) for one in claims])
    assert {(one.first_sent_on, one.last_sent_on) for one in found} == {(None, None)}
    assert batch_of(books, batch.id).state is BatchState.UNDONE
    again = send(books)
    assert again.claims == 2
    assert again.batches[0].interchange != batch.interchange


def test_an_undo_that_fails_puts_the_file_back(books: Office, tmp_path: Path) -> None:
    desk = with_clearinghouse(books, tmp_path)
    some_claims(books, desk)
    (batch,) = send(books).batches
    data = (tmp_path / batch.file_name).read_bytes()
    before = books.read(whole_books)

    def act(work: Work) -> None:
        undo_batch(work, batch.id, "Wrong day")
        assert visible(tmp_path) == []
        raise Broken

    with pytest.raises(Broken):
        books.write(act)
    assert books.read(whole_books) == before
    assert (tmp_path / batch.file_name).read_bytes() == data


@pytest.mark.parametrize("saved", [False, True])
def test_an_undo_that_was_cut_off_is_ended_when_the_practice_opens(
    sqlite_books: Office, tmp_path: Path, *, saved: bool
) -> None:
    desk = with_clearinghouse(sqlite_books, tmp_path)
    some_claims(sqlite_books, desk)
    (batch,) = send(sqlite_books).batches
    held = tmp_path / f".{batch.file_name}.held"
    if saved:
        sqlite_books.write(lambda work: undo_batch(work, batch.id, "Wrong day"))
        assert held.exists()
    else:  # the computer stopped after the file was held, before anything was saved
        (tmp_path / batch.file_name).rename(held)
    write_files(sqlite_books)
    assert visible(tmp_path) == ([] if saved else [batch.file_name])
    assert not held.exists()


def test_undo_is_all_or_nothing(books: Office, tmp_path: Path) -> None:
    desk = with_clearinghouse(books, tmp_path)
    some_claims(books, desk)
    (batch,) = send(books).batches
    assert_all_or_nothing(books, lambda work: undo_batch(work, batch.id, "Wrong day"))
    assert visible(tmp_path) == []


def test_what_may_be_with_the_payer_is_not_taken_back(books: Office, tmp_path: Path) -> None:
    desk = with_clearinghouse(books, tmp_path)
    some_claims(books, desk)
    (batch,) = send(books).batches
    (tmp_path / batch.file_name).unlink()
    with pytest.raises(Problem, match="not in the outbox any more"):
        books.write(lambda work: undo_batch(work, batch.id, "Wrong day"))
    books.write(lambda work: undo_batch(work, batch.id, "It was never uploaded", anyway=True))
    with pytest.raises(Problem, match="is undone"):
        books.write(lambda work: undo_batch(work, batch.id, "Once more"))
    with pytest.raises(Problem, match="is undone"):
        books.write(lambda work: send_again(work, batch.id))


def test_a_batch_with_an_answered_claim_is_not_taken_back(books: Office, tmp_path: Path) -> None:
    desk = with_clearinghouse(books, tmp_path)
    first, _ = some_claims(books, desk, 2)
    (batch,) = send(books).batches
    move = ClaimMove(first, ClaimStatus.PENDING, "Said on the telephone")
    books.write(lambda work: move_claims(work, [move]))
    with pytest.raises(Problem, match="is pending by now"):
        books.write(lambda work: undo_batch(work, batch.id, "Wrong day"))
    assert visible(tmp_path) == [batch.file_name]


def test_a_portals_list_is_ticked_by_whom_it_was_done(books: Office) -> None:
    desk = with_clearinghouse(books)
    by_route(books, desk.payer, Route.PORTAL)
    some_claims(books, desk, 2)
    (batch,) = send(books).batches
    found = books.read(lambda work: portal_list(work, batch.id))
    assert (found.payer, found.open) == ("Imaginary Blue", 2)
    first = found.claims[0]
    books.write(lambda work: tick(work, first.sending_id, 1))
    books.write(lambda work: tick(work, first.sending_id, 2, reference="PX-77"))
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: tick(work, first.sending_id, 2))
    with pytest.raises(Problem, match="no such step"):
        books.write(lambda work: tick(work, first.sending_id, 3))
    found = books.read(lambda work: portal_list(work, batch.id))
    assert found.open == 1
    assert found.claims[0].steps[1].reference == "PX-77"
    assert found.claims[0].steps[1].done_by == books.actor.name
    books.write(lambda work: renumber(work, first.sending_id, 2, " PX-78 ", seen="PX-77"))
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: renumber(work, first.sending_id, 2, "PX-79", seen="PX-77"))
    found = books.read(lambda work: portal_list(work, batch.id))
    assert found.claims[0].steps[1].reference == "PX-78"
    with pytest.raises(Problem, match="1 claim that somebody entered"):
        books.write(lambda work: undo_batch(work, batch.id, "Wrong day"))
    with pytest.raises(Problem, match="no file for the clearinghouse"):
        books.write(lambda work: send_again(work, batch.id))
