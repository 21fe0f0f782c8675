"""Commands that make, check and keep a practice: init, demo, verify, backup, restore, migrate."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from fscdesk.cli.options import (
    DONE,
    NEEDS_A_PERSON,
    JsonOption,
    PracticeOption,
    day_of,
    opened,
    practice_of,
    surroundings,
)
from fscdesk.cli.terminal import counted, print_json, say, table
from fscdesk.services import backups
from fscdesk.services.connecting import create_practice, is_shared
from fscdesk.services.ledger.checks import run_checks

NewPractice = Annotated[
    str | None, typer.Argument(metavar="PRACTICE", help="The new file, or postgresql://….")
]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (init, demo, verify, backup, restore, migrate, screenshots):
        app.command()(command)


def init(
    ctx: typer.Context,
    target: NewPractice = None,
    name: Annotated[str, typer.Option(help="What clients know the practice as.")] = "",
    zone: Annotated[str, typer.Option(help="Its time zone.")] = "America/New_York",
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Make a new, empty practice."""
    where = practice_of(ctx, target or practice)
    called = name or (where.rpartition("/")[2] if is_shared(where) else Path(where).stem)
    office = create_practice(where, name=called, zone=zone, now=surroundings(ctx).now)
    office.close()
    if json:
        print_json({"practice": where, "name": office.name, "zone": office.zone.key})
    else:
        say(f"Made the practice {office.name} in {where}.")
    return DONE


def demo(
    ctx: typer.Context,
    target: NewPractice = None,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same practice.")] = None,
    sessions: Annotated[
        int | None, typer.Option(help="About how many sessions. Left out: 9,000.")
    ] = None,
    as_of: Annotated[
        date | None,
        typer.Option(
            "--as-of", parser=day_of, metavar="DAY", help="Its last day. Left out: today."
        ),
    ] = None,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Make a fictional practice with two years of work."""
    from fscdesk.services.demo.building import SEED, build_demo

    built = build_demo(
        practice_of(ctx, target or practice),
        seed=SEED if seed is None else seed,
        today=as_of,
        sessions=sessions,
    )
    if json:
        print_json(built)
    else:
        say(f"Made {built.where}.", built.sentence())
    return DONE


def verify(ctx: typer.Context, practice: PracticeOption = None, json: JsonOption = False) -> int:
    """Check the books: every rule of the ledger, by name, with whatever offends it."""
    with opened(ctx, practice) as office:
        report = office.read(run_checks)
    if json:
        checks = [
            {"name": check.name, "ok": check.ok, "offenders": check.offenders}
            for check in report.checks
        ]
        print_json({"ok": report.ok, "checks": checks})
    else:
        say(*table([("ok" if one.ok else "NOT OK", one.name, one.words) for one in report.checks]))
        for one in report.checks:
            if not one.ok:
                say("", f"{one.name}: {counted(one.count, 'offender')}", *one.offenders)
        say("", "The books are right." if report.ok else "The books are not right: see above.")
    return DONE if report.ok else NEEDS_A_PERSON


def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The backup: a file that is not there yet.")],
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Copy the practice into a file, as of one moment, and check the copy."""
    made = backups.back_up(practice_of(ctx, practice), file)
    if json:
        print_json(made)
    else:
        total = sum(made.rows.values())
        say(f"Backed up to {made.path}: {counted(total, 'row')}, {made.size:,} bytes, checked.")
    return DONE


def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The backup.")],
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Take the place of the practice there; it is kept beside."),
    ] = False,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Put a backup in the place of the practice."""
    restored = backups.restore(file, practice_of(ctx, practice), replace=replace)
    if json:
        print_json(restored)
    else:
        say(f"Restored {restored.path}: {counted(sum(restored.rows.values()), 'row')}, checked.")
        if restored.kept is not None:
            say(f"What stood there before is kept as {restored.kept}.")
    return DONE


def migrate(
    ctx: typer.Context,
    dumped: Annotated[
        bool, typer.Option("--dumped", help="A shared practice was dumped on its server.")
    ] = False,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Bring a practice of an older fscdesk up to date; it is backed up first."""
    where = practice_of(ctx, practice)
    done = backups.migrate(where, dumped=dumped, now=surroundings(ctx).now)
    if json:
        print_json(done)
    elif done.before == done.after:
        say(f"The practice is up to date (schema {done.after}). Nothing was changed.")
    else:
        say(f"Brought up to date: schema {done.before} to {done.after}.")
        if done.backup is not None:
            say(f"The practice as it was is kept as {done.backup}.")
    return DONE


def screenshots(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the pictures go.")],
) -> int:
    """Draw every screen as PNG, light and dark: of the demo, or of --practice."""
    around = surroundings(ctx)
    return around.draw_screens(folder, around.practice)
