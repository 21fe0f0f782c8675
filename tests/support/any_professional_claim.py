"""Strategies for hypothesis: any 837P file that the writer must be able to write.

What they make is already in X12's basic characters, so that it reads back equal.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from fscdesk.models.values import ZERO, Money
from fscdesk.services.x12.professional import (
    Address,
    Adjustment,
    Attachment,
    BillingProvider,
    Contact,
    LineAdjudication,
    Name,
    OtherPayer,
    PatientLoop,
    Payer,
    ProfessionalClaim,
    ProfessionalFile,
    ProfessionalSet,
    Provider,
    Receiver,
    ServiceLine,
    Submitter,
    Subscriber,
)
from fscdesk.services.x12.writing import Controls
from fscdesk.services.x12.writing_837p_cob import (
    FILING_INDICATORS,
    INSURANCE_TYPES,
    RELATIONSHIPS,
    SELF,
)

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
PRINTED = LETTERS + DIGITS + "!\"&'()+,-./;?= "
STATES = ("IL", "NY", "CA", "TX", "PR", "DC")
PLACES = ("11", "02", "10", "12", "53")


def words(most: int, least: int = 1, alphabet: str = PRINTED) -> st.SearchStrategy[str]:
    """Text of this length whose blanks are single and inside."""
    return (
        st.text(alphabet, min_size=least, max_size=most)
        .map(lambda text: " ".join(text.split()))
        .filter(lambda text: len(text) >= least)
    )


def or_none(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def or_empty(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.just("") | strategy


def digits(*counts: int) -> st.SearchStrategy[str]:
    return st.one_of([st.text(DIGITS, min_size=count, max_size=count) for count in counts])


def codes(most: int, least: int | None = None) -> st.SearchStrategy[str]:
    return st.text(LETTERS + DIGITS, min_size=least or most, max_size=most)


DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
AMOUNTS = st.integers(0, 99_999_999).map(Money)
SIGNED = st.integers(-99_999_999_99, 99_999_999_99).map(Money)
UNITS = st.integers(1, 999).map(Decimal) | st.sampled_from([Decimal("0.5"), Decimal("61.125")])

PERSONS = st.builds(
    Name,
    last=words(60),
    first=or_empty(words(35)),
    middle=or_empty(words(25)),
    suffix=or_empty(words(10)),
)
SENDERS = st.builds(Name, last=words(60), first=or_empty(words(35)), middle=or_empty(words(25)))
ORGANIZATIONS = words(60).map(Name.of_organization)
NAMES = PERSONS | ORGANIZATIONS
AT_HOME = st.builds(
    Address,
    street=words(55),
    street2=or_empty(words(55)),
    city=words(30, 2),
    state=st.sampled_from(STATES),
    zip_code=digits(5, 9),
)
ABROAD = st.builds(
    Address,
    street=words(55),
    city=words(30, 2),
    state=st.sampled_from(["", "BY", "JAL"]),
    zip_code=or_empty(words(15, 3, LETTERS + DIGITS)),
    country=st.sampled_from(["DE", "MX"]),
)
IN_CANADA = st.builds(
    Address,
    street=words(55),
    city=words(30, 2),
    state=st.sampled_from(["ON", "BC"]),
    zip_code=st.just("K1A 0B1"),
    country=st.just("CA"),
)
ADDRESSES = AT_HOME | ABROAD | IN_CANADA
CONTACTS = st.builds(
    Contact,
    name=words(60),
    phone=digits(10),
    extension=or_empty(digits(1, 5)),
    fax=or_empty(digits(10)),
)
IDS = words(80, 2)
REFERENCES = words(50)


def providers(
    names: st.SearchStrategy[Name], **more: st.SearchStrategy[Any]
) -> st.SearchStrategy[Provider | None]:
    """A provider of a claim, or none."""
    return or_none(st.builds(Provider, name=names, npi=or_empty(digits(10)), **more))


@st.composite
def coverages(draw: st.DrawFn, ranks: str) -> dict[str, Any]:
    """What SBR holds; an insurance type only where Medicare comes later."""
    rank = draw(st.sampled_from(ranks))
    filing = draw(st.sampled_from(["", *sorted(FILING_INDICATORS)]))
    medicare_later = rank != "P" and filing in {"MA", "MB"}
    kinds = st.sampled_from(["", *sorted(INSURANCE_TYPES)]) if medicare_later else st.just("")
    return {
        "responsibility": rank,
        "filing_indicator": filing,
        "insurance_type": draw(kinds),
        "group_number": draw(or_empty(words(50))),
        "group_name": draw(or_empty(words(60))),
    }


@st.composite
def subscribers(draw: st.DrawFn, *, is_patient: bool, rank: str) -> Subscriber:
    """A subscriber; complete where he is the patient."""
    born = draw(DAYS if is_patient else or_none(DAYS))
    return Subscriber(
        **draw(coverages(rank)),
        name=draw(PERSONS if is_patient else NAMES),
        member_id=draw(IDS),
        address=draw(ADDRESSES if is_patient else or_none(ADDRESSES)),
        born_on=born,
        sex=draw(st.sampled_from("FMU")) if born else "",
    )


@st.composite
def adjustments(draw: st.DrawFn) -> tuple[Adjustment, ...]:
    """Up to six reasons of each of some groups, group by group as CAS has them."""
    found = []
    for group in draw(st.permutations(["CO", "PR", "OA", "PI", "CR"])):
        if draw(st.integers(0, 3)) == 0:
            found += draw(
                st.lists(
                    st.builds(
                        Adjustment,
                        group=st.just(group),
                        reason=codes(5, 1),
                        amount=SIGNED,
                        quantity=or_none(UNITS),
                    ),
                    min_size=1,
                    max_size=6,
                )
            )
    return tuple(found)


@st.composite
def other_payers(draw: st.DrawFn, rank: str, payer_id: str) -> OtherPayer:
    """Another payer of the claim, with or without an answer."""
    return OtherPayer(
        **draw(coverages(rank)),
        relationship=draw(st.sampled_from([*sorted(RELATIONSHIPS), SELF])),
        subscriber=draw(NAMES),
        member_id=draw(IDS),
        subscriber_address=draw(or_none(ADDRESSES)),
        payer_name=draw(words(60)),
        payer_id=payer_id,
        payer_address=draw(or_none(ADDRESSES)),
        adjustments=draw(adjustments()),
        paid=draw(or_none(AMOUNTS)),
        not_covered=draw(or_none(AMOUNTS)),
        remaining=draw(or_none(AMOUNTS)),
        benefits_assigned=draw(st.sampled_from("NWY")),
        signature_source=draw(st.sampled_from(["", "P"])),
        release=draw(st.sampled_from("IY")),
        remark_codes=tuple(draw(st.lists(st.sampled_from(["MA01", "N130", "M51"]), max_size=5))),
        adjudicated_on=draw(or_none(DAYS)),
        claim_number=draw(or_empty(REFERENCES)),
    )


ATTACHMENTS = st.lists(
    st.builds(
        Attachment,
        report_type=st.sampled_from(["OZ", "M1", "B4"]),
        transmission=st.sampled_from(["BM", "EL", "FX", "AA"]),
        control=words(80, 2),
    )
    | st.builds(Attachment, st.just("OZ"), st.just("AA")),
    max_size=3,
).map(tuple)
MODIFIERS = st.lists(codes(2), max_size=4).map(tuple)


@st.composite
def lines(
    draw: st.DrawFn, number: int, diagnoses: int, place: str, payers: tuple[str, ...]
) -> ServiceLine:
    """A service line; earlier payers may have answered it."""
    answers = [
        LineAdjudication(
            payer_id=payer,
            paid=draw(AMOUNTS),
            code=draw(codes(5)),
            modifiers=draw(MODIFIERS),
            units=draw(UNITS),
            bundled_into=draw(or_none(st.integers(1, 50))),
            adjustments=draw(adjustments()),
            adjudicated_on=draw(DAYS),
            remaining=draw(or_none(AMOUNTS)),
        )
        for payer in payers
        if draw(st.booleans())
    ]
    start, end = sorted((draw(DAYS), draw(DAYS)))
    return ServiceLine(
        code=draw(codes(5)),
        charge=draw(AMOUNTS),
        pointers=tuple(
            draw(st.lists(st.integers(1, diagnoses), min_size=1, max_size=4, unique=True))
        ),
        service_from=start,
        service_to=end if end != start and draw(st.booleans()) else None,
        modifiers=draw(MODIFIERS),
        units=draw(UNITS),
        unit_basis=draw(st.sampled_from(["UN", "MJ"])),
        place=draw(st.sampled_from(["", *(one for one in PLACES if one != place)])),
        control=draw(or_empty(words(30))) or f"L{number}",
        note=draw(or_empty(words(80))),
        attachments=draw(ATTACHMENTS),
        adjudications=tuple(answers),
    )


@st.composite
def claims(draw: st.DrawFn, *, most_lines: int = 4) -> ProfessionalClaim:
    """Any claim: of a subscriber or a dependent, to a first, second or third payer."""
    payers = tuple(f"{draw(words(20))} {number}" for number in range(draw(st.integers(0, 2))))
    diagnoses = tuple(draw(st.lists(codes(7, 3), min_size=1, max_size=12)))
    place = draw(st.sampled_from(PLACES))
    count = draw(st.integers(1, most_lines))
    found = tuple(draw(lines(at, len(diagnoses), place, payers)) for at in range(1, count + 1))
    patient = draw(
        or_none(
            st.builds(
                PatientLoop,
                relationship=st.sampled_from(sorted(RELATIONSHIPS)),
                name=PERSONS,
                address=ADDRESSES,
                born_on=DAYS,
                sex=st.sampled_from("FMU"),
            )
        )
    )
    causes = tuple(draw(st.lists(st.sampled_from(["AA", "EM", "OA"]), max_size=2, unique=True)))
    frequency = draw(st.sampled_from("1678"))
    return ProfessionalClaim(
        control=draw(words(20)),
        charge=sum((line.charge for line in found), ZERO),
        place=place,
        frequency=frequency,
        subscriber=draw(subscribers(is_patient=patient is None, rank="PST"[len(payers)])),
        payer=draw(
            st.builds(
                Payer,
                name=words(60),
                identifier=IDS,
                address=or_none(ADDRESSES),
                provider_number=or_empty(REFERENCES),
            )
        ),
        patient=patient,
        diagnoses=diagnoses,
        lines=found,
        provider_signature=draw(st.sampled_from("NY")),
        assignment=draw(st.sampled_from("ABC")),
        benefits_assigned=draw(st.sampled_from("NWY")),
        release=draw(st.sampled_from("IY")),
        signature_source=draw(st.sampled_from(["", "P"])),
        related_causes=causes,
        accident_state=draw(st.sampled_from(["", "TX"])) if causes else "",
        accident_on=draw(or_none(DAYS)),
        onset_on=draw(or_none(DAYS)),
        attachments=draw(ATTACHMENTS),
        patient_paid=draw(or_none(AMOUNTS)),
        authorization=draw(or_empty(REFERENCES)),
        original_reference=draw(REFERENCES if frequency in "78" else or_empty(REFERENCES)),
        note=draw(or_empty(words(80))),
        referring=draw(providers(PERSONS)),
        rendering=draw(providers(NAMES, taxonomy=or_empty(codes(10)))),
        facility=draw(providers(ORGANIZATIONS, address=ADDRESSES)),
        supervising=draw(providers(PERSONS)),
        other_payers=tuple(
            draw(other_payers(rank, payer)) for rank, payer in zip("PS", payers, strict=False)
        ),
    )


BILLING = st.builds(
    BillingProvider,
    name=NAMES,
    npi=or_empty(digits(10)),
    tax_id=digits(9),
    address=ADDRESSES,
    tax_id_is_ssn=st.booleans(),
    taxonomy=or_empty(codes(10)),
    contact=or_none(CONTACTS),
    pay_to=or_none(ADDRESSES),
)
CONTROLS = st.builds(
    Controls,
    sender=words(15, 2),
    receiver=words(15, 2),
    interchange=st.integers(1, 999_999_999),
    group=st.integers(1, 999_999_999),
    made_at=st.builds(
        datetime.combine,
        st.dates(date(2000, 1, 1), date(2068, 12, 31)),
        st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    ),
    test=st.booleans(),
    acknowledgment_wanted=st.booleans(),
)


def files(*, most_claims: int = 4, most_lines: int = 4) -> st.SearchStrategy[ProfessionalFile]:
    """A file of one or two sets."""
    sets = st.builds(
        ProfessionalSet,
        control=codes(9, 4),
        reference=REFERENCES,
        billing=BILLING,
        claims=st.lists(claims(most_lines=most_lines), min_size=1, max_size=most_claims).map(tuple),
    )
    return st.builds(
        ProfessionalFile,
        controls=CONTROLS,
        submitter=st.builds(
            Submitter, name=ORGANIZATIONS | SENDERS, identifier=IDS, contact=CONTACTS
        ),
        receiver=st.builds(Receiver, name=words(60), identifier=IDS),
        sets=st.lists(sets, min_size=1, max_size=2, unique_by=lambda one: one.control).map(tuple),
    )
