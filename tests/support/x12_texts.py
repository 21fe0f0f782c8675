"""X12 files from a few lines, so that a test shows only what it is about."""

from __future__ import annotations

_GROUPS = {
    "999": "FA",
    "997": "FA",
    "277": "HN",
    "271": "HB",
    "270": "HS",
    "835": "HP",
    "837": "HC",
}
_VERSIONS = {
    "999": "005010X231A1",
    "277": "005010X214",
    "271": "005010X279A1",
    "837": "005010X222A1",
    "835": "005010X221A1",
}


def lines_of(body: str) -> list[str]:
    """The segments of a body: one a line, blanks around them and empty lines left away."""
    return [line.strip() for line in body.strip().splitlines() if line.strip()]


def transaction(kind: str, body: str, *, control: str = "0001", version: str = "") -> list[str]:
    """ST, the segments of the body, and SE with their number."""
    inside = lines_of(body)
    st = f"ST*{kind}*{control}*{version or _VERSIONS.get(kind, '')}".rstrip("*")
    return [st, *inside, f"SE*{len(inside) + 2}*{control}"]


def enveloped(
    *sets: list[str],
    code: str,
    control: str = "000000905",
    version: str = "005010",
    test: bool = False,
    repetition: str = "^",
) -> list[str]:
    """Transactions in one group in one interchange, all of it right."""
    usage = "T" if test else "P"
    isa = (
        f"ISA*00*          *00*          *ZZ*PAYER          *ZZ*FICTIONAL      "
        f"*260401*0830*{repetition}*00501*{control}*0*{usage}*:"
    )
    gs = f"GS*{code}*PAYER*FICTIONAL*20260401*0830*77*X*{version}"
    inside = [segment for one in sets for segment in one]
    return [isa, gs, *inside, f"GE*{len(sets)}*77", f"IEA*1*{control}"]


def x12(kind: str, body: str, *, version: str = "", ending: str = "~\n") -> str:
    """A whole file of one transaction."""
    version = version or _VERSIONS.get(kind, "")
    segments = enveloped(
        transaction(kind, body, version=version), code=_GROUPS[kind], version=version
    )
    return "".join(f"{segment}{ending}" for segment in segments)
