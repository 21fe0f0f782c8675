"""The command for remittances: era."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from fscdesk.cli.claim_options import PlanOption, read_file, shortened
from fscdesk.cli.options import DONE, NEEDS_A_PERSON, JsonOption, PracticeOption, opened
from fscdesk.cli.terminal import counted, print_json, say, say_findings
from fscdesk.models.values import Money
from fscdesk.services.office import Office
from fscdesk.services.remittances.detail import Fate, RemittancePage, remittance_page
from fscdesk.services.remittances.incoming import (
    EraDone,
    EraTransaction,
    apply_era,
    plan_era,
)
from fscdesk.services.remittances.posting import PostedRemittance
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
    changes nothing.
    """
    read = [(path, read_file(path)) for path in files]
    documents: list[dict[str, Any]] = []
    needs = False
    with opened(ctx, practice) as office:
        for path, data in read:
            document, open_ = _one(office, path.name, data, plan=plan)
            documents.append(document)
            needs |= open_
            if not json:
                _tell(document, planned=plan)
    if json:
        found = [{"file": one["file"], **row} for one in documents for row in one["transactions"]]
        told = [finding for one in documents for finding in one["findings"]]
        print_json({"transactions": found, "findings": told})
    return NEEDS_A_PERSON if needs else DONE


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
    return bool(row["unposted"] or row["stop"] or row["findings"])


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
    page = remittance_page(work, remittance_id)
    fresh = one.before is None
    return {
        **_head(one),
        "number": number,
        "posted": 0 if posted is None else posted.claims,
        "unposted": [] if not fresh else list(_left(page, kept_only=posted is None)),
        "stop": page.stop if fresh else "",
    }


def _left(page: RemittancePage, *, kept_only: bool) -> Iterator[dict[str, Any]]:
    """Return what is not in the books; of one that was only kept, that is all of it."""
    for claim in page.claims:
        if claim.fate is Fate.UNPOSTED:
            reason = "" if claim.why is None else claim.why.value
            yield _stays(claim.number, reason, claim.words, claim.paid)
        elif kept_only and claim.fate is Fate.POSTED:
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
        "said": "" if one.before is None else one.before.words,
        "findings": one.findings,
    }


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
    if row["stop"]:
        yield f"  Nothing of it posts: {row['stop']}"
    reasons = Counter(one["words"] or one["reason"] for one in row["unposted"])
    told = [f"  {count:,} × {words}" for words, count in reasons.most_common()]
    yield from shortened(told)
    odd = Counter(one.message for one in row["findings"])
    yield from shortened([f"  look: {words}" for words, _ in odd.most_common()])
