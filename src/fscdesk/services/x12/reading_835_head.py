"""Reads the head of an 835 (loops 1000): what was paid, how, by whom and to whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from fscdesk.services.x12.odd_835 import Notes
from fscdesk.services.x12.remittance import Contact, Party
from fscdesk.services.x12.segments import Delimiters, Segment
from fscdesk.services.x12.values_835 import Values

_TAKEN: Final = "D"
_TAIL: Final = 4
_MADE_ON: Final = "405"
PAYER: Final = "PR"
PAYEE: Final = "PE"
_STRAY: Final = {"CAS": "stray_money", "AMT": "stray_money"}
_PASSED_OVER: Final = frozenset({"RDM", "N2", "NTE", "ST"})


@dataclass(slots=True)
class Head:
    """What stands before the first claim, as far as it was read."""

    paid: int | None = None
    handling: str = ""
    method: str = ""
    effective_on: date | None = None
    account_tail: str = ""
    trace: Segment | None = None
    made_on: date | None = None
    currency: str = ""
    references: tuple[tuple[str, str], ...] = ()
    payer: Party | None = None
    payee: Party | None = None
    others: tuple[Party, ...] = ()


class HeadReader:
    """Reads the pieces of a head; parties keep what follows their N1."""

    def __init__(self, delimiters: Delimiters, values: Values, notes: Notes) -> None:
        self._element = delimiters.element
        self._values = values
        self._notes = notes
        self._head = Head()
        self._party: Party | None = None

    def read(self, pieces: list[str], position: int) -> Head:
        """Read all before the first LX, TS3, CLP, SVC or PLB; notes what is missing there."""
        for at, piece in enumerate(pieces, start=position):
            name, *elements = piece.split(self._element)
            self._segment(Segment(name, tuple(elements), at))
        self._end_party()
        head = self._head
        for code, missing in (
            ("no_bpr", head.paid is None),
            ("no_trn", head.trace is None),
            ("no_made_on", head.made_on is None),
            ("no_payer", head.payer is None),
            ("no_payee", head.payee is None),
        ):
            if missing:
                self._notes.add(code, position)
        return head

    def _segment(self, segment: Segment) -> None:
        head = self._head
        match segment.name:
            case "BPR":
                self._paid(segment)
            case "TRN":
                self._trace(segment)
            case "CUR":
                head.currency = segment.get(2)
            case "DTM":
                if segment.get(1) == _MADE_ON:
                    head.made_on = self._values.day(segment.get(2), segment.position)
            case "N1":
                self._end_party()
                self._party = Party(segment.get(1), segment.get(2), segment.get(3), segment.get(4))
            case "REF" | "N3" | "N4" | "PER":
                self._of_party(segment)
            case name if name not in _PASSED_OVER:
                self._notes.add(_STRAY.get(name, "unknown_segment"), segment.position)
            case _:
                pass

    def _trace(self, trn: Segment) -> None:
        if self._head.trace is None:
            self._head.trace = trn
        else:
            self._notes.add("second_trn", trn.position)

    def _paid(self, bpr: Segment) -> None:
        head, values, position = self._head, self._values, bpr.position
        if head.paid is not None:
            self._notes.add("second_bpr", position)
            return
        cents = values.cents(bpr.get(2), position)
        head.paid = -cents if bpr.get(3) == _TAKEN and cents > 0 else cents
        head.handling, head.method = bpr.get(1), bpr.get(4)
        head.account_tail = bpr.get(15)[-_TAIL:]
        head.effective_on = values.day(bpr.get(16), position)

    def _of_party(self, segment: Segment) -> None:
        party = self._party
        if segment.name == "REF":
            pair = (segment.get(1), segment.get(2))
            if party is None:
                self._head.references += (pair,)
            else:
                self._party = replace(party, references=(*party.references, pair))
        elif party is None:
            self._notes.add("out_of_place", segment.position)
        elif segment.name == "N3":
            street = tuple(filter(None, (segment.get(1), segment.get(2))))
            self._party = replace(party, street=street)
        elif segment.name == "N4":
            self._party = replace(
                party, city=segment.get(1), state=segment.get(2), zip_code=segment.get(3)
            )
        else:
            pairs = ((segment.get(at), segment.get(at + 1)) for at in (3, 5, 7))
            numbers = tuple(pair for pair in pairs if pair[1])
            contact = Contact(segment.get(1), segment.get(2), numbers)
            self._party = replace(party, contacts=(*party.contacts, contact))

    def _end_party(self) -> None:
        party, self._party = self._party, None
        if party is None:
            return
        head = self._head
        if party.role == PAYER and head.payer is None:
            head.payer = party
        elif party.role == PAYEE and head.payee is None:
            head.payee = party
        else:
            first = head.payer if party.role == PAYER else head.payee
            same = first is not None and (first.role, first.name, first.id) == (
                *(party.role, party.name, party.id),
            )
            self._notes.add("repeated_party" if same else "other_party", 0)
            head.others += () if same else (party,)
