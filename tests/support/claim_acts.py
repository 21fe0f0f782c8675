"""Every command on a claim that stands ready to be run, once each: for their battery."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

from fscdesk.models.claim import Appeal, Claim, ClaimStatus
from fscdesk.services.claims import (
    answers,
    appealing,
    authorizations,
    correcting,
    editing,
    mending,
    tracking,
)
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.claims import ClaimDesk, add_claim_desk, claim_of

Act = Callable[[Work], Any]
Ready = Callable[[Office], Act]
TODAY = date(2026, 4, 12)
"""Where the tests' clock stands."""
DENIED = answers.PayersAnswer(
    ClaimStatus.DENIED, TODAY, carc="197", group="CO", reason="No authorization"
)
GRANTED = authorizations.AuthorizationFields(
    payer_id=1,
    number="AU-77",
    granted=10,
    valid_from=date(2026, 1, 1),
    valid_to=date(2026, 12, 31),
)


def version_of(books: Office, claim_id: int) -> int:
    """Return the version of a claim as it is now."""
    return books.read(lambda work: work.db.get_one(Claim, claim_id).version)


def sent_claim(books: Office, *, sessions: int = 1, desk: ClaimDesk | None = None) -> int:
    """A claim that the payer has taken in, sent on the day of its service."""
    claim_id = claim_of(books, sessions=sessions, desk=desk, status=ClaimStatus.ACCEPTED)

    def send(work: Work) -> None:
        claim = work.db.get_one(Claim, claim_id)
        claim.first_sent_on = claim.last_sent_on = claim.last_day
        claim.payer_number = "ICN-2026-1"

    books.write(send)
    return claim_id


def denied_claim(books: Office, *, sessions: int = 1, on: date = TODAY) -> int:
    """A claim that the payer denied for want of an authorization (CARC 197)."""
    claim_id, answer = sent_claim(books, sessions=sessions), replace(DENIED, on=on)
    seen = version_of(books, claim_id)
    books.write(lambda work: answers.record_answer(work, claim_id, answer, expected_version=seen))
    return claim_id


def rejected_claim(books: Office) -> int:
    """A claim that never reached the payer."""
    return claim_of(books, status=ClaimStatus.REJECTED)


def open_appeal(books: Office, argument: str = "It is on file.") -> int:
    """An appeal that is open and not sent."""
    claim_id = denied_claim(books)
    seen = version_of(books, claim_id)
    new = appealing.NewAppeal(argument)
    return books.write(
        lambda work: appealing.open_appeal(work, claim_id, new, expected_version=seen)
    ).value


def sent_appeal(books: Office) -> int:
    """An appeal that the payer has."""
    appeal_id = open_appeal(books)
    seen = appeal_version(books, appeal_id)
    books.write(
        lambda work: appealing.mark_appeal_sent(work, appeal_id, TODAY, expected_version=seen)
    )
    return appeal_id


def appeal_version(books: Office, appeal_id: int) -> int:
    """Return the version of an appeal as it is now."""
    return books.read(lambda work: work.db.get_one(Appeal, appeal_id).version)


def _edit(books: Office) -> Act:
    claim_id = claim_of(books)
    seen = version_of(books, claim_id)
    now = books.read(lambda work: editing.edits_of(work, claim_id))
    (line,) = now.lines
    new = replace(now.with_line(line, modifiers=("95",)), note="By video", diagnoses=("F41.9",))
    return lambda work: editing.edit_claim(work, claim_id, new, expected_version=seen)


def _hold(books: Office) -> Act:
    claim_id = claim_of(books)
    seen = version_of(books, claim_id)
    return lambda work: editing.hold_claim(work, claim_id, "Ask first", expected_version=seen)


def _release(books: Office) -> Act:
    claim_id = claim_of(books)
    seen = version_of(books, claim_id)
    books.write(lambda work: editing.hold_claim(work, claim_id, "Ask", expected_version=seen))
    held = version_of(books, claim_id)
    return lambda work: editing.release_claim(work, claim_id, expected_version=held)


def _mend(books: Office) -> Act:
    claim_id = claim_of(books, sessions=2)
    source = books.read(lambda work: mending.source_of(work, claim_id, "member_id"))
    return lambda work: mending.mend_source(
        work, claim_id, "member_id", "XYZ000000001", expected_version=source.version
    )


def _supervise(books: Office) -> Act:
    desk = books.write(add_claim_desk).value
    claim_id = claim_of(books, desk=desk)
    source = books.read(lambda work: mending.source_of(work, claim_id, "supervising"))
    return lambda work: mending.mend_source(
        work, claim_id, "supervising", desk.testa, expected_version=source.version
    )


def _assign(books: Office) -> Act:
    claim_id = claim_of(books)
    seen = version_of(books, claim_id)
    return lambda work: tracking.assign_claims(work, {claim_id: seen}, work.actor.staff_id)


def _plan_next(books: Office) -> Act:
    claim_id = claim_of(books)
    seen = version_of(books, claim_id)
    return lambda work: tracking.plan_next(work, {claim_id: seen}, "Call them", TODAY)


def _answer(books: Office) -> Act:
    claim_id = sent_claim(books, sessions=2)
    seen = version_of(books, claim_id)
    return lambda work: answers.record_answer(work, claim_id, DENIED, expected_version=seen)


def _correct(books: Office) -> Act:
    claim_id = denied_claim(books)
    seen = version_of(books, claim_id)
    return lambda work: correcting.correct_claim(work, claim_id, expected_version=seen)


def _void(books: Office) -> Act:
    claim_id = denied_claim(books)
    seen = version_of(books, claim_id)
    return lambda work: correcting.void_claim(work, claim_id, "Wrong client", expected_version=seen)


def _resend(books: Office) -> Act:
    claim_id = rejected_claim(books)
    seen = version_of(books, claim_id)
    return lambda work: correcting.resend_rejected(work, {claim_id: seen})


def _open_appeal(books: Office) -> Act:
    claim_id = denied_claim(books)
    seen = version_of(books, claim_id)
    return lambda work: appealing.open_appeal(
        work, claim_id, appealing.NewAppeal("It is on file."), expected_version=seen
    )


def _change_appeal(books: Office) -> Act:
    appeal_id = open_appeal(books)
    seen = appeal_version(books, appeal_id)
    new = appealing.NewAppeal("It is on file since January.", date(2026, 5, 1))
    return lambda work: appealing.change_appeal(work, appeal_id, new, expected_version=seen)


def _letter(books: Office) -> Act:
    appeal_id = open_appeal(books)
    seen = appeal_version(books, appeal_id)
    return lambda work: appealing.make_letter(work, appeal_id, expected_version=seen)


def _appeal_sent(books: Office) -> Act:
    appeal_id = open_appeal(books)
    seen = appeal_version(books, appeal_id)
    return lambda work: appealing.mark_appeal_sent(work, appeal_id, TODAY, expected_version=seen)


def _close(books: Office) -> Act:
    appeal_id = sent_appeal(books)
    seen = appeal_version(books, appeal_id)
    return lambda work: appealing.close_appeal(
        work, appeal_id, appealing.Outcome.WON, TODAY, expected_version=seen
    )


def _grant(books: Office) -> Act:
    desk = books.write(add_claim_desk).value
    fields = replace(GRANTED, payer_id=desk.payer)
    return lambda work: authorizations.add_authorization(work, desk.alma, fields)


def _regrant(books: Office) -> Act:
    desk = books.write(add_claim_desk).value
    fields = replace(GRANTED, payer_id=desk.payer)
    one = books.write(lambda work: authorizations.add_authorization(work, desk.alma, fields)).value
    more = replace(fields, granted=20)
    return lambda work: authorizations.edit_authorization(work, one, more, expected_version=1)


ONCE: Mapping[str, Ready] = MappingProxyType(
    {
        "edit_claim": _edit,
        "hold_claim": _hold,
        "release_claim": _release,
        "mend_source": _mend,
        "supervise": _supervise,
        "assign_claims": _assign,
        "plan_next": _plan_next,
        "record_answer": _answer,
        "correct_claim": _correct,
        "void_claim": _void,
        "resend_rejected": _resend,
        "open_appeal": _open_appeal,
        "change_appeal": _change_appeal,
        "make_letter": _letter,
        "mark_appeal_sent": _appeal_sent,
        "close_appeal": _close,
        "add_authorization": _grant,
        "edit_authorization": _regrant,
    }
)
"""By name; each prepares the books and returns the act, which can be done once only."""
