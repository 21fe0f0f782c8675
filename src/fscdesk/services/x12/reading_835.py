"""Reads 835 files (005010X221A1), liberally: what is amiss is an oddity, and money must balance.

One bad transaction never spoils the others of its file. A file of another kind gives no
remittance and an oddity that says what it is.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from fscdesk.services.collector import collector_resting
from fscdesk.services.x12.envelopes import (
    Group,
    Interchange,
    Reading,
    TransactionSet,
    read_interchanges,
)
from fscdesk.services.x12.pieces import Pieces
from fscdesk.services.x12.remittance import Reading835
from fscdesk.services.x12.segments import Oddity, decoded
from fscdesk.services.x12.walking_835 import LOOPS, Outside, Walk

KIND: Final = "835"
_KINDS: Final = MappingProxyType(
    {
        "837": "claims (837)",
        "999": "an acknowledgment of syntax (999)",
        "997": "an acknowledgment of syntax (997)",
        "277": "claim statuses (277)",
        "276": "questions about claims (276)",
        "271": "answers about eligibility (271)",
        "270": "questions about eligibility (270)",
        "278": "authorizations (278)",
        "834": "enrollments (834)",
        "820": "premium payments (820)",
    }
)
_MAGIC: Final = (
    (b"%PDF", "The file is a PDF, not an 835."),
    (b"PK\x03\x04", "The file is a ZIP archive or a workbook, not an 835; unpack it first."),
    (b"\xd0\xcf\x11\xe0", "The file is an Office document, not an 835."),
    (b"\x1f\x8b", "The file is compressed, not an 835; unpack it first."),
    (b"<", "The file is a web page or XML, not an 835."),
)


def read_835(data: bytes | str) -> Reading835:
    """Read a file; never raises, whatever the bytes."""
    with collector_resting():
        return _read(data)


def _read(data: bytes | str) -> Reading835:
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    text = data if isinstance(data, str) else decoded(data)
    digest = hashlib.sha256(raw).hexdigest()
    pieces = Pieces(LOOPS)
    reading = read_interchanges(text, pieces)
    places = _places(reading)
    oddities = _sorted_oddities(reading, places)
    remittances = []
    for place in places:
        found = place.found
        inside = pieces.of_set(found)
        if not _is_835(found, inside.pieces):
            oddities[None].append(_other_kind(found, inside.position))
            continue
        outside = Outside(
            interchange_control=place.interchange.control,
            group_control=place.group.control,
            set_control=found.control,
            version=found.version,
            test=place.interchange.test,
            delimiters=found.delimiters,
            oddities=tuple(oddities[inside.position]),
        )
        remittances.append(Walk(outside).read(inside))
    if not reading.interchanges:
        oddities[None] += [
            Oddity("other_kind", said) for mark, said in _MAGIC if raw[:4].startswith(mark)
        ]
    elif not places:
        oddities[None].append(Oddity("nothing_paid", _nothing(reading)))
    own = sorted(oddities[None], key=lambda oddity: oddity.position)
    return Reading835(tuple(remittances), tuple(own), digest)


@dataclass(frozen=True, slots=True)
class _Place:
    """A transaction and where it stands."""

    interchange: Interchange
    group: Group
    found: TransactionSet


def _places(reading: Reading) -> list[_Place]:
    return [
        _Place(interchange, group, found)
        for interchange in reading.interchanges
        for group in interchange.groups
        for found in group.sets
        if found.segments
    ]


def _sorted_oddities(
    reading: Reading, places: list[_Place]
) -> defaultdict[int | None, list[Oddity]]:
    """Return the envelopes' oddities by the transaction's first position; None for the file's."""
    spans = [(one.found.segments[0].position, one.found.segments[-1].position) for one in places]
    by_set: defaultdict[int | None, list[Oddity]] = defaultdict(list)
    at = 0
    for oddity in sorted(reading.oddities, key=lambda one: one.position):
        while at < len(spans) and spans[at][1] < oddity.position:
            at += 1
        inside = at < len(spans) and spans[at][0] <= oddity.position
        by_set[spans[at][0] if inside else None].append(oddity)
    return by_set


def _is_835(found: TransactionSet, pieces: list[str]) -> bool:
    """Return whether a transaction is a remittance; its content decides where it does not say."""
    if found.kind:
        return found.kind == KIND
    marks = tuple(name + found.delimiters.element for name in ("BPR", "CLP"))
    return any(piece.startswith(marks) for piece in pieces)


def _nothing(reading: Reading) -> str:
    if any(interchange.receipts for interchange in reading.interchanges):
        return "The file holds an acknowledgment of an envelope (TA1), no remittance (835)."
    return "The file holds no remittance (835)."


def _other_kind(found: TransactionSet, position: int) -> Oddity:
    what = _KINDS.get(found.kind, "something else")
    return Oddity("other_kind", f"A transaction holds {what}, no remittance (835).", position)
