"""Which facts of the client details report are taken over, and where a person must say.

SimplePractice and a person at the desk may both have written a fact. What the last import of
this report said tells them apart: a fact that is still what was imported then belongs to
SimplePractice, a fact that differs from it was typed here and is asked about.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fscdesk.models.patient import PatientKind
from fscdesk.services.errors import Finding, Problem, Severity
from fscdesk.services.importing.questions import Asked, Option, Question, QuestionKind
from fscdesk.services.importing.readers.client_details import ClientRow
from fscdesk.services.patients.names import fold
from fscdesk.services.setup.numbers import email_of, state_of, zip_of

KEEP, TAKE = "keep", "take"
LONGEST = 200
LONGEST_CODE = 24

_KINDS = {
    "adult": PatientKind.ADULT.value,
    "minor": PatientKind.MINOR.value,
    "child": PatientKind.MINOR.value,
    "couple": PatientKind.COUPLE.value,
}
_ACTIVE = {"active": True, "prospective": True, "inactive": False, "archived": False}
TITLES = {
    "kind": "Kind",
    "active": "Client",
    "provider_id": "Clinician",
    "address": "Address",
    "phone": "Phone",
    "email": "E-mail",
    "payer_name": "Guarantor",
    "member_id": "Member id",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says, checked; None or blank where it says nothing that can be used."""

    kind: str | None
    active: bool | None
    address: tuple[str, str, str, str, str] | None
    phone: str
    email: str
    contact: str
    contact_phone: str
    contact_email: str
    member_id: str


def said_of(row: ClientRow, findings: list[Finding]) -> Said:
    """Return what a row says; what cannot be used is left out and becomes a finding."""
    where = f"line {row.line}"

    def checked(value: str, what: str, check: Any = None) -> str:
        text = " ".join(value.split())
        try:
            text = check(text) if check is not None else text
        except Problem as problem:
            findings.append(_left_out(problem.message, where))
            return ""
        if len(text) > LONGEST:
            findings.append(_left_out(f"The {what} has more than {LONGEST} letters.", where))
            return ""
        return text

    parts = (
        checked(row.address, "address"),
        "",
        checked(row.city, "city"),
        checked(row.state, "state", state_of),
        checked(row.zip_code, "ZIP code", zip_of),
    )
    member = checked(row.member_id, "member id")
    if len(member) > LONGEST_CODE:
        findings.append(_left_out(f"The member id has more than {LONGEST_CODE} letters.", where))
        member = ""
    return Said(
        kind=_KINDS.get(fold(row.kind)),
        active=_ACTIVE.get(fold(row.status)),
        address=parts if any(parts) else None,
        phone=checked(row.phone, "phone number"),
        email=checked(row.email, "e-mail address", email_of),
        contact=checked(row.contact_name, "contact's name"),
        contact_phone=checked(row.contact_phone, "contact's phone number"),
        contact_email=checked(row.contact_email, "contact's e-mail address", email_of),
        member_id=member,
    )


def _left_out(message: str, where: str) -> Finding:
    return Finding("left-out", f"{message} It is left out.", where, Severity.WARNING)


@dataclass(frozen=True, slots=True)
class Field:
    """One fact: what it is here, what the row says, what was imported last (None: never).

    ``nobodys`` is true where the books' value was never a person's choice: blank, or what an
    import puts down by itself.
    """

    key: str
    ours: Any
    theirs: Any
    last: Any
    nobodys: bool


def settled(one: Field) -> str | None:
    """Return ``keep``, ``take``, or None where a person must say which of two values holds."""
    if same(one.key, one.ours, one.theirs):
        return KEEP
    if one.nobodys or (one.last is not None and same(one.key, one.ours, one.last)):
        return TAKE
    return None


def ask(
    asked: Asked, client: str, number: str, one: Field, names: Mapping[int, str]
) -> tuple[str, str | None]:
    """Ask which of two values holds; return the question's id and the answer, if any."""
    ours, theirs = words_of(one.key, one.ours, names), words_of(one.key, one.theirs, names)
    mark = hashlib.sha256(f"{ours}\n{theirs}".encode()).hexdigest()[:12]
    title = TITLES[one.key]
    question = Question(
        id=f"client_field:{number}|{one.key}|{mark}",
        kind=QuestionKind.FIELD,
        text=f"{title} of {client}: {ours} here, {theirs} in SimplePractice. Which holds?",
        detail="It was written here and does not come from an import. The answer is remembered.",
        options=(
            Option(KEEP, f"Keep {ours}"),
            Option(TAKE, f"Take {theirs}"),
        ),
        proposal=None,
        rows=1,
    )
    return question.id, asked.ask(question)


def same(key: str, one: Any, other: Any) -> bool:
    """Say whether two values of a fact mean the same to a person."""
    if key == "address":
        return fold(address_words(one)) == fold(address_words(other))
    if key in ("phone", "member_id"):
        return _bare(one) == _bare(other)
    if key in ("email", "payer_name"):
        return fold(one or "") == fold(other or "")
    return bool(one == other)


def _bare(text: str | None) -> str:
    return "".join(filter(str.isalnum, (text or "").casefold()))


def words_of(key: str, value: Any, names: Mapping[int, str]) -> str:
    """Return a value as people read it."""
    if key == "active":
        return "active" if value else "inactive"
    if key == "address":
        return address_words(value) or "none"
    if key == "provider_id":
        return "none" if value is None else names.get(value, "a new clinician")
    return str(value or "none")


def address_words(address: Any) -> str:
    """Return an address as one line; blank for none."""
    if not address:
        return ""
    line1, line2, city, state, zip_code = address
    place = " ".join(part for part in (state, zip_code) if part)
    return ", ".join(part for part in (line1, line2, city, place) if part)


def default_kind(name: str) -> str:
    """Return the kind that an import gives a client of this name when nothing else is said."""
    return (PatientKind.COUPLE if " & " in name else PatientKind.ADULT).value
