"""A week's export for the office's days: sixty rows, with and without exceptions."""

from __future__ import annotations

from datetime import date, timedelta

from tests.support.appointment_files import HEADER, row, written

TESTA, MOCKLEY = "Testa Fernsample", "Mockley O'Sample"
QUILL, ZEBRA, SAMPLE, RIVERA = (
    "Quill Fakerson",
    "Zebra Testcase",
    "Sample McSampleface",
    "Jordan Rivera",
)
NEAR_RIVERA = 'Jordan "Jo" Rivera'
MONDAY = date(2026, 4, 6)


def last_week() -> str:
    """Five sessions that the books have: two will change, one will not, one will be gone."""
    return written(
        [
            HEADER,
            row(DATE="03/26/2026 15:00", CLIENT=RIVERA),
            _unpaid("03/30/2026 09:00", QUILL),
            _unpaid("03/30/2026 11:00", ZEBRA),
            _own("03/31/2026 10:00", "012"),
            row(DATE="04/01/2026 17:00", CLIENT=QUILL, CODE="90791 "),  # with money: it stays
        ]
    )


def this_week(*, exceptions: bool = True) -> str:
    """Sixty rows: 55 new, 2 changed, 1 unchanged, and two more.

    With exceptions these two are a client under another spelling and a code that lost its zero,
    and a session of last week is gone. Without, they are sessions like the others.
    """
    known = [
        row(DATE="03/30/2026 09:00", CLIENT=QUILL),
        row(DATE="03/30/2026 11:00", CLIENT=ZEBRA),
        _own("03/31/2026 10:00", "012"),
    ]
    fresh = [_unpaid(_when(at), (QUILL, ZEBRA)[at % 2]) for at in range(55)]
    if exceptions:
        odd = [_unpaid("04/09/2026 18:00", NEAR_RIVERA), _own("04/09/2026 19:00", "12")]
    else:
        gone = row(DATE="04/01/2026 17:00", CLIENT=QUILL, CODE="90791 ")
        known.append(gone)
        odd = [_unpaid("04/09/2026 18:00", RIVERA)]
    return written([HEADER, *known, *fresh, *odd])


def _when(at: int) -> str:
    """One start after the other, eleven a day from Monday on; never at a minute of last week."""
    day = MONDAY + timedelta(days=at // 11)
    return f"{day:%m/%d/%Y} {7 + at % 11:02d}:15"


def _unpaid(when: str, client: str) -> list[str]:
    """A session for which nothing has come yet."""
    cells = row(DATE=when, CLIENT=client)
    cells[9:] = [
        *("LOCKED", "UNPAID", "30.0", "0.0", "0.0", "30.0"),
        *("UNPAID", "130.0", "0.0", "0.0", "130.0"),
    ]
    return cells


def _own(when: str, code: str) -> list[str]:
    """A session of the practice's own code, paid by the client."""
    cells = row(DATE=when, CLIENT=SAMPLE, CLINICIAN=MOCKLEY, CODE=f"{code} ", PAYER="")
    cells[6:] = [
        *("95.0 ", "1 ", "95.0", "LOCKED", "PAID", "95.0", "0.0", "95.0", "0.0"),
        *("", "0.0", "0.0", "0.0", "0.0"),
    ]
    return cells
