"""From a claim to the places of its text: pages of cells, and what the form had no room for.

A page holds six service lines. A longer claim takes more pages, each with all boxes and a total
of its own, so that each can be read alone. Pure: no paper is touched here.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from fscdesk.models.values import Money
from fscdesk.services.printing.cms1500_form import (
    CmsAddress,
    CmsForm,
    CmsLine,
    CmsName,
    CmsOtherInsured,
    CmsPlace,
)
from fscdesk.services.printing.cms1500_grid import (
    LETTERS,
    LINE,
    LINES_A_PAGE,
    ROWS_A_LINE,
    FieldKind,
    grid,
)
from fscdesk.services.printing.cms1500_letters import claim_letters, lost_letters
from fscdesk.services.printing.sums import total

ICD_10 = "0"
"""Box 21 says with it that the codes are ICD-10-CM."""
MOST_MODIFIERS = 4
WHOLE_PHONE = 10
NAME_AND_ADDRESS = 4
"""Lines of the carrier block."""


class MisfitKind(enum.StrEnum):
    """What became of a value that the form could not take as it is."""

    CUT = "cut"
    """Its end is missing on paper."""
    LEFT_OUT = "left out"
    """Nothing of it stands there: part of a number would be another number."""
    LETTERS_LOST = "letters lost"
    """It has letters without a basic form."""


class CmsCell(NamedTuple):
    """Text on a page: it begins in a row and a column, both from 1, and belongs to a box."""

    row: int
    column: int
    text: str
    box: str


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value that is not on paper as it is kept. ``line`` is the service line from 1, or 0."""

    kind: MisfitKind
    box: str
    field: str
    """In words for people: ``patient's street``."""
    line: int
    wanted: str
    printed: str
    name: str = dataclasses.field(default="", compare=False)
    """Our name of the field in the grid."""


@dataclass(frozen=True, slots=True)
class CmsPages:
    """A claim with its text in place."""

    pages: tuple[tuple[CmsCell, ...], ...]
    misfits: tuple[Misfit, ...]


def place_cms1500(form: CmsForm) -> CmsPages:
    """Find the place of everything a claim says; a claim without lines is one page."""
    around = _Places()
    _place_persons(around, form)
    _place_condition(around, form)
    _place_claim(around, form)
    _place_providers(around, form)
    pages = []
    misfits = around.misfits
    for first in range(0, max(len(form.lines), 1), LINES_A_PAGE):
        lines = form.lines[first : first + LINES_A_PAGE]
        page = _Places(first)
        for line in lines:
            _place_line(page, line)
            page.down()
        page.amount("total", total(line.charge for line in lines))
        page.amount("paid", total(line.paid for line in lines))
        pages.append(tuple(sorted((*around.cells, *page.cells))))
        misfits += page.misfits
    return CmsPages(tuple(pages), tuple(misfits))


class _Places:
    """Collects cells and misfits; on service lines, counts down the rows."""

    def __init__(self, line: int = 0) -> None:
        self.cells: list[CmsCell] = []
        self.misfits: list[Misfit] = []
        self._line, self._lower = line, 0

    def down(self) -> None:
        """Go on to the next service line."""
        self._line += 1
        self._lower += ROWS_A_LINE

    def put(self, name: str, text: str) -> None:
        """Put text into the field of a name; what does not fit is noted."""
        place = grid()[name]
        if lost_letters(text):
            self._note(MisfitKind.LETTERS_LOST, name, text, claim_letters(text, place.kind))
        letters = claim_letters(text, place.kind)
        if len(letters) > place.length:
            if place.kind in {FieldKind.DIGITS, FieldKind.RIGHT}:
                self._note(MisfitKind.LEFT_OUT, name, text, "")
                return
            whole, letters = letters, letters[: place.length].rstrip(" ,")
            self._note(MisfitKind.CUT, name, whole, letters)
        if letters:
            late = place.length - len(letters) if place.kind is FieldKind.RIGHT else 0
            row = place.row + (self._lower if name.startswith(LINE) else 0)
            self.cells.append(CmsCell(row, place.column + late, letters, place.box))

    def left_out(self, name: str, text: str) -> None:
        """Note a value that the form has no further place for."""
        self._note(MisfitKind.LEFT_OUT, name, text, "")

    def mark(self, name: str, choice: enum.StrEnum | None) -> None:
        """Put an X on the choice, if there is one."""
        if choice is not None:
            self.put(f"{name}.{choice.value}", "X")

    def yes_no(self, name: str, answer: bool | None) -> None:
        """Put an X on yes or no, or on neither."""
        if answer is not None:
            self.put(f"{name}.{'yes' if answer else 'no'}", "X")

    def day(self, name: str, day: date | None, *, century: bool = False) -> None:
        """Put month, day and year; only birth dates have the century."""
        if day is not None:
            self.put(f"{name}.month", f"{day.month:02d}")
            self.put(f"{name}.day", f"{day.day:02d}")
            self.put(f"{name}.year", f"{day.year:04d}" if century else _short_year(day))

    def amount(self, name: str, amount: Money) -> None:
        """Put dollars and cents; an amount below zero or without room leaves both empty."""
        dollars = str(amount.cents // 100)
        if amount.cents < 0 or len(dollars) > grid()[f"{name}.dollars"].length:
            self.left_out(f"{name}.dollars", str(amount))
            return
        self.put(f"{name}.dollars", dollars)
        self.put(f"{name}.cents", f"{amount.cents % 100:02d}")

    def phone(self, name: str, phone: str) -> None:
        """Put area code and number; a number that is not one of ours stands whole, if it can."""
        digits = "".join(letter for letter in phone if letter in "0123456789")
        if len(digits) == WHOLE_PHONE + 1 and digits[0] == "1":
            digits = digits[1:]
        if len(digits) == WHOLE_PHONE:
            self.put(f"{name}.area", digits[:3])
            digits = digits[3:]
        self.put(f"{name}.number", digits)

    def address(self, who: str, address: CmsAddress) -> None:
        """Put street, city, state, zip and phone of the patient or the insured."""
        self.put(f"{who}_street", address.street)
        self.put(f"{who}_city", address.city)
        self.put(f"{who}_state", address.state)
        self.put(f"{who}_zip", address.zip_code)
        self.phone(f"{who}_phone", address.phone)

    def _note(self, kind: MisfitKind, name: str, wanted: str, printed: str) -> None:
        place = grid()[name]
        line = self._line + 1 if name.startswith(LINE) else 0
        self.misfits.append(Misfit(kind, place.box, place.field, line, wanted, printed, name))


def _place_persons(places: _Places, form: CmsForm) -> None:
    """Carrier and boxes 1 to 7, 9, 11: who is insured, and where."""
    carrier = tuple(line for line in form.carrier if line.strip())
    for number, text in enumerate(carrier[:NAME_AND_ADDRESS], 1):
        places.put(f"carrier.{number}", text)
    for text in carrier[NAME_AND_ADDRESS:]:
        places.left_out(f"carrier.{NAME_AND_ADDRESS}", text)
    places.mark("coverage", form.coverage)
    places.put("insured_id", form.insured_id)
    places.put("patient_name", form.patient_name.shown())
    places.day("patient_birth", form.patient_birth_date, century=True)
    places.mark("patient_sex", form.patient_sex)
    places.address("patient", form.patient_address)
    places.mark("relationship", form.relationship)
    places.put("insured_name", _shown(form.insured_name))
    places.address("insured", form.insured_address)
    places.day("insured_birth", form.insured_birth_date, century=True)
    places.mark("insured_sex", form.insured_sex)
    places.put("group_number", form.group_number)
    places.put("plan_name", form.plan_name)
    other = form.other_insured or CmsOtherInsured(CmsName(""))
    places.put("other_insured_name", other.name.shown())
    places.put("other_insured_policy", other.policy)
    places.put("other_plan_name", other.plan_name)
    places.yes_no("another_plan", form.another_plan)


def _place_condition(places: _Places, form: CmsForm) -> None:
    """Boxes 10, 11b and 12 to 20: what it is about, and what was signed."""
    places.yes_no("employment", form.employment)
    places.yes_no("auto_accident", form.auto_accident)
    places.put("auto_state", form.auto_state)
    places.yes_no("other_accident", form.other_accident)
    places.put("claim_codes", form.claim_codes)
    places.put("other_claim_qualifier", form.other_claim_qualifier)
    places.put("other_claim_id", form.other_claim_id)
    places.put("patient_signature", form.patient_signature)
    places.put("patient_signed_on", _in_a_row(form.patient_signed_on))
    places.put("insured_signature", form.insured_signature)
    places.day("illness", form.illness_date)
    places.put("illness_qualifier", form.illness_qualifier)
    places.day("other_date", form.other_date)
    places.put("other_date_qualifier", form.other_date_qualifier)
    places.day("unable_from", form.unable_from)
    places.day("unable_to", form.unable_to)
    if form.referral is not None:
        places.put("referring_qualifier", form.referral.qualifier)
        places.put("referring_name", form.referral.name)
        places.put("referring_npi", form.referral.npi)
        places.put("referring_other_qualifier", form.referral.other_id_qualifier)
        places.put("referring_other_id", form.referral.other_id)
    places.day("hospital_from", form.hospital_from)
    places.day("hospital_to", form.hospital_to)
    places.put("additional_information", form.additional_information)
    places.yes_no("outside_lab", form.outside_lab)
    if form.lab_charges is not None:
        places.amount("lab_charges", form.lab_charges)


def _place_claim(places: _Places, form: CmsForm) -> None:
    """Boxes 21 to 23 and 25 to 27: diagnoses, and the numbers of the claim."""
    if form.diagnoses:
        places.put("icd_indicator", ICD_10)
    for letter, code in zip(LETTERS, form.diagnoses, strict=False):
        places.put(f"diagnosis.{letter}", code)
    for code in form.diagnoses[len(LETTERS) :]:
        places.left_out(f"diagnosis.{LETTERS[-1]}", code)
    places.put("resubmission_code", form.resubmission_code)
    places.put("original_reference", form.original_reference)
    places.put("prior_authorization", form.prior_authorization)
    places.put("tax_id", form.tax_id)
    places.mark("tax_id_kind", form.tax_id_kind)
    places.put("account_number", form.account_number)
    places.yes_no("accept_assignment", form.accept_assignment)


def _place_providers(places: _Places, form: CmsForm) -> None:
    """Boxes 31 to 33: who signed, where it was, and who is paid."""
    places.put("provider_signature", form.provider_signature)
    places.put("provider_signed_on", _in_a_row(form.provider_signed_on))
    for who, place in (("facility", form.facility), ("billing", form.billing)):
        if place is not None:
            places.put(f"{who}_name", place.name)
            places.put(f"{who}_street", place.street)
            places.put(f"{who}_city", _city(place))
            places.put(f"{who}_npi", place.npi)
            if place.other_id:
                places.put(f"{who}_other_id", place.other_id_qualifier + place.other_id)
    places.phone("billing_phone", form.billing.phone)


def _place_line(places: _Places, line: CmsLine) -> None:
    """Box 24: one service, on its shaded and its white half."""
    places.put("line.supplement", line.supplement)
    places.put("line.rendering_qualifier", line.rendering_qualifier)
    places.put("line.rendering_other_id", line.rendering_other_id)
    places.day("line.from", line.from_day)
    places.day("line.to", line.to_day)
    places.put("line.place", line.place)
    places.put("line.emergency", "Y" if line.emergency else "")
    places.put("line.code", line.code)
    for number, modifier in enumerate(line.modifiers[:MOST_MODIFIERS], 1):
        places.put(f"line.modifier.{number}", modifier)
    for modifier in line.modifiers[MOST_MODIFIERS:]:
        places.left_out(f"line.modifier.{MOST_MODIFIERS}", modifier)
    places.put("line.pointers", "".join(_pointers(places, line)))
    places.amount("line.charge", line.charge)
    if line.units > 0:
        places.put("line.units", str(line.units))
    else:
        places.left_out("line.units", str(line.units))
    places.put("line.epsdt", line.epsdt)
    places.put("line.rendering_npi", line.rendering_npi)


def _pointers(places: _Places, line: CmsLine) -> Iterator[str]:
    """The letters of the diagnoses that a line points at."""
    for number in line.pointers:
        if 1 <= number <= len(LETTERS):
            yield LETTERS[number - 1]
        else:
            places.left_out("line.pointers", str(number))


def _shown(name: CmsName | None) -> str:
    return "" if name is None else name.shown()


def _city(place: CmsPlace) -> str:
    return " ".join(part for part in (place.city, place.state, _zip(place.zip_code)) if part)


def _zip(zip_code: str) -> str:
    """A zip code as the boxes with a place of its own have it: nine digits with their hyphen."""
    return claim_letters(zip_code, FieldKind.ZIP)


def _in_a_row(day: date | None) -> str:
    return "" if day is None else f"{day.month:02d} {day.day:02d} {_short_year(day)}"


def _short_year(day: date) -> str:
    return f"{day.year % 100:02d}"
