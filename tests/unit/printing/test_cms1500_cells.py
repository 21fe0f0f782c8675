"""Every box of a CMS-1500 gets its text at its place, and what has no room is told."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fscdesk.models.values import ZERO, Money
from fscdesk.services.printing.cms1500_cells import CmsCell, Misfit, MisfitKind, place_cms1500
from fscdesk.services.printing.cms1500_form import (
    CmsAddress,
    CmsCoverage,
    CmsForm,
    CmsName,
    CmsPlace,
    CmsRelationship,
    CmsSex,
    CmsTaxIdKind,
)
from fscdesk.services.printing.cms1500_grid import LINE as OF_A_LINE
from fscdesk.services.printing.cms1500_grid import FieldKind, grid
from tests.support.cms1500 import DIAGNOSES, IN_PLACE, LINE, a_cms_form

LAST_COLUMN = 79


def said(form: CmsForm, page: int = 0, line: int = 0) -> dict[str, str]:
    """What stands in each field of a page; of a service line, those of `line`."""
    found = {}
    for name, place in grid().items():
        row = place.row + (2 * line if name.startswith(OF_A_LINE) else 0)
        texts = [
            cell.text
            for cell in place_cms1500(form).pages[page]
            if cell.row == row and place.column <= cell.column < place.column + place.length
        ]
        if texts:
            (found[name],) = texts
    return found


def test_places_do_not_overlap_and_stay_on_the_form() -> None:
    taken: set[tuple[int, int]] = set()
    for place in grid().values():
        assert place.column + place.length - 1 <= LAST_COLUMN, place
        for column in range(place.column, place.column + place.length):
            assert (place.row, column) not in taken, place
            taken.add((place.row, column))


@pytest.mark.parametrize(
    ("name", "row", "column", "length"),
    [
        ("carrier.1", 2, 41, 31),
        ("coverage.other", 8, 45, 1),
        ("insured_id", 8, 50, 29),
        ("patient_birth.year", 10, 37, 4),
        ("relationship.child", 12, 42, 1),
        ("insured_state", 14, 74, 2),
        ("patient_phone.number", 16, 19, 7),
        ("group_number", 18, 50, 29),
        ("insured_sex.F", 20, 75, 1),
        ("auto_state", 22, 46, 2),
        ("plan_name", 24, 50, 29),
        ("another_plan.no", 26, 57, 1),
        ("patient_signature", 29, 7, 25),
        ("other_date_qualifier", 32, 31, 3),
        ("referring_other_id", 33, 33, 16),
        ("referring_npi", 34, 33, 10),
        ("lab_charges.cents", 36, 69, 2),
        ("icd_indicator", 37, 42, 1),
        ("diagnosis.L", 40, 42, 7),
        ("original_reference", 38, 62, 18),
        ("prior_authorization", 40, 50, 29),
        ("line.supplement", 43, 1, 61),
        ("line.modifier.4", 44, 42, 2),
        ("line.pointers", 44, 45, 4),
        ("line.charge.cents", 44, 56, 2),
        ("line.rendering_npi", 44, 68, 10),
        ("account_number", 56, 23, 14),
        ("total.cents", 56, 58, 2),
        ("paid.cents", 56, 68, 2),
        ("billing_phone.area", 57, 66, 3),
        ("facility_name", 58, 23, 26),
        ("provider_signed_on", 61, 6, 10),
        ("billing_other_id", 61, 63, 17),
    ],
)
def test_landmarks_of_the_grid(name: str, row: int, column: int, length: int) -> None:
    place = grid()[name]
    assert (place.row, place.column, place.length) == (row, column, length)


def test_every_box_says_what_it_has_to() -> None:
    assert said(a_cms_form()) == IN_PLACE
    assert place_cms1500(a_cms_form()).misfits == ()


def test_every_field_that_is_no_choice_is_in_the_full_claim() -> None:
    others = {
        name
        for name, place in grid().items()
        if place.kind not in {FieldKind.BLANK, FieldKind.MARK}
    }
    assert others <= set(IN_PLACE)


def test_reserved_boxes_stay_blank() -> None:
    boxes = {cell.box for cell in place_cms1500(a_cms_form()).pages[0]}
    assert not boxes & {"8", "9b", "9c", "30"}
    reserved = {place.box for place in grid().values() if place.kind is FieldKind.BLANK}
    assert reserved == {"8", "9b", "9c", "30"}


@pytest.mark.parametrize(
    ("change", "marked"),
    [
        *(({"coverage": each}, f"coverage.{each}") for each in CmsCoverage),
        *(({"relationship": each}, f"relationship.{each}") for each in CmsRelationship),
        *(({"patient_sex": each}, f"patient_sex.{each}") for each in CmsSex),
        *(({"insured_sex": each}, f"insured_sex.{each}") for each in CmsSex),
        *(({"tax_id_kind": each}, f"tax_id_kind.{each}") for each in CmsTaxIdKind),
        *(
            ({name: answer}, f"{name}.{'yes' if answer else 'no'}")
            for name in (
                *("employment", "auto_accident", "other_accident", "another_plan"),
                *("outside_lab", "accept_assignment"),
            )
            for answer in (True, False)
        ),
    ],
)
def test_each_choice_has_its_own_mark(change: dict[str, Any], marked: str) -> None:
    whole = said(a_cms_form(**change))
    assert whole[marked] == "X"
    choice = marked.partition(".")[0]
    assert [name for name in whole if name.startswith(f"{choice}.")] == [marked]
    nothing: dict[str, Any] = dict.fromkeys(change)
    blank = said(a_cms_form(**nothing))
    assert not [name for name in blank if name.startswith(f"{choice}.")]


def test_claim_with_nothing_but_its_persons_is_a_page() -> None:
    bare = CmsForm(
        CmsName("Fakerson"), "", None, (), (), "", None, "", CmsPlace(""), patient_signature=""
    )
    placed = place_cms1500(bare)
    assert len(placed.pages) == 1
    assert placed.misfits == ()
    whole = said(bare)
    assert whole["patient_name"] == "FAKERSON"
    assert "icd_indicator" not in whole
    assert (whole["total.dollars"], whole["total.cents"]) == ("0", "00")


@pytest.mark.parametrize(("lines", "pages"), [(0, 1), (1, 1), (6, 1), (7, 2), (12, 2), (50, 9)])
def test_each_page_has_six_lines_and_its_own_total(lines: int, pages: int) -> None:
    form = a_cms_form(lines)
    placed = place_cms1500(form).pages
    assert len(placed) == pages
    for number, cells in enumerate(placed):
        own = form.lines[6 * number : 6 * number + 6]
        whole = said(form, number)
        assert sum(cell.box == "24B" for cell in cells) == len(own)
        charged = sum(line.charge.cents for line in own)
        assert int(whole["total.dollars"]) * 100 + int(whole["total.cents"]) == charged
        paid = sum(line.paid.cents for line in own)
        assert int(whole["paid.dollars"]) * 100 + int(whole["paid.cents"]) == paid
        for name in ("patient_name", "insured_id", "account_number", "billing_npi", "diagnosis.L"):
            assert whole[name] == IN_PLACE[name]


def test_lines_stand_two_rows_apart_in_their_order() -> None:
    form = a_cms_form(8)
    days = [said(form, n // 6, n % 6)["line.from.day"] for n in range(8)]
    assert days == [f"{line.from_day.day:02d}" for line in form.lines]
    charges = [said(form, n // 6, n % 6)["line.charge.dollars"] for n in range(8)]
    assert charges == [str(160 + n) for n in range(8)]
    rows = [cell.row for cell in place_cms1500(form).pages[0] if cell.box == "24B"]
    assert rows == [44, 46, 48, 50, 52, 54]


def test_amounts_end_in_the_last_column_of_their_box() -> None:
    form = a_cms_form(lines=(replace(LINE, charge=Money(7_05), paid=Money(12_345_00)),))
    cells = place_cms1500(form).pages[0]
    assert CmsCell(44, 54, "7", "24F") in cells
    assert CmsCell(44, 56, "05", "24F") in cells
    assert CmsCell(56, 56, "7", "28") in cells
    assert CmsCell(56, 62, "12345", "29") in cells
    assert CmsCell(56, 68, "00", "29") in cells


def test_a_blank_stands_between_dollars_and_cents() -> None:
    """Readers that drop the form's own lines would else take 320 00 for 32000."""
    for name, place in grid().items():
        if name.endswith(".dollars"):
            cents = grid()[name.replace(".dollars", ".cents")]
            assert cents.column == place.column + place.length + 1


def misfits(form: CmsForm) -> list[tuple[str, str, int, str, str]]:
    return [
        (misfit.kind, misfit.field, misfit.line, misfit.wanted, misfit.printed)
        for misfit in place_cms1500(form).misfits
    ]


def test_long_words_are_cut_and_named() -> None:
    street = "102 Nowhere Lane at the Corner of Elsewhere"
    form = a_cms_form(patient_address=CmsAddress(street))
    assert said(form)["patient_street"] == "102 NOWHERE LANE AT THE CORN"
    assert place_cms1500(form).misfits == (
        Misfit(
            MisfitKind.CUT,
            "5",
            "patient's street",
            0,
            street.upper(),
            "102 NOWHERE LANE AT THE CORN",
        ),
    )


def test_text_of_the_very_length_of_its_box_is_whole() -> None:
    form = a_cms_form(insured_id="A" * 29)
    assert said(form)["insured_id"] == "A" * 29
    assert not misfits(form)
    assert misfits(a_cms_form(insured_id="A" * 30))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (
            {"charge": Money(1_000_000_00)},
            ("left out", "charge, dollars", 8, "1,000,000.00", ""),
        ),
        ({"charge": Money(-1)}, ("left out", "charge, dollars", 8, "-0.01", "")),
        ({"units": 1000}, ("left out", "days or units", 8, "1000", "")),
        ({"units": 0}, ("left out", "days or units", 8, "0", "")),
        (
            {"rendering_npi": "12345678931"},
            ("left out", "rendering provider's NPI", 8, "12345678931", ""),
        ),
        (
            {"modifiers": ("95", "HO", "GT", "59", "XE")},
            ("left out", "modifier 4", 8, "XE", ""),
        ),
        ({"pointers": (1, 13)}, ("left out", "diagnosis pointers", 8, "13", "")),
        ({"pointers": (1, 2, 3, 4, 5)}, ("cut", "diagnosis pointers", 8, "ABCDE", "ABCD")),
        ({"supplement": "A" * 62}, ("cut", "supplemental information", 8, "A" * 62, "A" * 61)),
    ],
)
def test_misfit_of_a_service_names_its_line(
    line: dict[str, object], found: tuple[str, str, int, str, str]
) -> None:
    form = a_cms_form(8)
    changed = replace(form, lines=(*form.lines[:7], replace(LINE, **line)))  # type: ignore[arg-type]
    assert found in misfits(changed)
    assert {misfit.line for misfit in place_cms1500(changed).misfits} <= {0, 8}


def test_number_without_room_is_left_out_not_cut() -> None:
    form = a_cms_form(tax_id="1" * 16)
    assert "tax_id" not in said(form)
    assert misfits(form) == [("left out", "federal tax ID", 0, "1" * 16, "")]


def test_amount_without_room_leaves_dollars_and_cents_empty() -> None:
    form = a_cms_form(lab_charges=Money(100_000_00))
    assert not {"lab_charges.dollars", "lab_charges.cents"} & set(said(form))
    assert misfits(form) == [("left out", "outside lab charges, dollars", 0, "100,000.00", "")]


def test_diagnosis_and_address_lines_beyond_the_places_are_named() -> None:
    form = a_cms_form(diagnoses=(*DIAGNOSES, "F20.9"), carrier=("A", "", "B", "C", "D", "E"))
    assert misfits(form) == [
        ("left out", "payer city, state and zip", 0, "E", ""),
        ("left out", "diagnosis L", 0, "F20.9", ""),
    ]
    assert said(form)["carrier.2"] == "B"


@pytest.mark.parametrize(
    ("phone", "area", "number", "told"),
    [
        ("+1 (555) 010-0123", "555", "0100123", False),
        ("5550100123", "555", "0100123", False),
        ("010-0123", None, "0100123", False),
        ("+49 30 0000000", None, None, True),
        ("", None, None, False),
    ],
)
def test_phone_stands_in_two_parts(
    phone: str, area: str | None, number: str | None, *, told: bool
) -> None:
    form = a_cms_form(patient_address=CmsAddress(phone=phone))
    whole = said(form)
    assert whole.get("patient_phone.area") == area
    assert whole.get("patient_phone.number") == number
    assert bool(misfits(form)) is told


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (CmsName("Müller-Öz", "José", "Łukasz"), "MULLER OZ, JOSE, L"),
        (CmsName("Straße", "Bjørn"), "STRASSE, BJORN"),
        (CmsName("St. John", "A."), "ST JOHN, A"),
        (CmsName("O’Hara ", " Zoë "), "O'HARA, ZOE"),
        (CmsName("Solo"), "SOLO"),
    ],
)
def test_name_in_other_letters_gets_basic_ones(name: CmsName, shown: str) -> None:
    form = a_cms_form(patient_name=name)
    assert said(form)["patient_name"] == shown
    assert not misfits(form)


def test_letters_without_a_basic_form_are_told() -> None:
    form = a_cms_form(patient_name=CmsName("李", "Quill"))
    assert said(form)["patient_name"] == "QUILL"
    assert misfits(form) == [("letters lost", "patient's name", 0, "李, Quill", "QUILL")]


def test_years_have_a_century_for_births_only() -> None:
    form = a_cms_form(patient_birth_date=date(1907, 5, 4), illness_date=date(2009, 5, 4))
    whole = said(form)
    assert whole["patient_birth.year"] == "1907"
    assert whole["illness.year"] == "09"


def test_original_claim_leaves_box_22_empty() -> None:
    whole = said(a_cms_form(resubmission_code="", original_reference=""))
    assert not {"resubmission_code", "original_reference"} & set(whole)


def test_other_id_without_a_number_leaves_its_qualifier_out() -> None:
    assert "billing_other_id" not in said(
        a_cms_form(billing=CmsPlace("Springs", other_id_qualifier="ZZ"))
    )


def test_nothing_paid_is_a_zero() -> None:
    whole = said(a_cms_form(lines=(replace(LINE, paid=ZERO),)))
    assert (whole["paid.dollars"], whole["paid.cents"]) == ("0", "00")


@given(st.text(max_size=80), st.integers(0, 8))
def test_whatever_is_typed_stays_in_its_place(text: str, lines: int) -> None:
    form = a_cms_form(
        lines,
        patient_name=CmsName(text, text),
        insured_id=text,
        additional_information=text,
        carrier=(text,) * 3,
        provider_signature=text,
        prior_authorization=text,
    )
    for cells in place_cms1500(form).pages:
        for one, two in itertools.pairwise(cells):
            assert (one.row, one.column + len(one.text)) <= (two.row, two.column)
        for cell in cells:
            (place,) = (
                place
                for place in grid().values()
                if (cell.row == place.row or place.name.startswith(OF_A_LINE))
                and (cell.row - place.row) % 2 == 0
                and cell.box == place.box
                and place.column <= cell.column
                and cell.column + len(cell.text) <= place.column + place.length
                and (cell.row == place.row or place.row <= cell.row <= place.row + 10)
            )
            assert place.kind is not FieldKind.BLANK
