"""What came back, at the keyboard: looked at first, read in once, and told in words."""

from __future__ import annotations

from pathlib import Path

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.claim_batch import Acknowledgment
from fscdesk.models.eligibility import EligibilityCheck
from fscdesk.services.claims.answer_files import is_answer_file, look_at_answers
from fscdesk.services.office import Office
from fscdesk.ui.main_window import MainWindow
from tests.support.focus import comes_to
from tests.support.named import unnamed
from tests.support.robots.claims_day import ClaimsDayRobot
from tests.support.sent_claims import (
    account,
    answer_277,
    answer_999,
    batch_of,
    send,
    sets_of,
    some_claims,
    statuses,
    with_clearinghouse,
)
from tests.support.x12_texts import x12
from tests.ui.claims.conftest import OpenDay

COVERED = """
    BHT*0022*11*10001234*20260412*1319
    HL*1**20*1
    NM1*PR*2*IMAGINARY BLUE*****PI*99901
    HL*2*1*21*1
    NM1*1P*2*FICTIONAL SPRINGS*****XX*1234567893
    HL*3*2*22*0
    NM1*IL*1*ANYONE*ALMA****MI*XYZ123456789
    DMG*D8*19800501*F
    DTP*346*D8*20260101
    EB*1*IND*30*HM*GOLD 123 PLAN
"""


def put(folder: Path, name: str, data: bytes) -> Path:
    """A file in a folder, as the clearinghouse's program leaves it."""
    path = folder / name
    path.write_bytes(data)
    return path


def chooses(robot: ClaimsDayRobot, *paths: Path) -> None:
    """Read these files, from the Batches tab."""
    robot.chosen = paths
    robot.window.open("claim-answers", choose=True)
    robot.waits(lambda: robot.answers.file is not None)
    robot.rests()


def test_a_277ca_is_shown_before_it_moves_a_claim(
    sqlite_books: Office, open_day: OpenDay, tmp_path: Path
) -> None:
    desk = with_clearinghouse(sqlite_books)
    taken, refused = some_claims(sqlite_books, desk, 2)
    send(sqlite_books)
    data = answer_277(
        [
            (account(sqlite_books, taken), "A2:20", "PAYER-77"),
            (account(sqlite_books, refused), "A7:164", ""),
            ("OTHER0001", "A2:20", ""),
        ]
    )
    robot = open_day(sqlite_books)
    chooses(robot, put(tmp_path, "any name.txt", data))
    counts = {key: tile.count for key, tile in robot.answers.tiles.tiles.items()}
    assert counts == {"all": 3, "accepted": 1, "rejected": 1, "pending": 0, "strange": 1}
    assert list(robot.column("changes")) == [
        "Submitted → Rejected",
        "Not of this practice, or not sent from here",
        "Submitted → Accepted",
    ]
    assert robot.answers.line.note.text().startswith("277CA, any name.txt, made on 04/13/2026")
    assert set(statuses(sqlite_books).values()) == {ClaimStatus.SUBMITTED}
    comes_to(robot.answers.list.view)
    assert robot.button() == "Read 3 answers in"
    robot.does("Ctrl+Return")
    assert statuses(sqlite_books) == {taken: ClaimStatus.ACCEPTED, refused: ClaimStatus.REJECTED}
    assert robot.said() == (
        "277CA read: 1 accepted, 1 rejected. BAT-2026-00001 is answered."
        " 1 not ours is kept with the file."
    )
    help_ = robot.newest().help
    assert help_ is not None
    assert robot.button() == ""
    assert "It was read on 04/12/2026" in robot.answers.notice.text()
    help_.act()
    robot.rests()
    assert list(robot.column("number")) == ["CLM-2026-00002"]


def test_the_same_file_again_says_when_it_was_read(
    sqlite_books: Office, open_day: OpenDay, tmp_path: Path
) -> None:
    desk = with_clearinghouse(sqlite_books)
    some_claims(sqlite_books, desk, 1)
    send(sqlite_books)
    (control,) = sets_of(sqlite_books, 1)
    data = answer_999(batch_of(sqlite_books, 1).group_control, {control: "A"})
    robot = open_day(sqlite_books)
    chooses(robot, put(tmp_path, "a.999", data))
    robot.does("Ctrl+Return")
    assert set(statuses(sqlite_books).values()) == {ClaimStatus.ACKNOWLEDGED}
    chooses(robot, put(tmp_path, "again.999", data))
    robot.does("Ctrl+Return")
    assert "as a.999. Nothing changes." in robot.answers.notice.text()
    kept = sqlite_books.read(lambda work: work.db.query(Acknowledgment).count())
    assert kept == 1


def test_files_are_read_one_after_the_other(
    sqlite_books: Office, open_day: OpenDay, tmp_path: Path
) -> None:
    desk = with_clearinghouse(sqlite_books)
    (claim,) = some_claims(sqlite_books, desk, 1)
    send(sqlite_books)
    (control,) = sets_of(sqlite_books, 1)
    first = answer_999(batch_of(sqlite_books, 1).group_control, {control: "A"})
    second = answer_277([(account(sqlite_books, claim), "A2:20", "P-1")])
    robot = open_day(sqlite_books)
    chooses(robot, put(tmp_path, "1.999", first), put(tmp_path, "2.277", second))
    assert robot.answers.line.note.text().startswith("File 1 of 2: 999, 1.999")
    robot.does("Ctrl+Return")
    robot.waits(lambda: "277CA, 2.277" in robot.answers.line.note.text())
    assert robot.answers.line.note.text().startswith("File 2 of 2: ")
    robot.does("Ctrl+Return")
    assert statuses(sqlite_books) == {claim: ClaimStatus.ACCEPTED}


def test_an_answer_about_coverage_is_read_the_same_way(
    sqlite_books: Office, open_day: OpenDay, tmp_path: Path
) -> None:
    with_clearinghouse(sqlite_books)
    robot = open_day(sqlite_books)
    path = put(tmp_path, "c.271", x12("271", COVERED).encode())
    chooses(robot, path)
    assert list(robot.column("who")) == ["ALMA ANYONE"]
    assert list(robot.column("mark")) == ["Active"]
    robot.does("Ctrl+Return")
    assert robot.said() == "1 answer about coverage kept with the policies."
    assert sqlite_books.read(lambda work: work.db.query(EligibilityCheck).count()) == 1
    again = sqlite_books.read(lambda work: look_at_answers(work, path))
    assert again.already.startswith("It was read on 04/12/2026")


def test_what_is_no_answer_is_said(sqlite_books: Office, open_day: OpenDay, tmp_path: Path) -> None:
    with_clearinghouse(sqlite_books)
    robot = open_day(sqlite_books)
    robot.chosen = (put(tmp_path, "letter.txt", b"Dear payer"), tmp_path / "gone.999")
    robot.window.open("claim-answers", choose=True)
    robot.waits(lambda: any("gone.999 could not be read" in one.text for one in robot.heard))
    assert any("letter.txt is no X12 file" in one.text for one in robot.heard)
    assert robot.answers.file is None
    assert unnamed(robot.answers) == []


def test_a_file_is_told_by_what_is_in_it(tmp_path: Path) -> None:
    data = answer_999("1", {"0001": "A"})
    assert is_answer_file(put(tmp_path, "a.csv", data))
    assert is_answer_file(put(tmp_path, "b", b"\xef\xbb\xbf\r\n" + data))
    assert not is_answer_file(put(tmp_path, "c.999", b"Date,Client\n"))
    assert not is_answer_file(tmp_path / "gone")


def test_enter_on_an_answer_opens_its_claim(
    sqlite_books: Office, open_day: OpenDay, tmp_path: Path
) -> None:
    desk = with_clearinghouse(sqlite_books)
    (claim,) = some_claims(sqlite_books, desk, 1)
    send(sqlite_books)
    robot = open_day(sqlite_books)
    data = answer_277([(account(sqlite_books, claim), "A2:20", "")])
    chooses(robot, put(tmp_path, "2.277", data))
    robot.does("Home", "Return")
    assert robot.asked()[-1] == {"claim": claim}
    robot.does("Alt+Left")
    assert robot.button() == "Read 1 answer in"
    window = robot.window
    assert isinstance(window, MainWindow)
    stands = sqlite_books.read(lambda work: work.db.get_one(Claim, claim).status)
    assert stands is ClaimStatus.SUBMITTED
