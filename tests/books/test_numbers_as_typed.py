"""Numbers of accounts and clients, as people type them."""

from __future__ import annotations

import pytest

from fscdesk.services.errors import Problem
from fscdesk.services.named import guarantor_named, patient_named
from fscdesk.services.office import Office
from tests.support.people import add_guarantor, add_patient


@pytest.mark.parametrize("typed", ["G1001", "G-1001", "g 1001", "g1001", " 1001 ", "g–1001"])
def test_an_account_is_found_as_it_is_typed(books: Office, typed: str) -> None:
    wanted = books.write(lambda work: add_guarantor(work, "Quill Fakerson", "G1001")).value
    assert books.read(lambda work: guarantor_named(work, typed)) == wanted


@pytest.mark.parametrize("typed", ["1001", "P-1001", "p 1001", "P1001"])
def test_a_client_is_found_as_it_is_typed(books: Office, typed: str) -> None:
    wanted = books.write(lambda work: add_patient(work, "Quill Fakerson", "1001")).value
    assert books.read(lambda work: patient_named(work, typed)) == wanted


def test_the_very_number_comes_first_and_two_others_are_nobody(books: Office) -> None:
    first = books.write(lambda work: add_guarantor(work, "Quill Fakerson", "G-7")).value
    second = books.write(lambda work: add_guarantor(work, "Zebra Testcase", "7")).value
    assert books.read(lambda work: guarantor_named(work, "G-7")) == first
    assert books.read(lambda work: guarantor_named(work, "7")) == second
    with pytest.raises(Problem, match="No account has the number g 7"):
        books.read(lambda work: guarantor_named(work, "g 7"))


@pytest.mark.parametrize("typed", ["", "G", "-", "G-9999"])
def test_what_is_no_number_is_refused_with_a_real_form(books: Office, typed: str) -> None:
    books.write(lambda work: add_guarantor(work, "Quill Fakerson", "G1001"))
    with pytest.raises(Problem) as refused:
        books.read(lambda work: guarantor_named(work, typed))
    assert refused.value.hint == "Nothing was done. An account's number is like G1042."
