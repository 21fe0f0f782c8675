"""More commands on claims that stand ready to be run once: of pages, portals, and who bills."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from sqlalchemy import select, update

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.claim_batch import ClaimSending, Route
from fscdesk.models.provider import Provider
from fscdesk.models.session import BillingStatus, Session
from fscdesk.services.claims import (
    billing_under,
    changing,
    editing,
    going_back,
    lifecycle,
    mending,
    portal_list,
    portal_round,
    round_sessions,
    undoing,
)
from fscdesk.services.claims.authorizations import AuthorizationFields
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.claim_acts import (
    Act,
    Ready,
    denied_claim,
    open_appeal,
    rejected_claim,
    sent_claim,
    version_of,
)
from tests.support.claims import add_claim_desk, claim_of, ready
from tests.support.sent_claims import by_route, send, some_claims, with_clearinghouse


def _bill_under(books: Office) -> Act:
    desk = books.write(add_claim_desk).value
    claim_id = claim_of(books, desk=desk)
    seen = books.read(lambda work: work.db.get_one(Provider, desk.mock).version)
    return lambda work: billing_under.bill_under(work, claim_id, desk.testa, expected_version=seen)


def _change_fields(books: Office) -> Act:
    claim_id = denied_claim(books)
    seen = version_of(books, claim_id)
    typed = [changing.Typed("line_modifiers", "95", 1)]
    return lambda work: changing.change_fields(work, claim_id, typed, expected_version=seen)


def _put_in_batch(books: Office) -> Act:
    claim_id = denied_claim(books)
    seen = version_of(books, claim_id)
    return lambda work: changing.put_in_batch(work, claim_id, expected_version=seen)


def _change_a_draft(books: Office) -> Act:
    """Its own field, and one that is mended in the client's policy."""
    claim_id = claim_of(books)
    seen = version_of(books, claim_id)
    source = books.read(lambda work: mending.source_of(work, claim_id, "member_id"))
    typed = [
        changing.Typed("note", "By video"),
        changing.Typed("member_id", "XYZ000000001", source_version=source.version),
    ]
    return lambda work: changing.change_fields(work, claim_id, typed, expected_version=seen)


def _put_a_held_one(books: Office) -> Act:
    claim_id = claim_of(books)
    seen = version_of(books, claim_id)
    books.write(lambda work: editing.hold_claim(work, claim_id, "Ask", expected_version=seen))
    held = version_of(books, claim_id)
    return lambda work: changing.put_in_batch(work, claim_id, expected_version=held)


def _put_a_rejected_one(books: Office) -> Act:
    claim_id = rejected_claim(books)
    seen = version_of(books, claim_id)
    return lambda work: changing.put_in_batch(work, claim_id, expected_version=seen)


def _set_status(books: Office) -> Act:
    claim_id = sent_claim(books)
    seen = {claim_id: ClaimStatus.ACCEPTED}
    pending = ClaimStatus.PENDING
    return lambda work: lifecycle.set_claim_status(work, seen, pending, reason="They have it")


def _portal_sending(books: Office) -> int:
    desk = with_clearinghouse(books)
    by_route(books, desk.payer, Route.PORTAL)
    some_claims(books, desk)
    send(books)
    return books.read(lambda work: work.db.scalars(select(ClaimSending.id)).one())


def _tick(books: Office) -> Act:
    sending_id = _portal_sending(books)
    return lambda work: portal_list.tick(work, sending_id, 1, reference="P-1")


def _untick(books: Office) -> Act:
    sending_id = _portal_sending(books)
    books.write(lambda work: portal_list.tick(work, sending_id, 1))
    return lambda work: portal_list.untick(work, sending_id, 1)


def _undo_batch(books: Office) -> Act:
    desk = with_clearinghouse(books)
    some_claims(books, desk)
    (batch,) = send(books).batches
    return lambda work: undoing.undo_batch(work, batch.id, "Too early")


def _add_authorization_for(books: Office) -> Act:
    claim_id = denied_claim(books)
    seen = version_of(books, claim_id)
    fields = AuthorizationFields(
        payer_id=books.read(lambda work: work.db.get_one(Claim, claim_id).payer_id),
        number="AUTH-1",
        granted=10,
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
    )
    return lambda work: changing.add_authorization_for(
        work, claim_id, fields, expected_version=seen
    )


def _take_back_resend(books: Office) -> Act:
    claim_id = rejected_claim(books)
    seen = version_of(books, claim_id)
    books.write(lambda work: changing.put_in_batch(work, claim_id, expected_version=seen))
    return lambda work: going_back.take_back_resend(work, claim_id)


def _take_back_appeal(books: Office) -> Act:
    appeal_id = open_appeal(books)
    return lambda work: going_back.take_back_appeal(work, appeal_id)


def _note_found(books: Office) -> Act:
    claim_id = sent_claim(books)
    seen, found = version_of(books, claim_id), portal_round.Found.PAID
    return lambda work: portal_round.note_found(work, claim_id, found, expected_version=seen)


def _take_back_found(books: Office) -> Act:
    claim_id = sent_claim(books)
    seen, found = version_of(books, claim_id), portal_round.Found.DENIED
    noted = books.write(
        lambda work: portal_round.note_found(
            work, claim_id, found, expected_version=seen, carc="197"
        )
    ).value
    return lambda work: portal_round.take_back_found(work, noted)


def _silent_session(books: Office) -> int:
    """A session that was billed elsewhere 60 days ago; no claim of ours stands behind it."""

    def act(work: Work) -> int:
        desk = add_claim_desk(work)
        found = ready(work, desk, day=work.today() - timedelta(days=60))
        values = {"billing_status": BillingStatus.SUBMITTED}
        work.db.execute(update(Session).where(Session.id == found).values(**values))
        return found

    return books.write(act).value


def _note_session(books: Office) -> Act:
    session_id = _silent_session(books)
    seen = books.read(lambda work: work.db.get_one(Session, session_id).version)
    return lambda work: round_sessions.note_session(
        work, session_id, portal_round.Found.PENDING, expected_version=seen
    )


def _take_back_session(books: Office) -> Act:
    noted = books.write(_note_session(books)).value
    return lambda work: round_sessions.take_back_session(work, noted)


MORE: Mapping[str, Ready] = MappingProxyType(
    {
        "add_authorization_for": _add_authorization_for,
        "bill_under": _bill_under,
        "change_fields": _change_fields,
        "change_fields of a draft": _change_a_draft,
        "note_found": _note_found,
        "note_session": _note_session,
        "put_in_batch": _put_in_batch,
        "put_in_batch of one that is held": _put_a_held_one,
        "put_in_batch of one that was rejected": _put_a_rejected_one,
        "set_claim_status": _set_status,
        "take_back_appeal": _take_back_appeal,
        "take_back_found": _take_back_found,
        "take_back_resend": _take_back_resend,
        "take_back_session": _take_back_session,
        "tick": _tick,
        "untick": _untick,
        "undo_batch": _undo_batch,
    }
)
"""By name, as ``claim_acts.ONCE``."""
