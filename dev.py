"""Set up, run, test and measure fscdesk. Needs Python 3.11 or newer, and nothing else.

    python3 dev.py run [ARGUMENTS]           start fscdesk (--demo: the demo practice)
    python3 dev.py test [--quick] [PYTEST]   every check, then every test; --quick: SQLite only
    python3 dev.py lint                      only ruff, mypy and import-linter
    python3 dev.py bench [ARGUMENTS]         the measurements of bench/
    python3 dev.py screenshots FOLDER        every screen on the demo practice, as PNG

The first start makes the folder .venv and installs what requirements.lock names. The exit status
is that of what was started; 2 means that the set-up could not be made.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python must get this far to be told
    sys.exit(
        "fscdesk needs Python 3.11 or newer, and this is %d.%d. Nothing was changed. "  # noqa: UP031
        "Start dev.py with a newer one, such as: python3.12 dev.py run" % sys.version_info[:2]
    )

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
READY = VENV / "fscdesk-ready"
DIAGNOSES = ROOT / "resources" / "seeds" / "icd10cm.sqlite3"
DIAGNOSES_READY = VENV / "icd10cm-ready"
DIAGNOSES_MAKER = ROOT / "installer" / "icd10cm.py"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
CHECKED = ("src", "tests", "bench", "installer", "dev.py")
QUICK = ("tests/unit", "tests/checks", "tests/books")

# What Qt loads on Linux, and the Debian package that has it.
QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
QT_DISPLAY_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
FONTS = "fonts-dejavu-core"
# import-linter has no module to start; its script's place differs from system to system.
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as lint; lint()"


class SetUpError(Exception):
    """The set-up could not be made; the text says why and what to do."""


def main(arguments: list[str]) -> int:
    """Do what the first argument names; return the exit status of what was started."""
    commands = {
        "run": run,
        "test": test,
        "lint": lint,
        "bench": bench,
        "screenshots": screenshots,
    }
    if not arguments or arguments[0] not in commands:
        print(__doc__)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    try:
        return commands[arguments[0]](arguments[1:])
    except SetUpError as refusal:
        say(str(refusal))
        return 2
    except KeyboardInterrupt:
        return 130


def run(arguments: list[str]) -> int:
    """Start the program; a ``--`` before its arguments is nobody's argument."""
    if arguments[:1] == ["--"]:
        arguments = arguments[1:]
    set_up()
    install_qt_libraries(display=bool(os.environ.get("DISPLAY")))
    return start("-m", "fscdesk", *arguments)


def test(arguments: list[str]) -> int:
    """Run every check and every test; with arguments of pytest's own, only what they name."""
    quick = "--quick" in arguments
    chosen = [argument for argument in arguments if argument != "--quick"]
    set_up()
    install_qt_libraries(display=False)
    failed = [] if chosen else failing_checks(ruff_only=quick)
    options = [] if chosen else ["-n", str(min(4, os.cpu_count() or 1))]
    if quick:
        options += ["--sqlite-only"]
        options += [] if chosen else [folder for folder in QUICK if (ROOT / folder).is_dir()]
    say("pytest")
    status = start("-m", "pytest", *options, *chosen, offscreen=True)
    if failed:
        say(f"not in order: {', '.join(failed)} (see above)")
    return status or (1 if failed else 0)


def lint(arguments: list[str]) -> int:
    """Run the checks that need no test."""
    if arguments:
        raise SetUpError("lint takes no arguments.")
    set_up()
    failed = failing_checks(ruff_only=False)
    if failed:
        say(f"not in order: {', '.join(failed)}")
    return 1 if failed else 0


def bench(arguments: list[str]) -> int:
    """Measure, and compare with the limits."""
    set_up()
    install_qt_libraries(display=False)
    return start("-m", "bench", *arguments, offscreen=True)


def screenshots(arguments: list[str]) -> int:
    """Draw every screen."""
    set_up()
    install_qt_libraries(display=False)
    return start("-m", "fscdesk", "screenshots", *arguments, offscreen=True)


def failing_checks(*, ruff_only: bool) -> list[str]:
    """Run the checks and return the names of those that found something."""
    paths = [path for path in CHECKED if (ROOT / path).exists()]
    checks = {
        "ruff check": ["-m", "ruff", "check", "--quiet", *paths],
        "ruff format": ["-m", "ruff", "format", "--check", "--quiet", *paths],
    }
    if not ruff_only:
        checks["mypy"] = ["-m", "mypy", "--strict", *paths]
        checks["import-linter"] = ["-c", LINT_IMPORTS, "--no-logo"]
    failed = []
    for name, command in checks.items():
        say(name)
        if start(*command) != 0:
            failed.append(name)
    return failed


def start(*arguments: str, offscreen: bool = False) -> int:
    """Run the environment's Python in the repository and return its exit status."""
    environment = dict(os.environ)
    if offscreen:
        environment["QT_QPA_PLATFORM"] = "offscreen"
    sys.stdout.flush()
    return subprocess.run([PYTHON, *arguments], cwd=ROOT, env=environment, check=False).returncode


def set_up() -> None:
    """Make what the program needs to start here; done already, it costs nothing."""
    install()
    make_diagnoses()


def install() -> None:
    """Make .venv hold what requirements.lock names."""
    wanted = f"{hashlib.sha256(LOCK.read_bytes()).hexdigest()} {sys.version_info[:2]} {ROOT}\n"
    if READY.is_file() and PYTHON.exists() and READY.read_text(encoding="utf-8") == wanted:
        return
    READY.unlink(missing_ok=True)
    if not same_python():
        make_environment()
    say("installing what requirements.lock names (about 300 MB the first time)")
    quiet = [] if sys.stdout.isatty() else ["-qq"]
    pip = ["-m", "pip", "--disable-pip-version-check", "--no-input", *quiet]
    install = ["install", "--require-hashes", "--only-binary", ":all:", "-r", str(LOCK)]
    if start(*pip, *install) != 0:
        raise SetUpError(
            "pip could not install what requirements.lock names; its words are above. "
            "Look at the network connection, then start again: what is there is kept."
        )
    point_to_source()
    READY.write_text(wanted, encoding="utf-8")


def make_diagnoses() -> None:
    """Make the table of diagnosis codes, which is too large to be kept in the repository."""
    made_of = (LOCK, DIAGNOSES_MAKER, ROOT / "resources" / "seeds" / "icd10cm_changes.csv")
    wanted = "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}\n" for path in made_of)
    known = DIAGNOSES_READY.read_text(encoding="utf-8") if DIAGNOSES_READY.is_file() else ""
    if DIAGNOSES.is_file() and known == wanted:
        return
    say("making the table of diagnosis codes")
    if start(str(DIAGNOSES_MAKER)) != 0:
        raise SetUpError("The table of diagnosis codes could not be made; the reason is above.")
    DIAGNOSES_READY.write_text(wanted, encoding="utf-8")


def same_python() -> bool:
    """Return whether .venv works and was made by this version of Python."""
    if not PYTHON.exists():
        return False
    asked = subprocess.run(
        [PYTHON, "-c", "import pip, sys; print(sys.version_info[:2])"],
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.returncode == 0 and asked.stdout.strip() == str(sys.version_info[:2])


def make_environment() -> None:
    """Make .venv anew."""
    if importlib.util.find_spec("ensurepip") is None:  # Debian keeps it in a package of its own
        install_packages(["python3-venv"], "Python's venv module lacks a part.")
    say("making .venv")
    try:
        venv.create(VENV, clear=True, with_pip=True, symlinks=not WINDOWS)
    except (OSError, subprocess.CalledProcessError) as refusal:
        raise SetUpError(f"The folder .venv could not be made: {refusal}") from None


def point_to_source() -> None:
    """Let the environment find src: a relative line, so that no path is written down."""
    asked = subprocess.run(
        [PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    site = Path(asked.stdout.strip())
    line = os.path.relpath(ROOT / "src", site)
    (site / "fscdesk.pth").write_text(line + "\n", encoding="utf-8")
    _write_command()


def _write_command() -> None:
    """Put the command ``fscdesk`` beside the interpreter, as an installation would."""
    folder = Path(PYTHON).parent
    if sys.platform == "win32":
        (folder / "fscdesk.cmd").write_text('@"%~dp0python.exe" -m fscdesk %*\n', encoding="utf-8")
        return
    command = folder / "fscdesk"
    command.write_text(
        '#!/bin/sh\nexec "$(dirname "$0")/python" -m fscdesk "$@"\n', encoding="utf-8"
    )
    command.chmod(0o755)


def install_qt_libraries(*, display: bool) -> None:
    """Install what Qt needs from the system, on Linux, where something is missing."""
    if not sys.platform.startswith("linux"):
        return
    wanted = QT_LIBRARIES | (QT_DISPLAY_LIBRARIES if display else {})
    missing = [package for library, package in wanted.items() if not loads(library)]
    if shutil.which("dpkg-query") and not has_package(FONTS):
        missing.append(FONTS)
    if missing:
        install_packages(missing, "Qt needs libraries that this system lacks.")


def loads(library: str) -> bool:
    """Return whether the system's loader finds this library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_package(name: str) -> bool:
    """Return whether a Debian package is installed."""
    asked = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${db:Status-Status}", name],
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout == "installed"


def install_packages(packages: list[str], why: str) -> None:
    """Install Debian packages where that is allowed, else raise with the command to type."""
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if not shutil.which("apt-get"):
        raise SetUpError(f"{why} Install what your system calls: {' '.join(packages)}")
    if sys.platform == "win32" or os.geteuid() != 0:
        raise SetUpError(f"{why} Type this, then start again:\n  sudo {' '.join(command)}")
    say(f"installing {' '.join(packages)}")
    if quietly(*command) == 0:
        return
    quietly("apt-get", "update")  # a fresh system knows no packages yet
    if quietly(*command) != 0:
        raise SetUpError(f"{why} This did not install them:\n  {' '.join(command)}")


def quietly(*command: str) -> int:
    """Run a command that must not ask; its complaints are shown, its chatter is not."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=False,
    ).returncode


def say(text: str) -> None:
    """Tell what happens, on its own line."""
    print(f"dev.py: {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
