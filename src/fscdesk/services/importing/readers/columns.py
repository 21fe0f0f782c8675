"""Where the cells of a session stand in a row, and what follows for cells that are not there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fscdesk.services.importing.recognising import Recognised
from fscdesk.services.spreadsheets.cells import clean_name
from fscdesk.services.spreadsheets.moments import join_moment
from fscdesk.services.spreadsheets.tables import Cell

Row = tuple[Cell, ...]

PICKED = (
    "day",
    "client",
    "clinician",
    "codes",
    "rate",
    "units",
    "modifiers",
    "payer",
    "second_payer",
    "fee",
    "note_status",
    "patient_status",
    "patient_charge",
    "uninvoiced",
    "patient_paid",
    "patient_unpaid",
    "insurance_status",
    "insurance_charge",
    "insurance_paid",
    "write_off",
    "insurance_unpaid",
    "attendance",
)
"""The cells that make a session, in the order in which the reader takes them from a row."""

AMOUNTS = (
    "fee",
    "patient_charge",
    "uninvoiced",
    "patient_paid",
    "patient_unpaid",
    "insurance_charge",
    "insurance_paid",
    "write_off",
    "insurance_unpaid",
)
_PATIENT = frozenset({"patient_charge", "patient_paid", "patient_unpaid"})
_INSURANCE = frozenset({"insurance_charge", "insurance_paid", "insurance_unpaid"})


@dataclass(frozen=True, slots=True)
class Sums:
    """The amounts of a row that can follow from others, in cents."""

    fee: int
    patient_charge: int
    patient_paid: int
    patient_unpaid: int
    insurance_charge: int
    insurance_paid: int
    insurance_unpaid: int


@dataclass(frozen=True, slots=True)
class Columns:
    """The layout of a table. ``picks`` are places after ``extend``; absent fields are blank.

    ``width`` is the width of the header, ``needed`` the cells that a row must have.
    """

    places: dict[str, int]
    width: int
    needed: int
    picks: tuple[int, ...]
    extend: Callable[[Row], Row] | None

    @property
    def names(self) -> tuple[int, ...]:
        """Where day, client, clinician and code stand: what a session cannot be without."""
        return self.picks[:4]

    @property
    def rated(self) -> bool:
        """Whether there is a rate for each unit."""
        return "rate" in self.places

    @property
    def has_fee_column(self) -> bool:
        """Whether the total fee is stated."""
        return "fee" in self.places

    @property
    def has_fee(self) -> bool:
        """Whether the file knows prices at all."""
        return self.has_fee_column or self.rated

    @property
    def has_patient(self) -> bool:
        """Whether the client's amounts are stated."""
        return not _PATIENT.isdisjoint(self.places)

    @property
    def has_insurance(self) -> bool:
        """Whether the insurance's amounts are stated."""
        return not _INSURANCE.isdisjoint(self.places)

    @property
    def has_write_off(self) -> bool:
        """Whether write-offs are stated."""
        return "write_off" in self.places

    @property
    def incomplete(self) -> bool:
        """Whether some amounts have to be derived from others."""
        have = self.places.keys()
        return (
            not self.has_fee_column
            or (self.has_patient and not have >= _PATIENT)
            or (self.has_insurance and not have >= _INSURANCE)
        )

    def derive(self, billed: int, sums: Sums, uninvoiced: int, write_off: int) -> Sums:
        """Fill amounts without a column: charge = open + paid + unpaid, fee = rate × units."""
        fee = sums.fee if self.has_fee_column else billed
        patient = self._party(
            "patient", sums.patient_charge, sums.patient_paid, sums.patient_unpaid, uninvoiced
        )
        insurance = self._party(
            "insurance",
            sums.insurance_charge,
            sums.insurance_paid,
            sums.insurance_unpaid,
            write_off,
        )
        return Sums(fee, *patient, *insurance)

    def _party(
        self, party: str, charge: int, paid: int, unpaid: int, other: int
    ) -> tuple[int, int, int]:
        has_charge, has_paid, has_unpaid = (
            f"{party}_{amount}" in self.places for amount in ("charge", "paid", "unpaid")
        )
        if not (has_charge or has_paid or has_unpaid):
            return 0, 0, 0
        if not has_charge:
            return other + paid + unpaid, paid, unpaid
        if not has_unpaid:
            return charge, paid, charge - other - paid
        if not has_paid and (party == "patient" or self.has_write_off):
            return charge, charge - other - unpaid, unpaid
        return charge, paid, unpaid


def lay_out(recognised: Recognised) -> Columns:
    """Return the layout of a recognised table.

    Cells that a saved mapping puts together (first and last name, day and time) are appended
    to each row, and so is one blank cell that all absent fields point to.
    """
    places = dict(recognised.columns)
    width = len(recognised.headings)
    needed = max(places.values()) + 1
    joins: list[Callable[[Row], Cell]] = []
    if "client" not in places:
        first, last = places["client_first"], places["client_last"]
        joins.append(lambda row: f"{clean_name(row[first])} {clean_name(row[last])}")
        places["client"] = width + len(joins)
    if "time" in places:
        day, start = places["day"], places["time"]
        joins.append(lambda row: join_moment(row[day], row[start]))
        places["day"] = width + len(joins)
    picks = tuple(places.get(name, width) for name in PICKED)
    extend = _extender(joins) if joins or width in picks else None
    return Columns(places, width, needed, picks, extend)


def _extender(joins: Sequence[Callable[[Row], Cell]]) -> Callable[[Row], Row]:
    if not joins:
        return lambda row: (*row, "")
    return lambda row: (*row, "", *(join(row) for join in joins))
