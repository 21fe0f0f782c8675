"""Arguing with a denial: until when, with which letter, sent when, and how it ended.

    appeal = open_appeal(work, claim_id, NewAppeal("The authorization is on file."), …)
    letter = make_letter(work, appeal, …)        # kept as a document, printed like any other
    mark_appeal_sent(work, appeal, on, …)
    close_appeal(work, appeal, Outcome.WON, on, …)

A claim has one open appeal at a time; what is lost can be argued with at the next level.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from fscdesk.models.claim import Appeal, Claim, ClaimStatus
from fscdesk.models.document import DocumentKind
from fscdesk.models.payer import Payer
from fscdesk.services.audit import record
from fscdesk.services.billing.documents import document_number, keep
from fscdesk.services.claim_statuses import ClaimMove, lock_claims, move_claims
from fscdesk.services.claims.appeal_letters import letter_doc
from fscdesk.services.claims.writing_changes import (
    FieldChange,
    locked_claim,
    require_status,
    write_changes,
)
from fscdesk.services.editing import is_storable, locked, require_version, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.printing.appeal_letter import appeal_letter
from fscdesk.services.work import Topic, Work

__all__ = [
    "NewAppeal",
    "Outcome",
    "change_appeal",
    "close_appeal",
    "make_letter",
    "mark_appeal_sent",
    "open_appeal",
    "preview_letter",
]

LONGEST_ARGUMENT: Final = 6000
APPEALABLE: Final = (ClaimStatus.DENIED, ClaimStatus.PARTIALLY_PAID)
_DOING: Final = "appeal claims"


class Outcome(enum.StrEnum):
    """How an appeal ended: the payer pays, pays a part, stays with its denial; or we let it go."""

    WON = "won"
    PARTLY = "partly"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


_AFTER: Final = {
    Outcome.WON: (ClaimStatus.PENDING, "the payer will pay"),
    Outcome.PARTLY: (ClaimStatus.PENDING, "the payer will pay a part"),
    Outcome.LOST: (ClaimStatus.DENIED, "the payer stays with its denial"),
    Outcome.WITHDRAWN: (ClaimStatus.DENIED, "the appeal was let go"),
}


@dataclass(frozen=True, slots=True)
class NewAppeal:
    """An appeal as a person types it. ``due_on`` None: by the payer's own days."""

    argument: str = ""
    due_on: date | None = None


def open_appeal(work: Work, claim_id: int, new: NewAppeal, *, expected_version: int) -> int:
    """Open an appeal of a denied claim and return its id; the claim is appealing from now on.

    Its limit is the payer's days from the denial, unless given; None where the payer has none.
    Raises Problem for a claim that was not denied and for a limit that is over.
    """
    require(work, Right.MAKE_CLAIMS, _DOING)
    claim = locked_claim(work, claim_id, expected_version)
    require_status(claim, APPEALABLE, "A denial is what can be appealed.")
    if claim.denied_on is None:
        raise Problem(
            f"Nothing of claim {claim.number} was denied.",
            hint="Nothing was changed. Note the payer's denial first.",
        )
    argument = _argument(new.argument)
    due = new.due_on or _due_by_payer(work, claim)
    _require_not_over(work, due)
    levels = work.db.scalars(select(Appeal.level).where(Appeal.claim_id == claim_id)).all()
    appeal = Appeal(
        claim_id=claim_id,
        level=max(levels, default=0) + 1,
        due_on=due,
        opened_on=work.today(),
        argument=argument,
        staff_id=work.actor.staff_id,
    )
    work.db.add(appeal)
    work.db.flush()
    appeal_id, level = appeal.id, appeal.level
    words = f"Level {level}" + (f", until {due:%m/%d/%Y}" if due else "")
    write_changes(work, claim_id, [FieldChange("appeal", "", words)])
    move_claims(work, [ClaimMove(claim_id, ClaimStatus.APPEALING, f"Appeal, level {level}")])
    record(work, "open_appeal", "claim", claim_id, appeal=appeal_id, level=level)
    work.touch(Topic.CLAIMS)
    return appeal_id


def change_appeal(work: Work, appeal_id: int, new: NewAppeal, *, expected_version: int) -> None:
    """Change the argument or the limit of an appeal that is open and not sent."""
    require(work, Right.MAKE_CLAIMS, _DOING)
    appeal = _open(work, appeal_id, expected_version)
    _require_unsent(appeal)
    argument = _argument(new.argument)
    due = new.due_on or _due_by_payer(work, work.db.get_one(Claim, appeal.claim_id))
    if due != appeal.due_on:
        _require_not_over(work, due)
    changed = [
        name
        for name, value in (("argument", argument), ("due_on", due))
        if getattr(appeal, name) != value
    ]
    if not changed:
        return
    if "due_on" in changed:
        old = f"{appeal.due_on:%m/%d/%Y}" if appeal.due_on else ""
        now = f"{due:%m/%d/%Y}" if due else ""
        write_changes(
            work, appeal.claim_id, [FieldChange("appeal", f"Until {old}", f"Until {now}")]
        )
    appeal.argument, appeal.due_on = argument, due
    work.db.flush()
    record(work, "change_appeal", "claim", appeal.claim_id, appeal=appeal_id, fields=changed)
    work.touch(Topic.CLAIMS)


def preview_letter(work: Work, appeal_id: int) -> bytes:
    """Return the letter as it would be, marked as a preview; nothing is kept."""
    require(work, Right.MAKE_CLAIMS, _DOING)
    appeal = work.db.get(Appeal, appeal_id)
    if appeal is None:
        raise Problem("This appeal is not in the books.", hint="Look at the claim again.")
    return appeal_letter(letter_doc(work, appeal, "", preview=True))


def make_letter(work: Work, appeal_id: int, *, expected_version: int) -> int:
    """Draw the letter of an open appeal, keep it, and return the document's id.

    A letter that was made before stays among the documents; the appeal names the newest. Raises
    Problem for an appeal without an argument.
    """
    require(work, Right.MAKE_CLAIMS, _DOING)
    appeal = _open(work, appeal_id, expected_version)
    _require_unsent(appeal)
    if not appeal.argument.strip():
        raise Problem(
            "The letter would not say why the denial is wrong.",
            hint="No letter was made. Type the argument first.",
        )
    claim = work.db.get_one(Claim, appeal.claim_id)
    number = document_number(work, DocumentKind.APPEAL)
    pdf = appeal_letter(letter_doc(work, appeal, number))
    document = keep(work, DocumentKind.APPEAL, appeal_id, pdf, "", None, claim.patient_id, number)
    appeal.document_id = document
    work.db.flush()
    write_changes(work, claim.id, [FieldChange("appeal", "", f"Letter {number}")])
    record(work, "make_appeal_letter", "claim", claim.id, appeal=appeal_id, document=document)
    work.touch(Topic.CLAIMS, Topic.DOCUMENTS)
    return document


def mark_appeal_sent(work: Work, appeal_id: int, on: date, *, expected_version: int) -> None:
    """Note on which day an appeal went to the payer; its limit runs no more.

    Raises Problem for a day that is ahead, or before the appeal was opened.
    """
    require(work, Right.MAKE_CLAIMS, _DOING)
    appeal = _open(work, appeal_id, expected_version)
    _require_unsent(appeal)
    if not appeal.opened_on <= on <= work.today():
        raise Problem(
            f"The appeal cannot have gone on {on:%m/%d/%Y}.",
            hint=f"Nothing was changed. It was opened on {appeal.opened_on:%m/%d/%Y}.",
        )
    appeal.sent_on = on
    work.db.flush()
    change = FieldChange("appeal", "Open", f"Sent {on:%m/%d/%Y}")
    write_changes(work, appeal.claim_id, [change])
    record(work, "send_appeal", "claim", appeal.claim_id, appeal=appeal_id, on=on.isoformat())
    work.touch(Topic.CLAIMS)


def close_appeal(
    work: Work,
    appeal_id: int,
    outcome: Outcome,
    on: date,
    *,
    expected_version: int,
    reason: str = "",
) -> None:
    """Note how an appeal ended; the claim waits for its money, or is denied again.

    A denial that the payer repeats counts its days from ``on`` for the next level. Raises
    Problem for an appeal that was not sent, unless it is let go, and for a day that cannot be.
    """
    require(work, Right.MAKE_CLAIMS, _DOING)
    appeal = _open(work, appeal_id, expected_version)
    words = text_of(reason, "what the payer said", longest=300)
    if appeal.sent_on is None and outcome is not Outcome.WITHDRAWN:
        raise Problem(
            "The appeal has not gone to the payer yet.",
            hint="Nothing was changed. Note first when it was sent.",
        )
    if not (appeal.sent_on or appeal.opened_on) <= on <= work.today():
        raise Problem(
            f"The appeal cannot have ended on {on:%m/%d/%Y}.",
            hint="Nothing was changed. It is between the day it was sent and today.",
        )
    appeal.outcome, appeal.outcome_on = outcome.value, on
    claim_id = appeal.claim_id
    (claim,) = lock_claims(work, [claim_id])
    number, appealing = claim.number, claim.status is ClaimStatus.APPEALING
    if outcome is Outcome.LOST:
        claim.denied_on = on
    work.db.flush()
    write_changes(work, claim_id, [FieldChange("appeal", "Sent", outcome.value.capitalize())])
    if appealing:
        # Money may have come first: then the claim stands where its answer has put it.
        status, said = _AFTER[outcome]
        why = f"Appeal, level {appeal.level}: {said}" + (f" ({words})" if words else "")
        move_claims(work, [ClaimMove(claim_id, status, why)])
    record(
        work,
        "close_appeal",
        "claim",
        claim_id,
        appeal=appeal_id,
        outcome=outcome.value,
        number=number,
    )
    work.touch(Topic.CLAIMS)


def _open(work: Work, appeal_id: int, expected_version: int) -> Appeal:
    # The claim is locked first, as everywhere: two desks then never wait for one another.
    claim_id = work.db.scalar(select(Appeal.claim_id).where(Appeal.id == appeal_id))
    if claim_id is not None:
        lock_claims(work, [claim_id])
    appeal = locked(work, Appeal, appeal_id, "this appeal")
    require_version(appeal, expected_version, "this appeal")
    if appeal.outcome:
        raise Problem("This appeal has ended.", hint="Nothing was changed.")
    return appeal


def _require_unsent(appeal: Appeal) -> None:
    if appeal.sent_on is not None:
        raise Problem(
            f"This appeal went to the payer on {appeal.sent_on:%m/%d/%Y}.",
            hint="Nothing was changed. Its letter stays as it was sent.",
        )


def _require_not_over(work: Work, due: date | None) -> None:
    if due is not None and due < work.today():
        raise Problem(
            f"The time to appeal ended on {due:%m/%d/%Y}.",
            hint="Nothing was changed. Where the payer gave longer, type that day.",
        )


def _due_by_payer(work: Work, claim: Claim) -> date | None:
    days = work.db.get_one(Payer, claim.payer_id).appeal_days
    if days is None or claim.denied_on is None:
        return None
    return claim.denied_on + timedelta(days=days)


def _argument(text: str) -> str:
    """Return the argument with its line breaks: it stands on the letter as it was typed."""
    argument = "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
    if len(argument) > LONGEST_ARGUMENT:
        raise Problem(
            f"The argument has {len(argument)} letters; {LONGEST_ARGUMENT} fit.",
            hint="Nothing was saved. Shorten it.",
        )
    if not is_storable(argument):
        raise Problem("The argument holds a mark that is no letter.", hint="Nothing was saved.")
    return argument
