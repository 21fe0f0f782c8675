"""Opens a practice and its window: the first start, the demo, another practice, the last one."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from urllib.parse import quote

from platformdirs import user_data_path

from fscdesk.services.connecting import create_practice, open_office
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.ui.app import Program, Started, start, welcome
from fscdesk.ui.composing import facts_of, screens_of
from fscdesk.ui.dialogs.building import build_with_progress
from fscdesk.ui.dialogs.shared_address import kept_password
from fscdesk.ui.dialogs.welcome import (
    Choice,
    ConnectPractice,
    CreatePractice,
    ExploreDemo,
    OpenPractice,
)
from fscdesk.ui.main_window import Hooks


def open_window(practice: str | None = None, *, demo: bool = False) -> int:
    """Show the window until it is closed and return the exit status.

    Opens ``practice``, or the demo, or what was open last; else asks. Raises Problem where
    a practice that was named cannot be opened.
    """
    started = start()
    office: Office | None
    if demo:
        office = open_demo(started)
    elif practice is not None:
        office = open_office(practice)
    else:
        office = _last(started) or ask_which(started)
    status = 0
    while office is not None:
        status, again = _show(started, office)
        office = ask_which(started) if again else None
    started.crash.uninstall()
    return status


def open_demo(started: Started, *, today: date | None = None) -> Office | None:
    """Open this month's demo practice; build it first where it is not there yet.

    None when the person stopped the building.
    """
    from fscdesk.services.demo.building import build_demo

    day = today or date.today()  # noqa: DTZ011 - the computer's day names the file
    folder = user_data_path("fscdesk", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"demo-{day:%Y-%m}.fscdesk"
    if path.exists():
        return open_office(path)
    unfinished = path.with_suffix(".building")
    _remove(unfinished)
    done = build_with_progress(
        started.app, lambda step: build_demo(unfinished, today=day, progress=step)
    )
    if not done:
        _remove(unfinished)
        return None
    os.replace(unfinished, path)  # noqa: PTH105 - one act, or nothing
    return open_office(path)


def ask_which(started: Started) -> Office | None:
    """Ask what to begin with, and open it; None when the person closed the question."""
    opened: list[Office] = []

    def carry_out(choice: Choice) -> None:
        office = _carry_out(started, choice)
        if office is not None:
            opened.append(office)

    welcome(started, carry_out)
    return opened[-1] if opened else None


def _carry_out(started: Started, choice: Choice) -> Office | None:
    match choice:
        case ExploreDemo():
            return open_demo(started)
        case CreatePractice(name=name, zone=zone, path=path):
            office = create_practice(path, name=name, zone=str(zone))
            started.preferences.set_last_practice(str(path))
            return office
        case OpenPractice(path=path):
            office = open_office(path)
            started.preferences.set_last_practice(str(path))
            return office
        case ConnectPractice(address=address):
            office = open_office(_with_password(address.url()))
            started.preferences.set_last_practice(address.url())
            return office


def _last(started: Started) -> Office | None:
    """Open what was open last, if it is still there and lets us in."""
    target = started.preferences.last_practice()
    if not target:
        return None
    try:
        return open_office(_with_password(target))
    except Problem:
        return None


def _with_password(target: str) -> str:
    """Put the password that the system's keyring keeps into an address, in memory alone."""
    if "://" not in target:
        return target
    password = kept_password(target)
    if not password:
        return target
    scheme, _, rest = target.partition("://")
    user, at, where = rest.rpartition("@")
    return f"{scheme}://{user}:{quote(password, safe='')}{at}{where}"


def _show(started: Started, office: Office) -> tuple[int, bool]:
    """Show the window over an office; return the status and whether another is wanted."""
    wanted: list[bool] = []

    def other(_shell: object) -> None:
        wanted.append(True)
        program.window.close()

    facts = facts_of(office)
    program = Program(started, office, facts, screens_of(Hooks(other_practice=other)))
    program.show("home")
    try:
        status = started.app.exec()
    finally:
        program.close()
        office.close()
    return status, bool(wanted)


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
