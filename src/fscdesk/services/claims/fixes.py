"""What would mend a claim's field with one press: the record that is there, and fits. Pure.

Offered where the scrubber found something, and where the payer's reason code (CARC) points to. A
fix says what it would set and why it fits; nothing is offered that has to be guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fscdesk.services.authorization_uses import quantity_of
from fscdesk.services.claims.authorization_rows import AuthorizationRow, counted
from fscdesk.services.claims.content import ClaimContent, ContentLine
from fscdesk.services.claims.detail import ClaimPage

TELEHEALTH_PLACES: Final = frozenset({"02", "10"})
TELEHEALTH: Final = frozenset({"93", "95", "GT", "GQ", "FQ"})
NEW_AUTHORIZATION: Final = "new authorization"
"""The value of a fix that asks for what is not on record yet."""
_MOST: Final = 2


@dataclass(frozen=True, slots=True)
class Fix:
    """A value for a field: ``words`` are the button's verb, ``why`` the reason under the field.

    ``value`` is what ``changing.Typed`` takes; ``line`` a line's position.
    """

    field: str
    words: str
    why: str
    value: Any
    line: int | None = None


def fixes_of(
    page: ClaimPage,
    granted: Sequence[AuthorizationRow],
    *,
    supervisor: tuple[int, str] | None,
    referrals: Sequence[tuple[int, str]],
    diagnoses: Sequence[str],
) -> tuple[Fix, ...]:
    """Return the fixes of a claim, none for a field that nobody complains about.

    ``supervisor`` is who supervises its clinician on its first day, ``diagnoses`` what the
    client's record has on that day.
    """
    content = page.content
    if content is None or not content.lines:
        return ()
    asked = {one.field for one in page.findings if not one.accepted_by}
    if page.row.status.value in ("denied", "partially_paid", "rejected"):
        asked |= set(page.look_at)
    fixes: list[Fix] = []
    if "authorization" in asked:
        fixes += _authorizations(page, content, granted)
    if "supervising" in asked and content.supervising is None and supervisor is not None:
        who, name = supervisor
        fixes.append(Fix("supervising", f"Use {name}", "Supervises this clinician.", who))
    if "referral" in asked and content.referral is None:
        fixes += [
            Fix("referral", f"Use {words.partition(',')[0]}", "On record for this client.", one)
            for one, words in referrals[:_MOST]
        ]
    if "diagnoses" in asked and not content.diagnoses and diagnoses:
        codes = " ".join(diagnoses)
        fixes.append(Fix("diagnoses", f"Use {codes}", "From the client's record.", codes))
    if "line_modifiers" in asked:
        fixes += _telehealth(content)
    return tuple(fixes)


def _authorizations(
    page: ClaimPage, content: ClaimContent, granted: Sequence[AuthorizationRow]
) -> Iterator[Fix]:
    fitting = [one for one in granted if one.id != page.authorization_id and _fits(one, content)]
    days = f"{content.first_day:%m/%d/%Y}"
    if content.last_day != content.first_day:
        days += f" to {content.last_day:%m/%d/%Y}"
    if not fitting:
        why = f"No authorization on record covers {days}."
        yield Fix("authorization", "Add an authorization…", why, NEW_AUTHORIZATION)
    for one in fitting[:_MOST]:
        fields = one.fields
        left = counted(one.left, fields.counts)
        why = f"{fields.number} covers {days}; {left} left."
        yield Fix("authorization", f"Use {fields.number}", why, one.id)


def _fits(one: AuthorizationRow, content: ClaimContent) -> bool:
    fields = one.fields
    taken = [
        quantity_of(fields.codes, fields.counts, line.code, line.units) for line in content.lines
    ]
    return (
        fields.valid_from <= content.first_day
        and content.last_day <= fields.valid_to
        and 0 < sum(taken) <= one.left
    )


def _telehealth(content: ClaimContent) -> Iterator[Fix]:
    """Yield 95 for lines at the place of telehealth that say nothing of how it was held."""
    for line in content.lines:
        place = line.place_of_service or content.place_of_service
        if place in TELEHEALTH_PLACES and not TELEHEALTH & set(line.modifiers):
            why = f"Place {place} is telehealth; 95 says that it was video."
            yield Fix("line_modifiers", "Use 95", why, _with(line, "95"), line.position)


def _with(line: ContentLine, modifier: str) -> str:
    return " ".join((*line.modifiers, modifier))
