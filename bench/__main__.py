"""``python dev.py bench [--quick] [--only NAME] [--json FILE] [--folder DIR]``."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from bench import (
    aging,
    bank_applying,
    bank_matching,
    claims,
    era_posting,
    era_reading,
    financial,
    importing,
    lists,
    payments,
    statements,
    window,
)
from bench.measure import Measure

SMALL, LARGE = 10_000, 1_000_000
Measured = Callable[[Path, Sequence[int]], Sequence[Measure]]


def _importing(folder: Path, sizes: Sequence[int]) -> list[Measure]:
    return importing.measures(folder, [100_000 if LARGE in sizes else SMALL])


def _statements(_folder: Path, _sizes: Sequence[int]) -> list[Measure]:
    return statements.measure()


GROUPS: dict[str, Measured] = {
    "importing": _importing,
    "aging": aging.measures,
    "bank_applying": lambda folder, sizes: list(bank_applying.measures(folder, sizes)),
    "bank_matching": lambda folder, sizes: list(bank_matching.measures(folder, sizes)),
    "claims": lambda folder, sizes: list(claims.measures(folder, sizes)),
    "era_posting": lambda folder, sizes: list(era_posting.measures(folder, sizes)),
    "era_reading": lambda _folder, _sizes: era_reading.measures(),
    "financial": financial.measures,
    "lists": lists.measures,
    "payments": lambda folder, sizes: list(payments.measures(folder, sizes)),
    "statements": _statements,
    "window": window.measures,
}


def main(arguments: Sequence[str]) -> int:
    """Measure, print the table, write JSON. Never fails for being slow: it only tells."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"only at {SMALL:,} sessions")
    parser.add_argument("--only", choices=sorted(GROUPS), action="append", help="one group")
    latest = Path("bench/results/latest.json")
    parser.add_argument("--json", type=Path, default=latest, help="where to write")
    parser.add_argument("--folder", type=Path, help="keeps the large practices between runs")
    chosen = parser.parse_args(arguments)
    sizes = (SMALL,) if chosen.quick else (SMALL, LARGE)
    found: list[Measure] = []
    with tempfile.TemporaryDirectory(prefix="fscdesk-bench-") as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for name, measured in GROUPS.items():
            if chosen.only is None or name in chosen.only:
                for row in measured(folder, sizes):
                    found.append(row)
                    _say(_line(row))
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(
        json.dumps([asdict(row) for row in found], indent=1) + "\n", encoding="utf-8"
    )
    return 0


def _line(row: Measure) -> str:
    verdict = "meets" if row.ratio <= row.aim else "misses"
    return (
        f"{row.work:<48} {row.size:>9,}  ours {row.ours_s:9.3f} {row.unit:<3}"
        f" limit {row.limit_s:9.3f}  {row.ratio:7.2f} (aim {row.aim:g}, {verdict})"
    )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
