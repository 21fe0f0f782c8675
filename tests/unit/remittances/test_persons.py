"""Names and member ids as payers spell them."""

from __future__ import annotations

import pytest

from fscdesk.services.remittances.persons import name_keys, same_member


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Alma Anyone", "ALMA ANYONE"),
        ("Alma Anyone", "ALMA J ANYONE"),
        ("Mary Ann Anyone", "MARY ANYONE"),
        ("Mary-Ann Anyone", "MARYANN ANYONE"),
        ("Mary-Ann Anyone", "MARY ANYONE"),
        ("Alma O’Sample", "ALMA OSAMPLE"),
        ("Alma O’Sample", "ALMA O SAMPLE"),
        ("Alma Fake-Person", "ALMA FAKEPERSON"),
        ("Alma Fake-Person", "ALMA FAKE PERSON"),
        ("José Anyone", "JOSE ANYONE"),
        ("Quill Fakerson Jr.", "QUILL FAKERSON"),
        ("Quill Fakerson", "QUILL FAKERSON III"),
        ('Roberta "Bobbie" Dee', "ROBERTA DEE"),
        ("Dee, Roberta", "ROBERTA DEE"),
        ("Quill Fakerson, Jr.", "QUILL FAKERSON"),
        ("Ann Fake & Bob Fake", "BOB FAKE"),
        ("Ann & Bob Fake", "ANN FAKE"),
        ("Ann Fake and Bob Other", "BOB OTHER"),
    ],
)
def test_one_person(ours: str, theirs: str) -> None:
    assert not name_keys(ours).isdisjoint(name_keys(theirs))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Alma Anyone", "ALBAN ANYONE"),
        ("Alma Anyone", "ALMA ANYBODY"),
        ("Alma Anyone", "ANYONE ALMA"),
        ("Ann Fake & Bob Other", "ANN OTHER"),
        ("Alma Anyone", ""),
        ("", ""),
    ],
)
def test_two_people(ours: str, theirs: str) -> None:
    assert name_keys(ours).isdisjoint(name_keys(theirs))


def test_member_ids() -> None:
    assert same_member("XYZ 123-456 789", "xyz123456789")
    assert same_member("XYZ12345678901", "XYZ123456789")
    assert not same_member("XYZ123456780", "XYZ123456789")
    assert not same_member("1234", "12345")
    assert not same_member("", "")
    assert not same_member("", "XYZ123456789")
