"""The family of the plans' and collections' tests, in fresh books, and its agency."""

from __future__ import annotations

import pytest

from fscdesk.services.billing.agencies import add_agency
from fscdesk.services.office import Office
from tests.support.agency import AGENCY
from tests.support.payments import Till, open_till
from tests.support.plans import Family, open_family


@pytest.fixture
def family(books: Office) -> Family:
    """A family that owes 600.00 and 40.00."""
    return books.write(open_family).value


@pytest.fixture
def agency(books: Office, family: Family) -> int:
    """An agency that keeps 30 %."""
    assert family
    return books.write(lambda work: add_agency(work, AGENCY)).value


@pytest.fixture
def till(books: Office) -> Till:
    """Open charges of two patients and a payer."""
    return books.write(open_till).value
