"""The little practice of these tests, in fresh books."""

from __future__ import annotations

import pytest

from fscdesk.services.office import Office
from tests.support.payments import Till, open_till


@pytest.fixture
def till(books: Office) -> Till:
    """Open charges of two patients and a payer."""
    return books.write(open_till).value
