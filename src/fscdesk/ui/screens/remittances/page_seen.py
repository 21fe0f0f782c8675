"""What a remittance's page shows, as one question answers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fscdesk.services.remittances.beside import ClaimBeside, Neighbours, besides, neighbours
from fscdesk.services.remittances.detail import RemittancePage, remittance_page
from fscdesk.services.work import Work
from fscdesk.ui.screens.remittances.wording import is_exception

WHOLE: Final = 200
"""Of more claims than these, only what stands beside those that need a look is asked for."""


@dataclass(frozen=True)
class Seen:
    """A remittance, what stands beside its claims (by row), and where it is among the others."""

    page: RemittancePage
    beside: Mapping[int, ClaimBeside]
    near: Neighbours


def ask_seen(remittance_id: int, work: Work) -> Seen:
    """Return all that the page shows. Raises Problem where there is no such remittance."""
    page = remittance_page(work, remittance_id)
    wanted = page.claims
    if len(wanted) > WHOLE:
        wanted = tuple(one for one in wanted if is_exception(one))
    return Seen(page, besides(work, page, wanted), neighbours(work, page))
