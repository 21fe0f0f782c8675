"""Today's claims at the keyboard: the cards, the sum, and what is sent by which way."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from fscdesk.models.claim import Claim
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.services.claims.today import build_today
from fscdesk.services.office import Office
from fscdesk.services.permissions import Right
from fscdesk.services.work import Work
from fscdesk.ui.messages import Level
from tests.support.claims import add_person, ready
from tests.support.claims_day import (
    DAY,
    RIGHT,
    SHORT,
    Day,
    by_portal,
    on_paper,
    seed_day,
    without_sex,
)
from tests.support.focus import comes_to
from tests.support.named import unnamed
from tests.support.pdf import page_texts
from tests.support.robots.claims_day import ClaimsDayRobot
from tests.support.second_person import without
from tests.ui.claims.conftest import OpenDay


def begun(books: Office, open_day: OpenDay, outbox: Path, count: int = 9) -> ClaimsDayRobot:
    """Sessions with the two faults of job 5, built; the first card is on view."""
    books.write(lambda work: seed_day(work, outbox, count=count))
    robot = open_day(books)
    robot.does("Ctrl+4", "Ctrl+B")
    return robot


def clean(books: Office, outbox: Path | None, count: int = 2) -> Day:
    return books.write(lambda work: seed_day(work, outbox, count=count, faults=False)).value


def claim_of(books: Office, number: str) -> Claim:
    return books.read(lambda work: work.db.query(Claim).filter_by(number=number).one())


def test_the_first_card_has_the_cursor_and_what_stands_there_is_marked(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    robot = begun(sqlite_books, open_day, outbox)
    field = robot.day.mend.field
    assert field is not None
    comes_to(field.editor)
    assert field.editor.selectedText() == SHORT  # type: ignore[attr-defined]
    assert robot.day.mend.save.words() == "Save in the client's policy"
    assert robot.button() == "Send 7 claims"


def test_what_is_saved_says_where_and_can_be_undone(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    robot = begun(sqlite_books, open_day, outbox)
    robot.types(RIGHT)
    robot.does("Return")
    assert robot.said() == (
        f"Member id is {RIGHT} now, on the client's policy. 1 claim is checked again."
    )
    assert robot.tiles()["mend"] == 1
    robot.does("Escape", "Ctrl+Z")
    robot.waits(lambda: robot.said().startswith(f"Member id is {SHORT} again"))
    robot.rests()
    assert robot.tiles()["mend"] == 2


def test_a_value_that_cannot_be_stays_under_its_field(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    robot = begun(sqlite_books, open_day, outbox)
    robot.does("Ctrl+J")
    assert robot.card() == "Nova Freshsample has no NPI."
    robot.types("1234567890")
    robot.does("Return")
    assert "one wrong digit" in robot.newest().text or "NPI" in robot.newest().text
    assert robot.tiles()["mend"] == 2
    assert robot.card() == "Nova Freshsample has no NPI."  # it stays until it is right
    field = robot.day.mend.field
    assert field is not None
    assert field.sentence.text()


def test_nobody_found_is_said_and_nothing_saved(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    robot = begun(sqlite_books, open_day, outbox)
    robot.does("Ctrl+J")
    robot.types("zzz")
    robot.does("Return")
    field = robot.day.mend.field
    assert field is not None
    robot.waits(lambda: field.sentence.text() == "No clinician is called “zzz”.")
    assert robot.tiles()["mend"] == 2


def test_the_letters_hold_and_open(sqlite_books: Office, open_day: OpenDay, outbox: Path) -> None:
    robot = begun(sqlite_books, open_day, outbox)
    robot.does("Escape")
    comes_to(robot.day.mend)
    robot.does("H")
    assert robot.said() == "1 claim is held until somebody releases it."
    assert robot.tiles() == {
        "sessions": 9,
        "in_claims": 9,
        "left_out": 0,
        "ready": 7,
        "mend": 1,
        "behind": 1,
    }
    assert claim_of(sqlite_books, "CLM-2026-00004").held_for.startswith("To clear up: Member id")
    robot.does("Escape", "O")
    assert robot.asked()[-1] == {
        "claim": claim_of(sqlite_books, "CLM-2026-00008").id,
        "field": "rendering_npi",
    }
    robot.does("Alt+Left")
    assert robot.card() == "Nova Freshsample has no NPI."
    robot.does("Ctrl+Z")
    robot.waits(lambda: robot.said() == "1 claim can go again.")
    robot.rests()
    assert robot.tiles()["mend"] == 2


def test_letters_in_the_field_are_typed(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    robot = begun(sqlite_books, open_day, outbox)
    robot.types("hao")
    field = robot.day.mend.field
    assert field is not None
    assert field.draft() == "hao"
    robot.does("Escape")
    assert field.draft() == SHORT
    robot.types("7")
    comes_to(field.editor)
    assert field.draft() == "7"
    assert robot.tiles()["mend"] == 2


def test_a_warning_is_let_go_and_that_is_undone(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    day = clean(sqlite_books, outbox, 1)

    def wants(work: Work) -> None:
        work.db.get_one(Payer, day.desk.payer).wants_referral = True

    sqlite_books.write(wants)
    robot = open_day(sqlite_books)
    robot.does("Ctrl+4", "Ctrl+B")
    assert "wants to know who referred" in robot.card()
    assert robot.button() == "Send 1 claim"
    comes_to(robot.day.mend)
    robot.does("A")
    assert robot.said() == "1 claim goes with this warning."
    assert robot.card() == ""
    robot.does("Ctrl+Z")
    robot.waits(lambda: "waits for a look" in robot.said())
    robot.rests()
    assert "wants to know who referred" in robot.card()


def test_what_stops_a_claim_is_not_let_go(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    robot = begun(sqlite_books, open_day, outbox)
    robot.does("Ctrl+Shift+A")
    assert robot.said() == "This stops the claim: it cannot go with it."
    assert robot.tiles()["mend"] == 2
    robot.does("Ctrl+Shift+H")
    assert "is held" in robot.said()


def test_a_choice_is_made_by_its_letter(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    clean(sqlite_books, outbox, 1)

    def spoil(work: Work) -> int:
        patient = work.db.query(Patient).filter_by(number="D-000").one()
        without_sex(work, patient.id)
        return patient.id

    who = sqlite_books.write(spoil).value
    robot = open_day(sqlite_books)
    robot.does("Ctrl+4", "Ctrl+B")
    robot.does("F", "Return")
    assert robot.card() == ""
    assert sqlite_books.read(lambda work: work.db.get_one(Patient, who).sex) == "F"


def test_the_terms_of_the_sum_filter_the_list(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    day = clean(sqlite_books, outbox)

    def more(work: Work) -> None:
        nobody = add_person(work, "Nona Uncovered", "N-1")
        ready(work, day.desk, patient=nobody, day=DAY)

    sqlite_books.write(more)
    robot = open_day(sqlite_books)
    robot.does("Ctrl+4", "Ctrl+B")
    assert list(robot.column("mark")) == ["Ready", "Ready", "Left out"]
    assert "1 session is left out" in robot.said()
    robot.day.tiles.tiles["left_out"].setFocus()
    robot.does("Return")
    assert list(robot.column("patient")) == ["Nona Uncovered"]
    assert list(robot.column("total")) == ["160.00"]
    robot.day.list.view.setFocus()
    robot.does("Home", "Return")
    assert list(robot.asked()[-1]) == ["patient"]
    robot.does("Alt+Left")
    assert robot.day.list.term() == "left_out"
    robot.does("Escape")
    assert len(robot.column("mark")) == 3


def test_paper_shows_its_forms_and_a_portal_its_check_list(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    day = clean(sqlite_books, outbox)
    sqlite_books.write(lambda work: on_paper(work, day.desk.payer))

    def more(work: Work) -> None:
        by_portal(work, day.desk.next_payer)
        work.db.get_one(Payer, day.desk.payer).member_id_pattern = ""
        from fscdesk.models.coverage import Policy

        work.db.get_one(Policy, day.desk.bens_policy).payer_id = day.desk.next_payer
        ready(work, day.desk, patient=day.desk.ben, payer=day.desk.next_payer, day=DAY)

    sqlite_books.write(more)
    robot = open_day(sqlite_books)
    robot.does("Ctrl+4", "Ctrl+B")
    assert sorted(robot.column("what")) == ["By portal", "On paper", "On paper"]
    robot.does("Ctrl+Return")
    assert len(page_texts(robot.looks_at_pages())) == 2
    assert "on paper" in robot.said()
    assert "for the portal of Example East" in robot.said()
    help_ = robot.newest().help
    assert help_ is not None
    assert help_.label == "Show the check-list"
    help_.act()
    robot.rests()
    robot.waits(lambda: "By portal" in robot.column("route"))


def test_without_an_outbox_the_file_waits_with_its_batch(
    sqlite_books: Office, open_day: OpenDay
) -> None:
    clean(sqlite_books, None)
    robot = open_day(sqlite_books)
    robot.does("Ctrl+4", "Ctrl+B")
    assert "No outbox is set" in robot.day.foot.words.text()
    robot.does("Ctrl+Return")
    said = robot.newest()
    assert said.level is Level.WARNING
    assert said.text.startswith("The file of BAT-2026-00001 is not written: no outbox is set.")
    assert "claims over" in said.text
    assert "count as sent" in said.text
    assert "Nothing is ready to go." in robot.day.foot.words.text()
    assert said.help is not None
    assert said.help.label == "Show the outbox setting"
    said.help.act()
    robot.rests()
    assert robot.asked()[-1] == {"group": "files", "field": "claims_outbox"}
    robot.opens_batches()
    assert list(robot.column("state")) == ["File waits"]


def test_sessions_that_became_ready_since_are_offered(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    day = clean(sqlite_books, outbox)
    robot = open_day(sqlite_books)
    robot.does("Ctrl+4", "Ctrl+B")
    assert not robot.day.build_button.isVisible()
    sqlite_books.write(
        lambda work: ready(work, day.desk, patient=day.short or day.desk.alma, day=DAY)
    )
    robot.does("F5")
    assert robot.day.build_button.words() == "Build 1 claim"
    assert list(robot.column("mark"))[-1] == "Not built"
    robot.does("Ctrl+B")
    assert "1 claim of 1 session built" in robot.said()
    robot.does("Ctrl+B")
    assert "Every session that is ready is on a claim" in robot.said()


def test_coming_back_builds_nothing_anew(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    day = clean(sqlite_books, outbox)
    robot = open_day(sqlite_books)
    robot.does("Ctrl+4", "Ctrl+B")
    sqlite_books.write(lambda work: ready(work, day.desk, day=DAY))
    robot.does("Ctrl+3", "Alt+Left")
    robot.does("F5")
    assert list(robot.column("mark")) == ["Ready", "Ready", "Not built"]


def test_who_may_not_send_can_look(sqlite_books: Office, open_day: OpenDay, outbox: Path) -> None:
    clean(sqlite_books, outbox)
    sqlite_books.write(build_today)
    robot = open_day(without(sqlite_books, Right.SEND_CLAIMS))
    robot.window.open("claim-build")
    robot.rests()
    assert robot.tiles()["ready"] == 2
    assert robot.button() == ""
    assert robot.day.send.statusTip() == "Sending claims is not among your rights."
    robot.does("Ctrl+Return")
    assert (
        sqlite_books.read(lambda work: work.db.query(Claim).filter_by(status="submitted").count())
        == 0
    )


def test_a_claim_changed_at_another_desk_stays_behind_and_is_told(
    sqlite_books: Office, open_day: OpenDay, outbox: Path
) -> None:
    clean(sqlite_books, outbox, 1)
    robot = open_day(sqlite_books)
    robot.does("Ctrl+4", "Ctrl+B")

    def elsewhere(work: Work) -> None:
        from fscdesk.services.claims.editing import hold_claim

        claim = work.db.query(Claim).one()
        hold_claim(work, claim.id, "Asked", expected_version=claim.version)

    sqlite_books.write(elsewhere)
    robot.does("Ctrl+Return")
    assert "None of these claims can go any more" in robot.said()
    assert robot.tiles()["behind"] == 1
    assert robot.button() == ""


def test_everything_has_a_name(sqlite_books: Office, open_day: OpenDay, outbox: Path) -> None:
    robot = begun(sqlite_books, open_day, outbox)
    assert unnamed(robot.day) == []
    robot.does("Ctrl+J")
    assert unnamed(robot.day) == []


def test_some_claims_alone(sqlite_books: Office, open_day: OpenDay, outbox: Path) -> None:
    clean(sqlite_books, outbox, 3)
    sqlite_books.write(build_today)
    robot = open_day(sqlite_books)
    ids = sqlite_books.read(lambda work: [one.id for one in work.db.query(Claim)])
    robot.window.open("claim-build", claims=tuple(ids[:1]))
    robot.rests()
    assert robot.button() == "Send 1 claim"
    robot.does("Ctrl+Return")
    sent = sqlite_books.read(
        lambda work: work.db.query(Claim).filter_by(status="submitted").count()
    )
    assert sent == 1
    focused = QApplication.focusWidget()
    assert isinstance(focused, QWidget)
