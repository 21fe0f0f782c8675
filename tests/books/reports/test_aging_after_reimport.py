"""The aging of a past day reads the same, byte for byte, after the next report came in."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.services.importing.applying import import_file
from fscdesk.services.importing.reading import read_file
from fscdesk.services.office import Office
from fscdesk.services.reports.aging import aging
from fscdesk.services.reports.aging_report import aging_report
from fscdesk.services.reports.aging_sums import By
from fscdesk.services.reports.exporting import csv_bytes
from tests.support.shared import samples

END = date(2026, 3, 31)
MARCH = "simplepractice_appointments_2026-03.csv"
AGAIN = "simplepractice_appointments_2026-03-16_2026-04-12_reexport.csv"


def _bring_in(books: Office, name: str) -> None:
    file = read_file(samples() / name)
    books.write(lambda work: import_file(work, file, accept_proposals=True))


def _report(books: Office, by: By) -> bytes:
    return books.read(lambda work: csv_bytes(aging_report(work, aging(work, as_of=END, by=by))))


@pytest.mark.usefixtures("clock")
def test_march_reads_the_same_after_april_came_in(books: Office) -> None:
    _bring_in(books, MARCH)
    before = {by: _report(books, by) for by in By}
    _bring_in(books, AGAIN)
    for by in By:
        assert _report(books, by) == before[by], by
