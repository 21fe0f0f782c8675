"""What the screens say of an account: badges, the line of facts, the hints under figures."""

from __future__ import annotations

from fscdesk.models.values import ZERO, Money
from fscdesk.services.patients.account import AccountHeader
from fscdesk.services.patients.guarantors import GuarantorFields
from fscdesk.services.patients.queries import PatientDetail
from fscdesk.ui.screen import PracticeFacts
from fscdesk.ui.screens.patients.account_reading import AccountStanding
from fscdesk.ui.text import day_text, short_day_text
from fscdesk.ui.theme import Status

KIND_WORDS = {"adult": "Adult", "minor": "Minor", "couple": "Couple"}
_ACTIVE = Status("Active", "green", "check")
_INACTIVE = Status("Inactive", "neutral", "circle-minus")
_BAD_ADDRESS = Status("Bad address", "orange", "triangle-alert")
_PARKED = Status("Parked", "slate", "pause")
_NO_BILL = Status("Do not bill", "amber", "ban")


def badges_of(detail: PatientDetail, standing: AccountStanding) -> tuple[Status, ...]:
    """Return the badges beside a name: what a person must know before doing anything."""
    header, fields = detail.header, standing.flags.fields
    found = [_ACTIVE if detail.active else _INACTIVE]
    if fields.deceased_on is not None:
        found = [Status(f"Deceased {day_text(fields.deceased_on)}", "neutral", "user-x")]
    if detail.kind != "adult":
        word = KIND_WORDS.get(detail.kind, detail.kind)
        found.append(Status(word, "slate", "users" if detail.kind == "couple" else "user"))
    if header.payer_owes < ZERO:
        words = f"{header.payer} credit {abs(header.payer_owes)}"
        found.append(Status(words, "orange", "triangle-alert"))
    if header.unapplied > ZERO:
        found.append(Status(f"Credit {header.unapplied}", "teal", "coins"))
    if standing.plan:
        late = standing.missed > 0
        words = f"Plan, {standing.missed} missed" if late else "In plan"
        found.append(Status(words, "red" if late else "sky", "calendar-check"))
    if header.at_agency > ZERO:
        found.append(Status(f"At agency {header.at_agency}", "red", "briefcase"))
    if standing.parked:
        found.append(_PARKED)
    if fields.bad_address:
        found.append(_BAD_ADDRESS)
    if fields.do_not_bill:
        found.append(_NO_BILL)
    return tuple(found)


def facts_of(practice: PracticeFacts, detail: PatientDetail) -> tuple[str, ...]:
    """Return the facts of the line under the name, the most telling first."""
    pays = "self" if detail.pays_for_himself else detail.guarantor.fields.name
    facts = [f"{practice.patient} {detail.number}", f"Guarantor: {pays}"]
    for policy in detail.policies:
        if policy.rank == 1 and policy.valid_to is None:
            member = f" {policy.member_id}" if policy.member_id else ""
            copay = "" if policy.copay is None else f", copay {policy.copay}"
            facts.append(f"{policy.payer}{member}{copay}")
            break
    if detail.provider:
        facts.append(detail.provider)
    facts.append(address_of(detail.guarantor.fields) or "No address")
    return tuple(facts)


def address_of(fields: GuarantorFields) -> str:
    """Return an address on one line; empty where none is known."""
    place = " ".join(part for part in (fields.city, fields.state, fields.zip_code) if part)
    return ", ".join(part for part in (fields.address1, fields.address2, place) if part)


def client_owes(header: AccountHeader) -> Money:
    """What the client owes in all, as the ledger and the explanation say it: less the credit."""
    return header.client_owes - header.unapplied


def client_hint(header: AccountHeader) -> str:
    """Say since when the client owes, or which credit is taken off what is open."""
    if header.unapplied and header.client_owes:
        return f"{header.client_owes} \N{MINUS SIGN} credit"
    if header.unapplied:
        return "credit"
    if header.client_owes > ZERO and header.oldest_open is not None:
        return f"oldest {day_text(header.oldest_open)}"
    return "credit" if header.client_owes < ZERO else "nothing open"


def payer_hint(header: AccountHeader) -> str:
    """Say what a payer's figure is."""
    if header.payer_owes < ZERO:
        return "credit, to return"
    return "not paid yet" if header.payer_owes else "nothing open"


def payment_hint(header: AccountHeader) -> str:
    """Say who paid last, and when."""
    if header.last_payment is None:
        return "nothing paid yet"
    return f"{day_text(header.last_payment_on)}, {header.last_payment_by}"


def statement_hint(header: AccountHeader) -> str:
    """Say when the last statement was made."""
    if header.last_statement_on is None:
        return "none sent yet"
    return f"{day_text(header.last_statement_on)}, {header.last_statement}"


def plan_hint(standing: AccountStanding) -> str:
    """Say what the plan still asks for, and when next."""
    if not standing.plan:
        return "no plan"
    following = standing.next_due_on
    later = "" if following is None else f", next {short_day_text(following)}"
    return f"{standing.plan_left} left{later}"


def has_statement(header: AccountHeader) -> bool:
    """Return whether a statement of this account would say anything."""
    moved = header.client_owes or header.unapplied or header.last_statement_on
    return bool(moved) or header.sessions > 0
