"""Names, addresses and contacts in an 837P: NM1, N3, N4, PER, DMG."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from fscdesk.services.x12.professional import Address, CannotWrite, Contact, Name
from fscdesk.services.x12.writing import Element, SegmentWriter
from fscdesk.services.x12.writing_837p_values import day, digits, one_of, optional, required

PERSON: Final = frozenset({True})
ORGANIZATION: Final = frozenset({False})
EITHER: Final = frozenset({True, False})
SEXES: Final = frozenset("FMU")
_STATE_LENGTH = 2
_UNITED_STATES = ("", "US", "USA")


def write_name(
    writer: SegmentWriter,
    field: str,
    entity: str,
    name: Name,
    *,
    may_be: Collection[bool] = EITHER,
    qualifier: str = "",
    identifier: str = "",
) -> None:
    """Write NM1. ``may_be`` says whether a person, an organization or either can stand here."""
    if name.is_person not in may_be:
        wanted = "a person" if True in may_be else "an organization"
        raise CannotWrite(f"{field} name", f"must be that of {wanted}")
    rest: tuple[Element, ...] = ()
    if name.is_person:
        rest = (
            optional(f"{field} first name", name.first, 35),
            optional(f"{field} middle name", name.middle, 25),
            "",
            optional(f"{field} name suffix", name.suffix, 10),
        )
    elif name.first or name.middle or name.suffix:
        raise CannotWrite(f"{field} name", "is an organization's, and has parts of a person's")
    last = required(f"{field} {'last ' if name.is_person else ''}name", name.last, 60)
    rest = rest or ("", "", "", "")
    known = (qualifier, identifier) if identifier else ()
    writer.add("NM1", entity, "1" if name.is_person else "2", last, *rest, *known)


def write_address(writer: SegmentWriter, field: str, address: Address | None) -> None:
    """Write N3 and N4. Raises CannotWrite where the address is None or lacks a part."""
    if address is None:
        raise CannotWrite(f"{field} address", "is missing")
    writer.add(
        "N3",
        required(f"{field} street", address.street, 55),
        optional(f"{field} second address line", address.street2, 55),
    )
    city = required(f"{field} city", address.city, 30, 2)
    if address.country.strip().upper() in _UNITED_STATES:
        state = required(f"{field} state", address.state, 2, 2)
        if not state.isalpha():
            raise CannotWrite(f"{field} state", f"{state!r} is not two letters")
        writer.add("N4", city, state, digits(f"{field} zip code", address.zip_code, 5, 9))
        return
    country = required(f"{field} country", address.country, 3, 2)
    state = optional(f"{field} state", address.state, 3)
    in_canada = country in ("CA", "CAN")
    writer.add(
        *("N4", city, state if in_canada else ""),
        optional(f"{field} postal code", address.zip_code, 15, 3),
        *(country, "", "", "" if in_canada else state),
    )


def write_contact(writer: SegmentWriter, field: str, contact: Contact) -> None:
    """Write PER*IC with a telephone and what else there is."""
    numbers = ["TE", digits(f"{field} phone", contact.phone, 10)]
    if contact.extension:
        numbers += ["EX", digits(f"{field} phone extension", contact.extension, *range(1, 9))]
    if contact.fax:
        numbers += ["FX", digits(f"{field} fax", contact.fax, 10)]
    writer.add("PER", "IC", optional(f"{field} contact name", contact.name, 60), *numbers)


def write_birth(
    writer: SegmentWriter, field: str, born_on: date | None, sex: str, *, needed: bool
) -> None:
    """Write DMG where it is needed or known."""
    if needed or born_on is not None or sex:
        born = day(f"{field} birth date", born_on)
        writer.add("DMG", "D8", born, one_of(f"{field} sex", sex, SEXES))
