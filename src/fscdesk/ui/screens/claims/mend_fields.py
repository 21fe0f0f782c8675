"""The field on a card of today's claims: one for each kind of fault, all typed over at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from fscdesk.services.claims.content import Address
from fscdesk.services.claims.mend_cards import Editor, MendCard
from fscdesk.services.setup.providers import providers
from fscdesk.services.work import Work
from fscdesk.ui.forms.amounts import DateField
from fscdesk.ui.forms.fields import ChoiceField, Field, TextField
from fscdesk.ui.forms.found_field import FoundField
from fscdesk.ui.office_day import OfficeDay
from fscdesk.ui.screen import Shell
from fscdesk.ui.search import Line

LABELS: Final = MappingProxyType(
    {
        "member_id": "Member id",
        "group_number": "Group number",
        "relationship": "The client is to the subscriber",
        "subscriber_name": "Subscriber",
        "subscriber_birth": "Subscriber was born on",
        "subscriber_sex": "Sex of the subscriber",
        "subscriber_address": "Address of the subscriber",
        "release": "Release signed",
        "benefits_assigned": "Benefits assigned to the practice",
        "assignment": "The practice accepts assignment",
        "patient_name": "Name",
        "birth_date": "Born on",
        "sex": "Sex",
        "patient_address": "Address",
        "rendering_npi": "NPI, or who supervises",
        "rendering_taxonomy": "Taxonomy of the clinician",
        "supervising": "Supervisor",
        "supervising_npi": "NPI of the supervisor",
        "payer_id": "Payer id",
        "payer_address": "Address of the payer",
        "billing_npi": "NPI of the practice",
        "billing_taxonomy": "Taxonomy of the practice",
        "billing_address": "Address of the practice",
        "tax_id": "Tax id",
        "authorization": "Authorization",
        "place_of_service": "Place of service",
        "diagnoses": "Diagnoses",
        "note": "Note",
        "original_number": "Payer’s number of the original",
        "line_modifiers": "Modifiers",
        "line_place_of_service": "Place of service",
    }
)
_EXAMPLES: Final = MappingProxyType(
    {
        Editor.NAME: "First and last name",
        Editor.ADDRESS: "102 Nowhere Lane, Sampleville, NJ 07002",
        Editor.CLINICIAN: "Some letters of the name",
        Editor.NPI: "Ten digits, or letters of a name",
    }
)
_ADDRESS: Final = re.compile(
    r"(?P<line1>.+?)\s*,\s*(?:(?P<line2>[^,]+?)\s*,\s*)?(?P<city>[^,]+?)\s*,\s*"
    r"(?P<state>[A-Za-z]{2})\s*,?\s+(?P<zip>\d{5}(?:-?\d{4})?)"
)
_NPI: Final = 10
_FEWEST_NAMES: Final = 2


@dataclass(frozen=True, slots=True)
class Person:
    """A clinician to choose, or (id 0) an NPI that was typed."""

    id: int
    name: str
    detail: str


class ClinicianField(FoundField[Person]):
    """Finds clinicians by letters. With ``npi`` digits are taken as an NPI."""

    nothing = "No clinician is called so."

    def __init__(self, shell: Shell, window: QWidget, card: MendCard) -> None:
        self._npi = card.editor is Editor.NPI
        super().__init__(
            label_of(card), shell.desk, window, example=_EXAMPLES[card.editor], width=380
        )
        if card.suggested:
            self.hold(Person(int(card.suggested), card.suggested_words, ""))

    def fitting(self, work: Work, typed: str) -> tuple[Person, ...]:
        if self._npi and typed[:1].isdigit():
            return (Person(0, typed, "Save as the clinician’s own NPI"),)
        words = typed.casefold().split()
        found = []
        for row in providers(work):
            name = row.fields.name.casefold().split()
            if row.fields.active and all(any(n.startswith(w) for n in name) for w in words):
                known = f"NPI {row.fields.npi}" if row.fields.npi else "No NPI"
                found.append(Person(row.id, row.fields.name, known))
        return tuple(found)

    def line_of(self, found: Person) -> Line:
        icon = "user" if found.id else "hash"
        return Line(found.name, found.detail, icon, lambda _beside: None)

    def text_of(self, held: Person) -> str:
        return held.name

    def value(self) -> int | str | None:
        """The id of the clinician, or the NPI that was typed; None while there is neither."""
        held = self.held()
        if held is None:
            return None
        return held.id or held.name

    def fault(self) -> str:
        if self.busy():
            return ""
        typed = self.edit.text().strip()
        if self.edit.isModified() and typed:
            return f"No clinician is called “{typed}”." if self._asked else ""
        held = self.held()
        if held is None:
            return "Type the NPI, or who supervises." if self._npi else "Say who supervises."
        if held.id == 0 and not (held.name.isdigit() and len(held.name) == _NPI):
            return f"{held.name} is no NPI: it has ten digits."
        return ""


class NameField(TextField):
    """A name, first and last: `Alma Anyone`, `Anyone, Alma`."""

    def value(self) -> Any:
        """(first, last), as the source keeps it."""
        return _name_of(super().value())

    def fault(self) -> str:
        words = super().value()
        if not words:
            return self._missing()
        return "" if _name_of(words) else "A name has a first and a last one."


class AddressField(TextField):
    """An address in one line."""

    def value(self) -> Any:
        """The address in its parts; None while it has not all of them."""
        return address_of(super().value())

    def fault(self) -> str:
        words = super().value()
        if not words:
            return "The address is missing."
        return "" if address_of(words) else f"Write it like {_EXAMPLES[Editor.ADDRESS]}."


def label_of(card: MendCard) -> str:
    """Return what the card's field is called."""
    named = LABELS.get(card.field, card.field.replace("_", " ").capitalize())
    return f"{named}, line {card.line}" if card.line is not None else named


def field_of(card: MendCard, shell: Shell, window: QWidget, today: OfficeDay) -> Field | None:
    """Return the field of a card, with what stands there; None where it is mended elsewhere."""
    label = label_of(card)
    if card.editor is Editor.NONE:
        return None
    if card.editor in (Editor.CLINICIAN, Editor.NPI):
        return ClinicianField(shell, window, card)
    if card.editor is Editor.DAY:
        day = DateField(label, today=today)
        day.restore(card.value)
        return day
    if card.editor is Editor.CHOICE:
        options = list(card.choices)
        known = {key for key, _words in options}
        choice: ChoiceField[str] = ChoiceField(label, options)
        wanted = card.suggested or card.value
        choice.set_value(wanted if wanted in known else None)
        return choice
    make: Callable[..., TextField] = {
        Editor.NAME: NameField,
        Editor.ADDRESS: AddressField,
    }.get(card.editor, TextField)
    value = "" if card.editor is Editor.NAME else card.suggested or card.value
    return make(label, value, example=_EXAMPLES.get(card.editor, ""))


@lru_cache(maxsize=64)
def address_of(words: str) -> Address | None:
    """Read an address from one line; None where a part of it is missing."""
    found = _ADDRESS.fullmatch(words.strip())
    if found is None:
        return None
    return Address(
        line1=found["line1"],
        line2=found["line2"] or "",
        city=found["city"],
        state=found["state"].upper(),
        zip_code=found["zip"],
    )


def _name_of(words: str) -> tuple[str, str] | None:
    last, comma, first = words.partition(",")
    if comma:
        return (first.strip(), last.strip()) if first.strip() and last.strip() else None
    parts = words.split()
    return (" ".join(parts[:-1]), parts[-1]) if len(parts) >= _FEWEST_NAMES else None
