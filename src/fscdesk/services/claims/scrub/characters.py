"""The rule about characters that an 837P cannot carry."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fscdesk.models.claim import Severity
from fscdesk.services.claims.content import Address, ClaimContent, Person, ProviderFacts
from fscdesk.services.claims.scrub.findings import Found, rule
from fscdesk.services.claims.scrub.sentences import listed, shown
from fscdesk.services.x12.writing import basic

_PLAIN: Final = re.compile(r"[A-Za-z0-9 !\"&'()+,\-./;?=]*", re.ASCII)
_PRACTICE: Final = "Write it otherwise in Setup, Practice."
_PAYER: Final = "Write it otherwise in Setup, Payers."
_PEOPLE: Final = "Write it otherwise in Setup, People."
_CLIENT: Final = "Write it otherwise in the client's details."
_POLICY: Final = "Write it otherwise in the client's policy."
_CLAIM: Final = "Write it otherwise on the claim."


_NAME, _FIRST, _MIDDLE, _SUFFIX = 60, 35, 25, 10
_STREET, _CITY, _REFERENCE, _ID, _NOTE = 55, 30, 50, 80, 80
"""How many characters the elements of an 837P take (005010X222A1)."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A text that is sent: its field, what it is, where to mend it, how much fits.

    ``exact``: an id, in which each sign counts.
    """

    field: str
    what: str
    text: str
    where: str
    most: int
    exact: bool = False


@rule(
    44, "characters", "Characters that files can carry", "every element of an 837P", Severity.STOPS
)
def characters(content: ClaimContent) -> Iterator[Found]:
    """Guard every element: X12's basic character set, no sign that divides a file, not too long.

    What is written is upper case and without accents; that needs no word. A letter without a
    basic form, or any odd sign in an id, stops the claim, for what is sent would be another word.
    An odd sign in an address or a note (#, @) becomes a blank, and is only told. Nothing is cut.
    """
    for one in _texts(content):
        if _PLAIN.fullmatch(one.text) and len(one.text) <= one.most:
            continue
        lost, long = _lost(one.text, exact=one.exact), len(basic(one.text))
        if lost:
            harmless = not one.exact and not any(mark.isalnum() for mark in lost)
            yield Found(
                one.field,
                f"{one.what} {shown(one.text)} has {listed([_spelled(mark) for mark in lost])}, "
                f"which an 837P cannot carry{': it becomes a blank' if harmless else ''}.",
                one.where,
                at_most=Severity.TELLS if harmless else Severity.STOPS,
            )
        elif long > one.most:
            yield Found(
                one.field,
                f"{one.what} {shown(one.text)} has {long} characters; an 837P takes {one.most}.",
                one.where,
            )


RULES: Final = (characters,)


def _texts(content: ClaimContent) -> Iterator[_Text]:
    practice, clinician = content.practice, content.rendering
    yield _Text("billing_address", "The practice's name", practice.name, _PRACTICE, _NAME)
    yield from _address("billing_address", "The practice's address", practice.address, _PRACTICE)
    yield from _person("patient_name", "patient_address", "The client's", content.patient, _CLIENT)
    yield from _clinician("rendering", "The clinician's name", clinician)
    yield _Text("payer_id", "The payer's name", content.payer.name, _PAYER, _NAME)
    yield _Text("facility", "The location's name", content.facility_name, _PRACTICE, _NAME)
    yield from _address("facility", "The location's address", content.facility_address, _PRACTICE)
    number = content.original_number
    yield _Text("original_number", "The payer's number", number, _CLAIM, _REFERENCE, exact=True)
    yield _Text("note", "The note", content.note, _CLAIM, _NOTE)
    if content.supervising is not None:
        yield from _clinician("supervising", "The supervisor's name", content.supervising)
    yield from _said_before(content)
    coverage = content.coverage
    if coverage is not None:
        yield _Text("member_id", "Member id", coverage.member_id, _POLICY, _ID, exact=True)
        group = coverage.group_number
        yield _Text("coverage", "Group number", group, _POLICY, _REFERENCE, exact=True)
        yield _Text("coverage", "The plan's name", coverage.plan_name, _POLICY, _NAME)
        if not coverage.is_self:
            names, at = "subscriber_name", "subscriber_address"
            yield from _person(names, at, "The subscriber's", coverage.subscriber, _POLICY)
    yield from _of_others(content)


def _said_before(content: ClaimContent) -> Iterator[_Text]:
    if content.referral is not None:
        what, sent_by = "The name of who referred", content.referral
        yield _Text("referral", what, sent_by.last_name, _CLIENT, _NAME)
        yield _Text("referral", what, sent_by.first_name, _CLIENT, _FIRST)
    if content.authorization is not None:
        what, number = "Authorization number", content.authorization.number
        yield _Text("authorization", what, number, _CLIENT, _REFERENCE, exact=True)


def _of_others(content: ClaimContent) -> Iterator[_Text]:
    for other in content.others:
        member, group = other.coverage.member_id, other.coverage.group_number
        yield _Text("others", "The other payer's name", other.payer.name, _PAYER, _NAME)
        yield _Text("others", "The other member id", member, _POLICY, _ID, exact=True)
        yield _Text("others", "The other group number", group, _POLICY, _REFERENCE, exact=True)
        if other.answer is not None:
            what, number = "The other payer's number", other.answer.payer_number
            yield _Text("others", what, number, _CLAIM, _REFERENCE, exact=True)


def _clinician(field: str, what: str, clinician: ProviderFacts) -> Iterator[_Text]:
    yield _Text(field, what, clinician.last_name, _PEOPLE, _NAME)
    yield _Text(field, what, clinician.first_name, _PEOPLE, _FIRST)


def _person(names: str, at: str, whose: str, person: Person, where: str) -> Iterator[_Text]:
    for text, most in (
        (person.last_name, _NAME),
        (person.first_name, _FIRST),
        (person.middle_name, _MIDDLE),
        (person.suffix, _SUFFIX),
    ):
        yield _Text(names, f"{whose} name", text, where, most)
    yield from _address(at, f"{whose} address", person.address, where)


def _address(field: str, what: str, address: Address, where: str) -> Iterator[_Text]:
    for text, most in ((address.line1, _STREET), (address.line2, _STREET), (address.city, _CITY)):
        yield _Text(field, what, text, where, most)


def _lost(text: str, *, exact: bool) -> list[str]:
    """Return the signs of a text that would not arrive, each once, in order.

    Of an id (``exact``) invisible ones too: they would leave a blank inside it.
    """
    whole = unicodedata.normalize("NFC", text)
    return [
        mark
        for mark in dict.fromkeys(whole)
        if not mark.isspace()
        and not basic(mark)
        and not unicodedata.combining(mark)
        and (exact or not unicodedata.category(mark).startswith("C"))
    ]


def _spelled(mark: str) -> str:
    return mark if mark.isprintable() else f"an invisible sign (U+{ord(mark):04X})"
