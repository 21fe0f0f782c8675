"""What keeps claims from going, as cards: one for each fault, with the field that mends it.

cards = cards_to_mend(work)                   # what stops first, then the warnings
take_card(work, cards[0], "XYZ123456789")     # saved where it comes from; all of it checked again

A fault that several waiting claims take from one record is one card: it is mended once.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimFinding, ClaimLine, Severity
from fscdesk.models.coverage import Authorization, Relationship
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.models.values import Money
from fscdesk.services.claim_standing import UNSENT
from fscdesk.services.claims.billing_under import bill_under
from fscdesk.services.claims.editing import ClaimEdits, edit_claim, edits_of
from fscdesk.services.claims.mending import Mended, Source, is_mendable, mend_source, source_of
from fscdesk.services.claims.scrubbing import accept_warning
from fscdesk.services.claims.supervising import Supervisors
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, may
from fscdesk.services.work import Work

__all__ = [
    "CardClaim",
    "Editor",
    "MendCard",
    "Mended",
    "Severity",
    "accept_card",
    "cards_to_mend",
    "take_card",
]


class Editor(enum.StrEnum):
    """What a card is answered with. ``NONE``: not here; its claim or its record is opened."""

    TEXT = "text"
    DAY = "day"
    NAME = "name"
    ADDRESS = "address"
    CHOICE = "choice"
    CLINICIAN = "clinician"
    NPI = "npi"
    NONE = "none"


_EDITORS: Final = {
    "birth_date": Editor.DAY,
    "subscriber_birth": Editor.DAY,
    "patient_name": Editor.NAME,
    "subscriber_name": Editor.NAME,
    "patient_address": Editor.ADDRESS,
    "subscriber_address": Editor.ADDRESS,
    "payer_address": Editor.ADDRESS,
    "billing_address": Editor.ADDRESS,
    "sex": Editor.CHOICE,
    "subscriber_sex": Editor.CHOICE,
    "release": Editor.CHOICE,
    "benefits_assigned": Editor.CHOICE,
    "assignment": Editor.CHOICE,
    "relationship": Editor.CHOICE,
    "authorization": Editor.CHOICE,
    "supervising": Editor.CLINICIAN,
}
_OWN: Final = frozenset(
    {
        "place_of_service",
        "note",
        "original_number",
        "diagnoses",
        "authorization",
        "line_modifiers",
        "line_place_of_service",
    }
)
"""Fields of the claim itself that a card can change."""
_SEXES: Final = (("F", "Female"), ("M", "Male"), ("U", "Unknown"))
_RELATIONSHIPS: Final = tuple((one.value, one.value.capitalize()) for one in Relationship)
_SIGNED: Final = (("yes", "Yes, signed"), ("no", "No"))
_CHOICES: Final = {
    "sex": _SEXES,
    "subscriber_sex": _SEXES,
    "relationship": _RELATIONSHIPS,
    "release": _SIGNED,
    "benefits_assigned": _SIGNED,
    "assignment": (("yes", "Yes"), ("no", "No")),
}
"""What is chosen from, by field; authorizations are the client's own."""
THE_CLAIM: Final = "this claim"


@dataclass(frozen=True, slots=True)
class CardClaim:
    """A claim on which a card's fault stands; ``version`` is what the card has seen."""

    id: int
    number: str
    version: int


@dataclass(frozen=True, slots=True)
class MendCard:
    """A fault with its field. ``key`` stays the same while the fault does.

    ``source`` is the record that the field comes from, None for the claim's own. ``value`` is
    what stands there now, ``suggested`` what is proposed in its place ("" for nothing; the id for
    a clinician or an authorization, ``suggested_words`` how it reads). ``claims`` are all that
    have the fault, the first named one first.
    """

    key: str
    claims: tuple[CardClaim, ...]
    patient_id: int
    patient: str
    payer: str
    clinician: str
    first_day: date
    total: Money
    rule: str
    severity: Severity
    field: str
    line: int | None
    message: str
    hint: str
    editor: Editor
    source: Source | None
    value: str
    suggested: str = ""
    suggested_words: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def stops(self) -> bool:
        """Return whether the claim cannot go with it."""
        return self.severity is Severity.STOPS

    @property
    def where(self) -> str:
        """Return where it is mended, in words; nothing where that is not done on the card."""
        if self.editor is Editor.NONE:
            return ""
        return THE_CLAIM if self.source is None else self.source.words


def cards_to_mend(work: Work, claim_ids: Collection[int] | None = None) -> tuple[MendCard, ...]:
    """Return the faults of claims that wait, or of some of them: what stops, then what warns.

    A claim that somebody holds, or that waits for something else, has no card: it would not go.
    """
    wanted = (
        select(ClaimFinding, Claim, Patient.name, Payer.name, Provider.name)
        .join(Claim, Claim.id == ClaimFinding.claim_id)
        .join(Patient, Patient.id == Claim.patient_id)
        .join(Payer, Payer.id == Claim.payer_id)
        .join(Provider, Provider.id == Claim.rendering_id)
        .where(
            Claim.status.in_(UNSENT),
            Claim.held_for == "",
            Claim.wait_for == "",
            Claim.outdated == "",
            Claim.crossed_over.is_(False),
            ~Patient.hold_claims,
            ClaimFinding.severity.in_((Severity.STOPS, Severity.WARNS)),
            ClaimFinding.accepted_by.is_(None),
        )
        .order_by(Claim.number, Claim.id, ClaimFinding.id)
    )
    if claim_ids is not None:
        wanted = wanted.where(among(work, Claim.id, claim_ids))
    seen = _Sources(work)
    cards: dict[str, MendCard] = {}
    for finding, claim, patient, payer, clinician in work.db.execute(wanted):
        key = seen.key(finding, claim)
        one = CardClaim(claim.id, claim.number, claim.version)
        card = cards.get(key)
        if card is None:
            cards[key] = seen.card(key, finding, claim, one, (patient, payer, clinician))
        elif one not in card.claims:
            cards[key] = replace(card, claims=(*card.claims, one))
    return tuple(sorted(cards.values(), key=lambda card: not card.stops))


def take_card(work: Work, card: MendCard, value: Any) -> Mended:
    """Save what was typed on a card where it comes from; what hangs on it is checked again.

    ``value`` is of the editor's kind: a text, a day, (first, last), an Address, the key of a
    choice; the id of a clinician as an int. Raises Problem and ChangedElsewhere as the record's
    own service does, and Problem where nothing is changed, or where the check that stopped the
    claim stops it still: with nothing saved.
    """
    done = _taken(work, card, value)
    if not done.claims:
        raise Problem(
            "This is what stands there now.", hint="Nothing was saved. Type what is right."
        )
    every = work.db.scalars(select(ClaimFinding).where(ClaimFinding.claim_id == card.claims[0].id))
    mine = (card.rule, card.field, card.line)
    found = next((one for one in every if (one.rule, one.field, one.line) == mine), None)
    if found is None or found.accepted_by is not None:
        return done
    if found.severity is Severity.STOPS:
        raise Problem(found.message, hint=f"Nothing was saved. {found.hint}".strip())
    return replace(done, still=found.message)


def _taken(work: Work, card: MendCard, value: Any) -> Mended:
    claim = card.claims[0]
    if card.editor is Editor.NPI and isinstance(value, int):
        return bill_under(work, claim.id, value, expected_version=_version(card))
    if card.source is not None:
        return mend_source(work, claim.id, card.field, value, expected_version=card.source.version)
    if card.editor is Editor.NONE:
        raise Problem("This is not mended here.", hint="Nothing was saved. Open the claim.")
    if card.field == "authorization":
        value = int(value)
    edits = _own(work, claim.id, card, value)
    edit_claim(work, claim.id, edits, expected_version=claim.version)
    return Mended(THE_CLAIM, (claim.id,))


def accept_card(work: Work, card: MendCard) -> int:
    """Let the claims of a card go with its warning; return how many claims it were."""
    for one in card.claims:
        accept_warning(work, one.id, card.rule, card.line)
    return len(card.claims)


def _version(card: MendCard) -> int:
    if card.source is None:
        raise Problem("This has no record behind it.", hint="Nothing was saved.")
    return card.source.version


class _Sources:
    """Where findings come from; each record is looked up once."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._found: dict[tuple[str, int, str], Source | None] = {}
        self._supervisors: Supervisors | None = None

    def key(self, finding: ClaimFinding, claim: Claim) -> str:
        """Return what makes findings of several claims one card."""
        source = self._source(finding, claim)
        said = f"{finding.rule}:{finding.field}:{finding.severity.value}"
        if source is not None:
            return f"{source.noun}:{source.id}:{said}"
        if finding.severity is Severity.WARNS:
            return f"patient:{claim.patient_id}:{said}:{finding.line}:{finding.message}"
        return f"claim:{claim.id}:{said}:{finding.line}"

    def card(
        self,
        key: str,
        finding: ClaimFinding,
        claim: Claim,
        one: CardClaim,
        names: tuple[str, str, str],
    ) -> MendCard:
        """Return the card of a finding that none stands for yet."""
        source = self._source(finding, claim)
        editor = self._editor(finding, source)
        card = MendCard(
            key=key,
            claims=(one,),
            patient_id=claim.patient_id,
            patient=names[0],
            payer=names[1],
            clinician=names[2],
            first_day=claim.first_day,
            total=claim.total,
            rule=finding.rule,
            severity=finding.severity,
            field=finding.field,
            line=finding.line,
            message=finding.message,
            hint=finding.hint,
            editor=editor,
            source=source,
            value="" if source is None else source.value,
        )
        if editor in (Editor.CLINICIAN, Editor.NPI):
            return self._with_supervisor(card, claim)
        if finding.field == "authorization":
            return self._with_authorizations(card, claim)
        if editor is Editor.CHOICE:
            return replace(card, choices=_CHOICES[finding.field])
        if source is None and editor is not Editor.NONE:
            return replace(card, value=self._own_value(card))
        return card

    def _editor(self, finding: ClaimFinding, source: Source | None) -> Editor:
        field = finding.field
        if source is None and field not in _OWN:
            return Editor.NONE
        if source is not None and not source.may:
            return Editor.NONE
        if source is None and not may(self._work, Right.MAKE_CLAIMS):
            return Editor.NONE
        if source is None and field.startswith("line_") and finding.line is None:
            return Editor.NONE
        if field == "rendering_npi":
            return Editor.NPI
        return _EDITORS.get(field, Editor.TEXT)

    def _source(self, finding: ClaimFinding, claim: Claim) -> Source | None:
        field = finding.field
        if not is_mendable(field):
            return None
        of = (claim.policy_id, claim.patient_id, claim.rendering_id, claim.supervising_id)
        key = (field, claim.payer_id, repr(of))
        if key not in self._found:
            try:
                self._found[key] = source_of(self._work, claim.id, field)
            except Problem:  # nothing stands behind it: the claim has no policy, no supervisor
                self._found[key] = None
        return self._found[key]

    def _with_supervisor(self, card: MendCard, claim: Claim) -> MendCard:
        """Propose who supervises the clinician already, where a claim wants one named."""
        if card.value:
            return card
        if self._supervisors is None:
            self._supervisors = Supervisors(self._work)
        found = self._supervisors.of(claim.rendering_id, claim.first_day)
        if found is None:
            return card
        name = self._work.db.get_one(Provider, found).name
        return replace(card, suggested=str(found), suggested_words=name)

    def _with_authorizations(self, card: MendCard, claim: Claim) -> MendCard:
        """Offer what holds on the claim's days; the authorization that ends first is proposed."""
        rows = self._work.db.scalars(
            select(Authorization)
            .where(
                Authorization.patient_id == claim.patient_id,
                Authorization.payer_id == claim.payer_id,
                Authorization.valid_from <= claim.first_day,
                Authorization.valid_to >= claim.last_day,
                Authorization.id != (claim.authorization_id or 0),
                Authorization.number != "",
            )
            .order_by(Authorization.valid_to, Authorization.id)
        )
        choices = tuple(
            (str(row.id), f"{row.number}, {row.granted - row.used} left") for row in rows
        )
        if not choices:
            return replace(card, editor=Editor.NONE)
        first = choices[0]
        return replace(card, choices=choices, suggested=first[0], suggested_words=first[1])

    def _own_value(self, card: MendCard) -> str:
        edits = edits_of(self._work, card.claims[0].id)
        if card.field == "diagnoses":
            return ", ".join(edits.diagnoses)
        if card.line is None:
            return str(getattr(edits, card.field))
        line = edits.lines[_line_id(self._work, card.claims[0].id, card.line)]
        return " ".join(line.modifiers) if card.field == "line_modifiers" else line.place_of_service


def _own(work: Work, claim_id: int, card: MendCard, value: Any) -> ClaimEdits:
    """Return a claim's fields with the card's one as it was typed."""
    edits = edits_of(work, claim_id)
    if card.field == "authorization":
        return replace(edits, authorization_id=value)
    words: Sequence[str] = str(value).replace(",", " ").split()
    if card.field == "diagnoses":
        return replace(edits, diagnoses=tuple(words))
    if card.line is not None and card.field.startswith("line_"):
        line_id = _line_id(work, claim_id, card.line)
        if card.field == "line_modifiers":
            return edits.with_line(line_id, modifiers=tuple(words))
        return edits.with_line(line_id, place_of_service=str(value).strip())
    named: dict[str, Any] = {card.field: str(value).strip()}
    return replace(edits, **named)


def _line_id(work: Work, claim_id: int, position: int) -> int:
    wanted = select(ClaimLine.id).where(
        ClaimLine.claim_id == claim_id, ClaimLine.position == position
    )
    return work.db.scalars(wanted).one()
