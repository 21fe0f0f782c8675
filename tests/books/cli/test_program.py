"""The line itself: help, versions, wrong arguments, faults, consoles of another alphabet."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fscdesk import __version__
from fscdesk.cli import keeping_commands, terminal
from fscdesk.services import faults
from tests.support.cli import Windows, run_cli
from tests.support.shared import ROOT

COMMANDS = (
    *(("init",), ("demo",), ("verify",), ("backup",), ("restore",), ("migrate",)),
    *(("import",), ("undo",), ("statements",), ("report",), ("report", "aging"), ("screenshots",)),
    *(("payment",), ("payment", "add"), ("payment", "list"), ("receipt",), ("invoice",)),
    *(("superbill",), ("report", "unapplied"), ("report", "day-sheet")),
    *(("plans",), ("plans", "due"), ("plans", "charge")),
)
NEEDS_A_PRACTICE = (
    *(("verify",), ("backup", "x"), ("restore", "x"), ("migrate",), ("import", "x"), ("undo", "1")),
    *(("statements", "--plan"), ("report", "aging"), ("init",)),
    *(("payment", "list"), ("receipt", "x"), ("invoice", "--all"), ("report", "day-sheet")),
    *(("plans", "due"), ("plans", "charge")),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_says_what_it_does(command: tuple[str, ...]) -> None:
    ran = run_cli(*command, "--help")
    assert (ran.status, ran.err) == (0, "")
    assert f"Usage: fscdesk {' '.join(command)}" in ran.out
    assert len(ran.out.splitlines()) > 4


def test_the_program_lists_its_commands() -> None:
    ran = run_cli("--help")
    assert ran.status == 0
    for command in COMMANDS:
        assert command[0] in ran.out


@pytest.mark.parametrize("command", NEEDS_A_PRACTICE, ids=" ".join)
def test_without_a_practice_it_says_how_to_name_one(command: tuple[str, ...]) -> None:
    ran = run_cli(*command)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == (
        "No practice is named.\nNothing was done. Add --practice FILE, or set FSCDESK_PRACTICE.\n"
    )


def test_the_variable_names_the_practice(
    sqlite_practice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FSCDESK_PRACTICE", sqlite_practice)
    assert run_cli("verify").status == 0
    assert run_cli("--practice", sqlite_practice, "verify").status == 0
    assert run_cli("verify", "--practice", "nowhere.fscdesk").status == 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("nothing",), "No such command"),
        (("--nothing",), "--nothing"),
        (("import",), "FILE"),
        (("undo", "one"), "not a whole number"),
        (("report",), "aging"),
        (("report", "aging", "--by", "shoe"), "shoe"),
        (("report", "aging", "--as-of", "02/30/2026"), "02/30/2026 is not a day"),
        (("report", "aging", "--format", "pdf"), "--out FILE"),
        (("statements", "--minimum", "much", "--plan"), "much is not an amount"),
        (("statements",), "--out DIR"),
        (("--demo", "verify"), "--demo"),
    ],
)
def test_a_slip_of_the_pen_is_refused(line: tuple[str, ...], said: str) -> None:
    ran = run_cli(*line)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert "rror" not in ran.err
    assert "nvalid" not in ran.err


def test_without_a_command_the_window_opens() -> None:
    windows = Windows()
    assert run_cli(windows=windows).status == 0
    assert run_cli("--demo", windows=windows).status == 0
    assert run_cli("--practice", "mine.fscdesk", windows=windows).status == 0
    assert windows.opened == [(None, False), (None, True), ("mine.fscdesk", False)]
    assert run_cli("screenshots", "pictures", windows=windows).status == 0
    assert run_cli("--practice", "p.fsc", "screenshots", "more", windows=windows).status == 0
    assert windows.drawn == [(Path("pictures"), None), (Path("more"), "p.fsc")]


def test_a_fault_of_ours_is_one_sentence_and_a_log_without_values(
    sqlite_practice: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fails(*_arguments: object) -> None:
        raise ValueError("Quill Fakerson owes 55.00")

    monkeypatch.setattr(keeping_commands, "run_checks", fails)
    monkeypatch.setattr(faults, "user_log_path", lambda *_a, **_k: tmp_path / "log")
    ran = run_cli("verify", "--practice", sqlite_practice)
    assert (ran.status, ran.out) == (3, "")
    assert "a fault of its own" in ran.err
    log = (tmp_path / "log" / faults.LOG_NAME).read_text(encoding="utf-8")
    assert "ValueError" in log
    assert "in fails" in log
    for text in (ran.err, log):
        assert "Fakerson" not in text
        assert "55.00" not in text


def test_a_log_that_cannot_be_written_changes_nothing(
    sqlite_practice: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fails(*_arguments: object) -> None:
        raise ValueError

    (tmp_path / "log").write_text("a file where the folder should be")
    monkeypatch.setattr(keeping_commands, "run_checks", fails)
    monkeypatch.setattr(faults, "user_log_path", lambda *_a, **_k: tmp_path / "log")
    ran = run_cli("verify", "--practice", sqlite_practice)
    assert ran.status == 3
    assert ".log" not in ran.err


def test_a_busy_database_is_said_plainly(
    sqlite_practice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class OperationalError(Exception):
        """As both databases call it."""

    def fails(*_arguments: object) -> None:
        raise OperationalError

    monkeypatch.setattr(keeping_commands, "run_checks", fails)
    ran = run_cli("verify", "--practice", sqlite_practice)
    assert ran.status == 2
    assert "busy for too long" in ran.err


def test_names_of_any_alphabet_are_printed_on_any_console(tmp_path: Path) -> None:
    practice = tmp_path / "p.fscdesk"
    made = run_cli("init", practice, "--name", "Praxis Łódź 心理", "--json")
    assert made.status == 0
    assert made.json == {
        "practice": str(practice),
        "name": "Praxis Łódź 心理",
        "zone": "America/New_York",
    }
    assert "Praxis Łódź 心理" in made.out


def test_half_a_letter_is_shown_as_an_escape(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.speak_utf8()
    terminal.say("a\udc80b")
    assert capsys.readouterr().out == "a\\udc80b\n"


def test_it_starts_as_a_module_without_loading_qt(sqlite_practice: str) -> None:
    look = (
        "import sys; from fscdesk.__main__ import main;"
        f"status = main(['verify', '--json', '--practice', {sqlite_practice!r}]);"
        "assert 'PySide6' not in sys.modules; sys.exit(status)"
    )
    environment = {"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin", "PYTHONUTF8": "0"}
    ran = subprocess.run(
        [sys.executable, "-c", look], capture_output=True, check=False, env=environment
    )
    assert ran.returncode == 0, ran.stderr.decode()
    version = subprocess.run(
        [sys.executable, "-m", "fscdesk", "--version"],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert version.stdout.strip() == f"fscdesk {__version__}"


def test_init_never_writes_over_a_practice(sqlite_practice: str) -> None:
    ran = run_cli("init", sqlite_practice)
    assert (ran.status, ran.out) == (2, "")
    assert "exists already" in ran.err


def test_init_names_the_practice_after_its_file(tmp_path: Path) -> None:
    assert run_cli("init", tmp_path / "Springs.fscdesk", "--json").json["name"] == "Springs"
    assert run_cli("init", tmp_path / "x.fscdesk", "--zone", "Nowhere/Land").status == 2
    assert not (tmp_path / "x.fscdesk").exists()


def test_a_demo_practice_is_made_by_command(tmp_path: Path) -> None:
    target = tmp_path / "demo.fscdesk"
    line = ("--sessions", "300", "--as-of", "2026-04-12", "--seed", "7")
    made = run_cli("demo", target, *line, "--json")
    assert made.status == 0, made.err
    assert made.json["today"] == "2026-04-12"
    assert made.json["sessions"] > 100
    assert run_cli("verify", "--practice", target).status == 0
    assert run_cli("demo", target, *line).status == 2
