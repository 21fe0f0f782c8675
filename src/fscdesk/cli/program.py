"""The program as commands: reads the line, runs one of them, turns refusals into words."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from typing import Annotated

import typer

from fscdesk import __version__
from fscdesk.cli.options import (
    DONE,
    FAILED,
    REFUSED,
    PracticeOption,
    Surroundings,
    surroundings,
)
from fscdesk.cli.refusals import hint_of
from fscdesk.cli.rooms import adder_of, rooms_for
from fscdesk.cli.terminal import complain, end_quietly, say, speak_utf8
from fscdesk.services.editing import is_storable
from fscdesk.services.errors import Cancelled, Problem
from fscdesk.services.faults import keep_fault

STOPPED = 130


@cache
def _app(rooms: tuple[tuple[str, ...], ...]) -> typer.Typer:
    """Return the program with the commands of these rooms."""
    app = typer.Typer(
        name="fscdesk",
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback(invoke_without_command=True)(_start)
    for room in rooms:
        adder_of(room)(app)
    return app


def _start(
    ctx: typer.Context,
    practice: PracticeOption = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Open a fictional practice with two years of work.")
    ] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> int:
    """The billing office of a small practice. Without a command it opens its window.

    Exit status: 0 done; 1 done, and something needs a person; 2 refused, nothing was changed.
    """
    around = surroundings(ctx)
    if version:
        say(f"fscdesk {__version__}")
        raise typer.Exit(DONE)
    ctx.obj = Surroundings(around.now, around.open_window, around.draw_screens, practice)
    if ctx.invoked_subcommand is None:
        raise typer.Exit(around.open_window(practice, demo))
    if demo:
        raise typer.BadParameter("--demo opens the window and goes with no command.")
    return DONE


def main(arguments: Sequence[str], around: Surroundings) -> int:
    """Run one command line and return its exit status.

    Never raises for a refusal, a wrong argument or a fault: it is said on stderr.
    """
    speak_utf8()
    strange = next((one for one in arguments if not is_storable(one)), None)
    if strange is not None:
        complain(f"“{strange}” holds bytes that are no text.", "Nothing was done. Type it anew.")
        return REFUSED
    try:
        status = typer.main.get_command(_app(rooms_for(arguments))).main(
            list(arguments), prog_name="fscdesk", standalone_mode=False, obj=around
        )
        sys.stdout.flush()
    except Problem as problem:
        hint = hint_of(problem, arguments)
        complain(problem.message, *([hint] if hint else []))
        return REFUSED
    except typer.TyperException as fault:
        complain(_usage(fault), "“fscdesk --help” says what there is.")
        return REFUSED
    except (Cancelled, KeyboardInterrupt, typer.Abort):
        complain("Stopped.")
        return STOPPED
    except BrokenPipeError:
        end_quietly()
        return DONE
    except Exception as fault:  # noqa: BLE001 - the last line: whatever it is, it is said plainly
        return _failed(fault)
    return status if isinstance(status, int) else DONE


def _usage(fault: typer.TyperException) -> str:
    """Say what is wrong with the line, in words; the parser's own are for programmers."""
    text = fault.format_message().strip()
    if isinstance(fault, typer.BadParameter) and fault.message:
        names = fault.param.opts if fault.param is not None else ()
        said = fault.message.removeprefix("Value error, ")
        if said.startswith("Input should be a valid integer"):
            said = "this is not a whole number"
        text = f"{names[0]}: {said}" if names else said
    return text if text.endswith((".", "?")) else f"{text}."


def _failed(fault: Exception) -> int:
    if type(fault).__name__ == "OperationalError":  # the database's own, whichever it is
        complain(
            "The database was busy for too long, stopped answering, or its disk is full.",
            "Nothing of this command was saved. Try again; look at the disk and the connection.",
        )
        return REFUSED
    log = keep_fault(fault)
    where = f" Where it happened, without any client's data, is in {log}." if log else ""
    complain(f"fscdesk met a fault of its own, and nothing of this command was saved.{where}")
    return FAILED
