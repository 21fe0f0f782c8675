"""Claims that were sent: a practice with a clearinghouse, batches, and what comes back for them.

desk = with_clearinghouse(books, tmp_path)     # people, payers, settings, an outbox
claims = some_claims(books, desk, 3)           # built and checked, ready to go
sent = send(books)                             # planned, sent, written to the outbox
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.claim_batch import ClaimBatch, ClaimSending, Route
from fscdesk.models.payer import Payer
from fscdesk.services.claims import policies
from fscdesk.services.claims.batch_plan import BatchPlan, Sent
from fscdesk.services.claims.outbox import Written, write_missing
from fscdesk.services.claims.sending import plan_batch, send_claims
from fscdesk.services.office import Office
from fscdesk.services.setup.settings import change_setting, setting
from fscdesk.services.work import Work
from tests.support.claims import DAY, ClaimDesk, add_claim_desk, build, ready

SENDER, RECEIVER = "SPRINGS01", "MADEUPHOUSE"


def set_setting(work: Work, key: str, value: Any) -> None:
    """Change a setting as somebody does who looks at it now."""
    change_setting(work, key, value, seen=setting(work, key))


def with_clearinghouse(books: Office, outbox: Path | None = None) -> ClaimDesk:
    """A practice that lacks nothing which a file needs; without an outbox files wait."""

    def act(work: Work) -> ClaimDesk:
        desk = add_claim_desk(work)
        set_setting(work, policies.SUBMITTER_ID, SENDER)
        set_setting(work, policies.RECEIVER_ID, RECEIVER)
        set_setting(work, policies.RECEIVER_NAME, "Made-up Clearinghouse")
        if outbox is not None:
            set_setting(work, policies.OUTBOX, str(outbox))
        return desk

    return books.write(act).value


def some_claims(
    books: Office, desk: ClaimDesk, count: int = 1, *, since: date = DAY
) -> tuple[int, ...]:
    """Claims of one session each, by turns of Alma and Ben, in the order of their ids."""
    who = ((desk.alma, desk.mock), (desk.ben, desk.mock), (desk.alma, desk.testa))

    def sit(work: Work) -> list[list[int]]:
        made: list[list[int]] = []
        for at in range(count):
            patient, provider = who[at % len(who)]
            day = since + timedelta(days=at // len(who))
            made.append([ready(work, desk, patient=patient, provider=provider, day=day)])
        return made

    return tuple(one for ids in books.write(sit).value for one in build(books, ids))


def by_route(books: Office, payer: int, route: Route) -> None:
    """Let a payer's claims go another way."""

    def act(work: Work) -> None:
        work.db.get_one(Payer, payer).route = route

    books.write(act)


def plan(books: Office, claim_ids: Iterable[int] | None = None) -> BatchPlan:
    """What would be sent."""
    wanted = None if claim_ids is None else list(claim_ids)
    return books.read(lambda work: plan_batch(work, wanted))


def send(
    books: Office, claim_ids: Iterable[int] | None = None, *, write: bool = True, key: str = ""
) -> Sent:
    """Send what can go, and write the file as the window does afterwards."""
    wanted = plan(books, claim_ids)
    sent = books.write(lambda work: send_claims(work, wanted, request_key=key or None)).value
    if write:
        write_files(books)
    return sent


def write_files(books: Office) -> Written:
    """What the window does after a send, and when it opens."""
    return books.write(write_missing).value


def statuses(books: Office) -> dict[int, ClaimStatus]:
    """Where every claim stands."""
    rows = select(Claim.id, Claim.status).order_by(Claim.id)
    return books.read(lambda work: {row.id: row.status for row in work.db.execute(rows)})


def text_of(books: Office, batch_id: int) -> str:
    """The 837P of a batch."""
    content = books.read(lambda work: work.db.get_one(ClaimBatch, batch_id).content)
    assert content is not None
    return bytes(content).decode("ascii")


def batch_of(books: Office, batch_id: int) -> ClaimBatch:
    """A batch as it is in the books, for looking at its columns."""
    return books.read(lambda work: work.db.get_one(ClaimBatch, batch_id))


def sets_of(books: Office, batch_id: int) -> dict[str, list[int]]:
    """The claims of a batch by the transaction in which they went."""

    def look(work: Work) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for row in work.db.scalars(
            select(ClaimSending).where(ClaimSending.batch_id == batch_id).order_by(ClaimSending.id)
        ):
            found.setdefault(row.transaction, []).append(row.claim_id)
        return found

    return books.read(look)


def account(books: Office, claim_id: int) -> str:
    """A claim's number as payers return it."""
    number = books.read(lambda work: work.db.get_one(Claim, claim_id).number)
    return number.replace("-", "")


def answer_999(
    group: str, said: Mapping[str, str], *, faults: Iterable[str] = (), on: str = "260412"
) -> bytes:
    """A 999 for a group: ``said`` has A, E or R by set, ``faults`` the IK3 of rejected ones."""
    body = [f"AK1*HC*{group}*005010X222A1"]
    for control, code in said.items():
        body.append(f"AK2*837*{control}*005010X222A1")
        body += faults if code == "R" else ()
        body.append(f"IK5*{code}" + ("*I5" if code == "R" else ""))
    rejected = sum(code == "R" for code in said.values())
    whole = "A" if not rejected else ("R" if rejected == len(said) else "P")
    body.append(f"AK9*{whole}*{len(said)}*{len(said)}*{len(said) - rejected}")
    return _file("FA", "999", "005010X231A1", body, on)


def answer_277(
    claims: Iterable[tuple[str, str, str]],
    *,
    on: str = "260413",
    about: str = "NM1*QC*1",
    day: str = "",
    batch: str = "BATCH",
) -> bytes:
    """A 277CA: for each claim its number, the status (``A2:20``) and the payer's number.

    ``about`` is who the patient is, ``day`` the service day, ``batch`` which file is answered.
    """
    body = [
        f"BHT*0085*08*ANSWER1*20{on}*0830*TH",
        "HL*1**20*1",
        "NM1*AY*2*MADE UP CLEARINGHOUSE*****46*MADEUPHOUSE",
        "TRN*1*TRACE1",
        "HL*2*1*21*1",
        f"NM1*41*2*FICTIONAL SPRINGS*****46*{SENDER}",
        f"TRN*2*{batch}",
        f"STC*A1:19:PR*20{on}*WQ*100",
        "HL*3*2*19*1",
        "NM1*85*2*FICTIONAL SPRINGS*****XX*1234567893",
    ]
    for at, (number, status, payer_number) in enumerate(claims, start=4):
        action = "U" if status[:2] in ("A3", "A4", "A6", "A7", "A8") else "WQ"
        body += [
            f"HL*{at}*3*PT",
            about,
            f"TRN*2*{number}",
            f"STC*{status}*20{on}*{action}*160",
            *([f"REF*1K*{payer_number}"] if payer_number else []),
            *([f"DTP*472*D8*{day}"] if day else []),
        ]
    return _file("HN", "277", "005010X214", body, on)


def _file(group: str, kind: str, version: str, body: list[str], on: str) -> bytes:
    inside = [f"ST*{kind}*0001*{version}", *body, f"SE*{len(body) + 2}*0001"]
    isa = (
        f"ISA*00*          *00*          *ZZ*{RECEIVER:<15}*ZZ*{SENDER:<15}"
        f"*{on}*0830*^*00501*000000905*0*P*:"
    )
    gs = f"GS*{group}*{RECEIVER}*{SENDER}*20{on}*0830*77*X*{version}"
    lines = [isa, gs, *inside, "GE*1*77", "IEA*1*000000905"]
    return "".join(f"{line}~\n" for line in lines).encode()
