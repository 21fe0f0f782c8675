"""Printers by name: each moves red forms its own way, and none another's."""

from __future__ import annotations

import pytest

from fscdesk.services.claims.as_cms1500 import CmsMode, claim_pdf, print_offset, printer_test_page
from fscdesk.services.claims.policies import PRINT_DOWN
from fscdesk.services.claims.printers import (
    FARTHEST,
    MOST,
    Printer,
    forget_printer,
    known_printer,
    printers,
    set_printer,
)
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.permissions import Right
from fscdesk.services.printing.cms1500 import PrintOffset
from fscdesk.services.setup.settings import change_setting
from tests.support.claims import claim_of
from tests.support.fail_at import assert_all_or_nothing, whole_books
from tests.support.pdf import page_texts
from tests.support.second_person import without

FRONT = Printer("Front desk", 3, -2)


def test_each_printer_has_its_own_steps(books: Office) -> None:
    books.write(lambda work: set_printer(work, FRONT, seen=None))
    back = books.write(lambda work: set_printer(work, Printer(" back office ", 0, 4), seen=None))
    assert back.value == Printer("back office", 0, 4)
    books.write(lambda work: change_setting(work, PRINT_DOWN, 9, seen=0))
    assert books.read(printers) == (back.value, FRONT)
    for name, right, down in (("front DESK", 3, -2), ("Back office", 0, 4), ("", 0, 9)):
        said = books.read(lambda work, one=name: print_offset(work, one))  # type: ignore[misc]
        assert said == PrintOffset(right, down)
    assert books.read(lambda work: known_printer(work, "FRONT desk")) == "Front desk"
    assert books.read(lambda work: known_printer(work, "Attic")) == ""
    with pytest.raises(Problem, match="No printer is called Attic") as refused:
        books.read(lambda work: print_offset(work, "Attic"))
    assert "back office, Front desk" in refused.value.hint


def test_the_test_page_and_the_forms_are_moved_for_it(sqlite_books: Office) -> None:
    claim_id = claim_of(sqlite_books)
    sqlite_books.write(lambda work: set_printer(work, FRONT, seen=None))
    (words,) = page_texts(sqlite_books.read(lambda work: printer_test_page(work, "Front desk")))
    for said in ("FRONT DESK", "OFFSET RIGHT 1.5 PT", "OFFSET DOWN -1.0 PT"):
        assert said in words
    drawn = {
        (mode, name): sqlite_books.read(
            lambda work, m=mode, n=name: claim_pdf(work, [claim_id], m, printer=n)  # type: ignore[misc]
        )
        for mode in CmsMode
        for name in ("", "Front desk")
    }
    assert drawn[CmsMode.RED_FORM, ""] != drawn[CmsMode.RED_FORM, "Front desk"]
    assert drawn[CmsMode.FILE_COPY, ""] == drawn[CmsMode.FILE_COPY, "Front desk"]


def test_a_printer_is_changed_and_taken_off_the_list_by_who_saw_it(books: Office) -> None:
    books.write(lambda work: set_printer(work, FRONT, seen=None))
    other = Printer("Front desk", 0, 0)
    books.write(lambda work: set_printer(work, other, seen=FRONT))
    assert books.read(printers) == (other,)
    stranger = without(books, Right.SEND_CLAIMS)
    before = books.read(whole_books)
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: set_printer(work, FRONT, seen=FRONT))
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: forget_printer(work, FRONT))
    with pytest.raises(Problem, match="FRONT desk is there already"):
        books.write(lambda work: set_printer(work, Printer("FRONT desk"), seen=None))
    with pytest.raises(Problem, match="name is missing"):
        books.write(lambda work: set_printer(work, Printer(" "), seen=None))
    with pytest.raises(Problem, match="too far"):
        books.write(lambda work: set_printer(work, Printer("Attic", FARTHEST + 1), seen=None))
    with pytest.raises(Problem, match="You may not adjust printers"):
        stranger.write(lambda work: set_printer(work, Printer("Attic"), seen=None))
    assert books.read(whole_books) == before
    books.write(lambda work: forget_printer(work, other))
    assert books.read(printers) == ()


def test_there_are_not_too_many(sqlite_books: Office) -> None:
    for at in range(MOST):
        sqlite_books.write(lambda work, n=at: set_printer(work, Printer(f"P{n}"), seen=None))  # type: ignore[misc]
    with pytest.raises(Problem, match=f"{MOST} printers"):
        sqlite_books.write(lambda work: set_printer(work, FRONT, seen=None))


def test_adjusting_is_all_or_nothing(books: Office) -> None:
    assert_all_or_nothing(books, lambda work: set_printer(work, FRONT, seen=None))
