"""Files into interchanges, groups and transaction sets, however damaged they are.

Every break with the standard becomes an `Oddity`; what can be read is read. Whether a file with
oddities may be used is for the caller to judge.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from fscdesk.services.x12.elements import day_of
from fscdesk.services.x12.segments import (
    BOM,
    Delimiters,
    Oddity,
    Segment,
    find_delimiters,
    split_segments,
    starts_of_interchanges,
)

_ISA_ELEMENTS = 16
_ISA_WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
_KINDS = {"HP": "835", "HC": "837", "FA": "999", "HN": "277", "HB": "271", "HS": "270"}
_KNOWN = frozenset(
    {
        *("ISA", "GS", "ST", "SE", "GE", "IEA", "TA1", "BHT", "BPR", "TRN", "AK1", "AK2", "AK9"),
        *("HL", "NM1", "N1", "REF", "CLP", "CLM", "STC", "EB"),
    }
)


class Splitter(Protocol):
    """What makes segments of a text: `split_segments`, or a reader's own."""

    def __call__(self, text: str, delimiters: Delimiters, *, first: int) -> list[Segment]:
        """Return the segments, numbered from ``first``, the last of the text among them."""
        ...


@dataclass(frozen=True, slots=True)
class TransactionSet:
    """One ST … SE. ``segments`` has both where they are there; ``version`` is ST03, else GS08."""

    kind: str
    control: str
    version: str
    segments: tuple[Segment, ...]
    delimiters: Delimiters = field(default_factory=Delimiters)


@dataclass(frozen=True, slots=True)
class Group:
    """One GS … GE; ``header`` is the GS itself, None where it is missing."""

    functional_code: str
    control: str
    version: str
    sets: tuple[TransactionSet, ...]
    header: Segment | None = None


@dataclass(frozen=True, slots=True)
class Interchange:
    """One ISA … IEA; ``test`` where ISA15 is T. ``receipts`` are its TA1 segments.

    ``header`` is the ISA itself, None where it is missing.
    """

    control: str
    sender: str
    receiver: str
    made_on: date | None
    test: bool
    groups: tuple[Group, ...]
    delimiters: Delimiters = field(default_factory=Delimiters)
    receipts: tuple[Segment, ...] = ()
    header: Segment | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole file; ``delimiters`` are those of its first interchange."""

    delimiters: Delimiters
    interchanges: tuple[Interchange, ...]
    oddities: tuple[Oddity, ...]

    def sets(self, kind: str = "") -> tuple[TransactionSet, ...]:
        """Return the transaction sets of one kind, such as "835", in the order of the file."""
        return tuple(
            found
            for interchange in self.interchanges
            for group in interchange.groups
            for found in group.sets
            if kind in ("", found.kind)
        )


def read_interchanges(text: str, split: Splitter = split_segments) -> Reading:
    """Read a text as X12; never raises. A text without X12 gives no interchange and an oddity.

    A reader of large files gives its own ``split``, which may leave away what stands inside a
    transaction but for its last segment; positions stay those of the file.
    """
    text = text.replace(BOM, "").replace("\0", "")
    starts = starts_of_interchanges(text)
    walk = _Walk()
    if not starts:
        delimiters = find_delimiters(text)
        segments = split(text, delimiters, first=1)
        if not any(segment.name in _KNOWN and segment.elements for segment in segments):
            walk.odd("not_x12", "The file holds no X12 segments.", 0)
            return Reading(delimiters, (), tuple(walk.oddities))
        walk.odd("no_isa", "The file does not begin with an ISA segment.", 0)
        walk.read(segments, delimiters)
        return Reading(delimiters, tuple(walk.interchanges), tuple(walk.oddities))
    if text[: starts[0]].strip():
        walk.odd("text_before_isa", "There is other text before the ISA segment.", 0)
    first: Delimiters | None = None
    position = 1
    for start, end in zip(starts, (*starts[1:], len(text)), strict=True):
        delimiters = find_delimiters(text[start:end])
        first = first or delimiters
        segments = split(text[start:end], delimiters, first=position)
        position = segments[-1].position + 1 if segments else position
        walk.read(segments, delimiters)
    return Reading(first or Delimiters(), tuple(walk.interchanges), tuple(walk.oddities))


class _Walk:
    """What is open while the segments of a file go by."""

    def __init__(self) -> None:
        self.oddities: list[Oddity] = []
        self.interchanges: list[Interchange] = []
        self._delimiters = Delimiters()
        self._isa: Segment | None = None
        self._gs: Segment | None = None
        self._groups: list[Group] = []
        self._receipts: list[Segment] = []
        self._sets: list[TransactionSet] = []
        self._open: list[Segment] | None = None
        self._in_group = False
        self._astray = False

    def odd(self, code: str, message: str, position: int) -> None:
        self.oddities.append(Oddity(code, message, position))

    def read(self, segments: list[Segment], delimiters: Delimiters) -> None:
        """Take the segments of one interchange, or of a text without one."""
        self._delimiters = delimiters
        ended = False
        for segment in segments:
            match segment.name:
                case "ISA":
                    self._begin(segment)
                case "GS":
                    self._begin_group(segment)
                case "ST":
                    self._begin_set(segment)
                case "SE":
                    self._end_set(segment)
                case "GE":
                    self._end_group(segment)
                case "IEA":
                    self._end(segment)
                    ended = True
                case "TA1":
                    self._receipts.append(segment)
                case _:
                    self._inside(segment)
        if not ended:
            self._end(None)

    def _begin(self, isa: Segment) -> None:
        self._isa = isa
        widths = tuple(len(element) for element in isa.elements)
        if len(widths) != _ISA_ELEMENTS or any(
            width != wanted for width, wanted in zip(widths[:15], _ISA_WIDTHS[:15], strict=True)
        ):
            self.odd("short_isa", "The ISA segment does not have its fixed fields.", isa.position)

    def _begin_group(self, segment: Segment) -> None:
        if self._in_group or self._open is not None:
            self._end_group(None)
        self._gs = segment
        self._in_group = True

    def _begin_set(self, segment: Segment) -> None:
        if self._open is not None:
            self._end_set(None)
        self._open = [segment]
        if not self._in_group:
            self.odd("no_gs", "A transaction stands outside a group.", segment.position)
            self._in_group = True

    def _inside(self, segment: Segment) -> None:
        if self._open is None:
            if segment.name not in _KNOWN or self._sets:
                if not self._astray:
                    self.odd(
                        *("stray_segment", "A segment stands outside a transaction."),
                        segment.position,
                    )
                self._astray = True
                return
            self.odd("no_st", "A transaction does not begin with ST.", segment.position)
            self._open = []
            self._in_group = True
        self._open.append(segment)

    def _end_set(self, segment: Segment | None) -> None:
        opened = self._open
        if opened is None:
            if segment is not None:
                self.odd("stray_segment", "SE stands without its ST.", segment.position)
            return
        st = opened[0] if opened and opened[0].name == "ST" else None
        if segment is None:
            self.odd(
                *("no_se", "A transaction does not end with SE; the file may be cut off."),
                opened[-1].position if opened else 0,
            )
        else:
            opened.append(segment)
            count = segment.position - opened[0].position + 1
            if segment.get(1).lstrip("0") != str(count):
                self.odd(
                    "se_count",
                    f"SE counts {_number(segment)} segments; there are {count}.",
                    segment.position,
                )
            if st is not None and not _same(st.get(2), segment.get(2)):
                self.odd(
                    *("se_control", "ST and SE do not have the same control number."),
                    segment.position,
                )
        code = self._gs.get(1) if self._gs else ""
        group_version = self._gs.get(8) if self._gs else ""
        self._sets.append(
            TransactionSet(
                kind=(st.get(1) if st else "") or _KINDS.get(code, ""),
                control=st.get(2) if st else "",
                version=(st.get(3) if st else "") or group_version,
                segments=tuple(opened),
                delimiters=self._delimiters,
            )
        )
        self._open = None
        self._astray = False

    def _end_group(self, segment: Segment | None) -> None:
        if self._open is not None:
            self._end_set(None)
        gs = self._gs
        if not self._in_group:
            if segment is not None:
                self.odd("stray_segment", "GE stands without its GS.", segment.position)
            return
        if segment is None:
            if gs is not None:
                self.odd("no_ge", "A group does not end with GE.", gs.position)
        else:
            if segment.get(1).lstrip("0") != (str(len(self._sets)) if self._sets else ""):
                self.odd(
                    "ge_count",
                    f"GE counts {_number(segment)} transactions; there are {len(self._sets)}.",
                    segment.position,
                )
            if gs is not None and not _same(gs.get(6), segment.get(2)):
                self.odd(
                    *("ge_control", "GS and GE do not have the same control number."),
                    segment.position,
                )
        self._groups.append(
            Group(
                functional_code=gs.get(1) if gs else "",
                control=gs.get(6) if gs else "",
                version=gs.get(8) if gs else "",
                sets=tuple(self._sets),
                header=gs,
            )
        )
        self._sets = []
        self._gs = None
        self._in_group = False

    def _end(self, segment: Segment | None) -> None:
        if self._in_group or self._open is not None:
            self._end_group(None)
        isa = self._isa
        if segment is None:
            if isa is not None:
                self.odd("no_iea", "The file does not end with IEA; it may be cut off.", 0)
            elif not self._groups and not self._receipts:
                return
        else:
            if segment.get(1).lstrip("0") != (str(len(self._groups)) if self._groups else ""):
                self.odd(
                    "iea_count",
                    f"IEA counts {_number(segment)} groups; there are {len(self._groups)}.",
                    segment.position,
                )
            if isa is not None and not _same(isa.get(13), segment.get(2)):
                self.odd(
                    *("iea_control", "ISA and IEA do not have the same control number."),
                    segment.position,
                )
        self.interchanges.append(
            Interchange(
                control=isa.get(13) if isa else "",
                sender=isa.get(6) if isa else "",
                receiver=isa.get(8) if isa else "",
                made_on=day_of(isa.get(9)) if isa else None,
                test=isa is not None and isa.get(15).upper() == "T",
                groups=tuple(self._groups),
                delimiters=self._delimiters,
                receipts=tuple(self._receipts),
                header=isa,
            )
        )
        self._isa = None
        self._groups = []
        self._receipts = []


def _number(segment: Segment) -> str:
    """Return the number that a trailer counts, as told to people; nothing else of the file."""
    count = segment.get(1)
    return count if count.isascii() and count.isdigit() and len(count) <= 9 else "no"  # noqa: PLR2004


def _same(first: str, second: str) -> bool:
    """Return whether two control numbers are the same, but for leading noughts."""
    return first.lstrip("0") == second.lstrip("0")
