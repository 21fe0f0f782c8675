"""Claims are kept by reference and linked to sessions, which go forward and never back."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from fscdesk.services.errors import Problem
from fscdesk.services.importing.report_applying import import_report
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.office import Office
from tests.support.fail_at import assert_all_or_nothing
from tests.support.report_files import line
from tests.support.report_imports import (
    ask,
    bring_in,
    counts,
    proves,
    sample,
    sessions_of,
    small,
    take_back,
)

CLAIMS, UNPAID = "sp_claims", "sp_unpaid_ins"
KEPT = (
    "SELECT reference, payer_claim, patient_id, payer_id, session_id, status FROM reported_claim"
    " ORDER BY reference"
)
BILLING = "SELECT id, billing_status FROM session ORDER BY id"
DENIED = (
    "SELECT s.day, h.old, h.reason FROM session_status_history h JOIN session s"
    " ON s.id = h.session_id WHERE h.new = 'denied' ORDER BY s.day"
)


def linked(books: Office) -> int:
    """How many claims know their session."""
    return sum(row[4] is not None for row in ask(books, KEPT))


def test_the_samples_name_every_claim_and_link_the_open_ones(books: Office) -> None:
    sessions_of(books)
    assert counts(bring_in(books, sample(CLAIMS)).plan) == (39, 39, 0, 0, 0)
    assert linked(books) == 0
    assert counts(bring_in(books, sample(UNPAID)).plan) == (31, 9, 22, 0, 0)
    assert (len(ask(books, KEPT)), linked(books)) == (48, 31)
    assert len({row[4] for row in ask(books, KEPT) if row[4]}) == 31
    assert [row[2] for row in ask(books, DENIED)] == ["SimplePractice says denied"] * 2
    pats = ask(
        books,
        "SELECT count(DISTINCT c.patient_id) FROM reported_claim c JOIN patient p"
        " ON p.id = c.patient_id WHERE p.name = 'Pat Placeholder'",
    )
    assert pats == [(2,)]
    proves(books)


def test_in_the_other_order_they_end_the_same(books: Office) -> None:
    sessions_of(books)
    bring_in(books, sample(UNPAID))
    bring_in(books, sample(CLAIMS))
    there = ask(books, KEPT)
    assert (len(there), linked(books)) == (48, 31)
    assert {row[5] for row in there} == {"paid", "denied", "accepted", "received", "not sent"}
    assert [row[2] for row in ask(books, DENIED)] == ["SimplePractice says denied"] * 2
    proves(books)


def test_the_same_rows_again_change_nothing(books: Office, tmp_path: Path) -> None:
    sessions_of(books)
    bring_in(books, sample(CLAIMS))
    bring_in(books, sample(UNPAID))
    before = ask(books, KEPT)
    for profile in (CLAIMS, UNPAID):
        source = sample(profile).report
        rows = [next(csv.reader([row.raw])) for row in source.rows]
        again = bring_in(books, small(tmp_path, profile, *reversed(rows)))
        assert (again.plan.created, again.plan.changed) == (0, 0)
    assert ask(books, KEPT) == before


def test_the_newest_word_wins_and_an_older_file_only_fills(books: Office, tmp_path: Path) -> None:
    sessions_of(books)
    new = line(CLAIMS, DateSubmitted="03/29/2026", Status="Denied", PayerClaim="--")
    old = line(CLAIMS, DateSubmitted="03/20/2026", Status="Accepted", PayerClaim="FIC1")
    bring_in(books, small(tmp_path, CLAIMS, new))
    bring_in(books, small(tmp_path, CLAIMS, old))
    assert [(row[1], row[5]) for row in ask(books, KEPT)] == [("FIC1", "denied")]
    newest = line(CLAIMS, DateSubmitted="03/30/2026", Status="Paid", PayerClaim="FIC1")
    bring_in(books, small(tmp_path, CLAIMS, newest))
    assert [(row[1], row[5]) for row in ask(books, KEPT)] == [("FIC1", "paid")]


def test_a_claim_that_was_not_sent_gets_its_reference(books: Office, tmp_path: Path) -> None:
    sessions_of(books)
    facts = {"Date": "03/30/2026", "Client": "Quill Fakerson", "InsBalance": "130.00"}
    bring_in(books, small(tmp_path, UNPAID, line(UNPAID, ClearinghouseReference="--", **facts)))
    (before,) = ask(books, KEPT)
    assert before[5] == "not sent"
    status = "SELECT billing_status FROM session WHERE id = :id"
    was = ask(books, status, id=before[4])
    sent = bring_in(
        books, small(tmp_path, UNPAID, line(UNPAID, ClearinghouseReference="99790001", **facts))
    )
    (after,) = ask(books, KEPT)
    assert (after[0], after[4], after[5]) == ("99790001", before[4], "submitted")
    assert ask(books, status, id=before[4]) == [("submitted",)]
    assert was != [("submitted",)]
    take_back(books, sent)
    assert ask(books, KEPT) == [before]
    assert ask(books, status, id=before[4]) == was


def test_paid_is_no_status_that_a_report_gives(books: Office) -> None:
    sessions_of(books)
    bring_in(books, sample(UNPAID))
    before = {row[1] for row in ask(books, BILLING)}
    paid = [row for row in ask(books, BILLING) if row[1] == "paid"]
    bring_in(books, sample(CLAIMS))
    assert [row for row in ask(books, BILLING) if row[1] == "paid"] == paid
    assert before


def test_they_are_taken_back_in_order(books: Office) -> None:
    sessions = sessions_of(books)
    status = ask(books, BILLING)
    claims = bring_in(books, sample(CLAIMS))
    after_claims = ask(books, KEPT)
    unpaid = bring_in(books, sample(UNPAID))
    with pytest.raises(Problem, match=f"import {unpaid.batch_id} of"):
        take_back(books, claims)
    with pytest.raises(Problem, match=f"import {unpaid.batch_id} of"):
        take_back(books, sessions)
    take_back(books, unpaid)
    assert ask(books, KEPT) == after_claims
    take_back(books, claims)
    assert ask(books, KEPT) == []
    assert ask(books, BILLING) == status
    take_back(books, sessions)
    proves(books)


def test_clients_and_sessions_that_are_not_here_are_waited_for(books: Office) -> None:
    for profile, read in ((CLAIMS, 39), (UNPAID, 31)):
        waiting = bring_in(books, sample(profile))
        assert (waiting.batch_id, waiting.plan.skipped) == (None, read)


def test_all_of_it_or_nothing(books: Office, tmp_path: Path) -> None:
    sessions_of(books)
    facts = {"Date": "03/30/2026", "Client": "Quill Fakerson", "InsBalance": "130.00"}
    file = small(tmp_path, UNPAID, line(UNPAID, ClearinghouseReference="99790001", **facts))
    done = assert_all_or_nothing(books, lambda work: import_report(work, file)).value
    batch_id = int(done.batch_id or 0)
    assert_all_or_nothing(books, lambda work: undo_import(work, batch_id))
    proves(books)
