"""Commands that bring files in and take them back: import, undo."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from fscdesk.cli.options import (
    DONE,
    NEEDS_A_PERSON,
    JsonOption,
    PracticeOption,
    day_of,
    opened,
)
from fscdesk.cli.terminal import as_json, complain, counted, print_json, say, say_findings
from fscdesk.services.errors import Problem, Severity
from fscdesk.services.importing.any_file import AnyRead, import_any, plan_any
from fscdesk.services.importing.applying import Applied
from fscdesk.services.importing.plan import ImportPlan
from fscdesk.services.importing.profiles import saved_profiles
from fscdesk.services.importing.questions import Question
from fscdesk.services.importing.reading import read_any
from fscdesk.services.importing.report_signatures import short_title
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.office import Office
from fscdesk.services.work import Work

SHOWN = 12
"""How many findings are printed for a person; JSON has all of them."""


class Accept(enum.StrEnum):
    """Which questions are answered without a person."""

    PROPOSALS = "proposals"


@dataclass(frozen=True, slots=True)
class _How:
    """What was asked for besides the files."""

    answers: dict[str, str]
    accept: bool
    file_day: date | None


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command("import")(import_files)
    app.command()(undo)


def import_files(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Any known export.")],
    plan: Annotated[
        bool, typer.Option("--plan", help="Say what would happen, and write nothing.")
    ] = False,
    accept: Annotated[
        Accept | None, typer.Option(help="Answer each question with its proposal.")
    ] = None,
    answer: Annotated[
        list[str] | None,
        typer.Option("--answer", metavar="ID=KEY", help="Answer one question. May be repeated."),
    ] = None,
    file_day: Annotated[
        date | None,
        typer.Option(
            "--file-day",
            parser=day_of,
            metavar="DAY",
            help="By which day payments are dated. Left out: the last day in the file.",
        ),
    ] = None,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Bring in files of sessions or other reports; each is recognised by its headings.

    Several files are imported in the order given, all of them or none. With --plan each is
    held against the books as they stand.
    """
    how = _How(_answers(answer or []), accept is not None, file_day)
    with opened(ctx, practice) as office:
        profiles = office.read(saved_profiles)
        zone = office.read(lambda work: work.zone)
        read = [read_any(path, profiles, zone=zone) for path in files]
        done = _planned(office, read, how) if plan else _applied(office, read, how)
    if json:
        documents = [_document(one) for one in done]
        print_json(documents[0] if len(documents) == 1 else {"files": documents})
    else:
        for one in done:
            _tell(one, only_planned=plan)
    return NEEDS_A_PERSON if any(_needs_a_person(one.plan) for one in done) else DONE


def undo(
    ctx: typer.Context,
    batch: Annotated[int, typer.Argument(metavar="BATCH", help="The number of the import.")],
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Take a whole import back, unless later work stands on it."""
    with opened(ctx, practice) as office:
        undone = office.write(lambda work: undo_import(work, batch)).value
    if json:
        print_json(
            {
                "batch": undone.batch_id,
                "file": undone.file_name,
                "withdrawn": undone.withdrawn,
                "restored": undone.restored,
                "entries_reversed": undone.entries_reversed,
            }
        )
    else:
        what = "session" if undone.sessions else "record"
        say(
            f"Took back import {undone.batch_id} of {undone.file_name}: "
            f"{counted(undone.withdrawn, what)} withdrawn, "
            f"{counted(undone.restored, what)} as before, "
            f"{counted(undone.entries_reversed, 'entry', 'entries')} reversed."
        )
    return DONE


def _answers(given: Sequence[str]) -> dict[str, str]:
    answers = {}
    for text in given:
        question, mark, key = text.rpartition("=")
        if not mark or not question:
            raise typer.BadParameter(f"{text} is no answer. Write it like ID=KEY.")
        answers[question] = key
    return answers


def _planned(office: Office, files: Sequence[AnyRead], how: _How) -> list[Applied]:
    def plan(work: Work) -> list[Applied]:
        plans = [
            plan_any(
                work,
                file,
                answers=how.answers,
                accept_proposals=how.accept,
                file_day=how.file_day,
            ).plan
            for file in files
        ]
        _require_asked(how, plans)
        return [Applied(None, one) for one in plans]

    return office.read(plan)


def _applied(office: Office, files: Sequence[AnyRead], how: _How) -> list[Applied]:
    def act(work: Work) -> list[Applied]:
        done = [
            import_any(
                work,
                file,
                answers=how.answers,
                accept_proposals=how.accept,
                file_day=how.file_day,
            )
            for file in files
        ]
        _require_asked(how, [one.plan for one in done])
        return done

    return office.write(act).value


def _require_asked(how: _How, plans: Sequence[ImportPlan]) -> None:
    """Refuse an answer that a question does not have.

    An answer to what nobody asked is only said: what a script once had to answer may be known
    by now, and a slip shows by the question that stays open.
    """
    asked = {one.id: one for plan in plans for one in plan.questions}
    for question, key in how.answers.items():
        if question not in asked:
            complain(f"Nobody asked “{question}”; that answer was not needed.")
            continue
        keys = [option.key for option in asked[question].options]
        if key not in keys:
            raise Problem(
                f"“{key}” is no answer to “{question}”.",
                hint=f"Nothing was imported. The answers are {', '.join(keys)}.",
            )


def _needs_a_person(plan: ImportPlan) -> bool:
    if plan.already is not None:
        return False
    return plan.open_questions > 0 or any(
        finding.severity is not Severity.INFO for finding in plan.findings
    )


def _document(done: Applied) -> dict[str, Any]:
    plan = done.plan
    return {
        "file": plan.file_name,
        "profile": plan.profile,
        "batch": done.batch_id,
        "read": plan.read,
        "created": plan.created,
        "changed": plan.changed,
        "unchanged": plan.unchanged,
        "skipped": plan.skipped,
        "gone": plan.gone,
        "questions": [as_json(question) for question in plan.questions],
        "findings": [as_json(finding) for finding in plan.findings],
        "totals": as_json(plan.totals if plan.report_totals is None else plan.report_totals),
        "already": plan.already,
    }


def _tell(done: Applied, *, only_planned: bool) -> None:
    plan = done.plan
    say(f"{plan.file_name}: {short_title(plan.profile)}")
    say(
        f"  {plan.read:,} read = {plan.created:,} new + {plan.changed:,} changed"
        f" + {plan.unchanged:,} unchanged + {plan.skipped:,} skipped"
        + (f"; {plan.gone:,} no longer in the file" if plan.report_totals is None else "")
    )
    say(f"  {_sums(plan)}")
    for question in plan.questions:
        if question.answer is None:
            _ask(question)
    say_findings(plan.findings[:SHOWN], indent="  ")
    if plan.findings[SHOWN:]:
        say(f"  and {counted(len(plan.findings) - SHOWN, 'finding')} more (--json has all)")
    say(f"  {_outcome(done, only_planned=only_planned)}")


def _sums(plan: ImportPlan) -> str:
    if plan.report_totals is not None:
        told = (f"{name.replace('_', ' ')} {sum_}" for name, sum_ in plan.report_totals.items())
        return f"Sums of the file: {', '.join(told) or 'none'}."
    totals = plan.totals
    return (
        f"Charged {totals.fee}: clients {totals.patient_charge}, payers"
        f" {totals.insurance_charge}. Recorded: clients paid {totals.patient_paid}, payers paid"
        f" {totals.insurance_paid}, written off {totals.write_off}."
    )


def _outcome(done: Applied, *, only_planned: bool) -> str:
    if done.plan.already is not None:
        return f"{done.plan.already}. Nothing was changed."
    if only_planned:
        return "Nothing was saved: this is the plan."
    if done.batch_id is None:
        return "Nothing to do. Nothing was changed."
    return f"Saved as import {done.batch_id}. To take it back: fscdesk undo {done.batch_id}"


def _ask(question: Question) -> None:
    say(f"  ? {question.text}", *([f"    {question.detail}"] if question.detail else []))
    for option in question.options:
        proposed = "  (proposed)" if option.key == question.proposal else ""
        say(f'    --answer "{question.id}={option.key}"  {option.label}{proposed}')
