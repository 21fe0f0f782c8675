"""Numbers with check digits and fixed forms."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fscdesk.services.errors import Problem
from fscdesk.services.setup.numbers import (
    email_of,
    luhn_holds,
    npi_of,
    state_of,
    tax_id_of,
    taxonomy_of,
    zip_of,
)


@pytest.mark.parametrize(
    ("read", "text", "kept"),
    [
        (npi_of, "1234567893", "1234567893"),  # the example of the NPI standard
        (npi_of, " 1234-567-893 ", "1234567893"),
        (npi_of, "", ""),
        (taxonomy_of, "1041c0700x", "1041C0700X"),
        (tax_id_of, "123456789", "12-3456789"),
        (tax_id_of, "12-3456789", "12-3456789"),
        (state_of, "nj", "NJ"),
        (zip_of, "07005", "07005"),
        (zip_of, "070051234", "07005-1234"),
        (email_of, " a@b.example ", "a@b.example"),
    ],
)
def test_what_is_right_is_kept_in_one_form(
    read: Callable[[str], str], text: str, kept: str
) -> None:
    assert read(text) == kept


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (npi_of, "1234567890"),
        (npi_of, "3234567893"),
        (npi_of, "123456789"),
        (npi_of, "١٢٣٤٥٦٧٨٩٣"),
        (taxonomy_of, "1041C0700"),
        (taxonomy_of, "1041C0700Y"),
        (tax_id_of, "12-345678"),
        (state_of, "New Jersey"),
        (zip_of, "7005"),
        (email_of, "nobody"),
    ],
)
def test_what_is_wrong_is_refused_with_what_to_do(read: Callable[[str], str], text: str) -> None:
    with pytest.raises(Problem) as refused:
        read(text)
    assert text in refused.value.message or "NPI" in refused.value.message
    assert refused.value.hint.startswith("Nothing was saved.")


def test_every_wrong_digit_of_an_npi_is_noticed() -> None:
    right = "808401234567893"
    for place, mark in enumerate(right):
        for other in "0123456789".replace(mark, ""):
            assert not luhn_holds(right[:place] + other + right[place + 1 :])
