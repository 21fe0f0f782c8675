"""Sessions that the books have and the file has not: a question, never a deletion."""

from __future__ import annotations

from fscdesk.models.import_batch import Verdict
from fscdesk.models.values import Money
from fscdesk.services.importing.knowledge import Knowledge, KnownSession
from fscdesk.services.importing.plan import PlanRow
from fscdesk.services.importing.questions import Asked, Option, Question, QuestionKind

CANCEL, KEEP = "cancel", "keep"


def plan_gone(
    row_id: int, session: KnownSession, known: Knowledge, asked: Asked, *, unsure: bool
) -> tuple[PlanRow, bool]:
    """Return the plan's row for a session that is not in the file, and whether it is cancelled.

    A session that carries money, recorded in SimplePractice or here, or that a payer has on a
    claim, is never cancelled by an import. ``unsure``: rows of this client wait for an answer
    and may mean this session.
    """
    name = known.patients[session.patient_id][0]
    report = session.report
    worked = session.id in known.worked or session.id in known.held
    claim = known.claimed.get(session.id, "")
    carries = bool(worked or claim or report is None or any(report.said))
    when = f"{session.day:%m/%d/%Y} {session.minute // 60:02d}:{session.minute % 60:02d}"
    owed = session.insurance_balance + session.patient_balance
    keep = Option(KEEP, "Keep it")
    cancel = Option(CANCEL, "Cancel it, its charges are reversed")
    proposal: str | None = KEEP if carries else CANCEL
    if unsure:
        proposal = None
    why = f"It is on {claim}" if claim else "Money was recorded for it"
    question = Question(
        id=f"gone:{session.id}",
        kind=QuestionKind.GONE,
        text=f"Was the session of {name} on {when} cancelled?",
        detail=(
            f"It is not in this file. {why}, so it stays; ask the clinician."
            if carries
            else f"It is not in this file. {Money(owed)} is open for it, no money was received."
        ),
        options=(keep,) if carries else (cancel, keep),
        proposal=proposal,
        rows=1,
        blocking=False,
    )
    answer = asked.ask(question)
    cancelled = answer == CANCEL
    words = {CANCEL: "Cancelled, charges reversed", KEEP: "Kept"}.get(answer or "", "")
    row = PlanRow(
        id=row_id,
        line=0,
        verdict=Verdict.GONE,
        day=session.day,
        minute=session.minute,
        client=name,
        clinician=known.providers.get(session.provider_id, ""),
        payer="" if report is None else report.payer,
        what="Cancelled, charges reversed" if cancelled else "",
        reason=f"Not in this file. {words or 'Kept until the question is answered'}",
        changes=(),
        open_change=Money(-owed if cancelled else 0),
        question_id=question.id,
        session_id=session.id,
        raw="",
    )
    return row, cancelled
