"""What a payer passed on by itself is not billed to the next one from here (features 3.3, 29)."""

from __future__ import annotations

import pytest

from fscdesk.models.values import ZERO
from fscdesk.services.claims.building import WhyNot, plan_secondary
from fscdesk.services.office import Office
from fscdesk.services.remittances.incoming import apply_era
from fscdesk.services.remittances.undoing import undo_remittance
from fscdesk.services.work import Work
from tests.support.claims import ClaimDesk, add_claim_desk, add_policy
from tests.support.era_matching import ALMA, send_claim
from tests.support.eras import claim, era, service
from tests.support.payments import verify


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """Alma has a second payer."""

    def act(work: Work) -> ClaimDesk:
        made = add_claim_desk(work)
        add_policy(work, made.alma, made.next_payer, "SEC1", rank=2)
        return made

    return books.write(act).value


@pytest.mark.parametrize(
    ("said", "goes"),
    [
        ({"status": "1"}, True),
        ({"status": "19"}, False),
        ({"status": "1", "crossover": ("EXAMPLE EAST", "99902")}, False),
        ({"status": "1", "remarks": ("MA18",)}, False),
    ],
)
def test_a_claim_that_was_passed_on_waits_for_the_next_payers_answer(
    books: Office, desk: ClaimDesk, said: dict[str, object], goes: bool
) -> None:
    sent = send_claim(books, desk)
    line = service("90837", "160", cas="CO45=40 PR2=24", day=sent.days[0])
    text = era(claim(sent.account, line, patient=ALMA, **said))  # type: ignore[arg-type]
    done = books.write(lambda work: apply_era(work, "a.835", text.encode(), clicked=True)).value
    assert done.posted[0] is not None
    planned = books.read(plan_secondary)
    assert len(planned.claims) == (1 if goes else 0)
    if not goes:
        (left,) = planned.left_out
        assert left.code is WhyNot.WAITS
        assert "passed" in left.reason
    verify(books)
    books.write(lambda work: undo_remittance(work, done.kept[0], "Wrong file"))
    after = books.read(plan_secondary)
    assert [one.code for one in after.left_out] == [WhyNot.WAITS]
    assert "passed" not in after.left_out[0].reason
    assert sum((one.total for one in after.claims), ZERO) == ZERO
