"""The practice of the hard cases, in fresh books."""

from __future__ import annotations

import pytest

from fscdesk.services.office import Office
from tests.support.era_edges import EraOffice, open_edge


@pytest.fixture
def edge(books: Office) -> EraOffice:
    """A practice that bills two payers, and posts what they send by a click."""
    return open_edge(books)
