"""The command for remittances: era."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

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
from fscdesk.services.remittances.answered import DecidedClaim
from fscdesk.services.remittances.detail import Fate, remittance_page
from fscdesk.services.remittances.foreseen_needs import needs_foreseen
from fscdesk.services.remittances.incoming import (
    EraDone,
    EraTransaction,
    apply_era,
    plan_era,
)
from fscdesk.services.remittances.listing import RemittanceStatus
from fscdesk.services.remittances.needs import Need, kept_unposted, needs_of
from fscdesk.services.remittances.posting import PostedRemittance
from fscdesk.services.remittances.reading_order import reading_order
from fscdesk.services.work import Work

_REVIEW: Final = ("review", "Waits for a look; it can be posted.")
"""Why a claim waits that could be posted, as a reason and in words."""


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
        needs = office.read(lambda work: needs_foreseen(work, seen))
        rows = [_planned(one, left) for one, left in zip(seen.transactions, needs, strict=True)]
        findings = seen.findings
    else:
        done = office.write(lambda work: apply_era(work, name, data, clicked=True)).value
        rows = office.read(lambda work: list(_done(work, done)))
        findings = done.plan.findings
    document = {"file": name, "transactions": rows, "findings": findings}
    return document, bool(findings) or any(_needs(row) for row in rows)


def _needs(row: dict[str, Any]) -> bool:
    if row["duplicate_of"]:
        return False
    return bool(row["unposted"] or row["needs"] or row["stop"] or row["findings"])


def _planned(one: EraTransaction, needs: Sequence[Need]) -> dict[str, Any]:
    decided = one.decided
    claims = () if decided is None else decided.claims
    return {
        **_head(one),
        "number": "" if one.before is None else one.before.number,
        "posted": sum(claim.fate is Fate.POSTED for claim in claims) if one.goes else 0,
        "explained": "",
        "unposted": [
            _stays_of(claim)
            for claim in claims
            if claim.fate is Fate.UNPOSTED or (claim.fate is Fate.POSTED and not one.goes)
        ],
        "needs": _needed(needs),
        "stop": one.stop or ("" if decided is None else decided.stop),
    }


def _stays_of(claim: DecidedClaim) -> dict[str, Any]:
    """Return why a claim of a plan stays; one that could post waits with its check."""
    number, paid = claim.claim.number, Money(claim.claim.paid)
    if claim.fate is Fate.POSTED:
        return _stays(number, *_REVIEW, paid)
    return _stays(number, "" if claim.why is None else claim.why.value, claim.words, paid)


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
        "explained": _explained(posted),
        "unposted": list(_left(work, remittance_id, posted)) if fresh else [],
        "needs": _needed(needs_of(work, [remittance_id]) if fresh else ()),
        "stop": remittance_page(work, remittance_id).stop if fresh else "",
    }


def _explained(posted: PostedRemittance | None) -> str:
    """Return the number of the held money that this was, "" where it was none."""
    return "" if posted is None or posted.explained is None else posted.explained.number


def _left(
    work: Work, remittance_id: int, posted: PostedRemittance | None
) -> Iterator[dict[str, Any]]:
    """Return what is kept and not in the books; of one that was only kept, why all of it waits."""
    if posted is not None:
        for one in kept_unposted(work, [remittance_id]):
            yield _stays(one.claim, one.reason, one.words, one.paid)
        return
    claims = remittance_page(work, remittance_id).claims
    for claim, kept in zip(claims, kept_unposted(work, [remittance_id]), strict=True):
        if claim.fate is Fate.UNPOSTED:
            reason = "" if claim.why is None else claim.why.value
            yield _stays(kept.claim, reason, claim.words, claim.paid)
        elif claim.fate is Fate.POSTED:
            yield _stays(kept.claim, *_REVIEW, claim.paid)


def _needed(needs: Sequence[Need]) -> list[dict[str, Any]]:
    return [
        {"kind": one.kind, "about": one.about, "words": one.words, "amount": one.amount}
        for one in needs
    ]


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
    if row["explained"]:
        yield f"  The bank had the money before: {row['explained']} is explained by it."
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
