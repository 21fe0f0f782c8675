"""A claim's story: what happened, each on the office's own day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fscdesk.services.claims.acknowledging import apply_acknowledgment, plan_acknowledgment
from fscdesk.services.claims.correcting import void_claim
from fscdesk.services.office import Office
from fscdesk.ui.tables.list_screen import ListPart
from tests.support.claim_acts import denied_claim, version_of
from tests.support.clock import Clock
from tests.support.robots.claim_page import ClaimRobot, claim_window
from tests.support.sent_claims import (
    account,
    answer_277,
    answer_999,
    batch_of,
    send,
    sets_of,
    some_claims,
    with_clearinghouse,
)


@pytest.fixture
def window(sqlite_books: Office, qtbot: QtBot, tmp_path: Path) -> Iterator[ClaimRobot]:
    with claim_window(qtbot, sqlite_books, tmp_path) as robot:
        yield robot


def reads(books: Office, name: str, data: bytes) -> None:
    seen = books.read(lambda work: plan_acknowledgment(work, name, data))
    books.write(lambda work: apply_acknowledgment(work, seen))


def test_what_files_say_stands_on_the_day_of_the_office(window: ClaimRobot, clock: Clock) -> None:
    clock.set(datetime(2026, 4, 13, 1, 30, tzinfo=UTC))  # half past nine on the 12th, here
    books = window.office
    (claim,) = some_claims(books, with_clearinghouse(books), 1)
    (batch,) = send(books).batches
    (transaction,) = sets_of(books, batch.id)
    group = batch_of(books, batch.id).group_control
    reads(books, "a.999", answer_999(group, {transaction: "A"}))
    reads(books, "b.277", answer_277([(account(books, claim), "A7:562", "")]))
    window.opens(claim)
    steps = window.body.beside.story._steps
    assert {step.title for step in steps} >= {"999 accepted", "277CA rejected", "Submitted"}
    assert {step.day for step in steps} == {"04/12"}


def test_a_void_takes_back_and_corrects_nothing(window: ClaimRobot) -> None:
    books = window.office
    denied = denied_claim(books)
    seen = version_of(books, denied)
    void = books.write(lambda work: void_claim(work, denied, "twice", expected_version=seen)).value
    window.opens(void)
    (link,) = window.body.beside.links
    assert link.words().startswith("Takes back CLM-2026-00001")
    window.clicks(link)
    (back,) = window.body.beside.links
    assert back.words().startswith("Taken back by CLM-2026-00002")


def test_the_history_says_who(window: ClaimRobot) -> None:
    window.opens(denied_claim(window.office))
    window.does("Ctrl+PgDown", "Ctrl+PgDown", "Ctrl+PgDown", "Ctrl+PgDown")
    who = [one for one in window.page.findChildren(ListPart) if one.spec.key == "claim-history"]
    assert who
    shown = who[0].view
    assert not shown.isColumnHidden(shown.paged.section_of("by"))
