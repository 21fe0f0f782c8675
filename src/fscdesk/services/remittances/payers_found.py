"""Whose a remittance is: the payer of ours behind the names and ids of an 835.

A payer has several ids, and clearinghouses put their own in place of them. What it answers tells
most: the claims are somebody's. But a second payer answers the claim that the first one passed
on, under the first one's number: so whom the file names goes first where it may pay them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select

from fscdesk.models.payer import Payer, PayerAlias
from fscdesk.models.remittance import Remittance
from fscdesk.services.id_sets import among_words
from fscdesk.services.patients.names import alias_key, fold
from fscdesk.services.remittances.answered import AnsweredRemittance
from fscdesk.services.work import Work

__all__ = ["PayerBook", "whose"]


class PayerBook:
    """Our payers by each id and name under which a file may name them."""

    def __init__(self, work: Work, remittances: Sequence[AnsweredRemittance]) -> None:
        self._by_code: dict[str, set[int]] = defaultdict(set)
        self._by_name: dict[str, set[int]] = defaultdict(set)
        self._by_alias: dict[str, int] = {}
        self._before: dict[tuple[str, str], int] = {}
        active: set[int] = set()
        for row in work.db.execute(
            select(Payer.id, Payer.payer_code, Payer.name, Payer.short_name, Payer.active)
        ):
            if row.active:
                active.add(row.id)
            if code := _code(row.payer_code):
                self._by_code[code].add(row.id)
            for name in (row.name, row.short_name):
                self._by_name[fold(name)].add(row.id)
        for alias, payer_id in work.db.execute(select(PayerAlias.alias, PayerAlias.payer_id)):
            self._by_alias[alias] = payer_id
            self._by_name[fold(alias.rpartition("|")[0] or alias)].add(payer_id)
        self._active = active
        self._read_before(work, remittances)

    def named(self, remittance: AnsweredRemittance) -> frozenset[int]:
        """Return whom a remittance names: by its code, its other ids, an alias, its name.

        Several have one code or name where an insurer was set up more than once. Last comes
        whose the last remittance was that named its payer so: a person may have said it.
        """
        if coded := self.coded(remittance):
            return coded
        name, code = remittance.payer_name, remittance.payer_code
        alias = self._by_alias.get(f"{alias_key(name)}|{code}")
        if alias is not None:
            return frozenset({alias})
        if found := self._by_name.get(fold(name)) if fold(name) else None:
            return self._in_use(found)
        before = self._before.get((name, code))
        return frozenset() if before is None else frozenset({before})

    def coded(self, remittance: AnsweredRemittance) -> frozenset[int]:
        """Return whom a remittance names by an id: by its code, its other ids, or TRN03."""
        own = (remittance.payer_code, *remittance.payer_ids, *_origin(remittance.origin_id))
        for one in own:
            if found := self._by_code.get(_code(one)):
                return self._in_use(found)
        return frozenset()

    def _in_use(self, found: set[int]) -> frozenset[int]:
        return frozenset(found & self._active or found)

    def _read_before(self, work: Work, remittances: Sequence[AnsweredRemittance]) -> None:
        names = {one.payer_name for one in remittances if one.payer_name}
        rows = work.db.execute(
            select(Remittance.payer_name, Remittance.payer_code, Remittance.payer_id)
            .where(
                among_words(work, Remittance.payer_name, names), Remittance.payer_id.is_not(None)
            )
            .order_by(Remittance.id)
        )
        for name, code, payer_id in rows:
            self._before[name, code] = payer_id or 0


def whose(
    named: Collection[int],
    claimed: Iterable[int],
    may_pay: Iterable[Collection[int]],
    *,
    coded: bool = False,
) -> int | None:
    """Return whose a remittance is; None where nobody can tell.

    ``named`` are whom the file names, ``claimed`` the payers of our claims that it answers, and
    ``may_pay`` the payers that may answer for each. The one that is named goes first if it may
    pay what is answered, then the one whose claims are; without claims of ours only one named.
    ``coded``: it is named by an id that is its own, so that it is nobody else; where it may not
    pay what is answered, somebody must be asked.
    """
    claims = Counter(claimed)
    allowed: Counter[int] = Counter()
    for each in may_pay:
        allowed.update(set(each) & set(named))
    if allowed:
        return _most(allowed, claims)
    if claims:
        return None if coded and not set(named) & set(claims) else _most(claims, claims)
    return next(iter(named)) if len(named) == 1 else None


def _most(found: Counter[int], claims: Counter[int]) -> int:
    return min(found, key=lambda one: (-found[one], -claims[one], one))


def _code(text: str) -> str:
    return "".join(text.upper().split())


def _origin(origin: str) -> tuple[str, ...]:
    """Return the ids that TRN03 may mean: it is a payer's tax id behind a 1."""
    return (origin, origin[1:]) if origin.startswith("1") else (origin,)
