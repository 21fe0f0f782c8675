"""dev.py, as far as it goes without a network."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.shared import ROOT


@pytest.fixture
def dev() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_older_python_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer, and this is 3\.9"):
        exec(compile((ROOT / "dev.py").read_text(encoding="utf-8"), "dev.py", "exec"), {})  # noqa: S102


def test_it_needs_nothing_but_python() -> None:
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "dev.py", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "dev.py run" in ran.stdout


def test_the_exit_status_is_that_of_what_ran(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[str, ...]] = []

    def start(*arguments: str, offscreen: bool = False) -> int:
        started.append(arguments)
        return 7

    monkeypatch.setattr(dev, "set_up", lambda: None)
    monkeypatch.setattr(dev, "install_qt_libraries", lambda *, display: None)
    monkeypatch.setattr(dev, "start", start)
    assert dev.main(["run", "--demo"]) == 7
    assert dev.main(["test", "tests/unit", "-x"]) == 7
    assert started == [
        ("-m", "fscdesk", "--demo"),
        ("-m", "pytest", "tests/unit", "-x"),
    ]


def test_a_check_that_finds_something_fails_the_tests(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "set_up", lambda: None)
    monkeypatch.setattr(dev, "install_qt_libraries", lambda *, display: None)
    monkeypatch.setattr(dev, "start", lambda *arguments, offscreen=False: int("mypy" in arguments))
    assert dev.main(["test"]) == 1
    assert "not in order: mypy" in capsys.readouterr().out
    assert dev.main(["lint"]) == 1


def test_a_second_start_sets_nothing_up(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    if not dev.READY.is_file():
        pytest.skip("this environment was not made by dev.py")

    def nothing(*arguments: str, offscreen: bool = False) -> int:
        pytest.fail(f"started {arguments}")

    monkeypatch.setattr(dev, "start", nothing)
    dev.set_up()


def test_the_table_of_diagnoses_is_made_once_and_again_when_it_is_gone(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    started: list[tuple[str, ...]] = []

    def start(*arguments: str, offscreen: bool = False) -> int:
        started.append(arguments)
        dev.DIAGNOSES.write_text("a table", encoding="utf-8")
        return 0

    monkeypatch.setattr(dev, "DIAGNOSES", tmp_path / "table.sqlite3")
    monkeypatch.setattr(dev, "DIAGNOSES_READY", tmp_path / "ready")
    monkeypatch.setattr(dev, "start", start)
    dev.make_diagnoses()
    dev.make_diagnoses()
    assert started == [(str(ROOT / "installer" / "icd10cm.py"),)]
    dev.DIAGNOSES.unlink()
    dev.make_diagnoses()
    assert len(started) == 2
    dev.DIAGNOSES_READY.unlink()
    monkeypatch.setattr(dev, "start", lambda *arguments, offscreen=False: 1)
    with pytest.raises(dev.SetUpError, match="could not be made"):
        dev.make_diagnoses()


def test_missing_libraries_name_the_command_where_it_may_not_install(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux leaves Qt's libraries to the system")
    monkeypatch.setattr(dev, "loads", lambda library: library != "libEGL.so.1")
    monkeypatch.setattr(dev, "has_package", lambda name: True)
    monkeypatch.setattr(dev.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(dev.os, "geteuid", lambda: 1000)
    with pytest.raises(
        dev.SetUpError, match=r"sudo apt-get install -y --no-install-recommends libegl1$"
    ):
        dev.install_qt_libraries(display=False)
