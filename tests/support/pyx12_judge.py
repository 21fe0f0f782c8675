"""An independent judge of our 837P: pyx12's own maps of the implementation guide.

It does not add up money nor follow pointers; those have tests of their own.
"""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyx12.params
import pyx12.x12n_document

_NOT_BASIC = re.compile(r"[^A-Z0-9!\"&'()*+,\-./:;?= ~\n]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the file is accepted, what is wrong with it, and the 999 that pyx12 answers."""

    accepted: bool
    faults: tuple[str, ...]
    acknowledgment: str


def judge(text: str) -> Verdict:
    """Judge a file; whatever pyx12 raises is a rejection, and so is any but a basic character.

    The repetition separator of the ISA is the one character beyond the basic set; pyx12 would
    not take it with that set, so the set is checked here.
    """
    if strange := _NOT_BASIC.findall(text.replace("^", "", 1)):
        return Verdict(accepted=False, faults=(f"characters {strange}",), acknowledgment="")
    logging.getLogger("pyx12").setLevel(logging.CRITICAL)
    found, answer = io.StringIO(), io.StringIO()
    try:
        accepted = pyx12.x12n_document.x12n_document(
            param=pyx12.params.params(),
            src_file=io.StringIO(text),
            fd_997=answer,
            fd_html=None,
            fd_json=found,
        )
    except Exception as fault:  # noqa: BLE001 - it raises where a map has no place for something
        return Verdict(accepted=False, faults=(repr(fault),), acknowledgment="")
    faults = tuple(_faults(json.loads(found.getvalue() or "{}"), ""))
    return Verdict(bool(accepted), faults, answer.getvalue())


def assert_accepted(text: str) -> Verdict:
    """Fail with what pyx12 says unless it takes the file, and every set in it."""
    verdict = judge(text)
    sets = len(re.findall(r"(?m)^ST\*", text))
    taken = len(re.findall(r"(?m)^IK5\*A", verdict.acknowledgment))
    assert verdict.accepted, f"{verdict.faults}\n{text}"
    assert (taken, verdict.faults) == (sets, ()), verdict
    return verdict


def _faults(node: Any, where: str) -> Iterator[str]:
    """Walk what pyx12 reports and give each error with the line it stands on."""
    if isinstance(node, list):
        for one in node:
            yield from _faults(one, where)
    elif isinstance(node, dict):
        line = f"line {node['cur_line']} {node.get('seg_id', '')}" if "cur_line" in node else where
        for error in node.get("errors", ()):
            yield f"{line}: {error.get('err_str', error)}"
        for name, inner in node.items():
            if name != "errors":
                yield from _faults(inner, line)
