"""A small SimplePractice that lives: appointments are made, moved, paid, refunded, exported."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

HEADER = (
    "Date of Service,Client,Clinician,Billing Code,Primary Insurance,Secondary Insurance,"
    "Rate per Unit,Units,Total Fee,Progress Note Status,Client Payment Status,Charge,Uninvoiced,"
    "Paid,Unpaid,Insurance Payment Status,Charge,Paid,Write Off,Unpaid"
)
CLIENTS = (
    "Quill Fakerson",
    "Zebra Testcase",
    "Sample McSampleface",
    "Ümit Beispielmann",
    "Dee O'Example",
    "Alpha Nonexist & Beta Nonexist",
    "Nova Newclient",
)
CLINICIANS = ("Testa Fernsample", "Mockley O'Sample", "Ana-María Ficticia")
PAYERS = ("Imaginary Blue Plan (99901)", "FICTA (99904)", "")
CODES = (("90837", 16000), ("90834", 13000), ("90832", 11000), ("90785", 2500))


@dataclass(frozen=True, slots=True)
class Appointment:
    """One appointment with its money in cents, as SimplePractice would show it."""

    day: date
    minute: int
    client: str
    clinician: str
    payer: str
    codes: tuple[tuple[str, int], ...]
    locked: bool
    patient_charge: int
    patient_paid: int
    insurance_paid: int
    write_off: int

    @property
    def fee(self) -> int:
        """Return the whole price."""
        return sum(rate for _, rate in self.codes)

    @property
    def insurance_charge(self) -> int:
        """Return what the payer is asked."""
        return self.fee - self.patient_charge

    @property
    def insurance_open(self) -> int:
        """Return what the payer still owes; below zero it paid too much."""
        return self.insurance_charge - self.insurance_paid - self.write_off

    @property
    def patient_open(self) -> int:
        """Return what the client still owes of this appointment, at least nothing."""
        return max(self.patient_charge - self.patient_paid, 0)

    def line(self) -> str:
        """Return the row of the appointment status report."""
        codes = "".join(f"{code} " for code, _ in self.codes)
        rates = "".join(f"{rate / 100:.2f} " for _, rate in self.codes)
        units = "1 " * len(self.codes)
        unpaid = self.patient_charge - self.patient_paid
        said = ""
        if self.payer:
            if self.insurance_open < 0:
                said = "OVER"
            elif self.insurance_paid or self.write_off:
                said = "PAID" if not self.insurance_open else "UNPAID"
            else:
                said = "UNBILLED" if not self.locked else "UNPAID"
        client = f'"{self.client}"'
        return ",".join(
            (
                f"{self.day:%m/%d/%Y} {self.minute // 60:02d}:{self.minute % 60:02d}",
                client,
                self.clinician,
                codes,
                self.payer,
                '""',
                rates,
                units,
                _plain(self.fee),
                "LOCKED" if self.locked else "NO NOTE",
                "PAID" if not unpaid else "UNPAID",
                _plain(self.patient_charge),
                "0.0",
                _plain(self.patient_paid),
                _plain(unpaid),
                said,
                _plain(self.insurance_charge),
                _plain(self.insurance_paid),
                _plain(self.write_off),
                _plain(self.insurance_open),
            )
        )


class SimplePractice:
    """Appointments by slot. Every act is drawn from the seed; amounts around their limits."""

    def __init__(self, seed: int, today: date) -> None:
        self.rng = random.Random(seed)
        self.today = today
        self.book: dict[tuple[date, int, str], Appointment] = {}

    def week(self) -> None:
        """Let a week pass: new appointments, and things that happen to older ones."""
        rng = self.rng
        self.today += timedelta(days=7)
        for client in CLIENTS:
            if rng.random() < 0.7:
                self.make(client)
        for key in sorted(self.book):
            if rng.random() < 0.45:
                self.happen(key)

    def make(self, client: str) -> None:
        """Book one appointment in a free slot of the week that has passed."""
        rng = self.rng
        day = self.today - timedelta(days=rng.randint(0, 6))
        minute = rng.choice((480, 540, 600, 615, 780, 1095))
        if (day, minute, client) in self.book:
            return
        codes = rng.choice((CODES[:1], CODES[1:2], (CODES[2], CODES[3])))
        payer = rng.choice(PAYERS)
        fee = sum(rate for _, rate in codes)
        charge = rng.choice((0, 1500, 3000, fee)) if payer else fee
        self.book[day, minute, client] = Appointment(
            day, minute, client, rng.choice(CLINICIANS), payer, codes, False, charge, 0, 0, 0
        )

    def happen(self, key: tuple[date, int, str]) -> None:
        """Change one appointment the way the front office, a payer or a client would."""
        rng, was = self.rng, self.book[key]
        kind = rng.choice(("note", "client", "payer", "refund", "code", "move", "hand", "gone"))
        around = rng.randint(-3, 3)
        now = was
        if kind == "note":
            now = replace(was, locked=True)
        elif kind == "client":
            now = replace(was, patient_paid=max(was.patient_charge + around, 0))
        elif kind == "payer" and was.payer:
            paid = rng.choice((was.insurance_charge + around, was.insurance_charge * 2 // 3))
            off = rng.choice((0, max(was.insurance_charge - paid, 0), 1))
            now = replace(was, locked=True, insurance_paid=max(paid, 0), write_off=off)
        elif kind == "refund":
            now = replace(was, patient_paid=0, insurance_paid=was.insurance_paid // 2)
        elif kind == "code":
            codes = rng.choice((CODES[:1], CODES[1:2], (CODES[2], CODES[3])))
            fee = sum(rate for _, rate in codes)
            charge = min(was.patient_charge, fee) if was.payer else fee
            now = replace(was, codes=codes, patient_charge=charge)
        elif kind == "hand":
            now = replace(was, clinician=rng.choice(CLINICIANS))
        elif kind == "move":
            now = replace(was, day=was.day + timedelta(days=1), minute=was.minute + 60)
            if (now.day, now.minute, now.client) in self.book or now.day > self.today:
                return
        del self.book[key]
        if kind != "gone":
            self.book[now.day, now.minute, now.client] = now

    def export(self, folder: Path, name: str, *, weeks: int) -> Path:
        """Write the report of the last weeks and return its path."""
        first = self.today - timedelta(days=7 * weeks - 1)
        rows = [self.book[key].line() for key in sorted(self.book) if key[0] >= first]
        path = folder / name
        path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
        return path


def _plain(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"
