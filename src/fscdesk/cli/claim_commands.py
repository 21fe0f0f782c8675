"""Commands for claims: build, scrub, send, resend, export, ack, batches, undo; and eligibility."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer

from fscdesk.cli.claim_files import ack, eligibility, export
from fscdesk.cli.claim_options import ClaimOption, PlanOption, named, shortened
from fscdesk.cli.options import (
    DONE,
    NEEDS_A_PERSON,
    JsonOption,
    PracticeOption,
    opened,
)
from fscdesk.cli.terminal import as_json, counted, print_json, say, table
from fscdesk.services.claims.batch_plan import BatchPlan, Sent
from fscdesk.services.claims.batches import batch_named, page_of_batches
from fscdesk.services.claims.building import (
    BuildPlan,
    Built,
    WhyNot,
    build_claims,
    plan_claims,
    plan_secondary,
)
from fscdesk.services.claims.correcting import resend_rejected
from fscdesk.services.claims.listing import ClaimRow, claim_row
from fscdesk.services.claims.looking_up import FoundOnClaim, findings_on, unsent_claims
from fscdesk.services.claims.outbox import Written, write_missing
from fscdesk.services.claims.scrubbing import ScrubResult, scrub_claims
from fscdesk.services.claims.sending import plan_batch, send_claims
from fscdesk.services.claims.undoing import undo_batch
from fscdesk.services.paging import Span
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work

_OWN_PACE: Final = frozenset({WhyNot.SELF_PAY, WhyNot.FEE_ONLY, WhyNot.WAITS, WhyNot.ON_CLAIM})
"""Why a session is left out with nothing for a person to do."""
_BATCHES: Final = 50


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    claims = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    claims.callback()(_claims)
    claims.command("build")(claims_build)
    claims.command("scrub")(claims_scrub)
    claims.command("send")(claims_send)
    claims.command("resend")(claims_resend)
    claims.command("export")(export)
    claims.command("ack")(ack)
    claims.command("batches")(claims_batches)
    claims.command("undo")(claims_undo)
    app.add_typer(claims, name="claims")
    app.command("eligibility")(eligibility)


def _claims() -> None:
    """Build claims, check them, send them, and read what comes back."""


def claims_build(
    ctx: typer.Context,
    plan: PlanOption = False,
    later: Annotated[
        bool, typer.Option("--later", help="For the next payers, behind one that has answered.")
    ] = False,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Build claims of the sessions that are ready to bill, and check each at once."""

    def look(work: Work) -> BuildPlan:
        require(work, Right.MAKE_CLAIMS, "build claims")
        return plan_secondary(work) if later else plan_claims(work)

    def act(work: Work) -> tuple[BuildPlan, Built | None, tuple[FoundOnClaim, ...]]:
        wanted = look(work)
        if not wanted.claims:
            return wanted, None, ()
        built = build_claims(work, wanted)
        return wanted, built, findings_on(work, built.claim_ids)

    with opened(ctx, practice) as office:
        wanted, built, found = (office.read(look), None, ()) if plan else office.write(act).value
    if json:
        print_json(_build_document(wanted, built, found))
    else:
        _tell_build(wanted, built, found, only_planned=plan)
    to_do = any(one.code not in _OWN_PACE for one in wanted.left_out)
    return NEEDS_A_PERSON if to_do or _open(found) else DONE


def claims_scrub(
    ctx: typer.Context,
    claim: ClaimOption = None,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Check the claims that were not sent yet, and keep what is found."""

    def act(work: Work) -> tuple[ScrubResult, tuple[FoundOnClaim, ...]]:
        require(work, Right.MAKE_CLAIMS, "check claims")
        chosen = named(claim)(work)
        ids = unsent_claims(work) if chosen is None else chosen
        result = scrub_claims(work, ids)
        return result, findings_on(work, ids)

    with opened(ctx, practice) as office:
        result, found = office.write(act).value
    if json:
        print_json({**as_json(result), "findings": found})
    else:
        say(result.sentence(), *shortened(_finding_lines(found)))
    return NEEDS_A_PERSON if result.stopped or _open(found) else DONE


def claims_send(
    ctx: typer.Context,
    claim: ClaimOption = None,
    plan: PlanOption = False,
    key: Annotated[
        str | None, typer.Option(help="The same key sends once, however often it is run.")
    ] = None,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Send what can go: one 837P into the outbox, forms to print, lists for portals."""

    def look(work: Work) -> BatchPlan:
        return plan_batch(work, named(claim)(work))

    def act(work: Work) -> tuple[BatchPlan, Sent | None]:
        wanted = look(work)
        if not wanted.going and key is None:
            return wanted, None
        return wanted, send_claims(work, wanted, request_key=key)

    written = Written(())
    with opened(ctx, practice) as office:
        wanted, sent = (office.read(look), None) if plan else office.write(act).value
        if not plan:
            written = office.write(write_missing).value
    staying = wanted.staying if sent is None else sent.staying
    if json:
        print_json(_send_document(wanted, sent, written))
    else:
        _tell_send(wanted, sent, written, only_planned=plan)
    return NEEDS_A_PERSON if staying or written.waiting else DONE


def claims_resend(
    ctx: typer.Context,
    claim: Annotated[
        list[str], typer.Argument(metavar="CLAIM", help="Rejected ones, mended: CLM-2026-00042.")
    ],
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Let rejected claims go again with the next batch; each is checked anew. All or none."""

    def act(work: Work) -> tuple[list[ClaimRow], tuple[FoundOnClaim, ...]]:
        ids = named(claim)(work) or []
        resend_rejected(work, {one: claim_row(work, one).version for one in ids})
        return [claim_row(work, one) for one in dict.fromkeys(ids)], findings_on(work, ids)

    with opened(ctx, practice) as office:
        rows, found = office.write(act).value
    ready = sum(row.ready for row in rows)
    if json:
        told = [{"claim": one.number, "ready": one.ready, "held": one.why_held} for one in rows]
        print_json({"ready": ready, "claims": told, "findings": found})
    else:
        say(f"{counted(ready, 'claim')} can go with the next batch.")
        say(*(f"  {row.number}: {row.why_held}" for row in rows if not row.ready))
        say(*shortened(_finding_lines(found)))
    return DONE if ready == len(rows) else NEEDS_A_PERSON


def claims_batches(
    ctx: typer.Context, practice: PracticeOption = None, json: JsonOption = False
) -> int:
    """List the batches that were sent last, and where each stands."""
    span = Span(0, _BATCHES, "number", descending=True)
    with opened(ctx, practice) as office:
        page, zone = office.read(lambda work: (page_of_batches(work, span), work.zone))
    if json:
        print_json({"batches": page.rows, "in_all": page.total})
        return DONE
    rows = [
        (
            *(one.number, f"{one.made_at.astimezone(zone):%m/%d/%Y}", one.route.value),
            f"{one.state.value}, {one.rejected:,} rejected" if one.rejected else one.state.value,
            *(f"{one.claims:,}", str(one.total), one.written_to or one.reference),
        )
        for one in page.rows
    ]
    say(f"{counted(page.total, 'batch', 'batches')}.")
    say(*(f"  {line}" for line in table(rows, right=(4, 5))))
    return DONE


def claims_undo(
    ctx: typer.Context,
    batch: Annotated[str, typer.Argument(metavar="BATCH", help="Its number: BAT-2026-00042.")],
    reason: Annotated[str, typer.Option(help="Why it is taken back.")],
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Though it left the office: no payer has it.")
    ] = False,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Take a batch back that nobody has answered; its claims can be sent again."""
    with opened(ctx, practice) as office:
        done = office.write(
            lambda work: undo_batch(work, batch_named(work, batch), reason, anyway=anyway)
        ).value
        office.write(write_missing)
    if json:
        print_json({"batch": done.number, "claims": done.claims})
    else:
        say(f"Took back {done.number}: {counted(done.claims, 'claim')} can be sent again.")
    return DONE


def _open(found: tuple[FoundOnClaim, ...]) -> bool:
    """Return whether something stands on claims that a person has to look at."""
    return any(one.severity.value != "tells" and not one.accepted for one in found)


def _finding_lines(found: tuple[FoundOnClaim, ...]) -> list[str]:
    words = {"stops": "mend", "warns": "look", "tells": "note"}
    return [
        f"  {words[one.severity.value]}: {one.claim}: {one.message} {one.hint}".rstrip()
        for one in found
        if not one.accepted
    ]


def _build_document(
    plan: BuildPlan, built: Built | None, found: tuple[FoundOnClaim, ...]
) -> dict[str, Any]:
    numbers = (None,) * len(plan.claims) if built is None else built.numbers
    ids = (None,) * len(plan.claims) if built is None else built.claim_ids
    return {
        "built": 0 if built is None else len(built.claim_ids),
        "planned": len(plan.claims),
        "sessions": len(plan.session_ids),
        "total": plan.total,
        "read": plan.read,
        "claims": [
            {
                "id": claim_id,
                "number": number,
                "patient": one.patient,
                "payer": one.payer,
                "rank": one.rank,
                "rendering": one.rendering,
                "first_day": one.first_day,
                "last_day": one.last_day,
                "lines": len(one.lines),
                "total": one.total,
                "will_stop": one.will_stop,
            }
            for claim_id, number, one in zip(ids, numbers, plan.claims, strict=True)
        ],
        "left_out": plan.left_out,
        "findings": found,
    }


def _tell_build(
    plan: BuildPlan,
    built: Built | None,
    found: tuple[FoundOnClaim, ...],
    *,
    only_planned: bool,
) -> None:
    if built is not None:
        say(built.sentence())
    elif not plan.claims:
        say("There is nothing to build.")
    else:
        say(plan.sentence())
    left = [f"  {one.patient}, {one.day:%m/%d/%Y}: {one.reason}" for one in plan.left_out]
    say(*shortened(left), *shortened(_finding_lines(found)))
    if only_planned:
        say("Nothing was built: this is the plan.")


def _send_document(plan: BatchPlan, sent: Sent | None, written: Written) -> dict[str, Any]:
    return {
        "sent": sent is not None and not sent.repeated and bool(sent.batches),
        "repeated": sent is not None and sent.repeated,
        "claims": len(plan.going) if sent is None else sent.claims,
        "total": plan.total if sent is None else sent.total,
        "test": plan.test,
        "batches": [] if sent is None else sent.batches,
        "test_file": None if sent is None else sent.test_file or None,
        "going": [
            {
                "claim": one.number,
                "patient": one.patient,
                "payer": one.payer,
                "route": one.route,
                "total": one.total,
            }
            for one in plan.going
        ],
        "staying": plan.staying if sent is None else sent.staying,
        "files": written.paths,
        "waiting": written.waiting,
    }


def _tell_send(plan: BatchPlan, sent: Sent | None, written: Written, *, only_planned: bool) -> None:
    staying = plan.staying if sent is None else sent.staying
    if sent is None:
        many = counted(len(plan.going), "claim")
        say(f"{many} would go, {plan.total} in all." if plan.going else "No claim can go.")
    else:
        said = "was sent before under this key" if sent.repeated else "sent"
        say(f"{counted(sent.claims, 'claim')} {said}, {sent.total} in all.")
        if sent.test_file:
            say(f"{sent.test_file} in the outbox is a test: its claims were not sent.")
        rows = [
            (one.number, one.route.value, counted(one.claims, "claim"), one.file_name or one.payer)
            for one in sent.batches
        ]
        say(*(f"  {line}" for line in table(rows)))
    if staying:
        verb = "stays" if len(staying) == 1 else "stay"
        say(f"{counted(len(staying), 'claim')} {verb} behind:")
        say(*shortened([f"  {one.number}: {one.reason}. {one.hint}".rstrip() for one in staying]))
    say(*(f"Written: {path}" for path in written.paths))
    say(*(f"{one.reason} {one.hint}" for one in written.waiting))
    if only_planned:
        say("Nothing was sent: this is the plan.")
