"""Reads OFX and QFX, version 1 (SGML) and 2 (XML), as banks really write them.

An element of version 1 needs no end tag, may be empty, and stands on a line of its own or not; so
the lists of lines are found first and each value by its tag. Our own, because the libraries that
are kept up for OFX are GPL.
"""

from __future__ import annotations

import html
import re
from datetime import date

from fscdesk.models.values import Money
from fscdesk.services.banking.bank_words import single_blanks
from fscdesk.services.banking.statement_files import ReadLine, ReadStatement
from fscdesk.services.errors import Finding, Problem, Severity
from fscdesk.services.spreadsheets.cells import CellFault, read_cents

_ANY = re.IGNORECASE | re.DOTALL
_START = re.compile(rb"OFXHEADER|<\?OFX|<OFX>", re.IGNORECASE)
_STATEMENT = re.compile(r"<(?P<tag>(?:CC)?STMTRS)>(?P<body>.*?)(?:</(?P=tag)>|\Z)", _ANY)
_LINE = re.compile(r"<STMTTRN>(?P<body>.*?)(?=<STMTTRN>|</STMTTRN>|</BANKTRANLIST>|\Z)", _ANY)
_ACCOUNT = re.compile(r"<(?:BANK|CC)ACCTFROM>(?P<body>.*?)(?=<BANKTRANLIST>|\Z)", _ANY)
_LEDGER = re.compile(r"<LEDGERBAL>(?P<body>.*?)(?=</LEDGERBAL>|<AVAILBAL>|\Z)", _ANY)
_COMMA_CENTS = re.compile(r"[+-]?\d+,\d{1,2}")
_DAY = re.compile(r"\d{8}")
_CHARSET = re.compile(rb"(?:CHARSET:|encoding=\")\s*(?P<name>[\w-]+)", re.IGNORECASE)


def is_ofx(data: bytes) -> bool:
    """Return whether the bytes begin as an OFX file does."""
    return _START.search(data[:2000]) is not None


def read_ofx(data: bytes, name: str) -> tuple[ReadStatement, ...]:
    """Read every account's statement of the file. Raises Problem where it holds none."""
    text = _decoded(data)
    found = tuple(_statement(match["body"]) for match in _STATEMENT.finditer(text))
    if not found:
        raise Problem(
            f"{name} is an OFX file without a bank or card statement. Nothing was read.",
            hint="Download the account's transactions from the bank again.",
        )
    return found


def _decoded(data: bytes) -> str:
    told = _CHARSET.search(data[:2000])
    charset = told["name"].decode("ascii").lower() if told else ""
    tries = ["utf-8-sig", "cp1252"]
    if charset in {"1252", "iso-8859-1", "8859-1", "windows-1252"}:
        # Many banks write UTF-8 and say 1252; strict UTF-8 rarely reads what is not.
        tries = ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in (*tries, "latin-1"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError("latin-1 decodes every byte")


def _statement(body: str) -> ReadStatement:
    lines: list[ReadLine] = []
    findings: list[Finding] = []
    for position, match in enumerate(_LINE.finditer(body), 1):
        try:
            lines.append(_line(position, match["body"]))
        except CellFault as fault:
            where = f"transaction {position}"
            findings.append(Finding(f"bank-{fault.code}", fault.message, where, Severity.ERROR))
    currency = _value(body, "CURDEF")
    if currency and currency.upper() != "USD":
        findings.append(
            Finding(
                "bank-currency",
                f"The statement is in {currency.upper()}, the books are in US dollars.",
                "CURDEF",
                Severity.ERROR,
            )
        )
        lines = []
    lines.sort(key=lambda line: line.on)
    account = _ACCOUNT.search(body)
    days = [line.on for line in lines]
    return ReadStatement(
        layout="OFX",
        account_number=_value(account["body"], "ACCTID") if account else "",
        first_day=_day_or_none(_value(body, "DTSTART")) or min(days, default=None),
        last_day=_day_or_none(_value(body, "DTEND")) or max(days, default=None),
        opening=None,
        closing=_closing(body),
        lines=tuple(lines),
        findings=tuple(findings),
    )


def _line(position: int, body: str) -> ReadLine:
    # A bank cuts the text after 32 letters of NAME and goes on in MEMO, blank or not.
    name, memo = _value(body, "NAME", strip=False), _value(body, "MEMO", strip=False)
    words = name if memo.strip() in name else f"{name}{memo}" if _cut(name) else f"{name} {memo}"
    return ReadLine(
        position=position,
        on=_day(_value(body, "DTPOSTED")),
        amount=Money(_cents(_value(body, "TRNAMT"))),
        words=single_blanks(words),
        kind=_value(body, "TRNTYPE"),
        check_number=_value(body, "CHECKNUM"),
        bank_id=_value(body, "FITID"),
    )


def _cut(name: str) -> bool:
    """Return whether a name was cut where its field ended, so that the memo is its rest."""
    return len(name) >= 32  # noqa: PLR2004 - NAME holds 32 letters (OFX 1.6, 11.4.3)


def _closing(body: str) -> Money | None:
    ledger = _LEDGER.search(body)
    if ledger is None:
        return None
    try:
        return Money(_cents(_value(ledger["body"], "BALAMT")))
    except CellFault:
        return None


def _value(body: str, tag: str, *, strip: bool = True) -> str:
    found = re.search(rf"<{tag}>([^<\r\n]*)", body, re.IGNORECASE)
    if found is None:
        return ""
    text = html.unescape(found[1])
    return text.strip() if strip else text


def _cents(text: str) -> int:
    if not text:
        raise CellFault("amount", "There is no amount.")
    plain = text.removeprefix("+")
    return read_cents(plain, comma_decimal=_COMMA_CENTS.fullmatch(text) is not None)


def _day(text: str) -> date:
    day = _day_or_none(text)
    if day is None:
        raise CellFault("date", f"“{text[:40]}” is not a day.")
    return day


def _day_or_none(text: str) -> date | None:
    """Read ``20260331120000[-5:EST]``: the day as the bank writes it, whatever its zone."""
    found = _DAY.match(text)
    if found is None:
        return None
    try:
        return date.fromisoformat(found[0])
    except ValueError:
        return None
