"""${message}

Write it so that it can run on a practice of a million sessions and be taken back:
upgrade and downgrade are tested on SQLite and Postgres. In batch mode never rename a
table (create, copy, drop). Triggers of a table that batch mode copies must be put up
again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Apply."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Take back."""
    ${downgrades if downgrades else "pass"}
