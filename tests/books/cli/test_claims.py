"""The commands of claims: build, scrub, send, resend, export, ack, batches, undo; eligibility."""

from __future__ import annotations

from pathlib import Path

import pytest

from fscdesk.models.claim_batch import ClaimBatch
from fscdesk.models.coverage import Policy
from fscdesk.services.claims import policies
from fscdesk.services.claims.printers import Printer, set_printer
from fscdesk.services.connecting import open_office
from fscdesk.services.work import Work
from tests.support.claims import DAY, ClaimDesk, add_claim_desk, ready
from tests.support.cli import Ran, run_cli
from tests.support.clock import Clock
from tests.support.pyx12_judge import assert_accepted
from tests.support.sent_claims import RECEIVER, SENDER, answer_277, answer_999, set_setting


@pytest.fixture
def filled(practice: str, clock: Clock, tmp_path: Path) -> str:
    """Three sessions that are ready to bill, and an outbox."""
    outbox = tmp_path / "outbox"
    outbox.mkdir()
    office = open_office(practice, now=clock)

    def act(work: Work) -> ClaimDesk:
        desk = add_claim_desk(work)
        for key, value in (
            (policies.SUBMITTER_ID, SENDER),
            (policies.RECEIVER_ID, RECEIVER),
            (policies.RECEIVER_NAME, "Made-up Clearinghouse"),
            (policies.OUTBOX, str(outbox)),
        ):
            set_setting(work, key, value)
        ready(work, desk)
        ready(work, desk, patient=desk.ben)
        ready(work, desk, provider=desk.testa, minute=660, day=DAY.replace(day=9))
        return desk

    office.write(act)
    office.close()
    return practice


def run(practice: str, *line: str | Path) -> Ran:
    return run_cli(*line, "--practice", practice)


def spoil_member(practice: str, clock: Clock) -> None:
    office = open_office(practice, now=clock)

    def act(work: Work) -> None:
        work.db.get_one(Policy, 2).member_id = ""

    office.write(act)
    office.close()


def controls(practice: str, clock: Clock) -> str:
    office = open_office(practice, now=clock)
    found = office.read(lambda work: work.db.get_one(ClaimBatch, 1).group_control)
    office.close()
    return found


def test_from_ready_sessions_to_an_answer(filled: str, clock: Clock, tmp_path: Path) -> None:
    planned = run(filled, "claims", "build", "--plan", "--json")
    assert (planned.json["built"], planned.json["planned"]) == (0, 3)
    built = run(filled, "claims", "build", "--json")
    assert (built.json["built"], built.json["sessions"], built.json["total"]) == (3, 3, "480.00")
    again = run(filled, "claims", "build")
    assert (again.status, again.out) == (0, "There is nothing to build.\n")
    scrubbed = run(filled, "claims", "scrub", "--json")
    assert (scrubbed.json["claims"], scrubbed.json["ready"]) == (3, 3)
    looked = run(filled, "claims", "send", "--plan", "--json")
    assert (looked.json["sent"], looked.json["claims"]) == (False, 3)
    sent = run(filled, "claims", "send", "--json", "--key", "today")
    assert sent.status == 0, sent.err
    (batch,) = sent.json["batches"]
    assert (sent.json["claims"], sent.json["staying"], batch["claims"]) == (3, [], 3)
    (path,) = (Path(one) for one in sent.json["files"])
    assert_accepted(path.read_text())
    repeated = run(filled, "claims", "send", "--json", "--key", "today").json
    assert (repeated["sent"], repeated["repeated"], repeated["files"]) == (False, True, [])
    listed = run(filled, "claims", "batches", "--json").json
    assert [one["number"] for one in listed["batches"]] == [batch["number"]]
    out = tmp_path / "out"
    exported = run(filled, "claims", "export", "--format", "837p", "--out", out, "--json").json
    assert [one["batch"] for one in exported["files"]] == [batch["number"]]
    assert Path(exported["files"][0]["path"]).read_bytes() == path.read_bytes()
    number = built.json["claims"][0]["number"]
    transaction = path.read_text().split("ST*837*")[1].split("*")[0]
    answer = tmp_path / "answer.999"
    answer.write_bytes(answer_999(controls(filled, clock), {transaction: "A"}))
    read = run(filled, "claims", "ack", answer, "--json")
    assert (read.status, read.json["kind"], read.json["moved"]) == (0, "999", 3)
    assert {key: read.json[key] for key in ("accepted", "rejected", "matched", "unmatched")} == {
        "accepted": 1,
        "rejected": 0,
        "matched": 1,
        "unmatched": 0,
    }
    assert read.json["findings"] == []
    answer = tmp_path / "answer.277"
    answer.write_bytes(answer_277([(number.replace("-", ""), "A7:164", "")]))
    read = run(filled, "claims", "ack", answer, "--json")
    assert (read.status, read.json["kind"], read.json["rejected"]) == (1, "277CA", 1)
    assert read.json["rows"][0]["claim"] == number
    again = run(filled, "claims", "ack", answer)
    assert again.status == 0
    assert "It was read on 04/12/2026 at 08:00. Nothing was changed." in again.out
    refused = run(filled, "claims", "undo", batch["number"], "--reason", "late")
    assert refused.status == 2
    assert "is acknowledged" in refused.err
    assert run(filled, "verify").status == 0


def test_a_rejected_claim_goes_again(filled: str, tmp_path: Path) -> None:
    run(filled, "claims", "build")
    run(filled, "claims", "send")
    form = ("export", "--format", "cms1500", "--out", tmp_path / "out", "--claim", "CLM-2026-00001")
    assert "1 claim, BAT-2026-00001" in run(filled, "claims", *form).out
    nothing = run(filled, "claims", *form[:5])
    assert "none was sent on paper" in nothing.err
    answer = tmp_path / "answer.277"
    answer.write_bytes(answer_277([("CLM202600001", "A7:164", ""), ("CLM202600002", "A7:164", "")]))
    run(filled, "claims", "ack", answer)
    listed = run(filled, "claims", "batches")
    assert "04/12/2026  electronic  acknowledged, 2 rejected  3" in listed.out
    refused = run(filled, "claims", "send", "--claim", "CLM-2026-00001")
    assert "“fscdesk claims resend”" in refused.out + refused.err
    done = run(filled, "claims", "resend", "CLM-2026-00001")
    assert (done.status, done.out.splitlines()[0]) == (0, "1 claim can go with the next batch.")
    again = run(filled, "claims", "resend", "CLM-2026-00002", "CLM-2026-00001")
    assert again.status == 2
    assert "Only a rejected claim goes again" in again.err
    told = run(filled, "claims", "resend", "CLM-2026-00002", "--json").json
    assert (told["ready"], told["claims"][0]["claim"]) == (1, "CLM-2026-00002")
    assert run(filled, "claims", "send", "--json").json["claims"] == 2


def test_what_stays_is_told_and_asks_for_a_person(filled: str, clock: Clock) -> None:
    assert run(filled, "claims", "build").status == 0
    spoil_member(filled, clock)
    scrubbed = run(filled, "claims", "scrub")
    assert scrubbed.status == 1
    assert "mend: CLM-2026-" in scrubbed.out
    planned = run(filled, "claims", "send", "--plan")
    assert planned.status == 1
    assert "2 claims would go, 320.00 in all." in planned.out
    assert "Nothing was sent: this is the plan." in planned.out
    sent = run(filled, "claims", "send")
    assert sent.status == 1
    assert "2 claims sent, 320.00 in all." in sent.out
    assert "1 claim stays behind:" in sent.out
    last = run(filled, "claims", "send")
    assert (last.status, "No claim" in last.out) == (1, True)


def test_forms_and_tests_of_claims_that_were_not_sent(filled: str, tmp_path: Path) -> None:
    run(filled, "claims", "build")
    out = tmp_path / "out"
    forms = run(filled, "claims", "export", "--format", "cms1500", "--out", out, "--json").json
    (form,) = forms["files"]
    assert (form["claims"], form["batch"]) == (3, "")
    assert Path(form["path"]).read_bytes().startswith(b"%PDF")
    tried = run(filled, "claims", "export", "--format", "837p", "--out", out, "--json").json
    (file,) = tried["files"]
    assert (file["test"], file["claims"], file["batch"]) == (True, 3, "")
    text = Path(file["path"]).read_text()
    assert "*0*T*:~" in text
    assert_accepted(text)
    one = run(
        *(filled, "claims", "export", "--format", "cms1500", "--out", out, "--paper", "red"),
        *("--claim", "CLM-2026-00001", "--json"),
    ).json
    assert one["files"][0]["claims"] == 1
    assert run(filled, "claims", "batches", "--json").json["in_all"] == 0


def test_red_forms_are_moved_for_a_named_printer(filled: str, clock: Clock, tmp_path: Path) -> None:
    run(filled, "claims", "build")
    adjusted = open_office(filled, now=clock)
    adjusted.write(lambda work: set_printer(work, Printer("Front desk", 3, 4), seen=None))
    adjusted.close()
    one = ("--claim", "CLM-2026-00001", "--json", "--paper", "red")
    form = (filled, "claims", "export", "--format", "cms1500", "--out")
    plain = run(*form, tmp_path / "plain", *one).json["files"][0]
    moved = run(*form, tmp_path / "moved", *one, "--printer", "front desk").json["files"][0]
    assert moved["sha256"] != plain["sha256"]
    refused = run(*form, tmp_path / "none", *one, "--printer", "Attic")
    assert "No printer is called Attic" in refused.err
    assert not list((tmp_path / "none").glob("*"))
    assert run(*form, tmp_path, "--printer", "Front desk").status == 2


def test_a_batch_is_taken_back(filled: str, tmp_path: Path) -> None:
    run(filled, "claims", "build")
    run(filled, "claims", "send")
    assert run(filled, "claims", "undo", "BAT-2026-00001").status == 2
    done = run(filled, "claims", "undo", "BAT-2026-00001", "--reason", "wrong day")
    assert done.out == "Took back BAT-2026-00001: 3 claims can be sent again.\n"
    assert list((tmp_path / "outbox").iterdir()) == []
    again = run(filled, "claims", "send", "--json").json
    assert again["batches"][0]["number"] == "BAT-2026-00002"


def test_what_is_wrong_is_said(filled: str, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Sir")
    for line, said in (
        (("claims", "ack", letter), "letter.txt is no X12 file."),
        (("claims", "ack", tmp_path), "is a folder"),
        (("claims", "ack", tmp_path / "nothing.999"), "nothing.999 is not there"),
        (("eligibility", letter), "letter.txt is no X12 file"),
        (("eligibility", "ask", "P-1"), "--out DIR"),
        (("eligibility", "a", "b", "c"), "Name one FILE"),
        (("claims", "scrub", "--claim", "CLM-2026-99999"), "There is no claim"),
        (("claims", "undo", "BAT-1", "--reason", "x"), "There is no batch"),
        (("claims", "export", "--format", "837p", "--out", tmp_path, "--batch", "B"), "no batch"),
        (("claims", "export", "--format", "837p", "--out", tmp_path), "There is no claim to write"),
        (("claims", "export", "--format", "837p", "--out", tmp_path / "a" / "b"), "not exist"),
    ):
        ran = run(filled, *line)
        assert (ran.status, ran.out) == (2, ""), ran.out
        assert said in ran.err


def test_coverage_is_asked_for_and_read(filled: str, tmp_path: Path) -> None:
    asked = run(filled, "eligibility", "ask", "P-1", "--out", tmp_path, "--json").json
    text = Path(asked["file"]).read_text()
    assert asked["trace"] in text
    answer = tmp_path / "answer.271"
    answer.write_bytes(_answer(asked["trace"]))
    read = run(filled, "eligibility", answer, "--json")
    assert (read.status, read.json["kind"], read.json["matched"]) == (0, "271", 1)
    assert read.json["rows"][0]["active"] is True
    assert read.json["rows"][0]["copay"] == "25.00"
    again = run(filled, "eligibility", answer)
    assert again.status == 0
    assert "Nothing was changed." in again.out
    assert "Alma Anyone, Imaginary Blue XYZ123456789; active; copay 25.00" in again.out


def _answer(trace: str) -> bytes:
    from tests.books.claims.test_eligibility import answer

    return answer(trace)
