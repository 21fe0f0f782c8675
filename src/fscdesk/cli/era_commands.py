"""The command for remittances: era."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from fscdesk.cli.claim_options import PlanOption, read_file, shortened
from fscdesk.cli.options import (
    DONE,
    NEEDS_A_PERSON,
    REFUSED,
    JsonOption,
    PracticeOption,
    opened,
)
from fscdesk.cli.terminal import complain, counted, print_json, say, say_findings
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.remittances.detail import Fate, remittance_page
from fscdesk.services.remittances.incoming import (
    EraDone,
    EraTransaction,
    apply_era,
    plan_era,
)
from fscdesk.services.remittances.listing import RemittanceStatus
from fscdesk.services.remittances.needs import kept_unposted, needs_of
from fscdesk.services.remittances.posting import PostedRemittance
from fscdesk.services.remittances.reading_order import reading_order
from fscdesk.services.work import Work


def add_to(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("era")(era)


def era(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Remittances (835).")],
    plan: PlanOption = False,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Read remittances and post what balances and is known; what needs a person stays in the list.

    A payer whose remittances are for review is read and not posted. The same check again
    changes nothing. Several files are read in the order of the payer's days, and what takes
    back after what it takes back.
    """
    read = [(path, read_file(path)) for path in files]
    documents: list[dict[str, Any]] = []
    refused: list[dict[str, str]] = []
    needs = False
    with opened(ctx, practice) as office:
        for at in office.read(lambda work: reading_order(work, [data for _, data in read])):
            path, data = read[at]
            try:
                document, open_ = _one(office, path.name, data, plan=plan)
            except Problem as problem:
                if len(read) == 1:
                    raise
                refused.append(
                    {"file": path.name, "message": problem.message, "hint": problem.hint}
                )
                complain(*(one for one in (problem.message, problem.hint) if one))
                continue
            documents.append(document)
            needs |= open_
            if not json:
                _tell(document, planned=plan)
    if json:
        found = [{"file": one["file"], **row} for one in documents for row in one["transactions"]]
        told = [finding for one in documents for finding in one["findings"]]
        print_json({"transactions": found, "findings": told, "refused": refused})
    if refused and (plan or not any(_changed(one) for one in documents)):
        return REFUSED
    return NEEDS_A_PERSON if needs or refused else DONE


def _changed(document: dict[str, Any]) -> bool:
    """Return whether a file brought anything that was not here before."""
    return any(not row["duplicate_of"] for row in document["transactions"])


def _one(office: Office, name: str, data: bytes, *, plan: bool) -> tuple[dict[str, Any], bool]:
    """Return what is printed of a file, and whether a person is needed."""
    if plan:
        seen = office.read(lambda work: plan_era(work, name, data))
        rows = [_planned(one) for one in seen.transactions]
        findings = seen.findings
    else:
        done = office.write(lambda work: apply_era(work, name, data, clicked=True)).value
        rows = office.read(lambda work: list(_done(work, done)))
        findings = done.plan.findings
    document = {"file": name, "transactions": rows, "findings": findings}
    needs = bool(findings) or any(_needs(row) for row in rows)
    return document, needs


def _needs(row: dict[str, Any]) -> bool:
    if row["duplicate_of"]:
        return False
    return bool(row["unposted"] or row["needs"] or row["stop"] or row["findings"])


def _planned(one: EraTransaction) -> dict[str, Any]:
    decided = one.decided
    unposted = [] if decided is None else list(decided.unposted)
    return {
        **_head(one),
        "number": "" if one.before is None else one.before.number,
        "posted": 0 if decided is None or decided.stop else len(decided.claims) - len(unposted),
        "unposted": [
            _stays(
                claim.claim.number,
                "" if claim.why is None else claim.why.value,
                claim.words,
                Money(claim.claim.paid),
            )
            for claim in unposted
        ],
        "needs": [],
        "stop": one.stop or ("" if decided is None else decided.stop),
    }


def _done(work: Work, done: EraDone) -> Iterator[dict[str, Any]]:
    for one, remittance_id, number, posted in zip(
        done.plan.transactions, done.kept, done.numbers, done.posted, strict=True
    ):
        yield _kept(work, one, remittance_id, number, posted)


def _kept(
    work: Work,
    one: EraTransaction,
    remittance_id: int,
    number: str,
    posted: PostedRemittance | None,
) -> dict[str, Any]:
    fresh = one.before is None
    return {
        **_head(one),
        "number": number,
        "posted": 0 if posted is None else posted.claims,
        "unposted": list(_left(work, remittance_id, posted)) if fresh else [],
        "needs": [
            {"kind": each.kind, "about": each.about, "words": each.words, "amount": each.amount}
            for each in (needs_of(work, [remittance_id]) if fresh else ())
        ],
        "stop": remittance_page(work, remittance_id).stop if fresh else "",
    }


def _left(
    work: Work, remittance_id: int, posted: PostedRemittance | None
) -> Iterator[dict[str, Any]]:
    """Return what is kept and not in the books; of one that was only kept, why all of it waits."""
    if posted is not None:
        for one in kept_unposted(work, [remittance_id]):
            yield _stays(one.claim, one.reason, one.words, one.paid)
        return
    for claim in remittance_page(work, remittance_id).claims:
        if claim.fate is Fate.UNPOSTED:
            reason = "" if claim.why is None else claim.why.value
            yield _stays(claim.number, reason, claim.words, claim.paid)
        elif claim.fate is Fate.POSTED:
            yield _stays(claim.number, "review", "It waits for a person's word.", claim.paid)


def _stays(claim: str, reason: str, words: str, paid: Money) -> dict[str, Any]:
    return {"claim": claim, "reason": reason, "words": words, "paid": paid}


def _head(one: EraTransaction) -> dict[str, Any]:
    said = one.remittance
    return {
        "trace": said.trace,
        "payer": one.payer,
        "amount": Money(said.amount),
        "paid_on": said.paid_on,
        "balanced": {
            "check": said.readable and not said.check_off,
            "claim": not said.claims_off,
            "service": not said.services_off,
        },
        "claims": len(said.claims),
        "matched": one.matched,
        "duplicate_of": "" if one.before is None else one.before.number,
        "conflicts_with": "" if one.conflict is None else one.conflict.number,
        "cure": _cure(one),
        "said": "" if one.before is None else one.before.words,
        "findings": one.findings,
    }


def _cure(one: EraTransaction) -> str:
    """Say what helps where a check stands behind another that is stopped itself."""
    if one.conflict is None or one.conflict.status is not RemittanceStatus.STOPPED:
        return ""
    number = one.conflict.number
    return (
        f"{number} is stopped, and nothing of it is in the books. Where it is the wrong one, set"
        f" {number} aside in Payments, Remittances; then let this one go on."
    )


def _tell(document: dict[str, Any], *, planned: bool) -> None:
    say(f"{document['file']}: {counted(len(document['transactions']), 'check')}")
    for row in document["transactions"]:
        for line in _lines(row, planned=planned):
            say(f"  {line}")
    say_findings(document["findings"])


def _lines(row: dict[str, Any], *, planned: bool) -> Iterator[str]:
    """Say what became of one check."""
    what = f"{row['trace'] or 'no trace'}  {row['payer']}  {row['amount']}"
    if row["duplicate_of"]:
        yield f"{what}: {row['duplicate_of']} was {row['said']}. Nothing changed."
        return
    number = f"{row['number']}: " if row["number"] else ""
    would = "would post" if planned else "posted"
    yield (
        f"{what}: {number}{counted(row['claims'], 'claim')}, {row['matched']:,} matched,"
        f" {row['posted']:,} {would}, {len(row['unposted']):,} left"
    )
    if row["conflicts_with"]:
        yield f"  Another remittance of this check says something else: {row['conflicts_with']}."
        if row["cure"]:
            yield f"  {row['cure']}"
    if row["stop"]:
        yield f"  Nothing of it posts: {row['stop']}"
    reasons = Counter(one["words"] or one["reason"] for one in row["unposted"])
    told = [f"  {count:,} × {words}" for words, count in reasons.most_common()]
    yield from shortened(told)
    yield from shortened(
        [f"  {one['about']}: {one['words']}, {one['amount']}" for one in row["needs"]]
    )
    odd = Counter(one.message for one in row["findings"])
    yield from shortened([f"  look: {words}" for words, _ in odd.most_common()])
