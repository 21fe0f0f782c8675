"""Reads OFX and QFX, version 1 (SGML) and 2 (XML), as banks really write them.

An element of version 1 needs no end tag, may be empty, and stands on a line of its own or not; so
the lists of lines are found first and each value by its tag. Our own, because the libraries that
are kept up for OFX are GPL.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Sequence
from contextlib import suppress
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
_CHARSET = re.compile(rb"(?:CHARSET:|encoding=[\"'])\s*(?P<name>[\w-]+)", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[(?P<text>.*?)\]\]>", _ANY)
_TAG = re.compile(r"<\s*(/?)\s*([A-Za-z][\w.]*)\s*>")
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LETTERS = ("cp", "iso8859", "shift_jis", "euc", "gb", "big5", "koi8", "mac")
"""The families of charsets that a bank's file can name; other codecs of Python are none."""
_UNTOLD = frozenset({"", "none", "usascii", "us-ascii", "ascii", "unicode"})


def is_ofx(data: bytes) -> bool:
    """Return whether the bytes begin as an OFX file does."""
    head = data[:4000]
    if head.startswith(_WIDE):
        head = head.decode("utf-16", "ignore").encode("ascii", "ignore")
    return _START.search(head[:2000]) is not None


def read_ofx(data: bytes, name: str) -> tuple[ReadStatement, ...]:
    """Read every account's statement of the file. Raises Problem where it holds none.

    Letters that the file's charset does not have are a finding of each statement.
    """
    text, findings = _decoded(data)
    plain = _plain(text)
    found = tuple(_statement(match["body"], findings) for match in _STATEMENT.finditer(plain))
    if not found:
        raise Problem(
            f"{name} is an OFX file without a bank or card statement. Nothing was read.",
            hint="Download the account's transactions from the bank again.",
        )
    return found


def _plain(text: str) -> str:
    """Return the text as most banks write it: no CDATA, no blanks within a tag."""
    without = _CDATA.sub(lambda found: html.escape(" ".join(found["text"].splitlines())), text)
    return _TAG.sub(r"<\1\2>", without)


def _decoded(data: bytes) -> tuple[str, list[Finding]]:
    """Return the text, and a finding where a letter of it cannot be read."""
    if data.startswith(_WIDE):
        return _read(data, "utf-16")
    told = _CHARSET.search(data[:2000])
    name = told["name"].decode("ascii", "replace").lower() if told else ""
    # Many banks write UTF-8 and say 1252; strict UTF-8 rarely reads what is not.
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return _read(data, _encoding_of(name))


def _encoding_of(charset: str) -> str:
    """Return Python's name of a header's charset: a code page by its number, or a name."""
    if charset in _UNTOLD or charset in {"utf-8", "utf8"}:
        return "cp1252"
    for name in (f"cp{charset}", f"iso{charset}", charset):
        with suppress(LookupError):
            found = codecs.lookup(name).name
            if found.startswith(_LETTERS):
                return found
    return "cp1252"


def _read(data: bytes, encoding: str) -> tuple[str, list[Finding]]:
    try:
        return data.decode(encoding), []
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
    count = text.count("\ufffd")
    letters = "1 letter is" if count == 1 else f"{count} letters are"
    message = f"{letters} not readable as {encoding}; each is shown as \ufffd."
    return text, [Finding("bank-letters", message, "file", Severity.WARNING)]


def _statement(body: str, told: Sequence[Finding]) -> ReadStatement:
    lines: list[ReadLine] = []
    findings = list(told)
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
