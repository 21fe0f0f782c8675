"""A payer returns the name as the file spelled it, which is not how the client writes it."""

from __future__ import annotations

import pytest

from fscdesk.services.claims.content import Person
from fscdesk.services.claims.same_person import same_person
from fscdesk.services.x12.writing import basic


@pytest.mark.parametrize(
    ("last", "first"),
    [("Theatrica", "Þórdís"), ("Łucjańska", "Çağla"), ("Øst-Æble", "Élise"), ("O’Sample", "Đorđe")],
)
def test_a_name_comes_back_as_the_file_spelled_it(last: str, first: str) -> None:
    sent = Person(last_name=last, first_name=first)
    assert same_person(basic(last), basic(first), None, [sent])
    assert not same_person(basic(last), "W", None, [sent])
    assert not same_person("WRONGLEY", basic(first), None, [sent])
