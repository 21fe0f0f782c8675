"""The answer to a question about coverage: 271, 005010X279A1, one answer for each patient in it.

What stands at the payer's or the provider's level (names, reasons for no answer) is part of each
answer below it; what stands at the subscriber's level is part of the dependents' answers.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from fscdesk.services.x12.elements import amount_of, day_of, days_of, number_of
from fscdesk.services.x12.eligibility_facts import (
    Benefit,
    BenefitKind,
    Covered,
    EligibilityAnswer,
    Entity,
    Network,
    PlanDate,
    Reading271,
    Rejection,
)
from fscdesk.services.x12.envelopes import TransactionSet, read_interchanges
from fscdesk.services.x12.segments import Delimiters, Oddity, Segment
from fscdesk.services.x12.writing import write_segments

_SUBSCRIBER, _DEPENDENT = "22", "23"
_ABOVE = {"20": "payer", "21": "provider"}
_STARTS = ("346", "356", "348", "539", "291", "307", "292")
_ENDS = ("347", "357", "349", "540", "291", "307", "292")
_WHOLE_PLAN = "30"
_PHONES = {"TE", "WP", "CP"}
_HUNDRED = Decimal(100)


def read_271(text: str) -> Reading271:
    """Read a 271; never raises. Whatever is amiss is an oddity."""
    reading = read_interchanges(text)
    oddities = list(reading.oddities)
    answers: list[EligibilityAnswer] = []
    for found in reading.sets():
        if found.kind != "271":
            position = found.segments[0].position if found.segments else 0
            message = "A transaction of another kind is no answer about coverage."
            oddities.append(Oddity("other_kind", message, position))
            continue
        walk = _Walk(found)
        answers += walk.read()
        oddities += walk.oddities
    if not answers:
        oddities.append(Oddity("nothing_answered", "The file answers no question."))
    return Reading271(tuple(answers), tuple(oddities))


@dataclass(slots=True)
class _OpenBenefit:
    segment: Segment
    quantity: Decimal | None = None
    quantity_of: str = ""
    places: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    dates: list[PlanDate] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)

    def closed(self, marks: Delimiters) -> Benefit:
        segment = self.segment
        percent = number_of(segment.get(8))
        if percent is not None and abs(percent) <= 1:
            percent *= _HUNDRED  # the guide wants .2 for 20 %; some payers write 20
        code = segment.get(1).upper()
        needed = {"Y": True, "N": False}.get(segment.get(11).upper())
        own_quantity = number_of(segment.get(10))
        return Benefit(
            code=code,
            kind=BenefitKind.of(code),
            services=tuple(part for part in segment.repetitions(3, marks) if part),
            level=segment.get(2).upper(),
            insurance_type=segment.get(4).upper(),
            plan=segment.get(5),
            period=segment.get(6),
            amount=amount_of(segment.get(7)),
            percent=percent,
            quantity=self.quantity if own_quantity is None else own_quantity,
            quantity_of=self.quantity_of if own_quantity is None else segment.get(9),
            network=Network.of(segment.get(12)),
            authorization=needed,
            procedure=" ".join(part for part in segment.components(13, marks)[1:6] if part),
            places=tuple(self.places),
            messages=tuple(self.messages),
            dates=tuple(self.dates),
            entities=tuple(self.entities),
            rejections=tuple(self.rejections),
            position=segment.position,
        )


@dataclass(slots=True)
class _OpenPerson:
    """A subscriber or dependent and all that was said at that level."""

    person: Covered = field(default_factory=Covered)
    traces: dict[str, str] = field(default_factory=dict)
    dates: list[PlanDate] = field(default_factory=list)
    references: list[tuple[str, str]] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    benefits: list[_OpenBenefit] = field(default_factory=list)
    has_dependents: bool = False

    @property
    def says_something(self) -> bool:
        return bool(self.benefits or self.rejections)


class _Walk:
    """One 271: what is open while its segments go by."""

    def __init__(self, found: TransactionSet) -> None:
        self.oddities: list[Oddity] = []
        self._found = found
        self._marks = found.delimiters
        self._begun: Segment | None = None
        self._level = ""
        self._names = {"20": ("", ""), "21": ("", "")}
        self._above: list[Rejection] = []
        self._unheard = False
        self._subscriber: _OpenPerson | None = None
        self._dependent: _OpenPerson | None = None
        self._benefit: _OpenBenefit | None = None
        self._answers: list[EligibilityAnswer] = []
        self._heard: dict[str, list[Segment]] = {}
        self._handlers = {
            "BHT": self._begin,
            "HL": self._hierarchy,
            "NM1": self._name,
            "TRN": self._trace,
            "REF": self._reference,
            "DMG": self._demographics,
            "INS": self._relation,
            "DTP": self._date,
            "AAA": self._rejection,
            "EB": self._benefit_line,
            "HSD": self._delivery,
            "MSG": self._message,
            "III": self._place,
            "PER": self._contact,
        }

    def read(self) -> list[EligibilityAnswer]:
        """Go through the segments once."""
        for segment in self._found.segments:
            handle = self._handlers.get(segment.name)
            if handle is not None:
                handle(segment)
            self._hear(segment)
        self._close_subscriber()
        if self._unheard or (not self._answers and self._begun is not None):
            self._answer(None, None)
        return self._answers

    @property
    def _open(self) -> _OpenPerson | None:
        return self._dependent or self._subscriber

    def _hear(self, segment: Segment) -> None:
        """Keep a segment with its level; a level that begins ends those below it."""
        if segment.name == "SE":
            return
        if segment.name == "HL":
            self._heard = {at: said for at, said in self._heard.items() if at < self._level}
        self._heard.setdefault(self._level, []).append(segment)

    def _begin(self, segment: Segment) -> None:
        self._begun = segment

    def _hierarchy(self, segment: Segment) -> None:
        self._benefit = None
        self._level = segment.get(3)
        if self._level == _DEPENDENT:
            self._close_dependent()
            if self._subscriber is None:
                self._odd("no_subscriber", "A dependent stands without a subscriber.", segment)
                self._subscriber = _OpenPerson()
            self._subscriber.has_dependents = True
            self._dependent = _OpenPerson()
            return
        self._close_subscriber()
        if self._level == _SUBSCRIBER:
            self._subscriber = _OpenPerson()
        elif self._level in _ABOVE:
            places = ("payer", "provider")[("20", "21").index(self._level) :]
            kept = [known for known in self._above if known.at not in places]
            if self._unheard and len(kept) < len(self._above):
                self._answer(None, None)
            self._above = kept
        else:
            self._odd("level", "HL names a level that we do not know.", segment)

    def _name(self, segment: Segment) -> None:
        names = (segment.get(4), segment.get(5), segment.get(3), segment.get(7))
        name = " ".join(part for part in names if part)
        if self._benefit is not None:
            entity = Entity(segment.get(1).upper(), name, segment.get(9), "")
            self._benefit.entities.append(entity)
            return
        opened = self._open
        if opened is None:
            if self._level in self._names:
                self._names[self._level] = (name, segment.get(9))
            return
        opened.person = replace(
            opened.person,
            last_name=segment.get(3),
            first_name=segment.get(4),
            middle_name=segment.get(5),
            suffix=segment.get(7),
            member_id=segment.get(9),
        )

    def _trace(self, segment: Segment) -> None:
        if self._open is not None:
            self._open.traces.setdefault(segment.get(1), segment.get(2))

    def _reference(self, segment: Segment) -> None:
        if self._open is not None and self._benefit is None:
            self._open.references.append((segment.get(1).upper(), segment.get(2)))

    def _demographics(self, segment: Segment) -> None:
        if self._open is not None and self._benefit is None:
            self._open.person = replace(
                self._open.person, birth_date=day_of(segment.get(2)), sex=segment.get(3).upper()
            )

    def _relation(self, segment: Segment) -> None:
        if self._open is not None:
            changed = segment.get(3) == "001" and segment.get(4) == "25"
            self._open.person = replace(self._open.person, relation=segment.get(2), changed=changed)

    def _date(self, segment: Segment) -> None:
        start, end = days_of(segment.get(3))
        if start is None:
            self._odd("day", "A day cannot be read.", segment)
        found = PlanDate(segment.get(1), start, end)
        if self._benefit is not None:
            self._benefit.dates.append(found)
        elif self._open is not None:
            self._open.dates.append(found)

    def _rejection(self, segment: Segment) -> None:
        at = _ABOVE.get(self._level, "dependent" if self._dependent else "subscriber")
        found = Rejection(segment.get(3).upper(), segment.get(4).upper(), at)
        if self._benefit is not None:
            self._benefit.rejections.append(found)
        elif self._open is not None:
            self._open.rejections.append(found)
        else:
            self._above.append(found)
            self._unheard = True

    def _benefit_line(self, segment: Segment) -> None:
        if self._open is None:
            self._odd("no_subscriber", "A benefit stands without a subscriber.", segment)
            self._subscriber = _OpenPerson()
        opened = self._open
        assert opened is not None
        if segment.get(7) and amount_of(segment.get(7)) is None:
            self._odd("amount", "An amount cannot be read.", segment)
        self._benefit = _OpenBenefit(segment)
        opened.benefits.append(self._benefit)

    def _delivery(self, segment: Segment) -> None:
        if self._benefit is not None and self._benefit.quantity is None:
            self._benefit.quantity = number_of(segment.get(2))
            self._benefit.quantity_of = segment.get(1)

    def _message(self, segment: Segment) -> None:
        if self._benefit is not None and segment.get(1):
            self._benefit.messages.append(segment.get(1))

    def _place(self, segment: Segment) -> None:
        if self._benefit is not None and segment.get(1).upper() == "ZZ":
            self._benefit.places.append(segment.get(2))

    def _contact(self, segment: Segment) -> None:
        if self._benefit is None or not self._benefit.entities:
            return
        for number in (3, 5, 7):
            if segment.get(number).upper() in _PHONES:
                last = self._benefit.entities[-1]
                self._benefit.entities[-1] = replace(last, phone=segment.get(number + 1))
                return

    def _close_dependent(self) -> None:
        if self._dependent is not None:
            self._answer(self._subscriber, self._dependent)
        self._dependent = None
        self._benefit = None

    def _close_subscriber(self) -> None:
        self._close_dependent()
        opened = self._subscriber
        self._subscriber = None
        if opened is not None and (opened.says_something or not opened.has_dependents):
            self._answer(opened, None)

    def _answer(self, subscriber: _OpenPerson | None, dependent: _OpenPerson | None) -> None:
        """Put together what is said of one patient, and of those above that patient."""
        self._unheard = False
        said = [opened for opened in (dependent, subscriber) if opened is not None]
        own = said[0] if said else _OpenPerson()
        benefits = tuple(opened.closed(self._marks) for opened in own.benefits)
        dates = tuple(day for opened in said for day in opened.dates)
        plan = next((one for one in benefits if one.kind is BenefitKind.ACTIVE and one.plan), None)
        named = plan or next((one for one in benefits if one.plan), None)
        told = (*dates, *(day for one in _coverage(benefits) for day in one.dates))
        begun = self._begun
        inherited = subscriber.rejections if dependent is not None and subscriber else []
        self._answers.append(
            EligibilityAnswer(
                control=self._found.control,
                reference=begun.get(3) if begun else "",
                made_on=day_of(begun.get(4)) if begun else None,
                trace=_first_trace(said, "2"),
                payer_trace=_first_trace(said, "1"),
                payer_name=self._names["20"][0],
                payer_id=self._names["20"][1],
                provider_name=self._names["21"][0],
                provider_id=self._names["21"][1],
                subscriber=subscriber.person if subscriber else None,
                dependent=dependent.person if dependent else None,
                active=_is_active(benefits),
                plan_name=named.plan if named else "",
                coverage_start=_first_day(told, _STARTS, end=False),
                coverage_end=_first_day(told, _ENDS, end=True),
                dates=dates,
                references=tuple(pair for opened in said for pair in opened.references),
                benefits=benefits,
                rejections=(*self._above, *inherited, *own.rejections),
                text=self._text(subscriber is not None, dependent is not None),
            )
        )

    def _text(self, subscriber: bool, dependent: bool) -> str:
        """Return what was said of one patient, with the levels above, as it stands."""
        last = _DEPENDENT if dependent else _SUBSCRIBER if subscriber else "21"
        heard = [one for at in sorted(self._heard) if at <= last for one in self._heard[at]]
        return write_segments(heard, self._marks)

    def _odd(self, code: str, message: str, segment: Segment) -> None:
        self.oddities.append(Oddity(code, message, segment.position))


def _first_trace(said: list[_OpenPerson], kind: str) -> str:
    return next((opened.traces[kind] for opened in said if kind in opened.traces), "")


def _coverage(benefits: tuple[Benefit, ...]) -> list[Benefit]:
    """Return the lines that say whether the plan is active: of the whole plan, else of any service.

    A plan may be active while its dental part is not.
    """
    lines = [one for one in benefits if one.kind in {BenefitKind.ACTIVE, BenefitKind.INACTIVE}]
    whole = [one for one in lines if not one.services or _WHOLE_PLAN in one.services]
    return whole or lines


def _is_active(benefits: tuple[Benefit, ...]) -> bool | None:
    kinds = {one.kind for one in _coverage(benefits)}
    return BenefitKind.ACTIVE in kinds if kinds else None


def _first_day(dates: tuple[PlanDate, ...], codes: tuple[str, ...], *, end: bool) -> date | None:
    """Return the day with the code that says most about coverage; a single day has no end."""
    for code in codes:
        for found in dates:
            if found.code != code:
                continue
            spans = code in _STARTS and code in _ENDS
            if end and spans and found.end == found.start:
                continue
            day = found.end if end else found.start
            if day is not None:
                return day
    return None
