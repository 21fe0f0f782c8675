"""A clinician's cost centre has a history, so that closed years keep their reports."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "provider_cost_centre",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "provider_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("cost_centre", sa.String(length=12), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cost_centre"], ["cost_centre.code"], name=op.f("fk_provider_cost_centre_cost_centre")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_provider_cost_centre_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_cost_centre")),
        sa.UniqueConstraint(
            "provider_id", "from_day", name=op.f("uq_provider_cost_centre_provider_id_from_day")
        ),
    )
    # Until now a clinician's centre was that of all days: so it stays, with no beginning.
    op.execute(
        sa.text(
            "INSERT INTO provider_cost_centre (provider_id, cost_centre, from_day)"
            " SELECT id, cost_centre, :beginning FROM provider WHERE cost_centre IS NOT NULL"
            " ORDER BY id"
        ).bindparams(sa.bindparam("beginning", date.min, sa.Date()))
    )
    op.drop_column("provider", "cost_centre")


def downgrade() -> None:
    """Take back: each clinician has one centre again, that of the last row."""
    op.execute(
        "ALTER TABLE provider ADD COLUMN cost_centre VARCHAR(12)"
        " CONSTRAINT fk_provider_cost_centre REFERENCES cost_centre (code)"
    )
    op.execute(
        "UPDATE provider SET cost_centre = (SELECT h.cost_centre FROM provider_cost_centre h"
        " WHERE h.provider_id = provider.id ORDER BY h.from_day DESC LIMIT 1)"
    )
    op.drop_table("provider_cost_centre")
