"""One 835 with 10,000 claims: read with types and all balances, beside oxedi and pyx12.

oxedi (Rust) parses the same bytes into its columns: the aim is at most three times as long. pyx12
validates the same text; ours must be fifty times as fast, so its row says ours to a fiftieth of it.
"""

from __future__ import annotations

import io
import logging
import random
import time
import tracemalloc
from collections.abc import Iterator
from datetime import date, timedelta

import oxedi
import pyx12.params
import pyx12.x12n_document

from bench.measure import Measure, compared
from fscdesk.services.x12.reading_835 import read_835

CLAIMS = 10_000
LIMIT = 3.0
"""How many times oxedi's parse ours may take (DESIGN.md section 12)."""
TIMES_FASTER = 50.0
"""Than pyx12's validation of the same file."""
MEMORY_MB = 80.0
"""What a tuned reader in Python keeps of 10,000 claims (domain/speed.md)."""

CODES = (("90837", 17_500), ("90834", 14_000), ("90791", 22_500), ("90785", 2_000))
GIVEN = ("QUILL", "MINNA", "ROBERTA", "ZEBRA", "IMOGEN", "DEE", "SAMPLE")
FAMILY = ("FAKERSON", "PLACEHOLDER", "MCSAMPLEFACE", "EXAMPLE", "DUMMY", "NONESUCH")


def measures(claims: int = CLAIMS) -> list[Measure]:
    """Reading beside oxedi, reading beside pyx12, and what the reading keeps in memory."""
    text = era_text(claims)
    data = text.encode("ascii")
    beside = compared(
        "reading an 835, beside oxedi", claims, lambda: read_835(data), lambda: parsed(data), LIMIT
    )
    began = time.perf_counter()
    validated(text)
    judged = time.perf_counter() - began
    kept = memory(data)
    return [
        beside,
        Measure(
            "reading an 835, beside a fiftieth of pyx12",
            claims,
            beside.ours_s,
            judged / TIMES_FASTER,
            beside.ours_s / (judged / TIMES_FASTER),
            1.0,
        ),
        Measure(
            "memory that a read 835 keeps", claims, kept, MEMORY_MB, kept / MEMORY_MB, 1.0, "MB"
        ),
    ]


def parsed(data: bytes) -> int:
    """How many claims oxedi finds."""
    return oxedi.parse(data).count_claims()


def validated(text: str) -> bool:
    """What pyx12 thinks of it."""
    logging.getLogger("pyx12").setLevel(logging.CRITICAL)
    return bool(
        pyx12.x12n_document.x12n_document(
            param=pyx12.params.params(),
            src_file=io.StringIO(text),
            fd_997=io.StringIO(),
            fd_html=None,
        )
    )


def memory(data: bytes) -> float:
    """Megabytes that a reading of these bytes keeps."""
    tracemalloc.start()
    try:
        reading = read_835(data)
        kept, _most = tracemalloc.get_traced_memory()
        assert reading.remittances
    finally:
        tracemalloc.stop()
    return kept / 1_000_000


def era_text(claims: int = CLAIMS, seed: int = 1) -> str:
    """A balanced 835 of fictional people: about 3.7 services a claim, each paid by contract."""
    body, paid = _claims(claims, random.Random(seed))
    check = _dollars(paid - 2_500)
    head = [
        "ST*835*0001",
        f"BPR*I*{check}*C*ACH*CCP*01*999999992*DA*123456*1999019901**01*999988880*DA*98765*20260320",
        "TRN*1*EFT2026001*1999019901",
        "DTM*405*20260319",
        *("N1*PR*IMAGINARY BLUE*XV*99901", "N3*1 MADE-UP PLAZA", "N4*SAMPLEVILLE*NJ*07000"),
        "PER*BL*PROVIDER HELP*TE*8005550100",
        *("N1*PE*FICTIONAL SPRINGS COUNSELING*XX*1234567893", "REF*TJ*221234567", "LX*1"),
    ]
    inside = [*head, *body, "PLB*1234567893*20261231*WO:ICN1*25"]
    isa = (
        f"ISA*00*{' ' * 10}*00*{' ' * 10}*ZZ*{'BLUE':<15}*ZZ*{'SPRINGS':<15}*260319*0830*^*00501"
        "*000000905*0*P*:"
    )
    return "".join(
        f"{line}~\n"
        for line in (
            *(isa, "GS*HP*BLUE*SPRINGS*20260319*0830*77*X*005010X221A1"),
            *(*inside, f"SE*{len(inside) + 1}*0001", "GE*1*77", "IEA*1*000000905"),
        )
    )


def _claims(count: int, chance: random.Random) -> tuple[list[str], int]:
    lines: list[str] = []
    total = 0
    for number in range(count):
        services = [_service(chance, number, at) for at in range(chance.choice((2, 3, 4, 4, 5)))]
        charge, paid, share = (
            sum(one[0] for one in services),
            sum(one[1] for one in services),
            sum(one[2] for one in services),
        )
        total += paid
        money = f"{_dollars(charge)}*{_dollars(paid)}*{_dollars(share)}"
        lines += [
            f"CLP*CLM-2026-{number:05d}*1*{money}*12*ICN{number:09d}*11*1",
            f"NM1*QC*1*{chance.choice(FAMILY)}*{chance.choice(GIVEN)}****MI*XYZ{number:09d}",
            "DTM*050*20260310",
        ]
        lines += [line for one in services for line in one[3]]
    return lines, total


def _service(chance: random.Random, number: int, at: int) -> tuple[int, int, int, list[str]]:
    code, price = chance.choice(CODES)
    charge = price + chance.randrange(0, 2_000, 25)
    share = min(chance.choice((0, 2_000, 2_500, charge // 5)), charge // 2)
    contract = chance.randrange(0, charge - share)
    paid = charge - share - contract
    day = date(2026, 2, 1) + timedelta(days=(number + at * 7) % 28)
    lines = [
        f"SVC*HC:{code}:95*{_dollars(charge)}*{_dollars(paid)}**1",
        f"DTM*472*{day:%Y%m%d}",
        f"CAS*CO*45*{_dollars(contract)}",
    ]
    lines += [f"CAS*PR*3*{_dollars(share)}"] if share else []
    lines += [f"REF*6R*{number * 10 + at}", f"AMT*B6*{_dollars(charge - contract)}"]
    return charge, paid, share, lines


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}" if cents % 100 else str(cents // 100)


def _rows() -> Iterator[str]:
    for row in measures():
        yield f"{row.size} {row.work}: {row.ours_s:.2f} {row.unit}, limit {row.limit_s:.2f}"


if __name__ == "__main__":
    for ROW in _rows():
        print(ROW)
