"""Rules about the client and the subscriber as a claim names them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from fscdesk.models.claim import Severity
from fscdesk.models.coverage import Relationship
from fscdesk.services.claims.content import ClaimContent, Person
from fscdesk.services.claims.scrub.findings import Found, rule
from fscdesk.services.claims.scrub.sentences import day, shown

_SUFFIX: Final = re.compile(r".*\S[\s,]+(JR|SR|II|III|IV)\.?", re.IGNORECASE | re.DOTALL)
_SEXES: Final = frozenset({"M", "F", "U"})
_OF_CLIENT: Final = "Correct it in the client's details."
_OF_POLICY: Final = "Correct it in the client's policy."


@rule(
    8,
    "patient-name",
    "Names as payers spell them",
    "2010BA and 2010CA NM103 to NM107, box 2",
    Severity.WARNS,
)
def patient_name(content: ClaimContent) -> Iterator[Found]:
    """Guard NM103 to NM107 and boxes 2 and 4: no digits in a name, no suffix in the last name."""
    yield from _name_faults(content.patient, "patient_name", "client", _OF_CLIENT)
    coverage = content.coverage
    if coverage is not None and not coverage.is_self:
        yield from _name_faults(coverage.subscriber, "subscriber_name", "subscriber", _OF_POLICY)


@rule(9, "birth-and-sex", "Birth date and sex", "2010BA and 2010CA DMG, box 3", Severity.STOPS)
def birth_and_sex(content: ClaimContent) -> Iterator[Found]:
    """Guard DMG02, DMG03 and box 3: born before the first service, and M, F or U."""
    born = content.patient.birth_date
    first = min((line.service_day for line in content.lines), default=content.today)
    if born is None:
        yield Found(
            "birth_date", "The client has no birth date.", "Add it in the client's details."
        )
    elif born > content.today:
        yield Found("birth_date", f"The birth date {day(born)} has not come yet.", _OF_CLIENT)
    elif born > first:
        yield Found(
            "birth_date",
            f"The birth date {day(born)} is after the first service, {day(first)}.",
            _OF_CLIENT,
        )
    if content.patient.sex not in _SEXES:
        said = shown(content.patient.sex)
        yield Found(
            "sex",
            f"{said} is not a sex that a claim can carry."
            if said
            else "A claim says the client's sex, and nothing is known of it.",
            "Choose M, F or U (not known) in the client's details, as the payer has it.",
        )


@rule(
    10,
    "subscriber",
    "Who is insured",
    "2000B SBR02, 2000C and PAT01, boxes 4 and 6",
    Severity.STOPS,
    fixed=True,
)
def subscriber(content: ClaimContent) -> Iterator[Found]:
    """Guard SBR02, 2000C, PAT01 and boxes 2, 4 and 6: a relationship, and a name on both ends.

    For "self" the client is the subscriber (18) and has no loop apart; any other relationship
    needs a subscriber with a name.
    """
    if not content.patient.last_name.strip():
        yield Found(
            "patient_name", "The client has no last name.", "Add it in the client's details."
        )
    coverage = content.coverage
    if coverage is None:
        return
    if coverage.relationship not in set(Relationship):
        yield Found(
            "relationship",
            f"{shown(coverage.relationship) or 'Nothing'} is not what the client can be to the "
            "subscriber.",
            "Choose self, spouse, child or other in the client's policy.",
        )
    elif not coverage.is_self:
        named = coverage.subscriber
        lacks = [
            word
            for word, value in (("first", named.first_name), ("last", named.last_name))
            if not value.strip()
        ]
        if lacks:
            yield Found(
                "subscriber_name",
                f"The client is insured as {coverage.relationship} of somebody whose "
                f"{' and '.join(lacks)} name is missing.",
                "Add the subscriber's name in the client's policy.",
            )


RULES: Final = (patient_name, birth_and_sex, subscriber)


def _name_faults(person: Person, field: str, whose: str, where: str) -> Iterator[Found]:
    for word, value in (
        ("last name", person.last_name),
        ("first name", person.first_name),
        ("middle name", person.middle_name),
    ):
        if any(mark.isdigit() for mark in value):
            yield Found(field, f"The {whose}'s {word} {shown(value)} has a digit in it.", where)
    if suffix := _SUFFIX.fullmatch(person.last_name.strip()):
        yield Found(
            field,
            f"The {whose}'s last name {shown(person.last_name)} ends with {suffix[1]}, which "
            "payers keep apart.",
            f"Write the last name without it. {where}",
        )
