"""Commands for what runs by itself: jobs run, jobs list."""

from __future__ import annotations

from typing import Annotated

import typer

from fscdesk.cli.options import DONE, NEEDS_A_PERSON, JsonOption, PracticeOption, opened
from fscdesk.cli.terminal import print_json, say, table
from fscdesk.services.jobs.running import Outcome, jobs_listed, run_jobs

_SAID = {
    Outcome.DONE: "done",
    Outcome.FAILED: "failed",
    Outcome.RAN_BEFORE: "was done before",
    Outcome.MAY_NOT: "not done",
}


def add_to(app: typer.Typer) -> None:
    """Add the group to the program."""
    jobs = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    jobs.callback()(_jobs)
    jobs.command("run")(jobs_run)
    jobs.command("list")(jobs_list)
    app.add_typer(jobs, name="jobs")


def _jobs() -> None:
    """What runs by itself, once for the whole practice."""


def jobs_run(
    ctx: typer.Context,
    name: Annotated[
        list[str] | None, typer.Option(help="Only this job; may be said several times.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Also what was done before.")] = False,
    practice: PracticeOption = None,
    as_json: JsonOption = False,
) -> int:
    """Run the jobs that are due: for the system's scheduler, every day.

    Exit status 1 where one failed; the others have run.
    """
    with opened(ctx, practice) as office:
        ran = run_jobs(office, name or (), again=again)
    if as_json:
        print_json({"jobs": ran})
    else:
        say(*table([(one.name, _SAID[one.outcome], one.result) for one in ran]))
    return NEEDS_A_PERSON if any(one.outcome is Outcome.FAILED for one in ran) else DONE


def jobs_list(
    ctx: typer.Context, practice: PracticeOption = None, as_json: JsonOption = False
) -> int:
    """The jobs, how often each runs, and when it last did."""
    with opened(ctx, practice) as office:
        rows, zone = office.read(jobs_listed), office.zone
    if as_json:
        print_json({"jobs": rows})
        return DONE
    for row in rows:
        last = "never" if row.last_at is None else f"{row.last_at.astimezone(zone):%m/%d/%Y %H:%M}"
        due = "due" if row.due else "done"
        say(f"{row.name}: every {row.every.value}, {due}, last run: {last}. {row.words}.")
    return DONE
