"""The fields on a card: an address in one line, a name either way round."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from fscdesk.services.claims.content import Address
from fscdesk.ui.screens.claims.mend_fields import AddressField, NameField, address_of


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (
            "102 Nowhere Lane, Sampleville, NJ 07002",
            Address("102 Nowhere Lane", "", "Sampleville", "NJ", "07002"),
        ),
        (
            "102 Nowhere Lane, Sampleville, nj, 07002-1234",
            Address("102 Nowhere Lane", "", "Sampleville", "NJ", "07002-1234"),
        ),
        (
            " 1 Main St, Suite 4, Sampleville, NJ  07002 ",
            Address("1 Main St", "Suite 4", "Sampleville", "NJ", "07002"),
        ),
        ("102 Nowhere Lane, Sampleville", None),
        ("102 Nowhere Lane NJ 07002", None),
        ("", None),
    ],
)
def test_an_address_is_read_from_one_line(words: str, found: Address | None) -> None:
    assert address_of(words) == found


def test_what_is_missing_of_an_address_is_said(qtbot: QtBot) -> None:
    field = AddressField("Address", "102 Nowhere Lane")
    qtbot.addWidget(field)
    assert not field.check()
    assert field.sentence.text() == "Write it like 102 Nowhere Lane, Sampleville, NJ 07002."
    field.set_value("")
    assert field.fault() == "The address is missing."


@pytest.mark.parametrize("typed", ["Alma Rose Anyone", "Anyone, Alma Rose"])
def test_a_name_is_taken_either_way_round(qtbot: QtBot, typed: str) -> None:
    field = NameField("Name", typed)
    qtbot.addWidget(field)
    assert field.value() == ("Alma Rose", "Anyone")
    field.set_value("Anyone")
    assert field.fault() == "A name has a first and a last one."
