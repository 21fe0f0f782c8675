"""Every table of the program in one place, for migrations and for the drift check."""

from fscdesk.models import (
    account,
    audit,
    change,
    charge,
    coverage,
    fee,
    import_batch,
    ledger,
    patient,
    payer,
    practice,
    provider,
    service,
    session,
    setting,
    staff,
    statement,
)
from fscdesk.models.base import Base

TABLES = (
    account,
    audit,
    change,
    charge,
    coverage,
    fee,
    import_batch,
    ledger,
    patient,
    payer,
    practice,
    provider,
    service,
    session,
    setting,
    staff,
    statement,
)
metadata = Base.metadata
