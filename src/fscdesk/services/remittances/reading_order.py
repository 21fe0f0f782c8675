"""In which order several files that were chosen together are read and posted.

Downloads stand in a folder by their names. A reversal that is read before its original finds
nothing to take back, and an older check that comes last answers what was answered anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fscdesk.services.collector import collector_resting
from fscdesk.services.remittances.answered import AnsweredRemittance
from fscdesk.services.remittances.from_835 import answered_of
from fscdesk.services.remittances.matching import match
from fscdesk.services.remittances.posting_order import order_of_files
from fscdesk.services.work import Work
from fscdesk.services.x12.reading_835 import read_835


def reading_order(work: Work, files: Sequence[bytes]) -> list[int]:
    """Return the places of files in the order in which they are to be read. Writes nothing.

    The payer's oldest check comes first, and what takes back after what it takes back. What is
    no remittance comes last, as it stands: reading it says what is the matter.
    """
    if len(files) <= 1:
        return list(range(len(files)))
    with collector_resting():
        said = [tuple(_said(work, data)) for data in files]
        matched = iter(match(work, [one for file in said for one in file]))
        return order_of_files(work, [[next(matched) for _ in file] for file in said])


def _said(work: Work, data: bytes) -> Iterator[AnsweredRemittance]:
    today = work.today()
    for at, one in enumerate(read_835(data).remittances, start=1):
        yield answered_of(one, read_on=today, position=at)
