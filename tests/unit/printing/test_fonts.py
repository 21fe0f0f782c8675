"""Fitting text: nothing is lost without a sign of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fscdesk.services.printing.fonts import (
    INK,
    REGULAR,
    SMALLEST,
    Style,
    fit,
    missing_letters,
    printable,
    width,
    wrap,
)

BODY = Style(REGULAR, 9, INK)


def packed(text: str) -> str:
    return "".join(printable(text).split())


def test_helper_in_c_is_in_use() -> None:
    """Widths and numbers come from rl_accel; without it a run takes twice the time."""
    import _rl_accel  # type: ignore[import-not-found, unused-ignore]
    from reportlab.lib import rl_accel

    assert rl_accel.fp_str is _rl_accel.fp_str
    assert rl_accel.escapePDF is _rl_accel.escapePDF


def test_digits_are_as_wide_as_each_other() -> None:
    assert len({width(digit, BODY) for digit in "0123456789"}) == 1


def test_letters_that_lack_are_named_once() -> None:
    assert missing_letters("李 and 李 and Żółć and عمر") == "李عمر"
    assert missing_letters("a box □ is a letter that the font has") == ""
    assert printable("a\tb\nc\u00a0d\x00\u200b") == "a b c d"


@given(st.text(max_size=200), st.floats(10, 300))
def test_wrapped_text_keeps_every_letter_and_its_width(text: str, room: float) -> None:
    lines = wrap(text, BODY, room)
    assert packed("".join(lines)) == packed(text)
    for line in lines:
        assert width(line, BODY) <= room + 0.01 or len(line) == 1


@given(
    st.lists(st.text(max_size=120), max_size=5).map(tuple),
    st.floats(30, 300),
    st.floats(12, 60),
)
def test_fitted_text_is_whole_or_says_that_it_is_cut(
    texts: tuple[str, ...], room: float, height: float
) -> None:
    block = fit(texts, BODY, room, height, 12)
    shown = packed("".join(line for _, line in block.lines))
    if block.cut:
        assert block.style.size == SMALLEST
        assert shown.endswith("…")
    else:
        assert shown == packed("".join(texts))
        assert len(block.lines) * block.leading <= height + 0.02
    for _, line in block.lines:
        assert width(line, block.style) <= room + 0.01
