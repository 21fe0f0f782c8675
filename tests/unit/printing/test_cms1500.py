"""CMS-1500 pages read back: each letter in its row and column, on red forms and on our own."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pypdfium2
import pytest

from fscdesk.services.printing.cms1500 import (
    CmsMode,
    PrintOffset,
    draw_cms1500,
    open_canvas,
    type_cells,
)
from fscdesk.services.printing.cms1500_areas import AREAS, LINE_EDGES
from fscdesk.services.printing.cms1500_cells import CmsCell, place_cms1500
from fscdesk.services.printing.cms1500_form import CmsName
from fscdesk.services.printing.cms1500_form_lines import draw_form
from fscdesk.services.printing.cms1500_grid import (
    LINE,
    PITCH,
    FieldKind,
    baseline,
    grid,
    x_of,
)
from fscdesk.services.printing.cms1500_test_page import draw_test_page
from tests.support.cms1500 import IN_PLACE, a_cms_form, typed
from tests.support.pdf import Letter, letters, page_sizes, page_texts, picture

RED, COPY = CmsMode.RED_FORM, CmsMode.FILE_COPY
SCALE = 4


def expected(cells: tuple[CmsCell, ...]) -> dict[tuple[int, int], str]:
    return {
        (cell.row, cell.column + at): letter
        for cell in cells
        for at, letter in enumerate(cell.text)
        if letter != " "
    }


@pytest.mark.parametrize("lines", [1, 6, 8])
def test_red_form_has_each_letter_in_its_row_and_column_and_nothing_else(lines: int) -> None:
    form = a_cms_form(lines)
    pdf = draw_cms1500([form], RED)
    pages = place_cms1500(form).pages
    assert len(page_sizes(pdf)) == len(pages)
    for number, cells in enumerate(pages):
        assert typed(pdf, number) == expected(cells)


@pytest.mark.parametrize(
    ("lines", "name", "left", "low"),
    [  # points on the paper, measured on the form: 21.6 + 7.2 a column, 22 + 12 a row
        (1, "insured_id", 374.4, 118),
        (1, "patient_name", 21.6, 142),
        (1, "diagnosis.A", 36.0, 478),
        (1, "line.code", 194.4, 550),
        (6, "line.rendering_npi", 504.0, 550),
        (1, "billing_npi", 374.4, 754),
        (1, "carrier.1", 309.6, 46),
    ],
)
def test_landmarks_of_the_form_are_where_the_paper_has_them(
    lines: int, name: str, left: float, low: float
) -> None:
    found = letters(draw_cms1500([a_cms_form(lines)], RED))
    first = IN_PLACE[name][0]
    assert any(
        x.letter == first and left <= x.left and x.right <= left + 7.2 and abs(x.bottom - low) < 0.3
        for x in found
    )


def test_claims_follow_each_other_each_on_its_own_pages() -> None:
    forms = [a_cms_form(7), a_cms_form(1, patient_name=CmsName("Fakerson", "Quill"))]
    pdf = draw_cms1500(forms, COPY)
    assert page_sizes(pdf) == [(612, 792)] * 3
    first, second, third = page_texts(pdf)
    assert "MCSAMPLEFACE JR, SAMPLE, Q" in first
    assert "MCSAMPLEFACE JR, SAMPLE, Q" in second
    assert "FAKERSON, QUILL" in third
    assert "MCSAMPLEFACE" not in third


def test_file_copy_has_the_same_letters_at_the_same_places() -> None:
    form = a_cms_form(8)
    red, copy = draw_cms1500([form], RED), draw_cms1500([form], COPY)
    for page in range(2):
        on_form = {(x.letter, round(x.left, 2), round(x.bottom, 2)) for x in letters(copy, page)}
        for letter in letters(red, page):
            assert (letter.letter, round(letter.left, 2), round(letter.bottom, 2)) in on_form


def test_file_copy_names_each_box() -> None:
    (page,) = page_texts(draw_cms1500([a_cms_form()], COPY))
    for number in (*range(1, 24), *range(25, 34)):
        assert f"{number}. " in page, number
    for letter in "ABCDEFGHIJ":
        assert f"{letter}." in page
    for words in ("1a.", "10d.", "17a.", "17b.", "HEALTH INSURANCE CLAIM FORM", "file copy"):
        assert words in page


def test_a_file_copy_says_in_the_margin_that_it_is_none_to_send() -> None:
    form, words = a_cms_form(8), "FILE COPY, NOT FOR SUBMISSION"
    assert all(words in page for page in page_texts(draw_cms1500([form], COPY)))
    assert words not in page_texts(draw_cms1500([form], RED))[0]
    edge = min(area.points[0] for area in AREAS)
    page = picture(draw_cms1500([form], COPY), scale=SCALE).convert("L")
    strip = page.crop((0, 0, int((edge - 2) * SCALE), 500 * SCALE))
    assert strip.getextrema()[0] < 128, "it stands beside the boxes"


@pytest.mark.parametrize("mode", CmsMode)
@pytest.mark.parametrize("steps", [(3, -5), (-1, 0), (0, 40)])
def test_offset_moves_every_letter_by_exactly_that(mode: CmsMode, steps: tuple[int, int]) -> None:
    offset = PrintOffset(*steps)
    right, down = steps[0] / 2, steps[1] / 2
    assert offset.points == (right, down)
    form = a_cms_form(7)
    plain, moved = draw_cms1500([form], mode), draw_cms1500([form], mode, offset)
    for page in range(2):
        pairs = list(zip(letters(plain, page), letters(moved, page), strict=True))
        assert len(pairs) > 500
        for one, two in pairs:
            assert one.letter == two.letter
            assert two.left - one.left == pytest.approx(right, abs=0.01)
            assert two.right - one.right == pytest.approx(right, abs=0.01)
            assert two.top - one.top == pytest.approx(down, abs=0.01)


@pytest.mark.parametrize("mode", CmsMode)
def test_same_claims_give_the_same_bytes(mode: CmsMode) -> None:
    forms = [a_cms_form(7), a_cms_form(2)]
    once, again = (draw_cms1500(forms, mode, PrintOffset(1, 1)) for _ in range(2))
    assert once == again


def test_no_claim_is_no_paper() -> None:
    with pytest.raises(ValueError, match="no claim"):
        draw_cms1500([], RED)


def fonts(pdf: bytes) -> set[str]:
    document = pypdfium2.PdfDocument(pdf)
    found = set()
    for page in document:
        text = page.get_textpage()
        for at in range(text.count_chars()):
            found.add(_font_at(text, at))
        text.close()
        page.close()
    document.close()
    return found


def _font_at(text: Any, at: int) -> str:
    import ctypes

    import pypdfium2.raw as raw  # noqa: PLR0402 - the name that its own guide uses

    name = ctypes.create_string_buffer(100)
    raw.FPDFText_GetFontInfo(text.raw, at, name, 100, ctypes.c_int())
    return name.value.decode()


def test_claims_are_typed_in_courier_of_ten_to_the_inch() -> None:
    assert fonts(draw_cms1500([a_cms_form()], RED)) - {""} == {"Courier"}
    row = sorted(
        letter.left for letter in letters(draw_cms1500([a_cms_form(insured_id="8" * 29)], RED))
        if letter.letter == "8" and letter.bottom < 121
    )  # fmt: skip
    assert len(row) == 29
    assert row[-1] - row[0] == pytest.approx(28 * 7.2, abs=0.01)


def test_whatever_letters_a_name_has_it_is_printed() -> None:
    pdf = draw_cms1500([a_cms_form(patient_name=CmsName("Żółć 李 ﷽ \x00", "Зоя 🦊"))], RED)
    assert "ZOLC" in page_texts(pdf)[0]


def full() -> list[CmsCell]:
    """Every field filled to its end, in wide letters."""
    cells = []
    for place in grid().values():
        letter = "8" if place.kind in {FieldKind.DIGITS, FieldKind.RIGHT} else "W"
        if place.kind is not FieldKind.BLANK:
            text = ("X" if place.kind is FieldKind.MARK else letter) * place.length
            cells += [
                CmsCell(place.row + lower, place.column, text, place.box)
                for lower in (range(0, 12, 2) if place.name.startswith(LINE) else (0,))
            ]
    return cells


def drawn(cells: list[CmsCell], *, form: bool) -> bytes:
    out = BytesIO()
    canvas = open_canvas(out, "test")
    if form:
        draw_form(canvas)
    type_cells(canvas, cells)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_full_text_of_every_field_stands_inside_its_box() -> None:
    found = letters(drawn(full(), form=False))
    for cell in full():
        left, right = x_of(cell.column), x_of(cell.column) + PITCH * len(cell.text)
        low = baseline(cell.row)
        own = [
            letter
            for letter in found
            if left - 0.1 < letter.left
            and letter.right < right + 0.1
            and abs(letter.bottom - low) < 1
        ]
        assert len(own) == len(cell.text)
        if cell.box != "carrier":
            assert any(all(_holds(area.points, letter) for letter in own) for area in _areas(cell))


def _areas(cell: CmsCell) -> list[Any]:
    """The rectangles of a cell's box; what has no lines of its own stands in the box around it."""
    around = {"10a": "10", "10b": "10", "10c": "10"}.get(cell.box, cell.box)
    return [area for area in AREAS if area.box == around]


def _holds(edges: tuple[float, float, float, float], letter: Letter) -> bool:
    left, top, right, bottom = edges
    return (
        left <= letter.left
        and letter.right <= right
        and top <= letter.top
        and letter.bottom <= bottom
    )


def test_no_line_and_no_word_of_the_form_touches_the_text() -> None:
    form = picture(drawn([], form=True), scale=SCALE)
    text = picture(drawn(full(), form=False), scale=SCALE)
    both = [
        (at % form.width / SCALE, at // form.width / SCALE)
        for at, (one, two) in enumerate(zip(form.tobytes(), text.tobytes(), strict=True))
        if one < 160 and two < 160
    ]
    assert not both, both[:20]


def test_boxes_of_the_form_do_not_overlap() -> None:
    for at, one in enumerate(AREAS):
        for two in AREAS[at + 1 :]:
            beside = one.right <= two.left or two.right <= one.left
            above = one.bottom <= two.top or two.bottom <= one.top
            assert beside or above, (one, two)


def test_boxes_cover_the_form_without_a_gap() -> None:
    left, right = AREAS[0].left, max(area.right for area in AREAS)
    covered = sum((area.right - area.left) * (area.bottom - area.top) for area in AREAS)
    assert covered == pytest.approx((right - left) * (61 - 6))
    assert LINE_EDGES[0][1] == left
    assert LINE_EDGES[-1][2] == right


def test_copy_that_is_only_the_form_shows_its_lines() -> None:
    page = picture(drawn([], form=True), scale=SCALE)
    for area in AREAS:
        edges = area.points
        middle = (edges[0] + edges[2]) / 2
        line = [page.getpixel((int(middle * SCALE), int(edges[1] * SCALE) + d)) for d in (-2, 0, 2)]
        assert min(line) < 120, area


def test_test_page_says_its_offset_and_has_every_mark_in_place() -> None:
    pdf = draw_test_page(PrintOffset(3, -2), "Front desk: Brother")
    (page,) = page_texts(pdf)
    for words in ("FRONT DESK BROTHER", "OFFSET RIGHT 1.5 PT", "OFFSET DOWN -1.0 PT"):
        assert words in page
    found = typed(draw_test_page())
    for place in grid().values():
        if place.kind is FieldKind.MARK:
            assert found[place.row, place.column] == "X"
    for name in ("insured_id", "billing_other_id", "provider_signature"):
        place = grid()[name]
        ends = (place.column, place.column + place.length - 1)
        assert [found[place.row, column] for column in ends] == ["X", "X"]


def test_test_page_has_a_tick_where_the_alignment_bar_is() -> None:
    page = picture(draw_test_page(), scale=10)
    # The longest tick of each scale: 0.3 inches from the left, 1 1/3 inches from the top.
    assert page.getpixel((216, 800)) < 128
    assert page.getpixel((206, 800)) > 200
    assert page.getpixel((800, 960)) < 128
    assert page.getpixel((800, 950)) > 200


def test_test_page_moves_with_its_offset() -> None:
    plain = [x for x in letters(draw_test_page()) if x.letter == "X"]
    moved = [x for x in letters(draw_test_page(PrintOffset(-4, 6))) if x.letter == "X"]
    for one, two in zip(plain, moved, strict=True):
        assert (two.left - one.left, two.top - one.top) == pytest.approx((-2, 3), abs=0.01)
    assert draw_test_page(PrintOffset(1, 0), "A") == draw_test_page(PrintOffset(1, 0), "A")
