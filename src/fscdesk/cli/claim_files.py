"""Commands that write and read the files of claims: export, ack, eligibility."""

from __future__ import annotations

import enum
import hashlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from fscdesk.cli.claim_options import (
    ClaimOption,
    PlanOption,
    named,
    read_file,
    save_new,
    shortened,
)
from fscdesk.cli.options import (
    DONE,
    NEEDS_A_PERSON,
    JsonOption,
    PracticeOption,
    opened,
)
from fscdesk.cli.pages import require_out
from fscdesk.cli.terminal import as_json, counted, print_json, say, say_findings
from fscdesk.services.claims.ack_plan import Acknowledged, AckPlan
from fscdesk.services.claims.acknowledging import apply_acknowledgment, plan_acknowledgment
from fscdesk.services.claims.as_cms1500 import CmsMode, claim_pdf
from fscdesk.services.claims.batches import Route, batch_detail, batch_named
from fscdesk.services.claims.eligibility import ask_eligibility
from fscdesk.services.claims.eligibility_reading import EligibilityRead, read_eligibility
from fscdesk.services.claims.looking_up import last_batch, left_in, ready_claims, waiting_batches
from fscdesk.services.claims.sending import plan_batch
from fscdesk.services.claims.sending_again import (
    batch_pdf,
    copy_for_test,
    save_batch_file,
)
from fscdesk.services.errors import Problem, Severity
from fscdesk.services.named import patient_named
from fscdesk.services.office import Office
from fscdesk.services.work import Work

_ASK = "ask"
_NOTHING = "No file was written."
_MOST_WORDS = 2


class Format(enum.StrEnum):
    """As what claims are written."""

    X12 = "837p"
    PAPER = "cms1500"


class Paper(enum.StrEnum):
    """On what a form is printed."""

    PLAIN = "plain"
    RED = "red"


@dataclass(frozen=True, slots=True)
class _Saved:
    """A file that was written; ``batch`` is in which its claims left, empty where not all did."""

    path: Path
    batch: str
    claims: int
    sha256: str
    test: bool


def export(
    ctx: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder for the files.")],
    form: Annotated[Format, typer.Option("--format", help="As what: 837p or cms1500.")],
    batch: Annotated[
        list[str] | None,
        typer.Option("--batch", metavar="BATCH", help="Of this batch, as it went; repeatable."),
    ] = None,
    claim: ClaimOption = None,
    paper: Annotated[
        Paper, typer.Option(help="Forms on plain paper, or text for red forms.")
    ] = Paper.PLAIN,
    printer: Annotated[
        str, typer.Option("--printer", metavar="NAME", help="Red forms, moved for this printer.")
    ] = "",
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Write claims to files: of a batch as it went, or of claims that are ready.

    Without --batch and --claim: files that wait to be taken to the clearinghouse; where none
    does, the claims that are ready, of an 837p as a test; where none is, the last batch that
    went this way.
    """
    if batch and claim:
        raise typer.BadParameter("Give --batch or --claim, not both.")
    require_out(out, _NOTHING)
    red = paper is Paper.RED
    if printer and (form is not Format.PAPER or not red):
        raise typer.BadParameter("Give --printer with --format cms1500 --paper red.")
    mode = CmsMode.RED_FORM if red else CmsMode.FILE_COPY
    with opened(ctx, practice) as office:
        batches, claims = office.read(lambda work: _wanted(work, form, batch, claim))
        if form is Format.X12:
            saved = [_save_batch(office, one, out) for one in batches]
            saved += [_save_test(office, claims, out)] if claims else []
        else:
            saved = _save_forms(office, (batches, claims), out, mode, printer)
    if json:
        print_json({"format": form, "files": saved})
        return DONE
    for one in saved:
        what = one.batch or ("a test, nothing was sent" if one.test else "not sent")
        say(f"{one.path}  {counted(one.claims, 'claim')}, {what}")
    return DONE


def ack(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A 999 or a 277CA.")],
    plan: PlanOption = False,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Read what came back for claims; batches, claims and sessions follow it."""
    data = read_file(file)
    with opened(ctx, practice) as office:
        if plan:
            seen = office.read(lambda work: plan_acknowledgment(work, file.name, data))
            done = Acknowledged(None, seen, 0, ())
        else:
            done = office.write(
                lambda work: apply_acknowledgment(work, plan_acknowledgment(work, file.name, data))
            ).value
    if json:
        print_json(_ack_document(done))
    else:
        _tell_ack(done, only_planned=plan)
    return NEEDS_A_PERSON if _needs_a_person(done.plan) else DONE


def eligibility(
    ctx: typer.Context,
    what: Annotated[
        list[str],
        typer.Argument(metavar="FILE | ask CLIENT", help="A 271 to read, or whom to ask about."),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="The folder for the question.")
    ] = None,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Read an answer about coverage (271), or write the question for a client (270)."""
    if what[0] == _ASK and len(what) == _MOST_WORDS:
        return _ask(ctx, what[1], out, practice, json=json)
    if len(what) > 1:
        raise typer.BadParameter("Name one FILE, or “ask” and a client's number.")
    path = Path(what[0])
    data = read_file(path)
    with opened(ctx, practice) as office:
        read = office.write(lambda work: read_eligibility(work, path.name, data)).value
    if json:
        print_json({"kind": "271", "matched": read.matched, **as_json(read)})
    else:
        _tell_eligibility(read)
    lacks = any(row.active is not True for row in read.rows)
    open_ = bool(read.findings) or read.unmatched or lacks
    return NEEDS_A_PERSON if open_ and not read.already else DONE


def _ask(
    ctx: typer.Context, client: str, out: Path | None, practice: str | None, *, json: bool
) -> int:
    if out is None:
        raise typer.BadParameter("Say where the question goes: --out DIR.")
    require_out(out, _NOTHING)
    with opened(ctx, practice) as office:
        asked = office.write(lambda work: ask_eligibility(work, patient_named(work, client))).value
        path = save_new(out, asked.file_name, asked.text.encode("ascii"))
    if json:
        print_json(
            {
                "kind": "270",
                "trace": asked.trace,
                "payer": asked.payer,
                "service_day": asked.service_day,
                "file": path,
            }
        )
    else:
        say(f"Question {asked.trace} to {asked.payer}: {path}")
    return DONE


def _wanted(
    work: Work, form: Format, batches: list[str] | None, claims: list[str] | None
) -> tuple[list[int], list[int]]:
    """Return the batches, and the claims without one, that are to be written."""
    if batches:
        return [batch_named(work, one) for one in batches], []
    if claims:
        return [], named(claims)(work) or []
    electronic = form is Format.X12
    waiting = list(waiting_batches(work)) if electronic else []
    if waiting:
        return waiting, []
    ready = list(ready_claims(work))
    if electronic and ready:
        ready = [one.claim_id for one in plan_batch(work, ready).electronic]
    if ready:
        return [], ready
    last = last_batch(work, Route.ELECTRONIC if electronic else Route.PAPER)
    if last is None:
        way = "by file" if electronic else "on paper"
        raise Problem(
            f"There is no claim to write: none is ready, and none was sent {way}.",
            hint="Nothing was written. “fscdesk claims scrub” says what stands on the claims.",
        )
    return [last], []


def _save_batch(office: Office, batch_id: int, out: Path) -> _Saved:
    path = office.write(lambda work: save_batch_file(work, batch_id, out)).value
    row = office.read(lambda work: batch_detail(work, batch_id)).row
    return _Saved(path, row.number, row.claims, row.sha256, test=False)


def _save_test(office: Office, claims: list[int], out: Path) -> _Saved:
    file = office.read(lambda work: copy_for_test(work, claims))
    path = save_new(out, file.name, file.data)
    return _Saved(path, "", len(claims), hashlib.sha256(file.data).hexdigest(), test=True)


def _save_forms(
    office: Office,
    wanted: tuple[list[int], list[int]],
    out: Path,
    mode: CmsMode,
    printer: str,
) -> list[_Saved]:
    batches, claims = wanted
    saved = []
    for one in batches:
        data = office.read(partial(batch_pdf, batch_id=one, mode=mode, printer=printer))
        row = office.read(partial(batch_detail, batch_id=one)).row
        path = save_new(out, f"CMS1500-{row.number}.pdf", data)
        digest = hashlib.sha256(data).hexdigest()
        saved.append(_Saved(path, row.number, row.claims, digest, test=False))
    if claims:
        data = office.read(lambda work: claim_pdf(work, claims, mode, printer=printer))
        digest = hashlib.sha256(data).hexdigest()
        path = save_new(out, f"CMS1500-{digest[:8]}.pdf", data)
        left = ", ".join(office.read(lambda work: left_in(work, claims)))
        saved.append(_Saved(path, left, len(claims), digest, test=False))
    return saved


def _needs_a_person(plan: AckPlan) -> bool:
    if plan.already:
        return False
    found = any(one.severity is not Severity.INFO for one in plan.findings)
    return bool(plan.rejected or plan.unmatched) or found


def _ack_document(done: Acknowledged) -> dict[str, Any]:
    plan = done.plan
    return {
        "file": plan.file_name,
        "kind": plan.kind,
        "sha256": plan.sha256,
        "made_on": plan.made_on,
        "accepted": plan.accepted,
        "rejected": plan.rejected,
        "pending": plan.pending,
        "matched": plan.matched,
        "unmatched": plan.unmatched,
        "moved": done.moved,
        "batches": done.batches,
        "already": plan.already or None,
        "rows": [
            {
                "reference": row.reference,
                "verdict": row.verdict,
                "batch": row.batch or None,
                "claim": row.claim or None,
                "payer_number": row.payer_number or None,
                "codes": row.codes,
                "words": row.words,
                "moves": row.moves,
                "holds": row.holds,
            }
            for row in plan.rows
        ],
        "findings": plan.findings,
    }


def _tell_ack(done: Acknowledged, *, only_planned: bool) -> None:
    plan = done.plan
    what = "claim" if plan.kind.value == "277CA" else "transaction"
    say(
        f"{plan.file_name}: {plan.kind.value}, {counted(plan.accepted, what)} accepted,"
        f" {plan.rejected:,} rejected, {plan.pending:,} pending;"
        f" {plan.matched:,} of ours, {plan.unmatched:,} not."
    )
    if plan.already:
        say(f"{plan.already}. Nothing was changed.")
        return
    told = [
        f"  {row.claim or row.batch or row.reference}: {row.words}"
        for row in plan.rows
        if row.verdict.value == "rejected"
    ]
    say(*shortened(told))
    say_findings(plan.findings, indent="  ")
    if only_planned:
        say("Nothing was changed: this is the plan.")
    else:
        say(f"{counted(done.moved, 'claim')} moved. The file is kept.")


def _tell_eligibility(read: EligibilityRead) -> None:
    for row in read.rows:
        state = {True: "active", False: "not active", None: row.refusal or "no word on coverage"}
        figures = (
            ("copay", row.copay),
            ("coinsurance %", row.coinsurance_percent),
            ("deductible", row.deductible),
            ("deductible left", row.deductible_left),
            ("visits left", row.visits_left),
        )
        told = ", ".join(f"{name} {value}" for name, value in figures if value is not None)
        parts = [f"{row.patient}, {row.payer} {row.member_id}", state[row.active], told]
        say("; ".join(part for part in parts if part))
    say_findings(read.findings)
    if read.already:
        say(f"{read.already}. Nothing was changed.")
