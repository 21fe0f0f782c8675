"""The spine: people, sessions, charges, the ledger with its guards, imports, statements."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from fscdesk.models.migrations import ledger_guards

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "account",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "asset",
                "liability",
                "equity",
                "income",
                "expense",
                name="accounttype",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("system", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_account")),
    )
    op.create_table(
        "agency",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("commission_points", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "commission_points BETWEEN 0 AND 10000", name=op.f("ck_agency_commission_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("name", name=op.f("uq_agency_name")),
    )
    op.create_table(
        "change_counter",
        sa.Column("topic", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("topic", name=op.f("pk_change_counter")),
    )
    op.create_table(
        "guarantor",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address1", sa.String(length=200), nullable=False),
        sa.Column("address2", sa.String(length=200), nullable=False),
        sa.Column("city", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=200), nullable=False),
        sa.Column("zip_code", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("bad_address", sa.Boolean(), nullable=False),
        sa.Column("do_not_bill", sa.Boolean(), nullable=False),
        sa.Column("billing_type", sa.String(length=24), nullable=False),
        sa.Column(
            "send_by",
            sa.Enum("mail", "email", name="sendby", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guarantor")),
        sa.UniqueConstraint("number", name=op.f("uq_guarantor_number")),
    )
    with op.batch_alter_table("guarantor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guarantor_name"), ["name"], unique=False)

    op.create_table(
        "location",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("place_of_service", sa.String(length=24), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location")),
        sa.UniqueConstraint("name", name=op.f("uq_location_name")),
    )
    op.create_table(
        "number_series",
        sa.Column("name", sa.String(length=24), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("next", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "year", name=op.f("pk_number_series")),
    )
    op.create_table(
        "practice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("address1", sa.String(length=200), nullable=False),
        sa.Column("address2", sa.String(length=200), nullable=False),
        sa.Column("city", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=200), nullable=False),
        sa.Column("zip_code", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("hours", sa.String(length=200), nullable=False),
        sa.Column("npi", sa.String(length=24), nullable=False),
        sa.Column("tax_id", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_practice_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice")),
    )
    op.create_table(
        "role_right",
        sa.Column(
            "role",
            sa.Enum(
                "admin",
                "billing_clerk",
                "billing_manager",
                "cfo",
                "director",
                "accounting",
                "provider",
                name="role",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("right", sa.String(length=48), nullable=False),
        sa.PrimaryKeyConstraint("role", "right", name=op.f("pk_role_right")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("login", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_login")),
    )
    op.create_table(
        "approval_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "write_off",
                "write_off_run",
                "refund",
                "credit_memo",
                name="requestkind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "approved",
                "refused",
                "withdrawn",
                name="requeststatus",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("needs", sa.String(length=48), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column(
            "requested_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("requested_at", sa.DateTime(), nullable=False),
        sa.Column(
            "decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_approval_request_count_positive")),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> requested_by",
            name=op.f("ck_approval_request_second_person"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["staff.id"], name=op.f("fk_approval_request_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["staff.id"], name=op.f("fk_approval_request_requested_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_request")),
        sa.UniqueConstraint("number", name=op.f("uq_approval_request_number")),
    )
    with op.batch_alter_table("approval_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_approval_request_status_requested_at"),
            ["status", "requested_at"],
            unique=False,
        )

    op.create_table(
        "audit_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action", sa.String(length=24), nullable=False),
        sa.Column("noun", sa.String(length=24), nullable=False),
        sa.Column("noun_id", sa.Integer(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_audit_event_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_table(
        "collection_case",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "guarantor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("commission_points", sa.Integer(), nullable=False),
        sa.Column("placed_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "placed",
                "recovered",
                "settled",
                "recalled",
                "written_off",
                name="casestatus",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("close_reason", sa.String(length=300), nullable=False),
        sa.Column("request_key", sa.String(length=64), nullable=True),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_collection_case_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["guarantor_id"], ["guarantor.id"], name=op.f("fk_collection_case_guarantor_id")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_collection_case_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_case")),
        sa.UniqueConstraint("number", name=op.f("uq_collection_case_number")),
    )
    with op.batch_alter_table("collection_case", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_collection_case_agency_id"), ["agency_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_collection_case_guarantor_id"), ["guarantor_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_collection_case_request_key"), ["request_key"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_collection_case_status_placed_on"), ["status", "placed_on"], unique=False
        )

    op.create_table(
        "import_batch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_name", sa.String(length=260), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("profile", sa.String(length=80), nullable=False),
        sa.Column("file_day", sa.Date(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum("applied", "undone", name="batchstatus", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column(
            "applied_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("applied_at", sa.DateTime(), nullable=False),
        sa.Column("undone_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["applied_by"], ["staff.id"], name=op.f("fk_import_batch_applied_by")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["staff.id"], name=op.f("fk_import_batch_undone_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_batch_sha256"), ["sha256"], unique=False)

    op.create_table(
        "import_profile",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("saved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["staff.id"], name=op.f("fk_import_profile_saved_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_profile")),
        sa.UniqueConstraint("name", name=op.f("uq_import_profile_name")),
        sa.UniqueConstraint("signature", name=op.f("uq_import_profile_signature")),
    )
    op.create_table(
        "preference",
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_preference_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", "key", name=op.f("pk_preference")),
    )
    op.create_table(
        "room",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "location_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_room_location_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
    )
    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_room_location_id"), ["location_id"], unique=False)

    op.create_table(
        "saved_view",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("screen", sa.String(length=48), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_saved_view_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint(
            "screen", "name", "staff_id", name=op.f("uq_saved_view_screen_name_staff_id")
        ),
    )
    with op.batch_alter_table("saved_view", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_view_screen"), ["screen"], unique=False)

    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column(
            "changed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"], name=op.f("fk_setting_changed_by")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "staff_role",
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "admin",
                "billing_clerk",
                "billing_manager",
                "cfo",
                "director",
                "accounting",
                "provider",
                name="role",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_role_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", "role", name=op.f("pk_staff_role")),
    )
    op.create_table(
        "statement_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("through_entry", sa.BigInteger(), nullable=False),
        sa.Column("minimum", sa.BigInteger(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("undone_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_statement_run_made_by")),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["staff.id"], name=op.f("fk_statement_run_undone_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_run")),
    )
    op.create_table(
        "approval_step",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("step", sa.String(length=24), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["approval_request.id"], name=op.f("fk_approval_step_request_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_approval_step_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_step")),
    )
    with op.batch_alter_table("approval_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_approval_step_request_id"), ["request_id"], unique=False
        )

    op.create_table(
        "import_answer",
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column("answer", sa.String(length=24), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_answer_batch_id")
        ),
        sa.PrimaryKeyConstraint("question", name=op.f("pk_import_answer")),
    )
    with op.batch_alter_table("import_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_answer_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "payer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("short_name", sa.String(length=16), nullable=False),
        sa.Column("payer_code", sa.String(length=24), nullable=False),
        sa.Column("filing_days", sa.Integer(), nullable=True),
        sa.Column("needs_authorization", sa.Boolean(), nullable=False),
        sa.Column("public_program", sa.Boolean(), nullable=False),
        sa.Column("unapplied", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_payer_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payer")),
    )
    with op.batch_alter_table("payer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payer_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_payer_payer_code"), ["payer_code"], unique=False)

    op.create_table(
        "provider",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("credentials", sa.String(length=200), nullable=False),
        sa.Column("npi", sa.String(length=24), nullable=False),
        sa.Column("taxonomy", sa.String(length=24), nullable=False),
        sa.Column("licence", sa.String(length=200), nullable=False),
        sa.Column("simplepractice_id", sa.String(length=24), nullable=True),
        sa.Column(
            "supervisor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_provider_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["provider.id"], name=op.f("fk_provider_supervisor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider")),
        sa.UniqueConstraint("simplepractice_id", name=op.f("uq_provider_simplepractice_id")),
    )
    with op.batch_alter_table("provider", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_provider_name"), ["name"], unique=False)

    op.create_table(
        "service",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "session",
                "add_on",
                "late_cancel_fee",
                "no_show_fee",
                "not_billed",
                "account_fee",
                name="servicekind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("base_rate", sa.BigInteger(), nullable=False),
        sa.Column("revenue_account", sa.String(length=12), nullable=False),
        sa.Column("late_cancel_fee", sa.BigInteger(), nullable=True),
        sa.Column("no_show_fee", sa.BigInteger(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_service_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["revenue_account"], ["account.code"], name=op.f("fk_service_revenue_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint("code", name=op.f("uq_service_code")),
    )
    op.create_table(
        "statement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "guarantor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("amount_due", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("message", sa.String(length=400), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("dropped_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["guarantor_id"], ["guarantor.id"], name=op.f("fk_statement_guarantor_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["statement_run.id"], name=op.f("fk_statement_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint("number", name=op.f("uq_statement_number")),
    )
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_statement_guarantor_id"), ["guarantor_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_statement_run_id"), ["run_id"], unique=False)

    op.create_table(
        "fee_schedule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from",
            name=op.f("ck_fee_schedule_ends_after_start"),
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_fee_schedule_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_schedule")),
    )
    with op.batch_alter_table("fee_schedule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fee_schedule_payer_id"), ["payer_id"], unique=False)

    op.create_table(
        "patient",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sort_name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("adult", "minor", "couple", name="patientkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("deceased_on", sa.Date(), nullable=True),
        sa.Column(
            "guarantor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "provider_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("unapplied", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_patient_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["guarantor_id"], ["guarantor.id"], name=op.f("fk_patient_guarantor_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_patient_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
        sa.UniqueConstraint("number", name=op.f("uq_patient_number")),
    )
    with op.batch_alter_table("patient", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patient_guarantor_id"), ["guarantor_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_patient_sort_name_id"), ["sort_name", "id"], unique=False
        )

    op.create_table(
        "payer_alias",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("alias", sa.String(length=200), nullable=False),
        sa.Column("shown", sa.String(length=200), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_payer_alias_batch_id")
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_payer_alias_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payer_alias")),
        sa.UniqueConstraint("alias", name=op.f("uq_payer_alias_alias")),
    )
    with op.batch_alter_table("payer_alias", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payer_alias_payer_id"), ["payer_id"], unique=False)

    op.create_table(
        "payment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "guarantor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "method",
            sa.Enum(
                "cash",
                "check",
                "card",
                "debit",
                "ach",
                "wire",
                "eft",
                "online",
                "plan",
                "other",
                name="paymentmethod",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("check_on", sa.Date(), nullable=True),
        sa.Column("deposited_on", sa.Date(), nullable=True),
        sa.Column("banked_on", sa.Date(), nullable=True),
        sa.Column("memo", sa.String(length=200), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "posted", "returned", "voided", name="paymentstatus", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column(
            "origin",
            sa.Enum("typed", "simplepractice", name="paymentorigin", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("external_id", sa.String(length=64), nullable=True),
        sa.Column("request_key", sa.String(length=64), nullable=True),
        sa.Column("request_digest", sa.String(length=64), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "received_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("posted_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(guarantor_id IS NULL) <> (payer_id IS NULL)", name=op.f("ck_payment_from_one")
        ),
        sa.CheckConstraint(
            "amount > 0 OR (amount = 0 AND payer_id IS NOT NULL)",
            name=op.f("ck_payment_amount_positive"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_payment_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["guarantor_id"], ["guarantor.id"], name=op.f("fk_payment_guarantor_id")
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_payment_payer_id")),
        sa.ForeignKeyConstraint(["received_by"], ["staff.id"], name=op.f("fk_payment_received_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("external_id", name=op.f("uq_payment_external_id")),
        sa.UniqueConstraint("number", name=op.f("uq_payment_number")),
        sa.UniqueConstraint("request_key", name=op.f("uq_payment_request_key")),
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_amount_id"), ["amount", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_payment_guarantor_id_posted_on"),
            ["guarantor_id", "posted_on"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_payment_payer_id_posted_on"), ["payer_id", "posted_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_payment_posted_on_id"), ["posted_on", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_payment_reference"), ["reference"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_payment_status_deposited_on_amount"),
            ["status", "deposited_on", "amount"],
            unique=False,
        )

    op.create_table(
        "portal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("route", sa.String(length=200), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_portal_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal")),
    )
    with op.batch_alter_table("portal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_portal_payer_id"), ["payer_id"], unique=False)

    op.create_table(
        "provider_alias",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("alias", sa.String(length=200), nullable=False),
        sa.Column("shown", sa.String(length=200), nullable=False),
        sa.Column(
            "provider_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_provider_alias_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_provider_alias_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_alias")),
        sa.UniqueConstraint("alias", name=op.f("uq_provider_alias_alias")),
    )
    with op.batch_alter_table("provider_alias", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provider_alias_provider_id"), ["provider_id"], unique=False
        )

    op.create_table(
        "account_note",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("request_key", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_account_note_patient_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_account_note_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_note")),
        sa.UniqueConstraint("request_key", name=op.f("uq_account_note_request_key")),
    )
    with op.batch_alter_table("account_note", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_account_note_patient_id_at"), ["patient_id", "at"], unique=False
        )

    op.create_table(
        "authorization",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("granted", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.CheckConstraint("used >= 0", name=op.f("ck_authorization_used_not_negative")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_authorization_patient_id")
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_authorization_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorization")),
    )
    with op.batch_alter_table("authorization", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_authorization_patient_id"), ["patient_id"], unique=False
        )

    op.create_table(
        "card_transaction",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("transaction_id", sa.String(length=64), nullable=False),
        sa.Column("source_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("available_on", sa.Date(), nullable=True),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_card_transaction_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_card_transaction_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_card_transaction_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_transaction")),
        sa.UniqueConstraint("transaction_id", name=op.f("uq_card_transaction_transaction_id")),
    )
    with op.batch_alter_table("card_transaction", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_card_transaction_batch_id"), ["batch_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_card_transaction_created_on"), ["created_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_card_transaction_patient_id"), ["patient_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_card_transaction_payment_id"), ["payment_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_card_transaction_source_id"), ["source_id"], unique=False
        )

    op.create_table(
        "comparison",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("theirs", sa.BigInteger(), nullable=False),
        sa.Column("ours", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_comparison_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_comparison_patient_id")
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_comparison_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparison")),
    )
    with op.batch_alter_table("comparison", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_comparison_batch_id_line"), ["batch_id", "line"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_comparison_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_comparison_payer_id"), ["payer_id"], unique=False)

    op.create_table(
        "credit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "prepayment",
                "overpayment",
                "retainer",
                "credit_memo",
                name="creditkind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "guarantor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(patient_id IS NULL) <> (payer_id IS NULL)", name=op.f("ck_credit_owned_by_one")
        ),
        sa.ForeignKeyConstraint(
            ["guarantor_id"], ["guarantor.id"], name=op.f("fk_credit_guarantor_id")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_credit_patient_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_credit_payer_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_credit_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit")),
    )
    with op.batch_alter_table("credit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credit_guarantor_id"), ["guarantor_id"], unique=False)
        batch_op.create_index(
            "ix_credit_open",
            ["payment_id", "balance"],
            unique=False,
            sqlite_where=sa.text("balance <> 0"),
            postgresql_where=sa.text("balance <> 0"),
        )
        batch_op.create_index(
            batch_op.f("ix_credit_patient_id_balance"), ["patient_id", "balance"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credit_payer_id_balance"), ["payer_id", "balance"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_credit_payment_id"), ["payment_id"], unique=False)

    op.create_table(
        "diagnosis",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_diagnosis_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnosis")),
    )
    with op.batch_alter_table("diagnosis", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_diagnosis_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "receipt",
                "invoice",
                "superbill",
                "credit_memo",
                "agreement",
                "explanation",
                "estimate",
                "reminder",
                "hand_off",
                name="documentkind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("noun_id", sa.Integer(), nullable=False),
        sa.Column(
            "guarantor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guarantor_id"], ["guarantor.id"], name=op.f("fk_document_guarantor_id")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_document_made_by")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_document_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("number", name=op.f("uq_document_number")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_document_guarantor_id"), ["guarantor_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_document_kind_noun_id"), ["kind", "noun_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_document_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "estimate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "provider_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("diagnoses", sa.String(length=200), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=300), nullable=False),
        sa.Column("request_key", sa.String(length=64), nullable=True),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_estimate_ends_after_start")),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_estimate_made_by")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_estimate_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_estimate_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estimate")),
        sa.UniqueConstraint("number", name=op.f("uq_estimate_number")),
        sa.UniqueConstraint("request_key", name=op.f("uq_estimate_request_key")),
    )
    with op.batch_alter_table("estimate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_estimate_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "fee",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "schedule_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("modifier", sa.String(length=24), nullable=False),
        sa.Column("charged", sa.BigInteger(), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["fee_schedule.id"], name=op.f("fk_fee_schedule_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee")),
        sa.UniqueConstraint(
            "schedule_id", "code", "modifier", name=op.f("uq_fee_schedule_id_code_modifier")
        ),
    )
    with op.batch_alter_table("fee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fee_schedule_id"), ["schedule_id"], unique=False)

    op.create_table(
        "invoice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "guarantor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "style",
            sa.Enum(
                "patient", "detailed", "summary", name="invoicestyle", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "sent",
                "viewed",
                "collections",
                "written_off",
                "void",
                name="invoicestatus",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("viewed_on", sa.Date(), nullable=True),
        sa.Column("void_reason", sa.String(length=300), nullable=False),
        sa.Column(
            "void_batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("request_key", sa.String(length=64), nullable=True),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guarantor_id"], ["guarantor.id"], name=op.f("fk_invoice_guarantor_id")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_invoice_made_by")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_invoice_patient_id")),
        sa.ForeignKeyConstraint(
            ["void_batch_id"], ["import_batch.id"], name=op.f("fk_invoice_void_batch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("number", name=op.f("uq_invoice_number")),
    )
    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invoice_guarantor_id"), ["guarantor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invoice_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invoice_request_key"), ["request_key"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_invoice_status_due_on"), ["status", "due_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_invoice_void_batch_id"), ["void_batch_id"], unique=False
        )

    op.create_table(
        "parked_balance",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("live", sa.Integer(), nullable=True),
        sa.Column("parked_on", sa.Date(), nullable=False),
        sa.Column(
            "parked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column(
            "released_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("release_reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["parked_by"], ["staff.id"], name=op.f("fk_parked_balance_parked_by")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_parked_balance_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["released_by"], ["staff.id"], name=op.f("fk_parked_balance_released_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked_balance")),
        sa.UniqueConstraint("live", name=op.f("uq_parked_balance_live")),
    )
    with op.batch_alter_table("parked_balance", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_parked_balance_patient_id"), ["patient_id"], unique=False
        )

    op.create_table(
        "patient_alias",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("alias", sa.String(length=200), nullable=False),
        sa.Column("shown", sa.String(length=200), nullable=False),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "provider_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_patient_alias_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_patient_alias_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_patient_alias_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_alias")),
    )
    with op.batch_alter_table("patient_alias", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_patient_alias_alias_provider_id"), ["alias", "provider_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_patient_alias_patient_id"), ["patient_id"], unique=False
        )

    op.create_table(
        "payment_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("old", sa.String(length=300), nullable=False),
        sa.Column("new", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_payment_change_payment_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_payment_change_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_change")),
    )
    with op.batch_alter_table("payment_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_payment_change_payment_id"), ["payment_id"], unique=False
        )

    op.create_table(
        "payment_plan",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "guarantor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("down_payment", sa.BigInteger(), nullable=False),
        sa.Column("financed", sa.BigInteger(), nullable=False),
        sa.Column("instalments", sa.Integer(), nullable=False),
        sa.Column(
            "every",
            sa.Enum(
                "week", "two_weeks", "month", "quarter", name="every", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.Column("apr_points", sa.Integer(), nullable=False),
        sa.Column("late_fee", sa.BigInteger(), nullable=False),
        sa.Column("late_fee_points", sa.Integer(), nullable=False),
        sa.Column("grace_days", sa.Integer(), nullable=False),
        sa.Column("auto_pay", sa.Boolean(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "completed",
                "defaulted",
                "cancelled",
                "replaced",
                name="planstatus",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=300), nullable=False),
        sa.Column(
            "replaces_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("request_key", sa.String(length=64), nullable=True),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("apr_points >= 0", name=op.f("ck_payment_plan_interest_not_negative")),
        sa.CheckConstraint(
            "financed > 0 AND down_payment >= 0", name=op.f("ck_payment_plan_amounts_positive")
        ),
        sa.CheckConstraint(
            "total = down_payment + financed", name=op.f("ck_payment_plan_parts_add_up")
        ),
        sa.ForeignKeyConstraint(
            ["guarantor_id"], ["guarantor.id"], name=op.f("fk_payment_plan_guarantor_id")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_payment_plan_made_by")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_payment_plan_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["payment_plan.id"], name=op.f("fk_payment_plan_replaces_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_plan")),
        sa.UniqueConstraint("number", name=op.f("uq_payment_plan_number")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_payment_plan_replaces_id")),
        sa.UniqueConstraint("request_key", name=op.f("uq_payment_plan_request_key")),
    )
    with op.batch_alter_table("payment_plan", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_payment_plan_guarantor_id"), ["guarantor_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_payment_plan_patient_id"), ["patient_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_payment_plan_status_guarantor_id"),
            ["status", "guarantor_id"],
            unique=False,
        )

    op.create_table(
        "policy",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.String(length=24), nullable=False),
        sa.Column("group_number", sa.String(length=24), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("copay", sa.BigInteger(), nullable=True),
        sa.Column("coinsurance_percent", sa.Integer(), nullable=True),
        sa.Column("deductible", sa.BigInteger(), nullable=True),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("rank BETWEEN 1 AND 3", name=op.f("ck_policy_rank_known")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_policy_ends_after_start")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_policy_batch_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_policy_patient_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_policy_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy")),
    )
    with op.batch_alter_table("policy", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_policy_patient_id_rank_valid_from"),
            ["patient_id", "rank", "valid_from"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_policy_payer_id"), ["payer_id"], unique=False)

    op.create_table(
        "reported_allocation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("patient", "insurance", name="side", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "provider_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("session_day", sa.Date(), nullable=True),
        sa.Column("codes", sa.String(length=80), nullable=False),
        sa.Column("document", sa.String(length=80), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_reported_allocation_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_reported_allocation_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_reported_allocation_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_allocation")),
    )
    with op.batch_alter_table("reported_allocation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reported_allocation_batch_id"), ["batch_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_reported_allocation_key"), ["key"], unique=True)
        batch_op.create_index(
            batch_op.f("ix_reported_allocation_patient_id_paid_on"),
            ["patient_id", "paid_on"],
            unique=False,
        )

    op.create_table(
        "session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "provider_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "second_payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "location_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "service_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "attendance",
            sa.Enum(
                "scheduled",
                "completed",
                "cancelled",
                "late_cancelled",
                "no_show",
                name="attendance",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "billing_status",
            sa.Enum(
                "completed",
                "documented",
                "ready_to_bill",
                "submitted",
                "pending",
                "approved",
                "paid",
                "denied",
                "appealing",
                name="billingstatus",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("status_since", sa.Date(), nullable=False),
        sa.Column("note_status", sa.String(length=24), nullable=False),
        sa.Column("code_text", sa.String(length=80), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("insurance_balance", sa.BigInteger(), nullable=False),
        sa.Column("patient_balance", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "withdrawn_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("minute BETWEEN 0 AND 1439", name=op.f("ck_session_minute_of_day")),
        sa.CheckConstraint("occurrence >= 1", name=op.f("ck_session_occurrence_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_session_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_session_location_id")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_session_patient_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_session_payer_id")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_session_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["second_payer_id"], ["payer.id"], name=op.f("fk_session_second_payer_id")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_session_service_id")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["import_batch.id"], name=op.f("fk_session_withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(
            "ix_session_by_attendance",
            ["attendance", "id"],
            unique=False,
            sqlite_where=sa.text("withdrawn_by IS NULL"),
            postgresql_where=sa.text("withdrawn_by IS NULL"),
        )
        batch_op.create_index(
            "ix_session_by_billing",
            ["billing_status", "day", "id", "fee"],
            unique=False,
            sqlite_where=sa.text("withdrawn_by IS NULL"),
            postgresql_where=sa.text("withdrawn_by IS NULL"),
        )
        batch_op.create_index(
            "ix_session_by_code",
            ["code_text", "id"],
            unique=False,
            sqlite_where=sa.text("withdrawn_by IS NULL"),
            postgresql_where=sa.text("withdrawn_by IS NULL"),
        )
        batch_op.create_index(
            "ix_session_by_day",
            [
                "day",
                "minute",
                "id",
                "billing_status",
                "payer_id",
                "provider_id",
                "attendance",
                "note_status",
                "patient_id",
                "code_text",
                "batch_id",
                "fee",
            ],
            unique=False,
            sqlite_where=sa.text("withdrawn_by IS NULL"),
            postgresql_where=sa.text("withdrawn_by IS NULL"),
        )
        batch_op.create_index(
            "ix_session_by_fee",
            ["fee", "id"],
            unique=False,
            sqlite_where=sa.text("withdrawn_by IS NULL"),
            postgresql_where=sa.text("withdrawn_by IS NULL"),
        )
        batch_op.create_index(
            "ix_session_by_insurance",
            ["insurance_balance", "id"],
            unique=False,
            sqlite_where=sa.text("withdrawn_by IS NULL"),
            postgresql_where=sa.text("withdrawn_by IS NULL"),
        )
        batch_op.create_index(
            "ix_session_by_note",
            ["note_status", "id"],
            unique=False,
            sqlite_where=sa.text("withdrawn_by IS NULL"),
            postgresql_where=sa.text("withdrawn_by IS NULL"),
        )
        batch_op.create_index(
            "ix_session_by_patient_owes",
            ["patient_balance", "id"],
            unique=False,
            sqlite_where=sa.text("withdrawn_by IS NULL"),
            postgresql_where=sa.text("withdrawn_by IS NULL"),
        )
        batch_op.create_index(
            "ix_session_by_payer",
            ["payer_id", "day", "id", "fee"],
            unique=False,
            sqlite_where=sa.text("withdrawn_by IS NULL"),
            postgresql_where=sa.text("withdrawn_by IS NULL"),
        )
        batch_op.create_index(
            "ix_session_by_provider",
            ["provider_id", "day", "id", "fee"],
            unique=False,
            sqlite_where=sa.text("withdrawn_by IS NULL"),
            postgresql_where=sa.text("withdrawn_by IS NULL"),
        )
        batch_op.create_index(
            "ix_session_open",
            [
                "patient_id",
                "insurance_balance",
                "patient_balance",
                "day",
                "minute",
                "billing_status",
                "payer_id",
                "provider_id",
                "attendance",
                "note_status",
                "code_text",
                "batch_id",
                "fee",
            ],
            unique=False,
            sqlite_where=sa.text(
                "withdrawn_by IS NULL AND (insurance_balance <> 0 OR patient_balance <> 0)"
            ),
            postgresql_where=sa.text(
                "withdrawn_by IS NULL AND (insurance_balance <> 0 OR patient_balance <> 0)"
            ),
        )
        batch_op.create_index(
            "uq_session_live",
            ["patient_id", "day", "minute", "provider_id", "occurrence"],
            unique=True,
            sqlite_where=sa.text("withdrawn_by IS NULL"),
            postgresql_where=sa.text("withdrawn_by IS NULL"),
        )

    op.create_table(
        "sliding_fee",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("pays_percent", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("proof", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "pays_percent BETWEEN 0 AND 100", name=op.f("ck_sliding_fee_percent_known")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from",
            name=op.f("ck_sliding_fee_ends_after_start"),
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_sliding_fee_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sliding_fee")),
    )
    with op.batch_alter_table("sliding_fee", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sliding_fee_patient_id_valid_from"),
            ["patient_id", "valid_from"],
            unique=False,
        )

    op.create_table(
        "charge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "service_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("modifiers", sa.String(length=24), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("patient_share", sa.BigInteger(), nullable=False),
        sa.Column("insurance_share", sa.BigInteger(), nullable=False),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "guarantor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "provider_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("service_day", sa.Date(), nullable=False),
        sa.Column("posted_day", sa.Date(), nullable=False),
        sa.Column("insurance_since", sa.Date(), nullable=False),
        sa.Column("patient_since", sa.Date(), nullable=False),
        sa.Column("insurance_balance", sa.BigInteger(), nullable=False),
        sa.Column("patient_balance", sa.BigInteger(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("voided_on", sa.Date(), nullable=True),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "amount = patient_share + insurance_share", name=op.f("ck_charge_shares_add_up")
        ),
        sa.CheckConstraint("units > 0", name=op.f("ck_charge_units_positive")),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_charge_batch_id")),
        sa.ForeignKeyConstraint(
            ["guarantor_id"], ["guarantor.id"], name=op.f("fk_charge_guarantor_id")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_charge_patient_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_charge_payer_id")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_charge_provider_id")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_charge_service_id")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_charge_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge")),
    )
    with op.batch_alter_table("charge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_charge_guarantor_id"), ["guarantor_id"], unique=False)
        batch_op.create_index(
            "ix_charge_moved", ["last_day", "first_day", "payer_id", "service_day"], unique=False
        )
        batch_op.create_index(
            "ix_charge_open_insurance",
            ["payer_id", "service_day", "insurance_balance", "last_day"],
            unique=False,
            sqlite_where=sa.text("insurance_balance <> 0"),
            postgresql_where=sa.text("insurance_balance <> 0"),
        )
        batch_op.create_index(
            "ix_charge_open_patient",
            ["patient_id", "service_day", "patient_balance", "last_day"],
            unique=False,
            sqlite_where=sa.text("patient_balance <> 0"),
            postgresql_where=sa.text("patient_balance <> 0"),
        )
        batch_op.create_index(batch_op.f("ix_charge_session_id"), ["session_id"], unique=False)

    op.create_table(
        "estimate_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "estimate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "service_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_estimate_line_count_positive")),
        sa.ForeignKeyConstraint(
            ["estimate_id"], ["estimate.id"], name=op.f("fk_estimate_line_estimate_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_estimate_line_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estimate_line")),
        sa.UniqueConstraint(
            "estimate_id", "position", name=op.f("uq_estimate_line_estimate_id_position")
        ),
    )
    op.create_table(
        "import_row",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "new",
                "changed",
                "unchanged",
                "skipped",
                "gone",
                name="verdict",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column(
            "session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("noun", sa.String(length=24), nullable=True),
        sa.Column("noun_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_row_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_import_row_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
    )
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_import_row_batch_id_line"), ["batch_id", "line"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_import_row_session_id"), ["session_id"], unique=False)

    op.create_table(
        "reminder",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column(
            "document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_reminder_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_reminder_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("invoice_id", "days", name=op.f("uq_reminder_invoice_id_days")),
    )
    op.create_table(
        "reported_claim",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("payer_claim", sa.String(length=64), nullable=False),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_reported_claim_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_reported_claim_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["payer_id"], ["payer.id"], name=op.f("fk_reported_claim_payer_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_reported_claim_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_claim")),
        sa.UniqueConstraint("reference", name=op.f("uq_reported_claim_reference")),
    )
    with op.batch_alter_table("reported_claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reported_claim_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_reported_claim_patient_id"), ["patient_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_reported_claim_session_id"), ["session_id"], unique=False
        )

    op.create_table(
        "sending",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "guarantor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "how",
            sa.Enum("print", "email_file", "file", name="sentby", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("destination", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_sending_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["guarantor_id"], ["guarantor.id"], name=op.f("fk_sending_guarantor_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_sending_staff_id")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_sending_statement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending")),
    )
    with op.batch_alter_table("sending", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sending_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sending_guarantor_id"), ["guarantor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sending_statement_id"), ["statement_id"], unique=False)

    op.create_table(
        "session_report",
        sa.Column(
            "session_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("client", sa.String(length=200), nullable=False),
        sa.Column("clinician", sa.String(length=200), nullable=False),
        sa.Column("payer", sa.String(length=200), nullable=False),
        sa.Column("second_payer", sa.String(length=200), nullable=False),
        sa.Column("codes", sa.String(length=400), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("note_status", sa.String(length=24), nullable=False),
        sa.Column("patient_status", sa.String(length=24), nullable=False),
        sa.Column("patient_charge", sa.BigInteger(), nullable=False),
        sa.Column("uninvoiced", sa.BigInteger(), nullable=False),
        sa.Column("patient_paid", sa.BigInteger(), nullable=False),
        sa.Column("patient_unpaid", sa.BigInteger(), nullable=False),
        sa.Column("insurance_status", sa.String(length=24), nullable=False),
        sa.Column("insurance_charge", sa.BigInteger(), nullable=False),
        sa.Column("insurance_paid", sa.BigInteger(), nullable=False),
        sa.Column("write_off", sa.BigInteger(), nullable=False),
        sa.Column("insurance_unpaid", sa.BigInteger(), nullable=False),
        sa.Column("posts", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_session_report_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_session_report")),
    )
    op.create_table(
        "session_status_history",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "kind",
            sa.Enum("attendance", "billing", name="statuskind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("old", sa.String(length=24), nullable=True),
        sa.Column("new", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_session_status_history_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_session_status_history_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_session_status_history_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_status_history")),
    )
    with op.batch_alter_table("session_status_history", schema=None) as batch_op:
        batch_op.create_index("ix_session_status_history_day", ["day"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_session_status_history_session_id"), ["session_id"], unique=False
        )

    op.create_table(
        "instalment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("principal", sa.BigInteger(), nullable=False),
        sa.Column("interest", sa.BigInteger(), nullable=False),
        sa.Column(
            "interest_charge_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "fee_charge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.CheckConstraint(
            "principal >= 0 AND interest >= 0", name=op.f("ck_instalment_parts_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["fee_charge_id"], ["charge.id"], name=op.f("fk_instalment_fee_charge_id")
        ),
        sa.ForeignKeyConstraint(
            ["interest_charge_id"], ["charge.id"], name=op.f("fk_instalment_interest_charge_id")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["payment_plan.id"], name=op.f("fk_instalment_plan_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalment")),
        sa.UniqueConstraint("fee_charge_id", name=op.f("uq_instalment_fee_charge_id")),
        sa.UniqueConstraint("interest_charge_id", name=op.f("uq_instalment_interest_charge_id")),
        sa.UniqueConstraint("plan_id", "position", name=op.f("uq_instalment_plan_id_position")),
    )
    with op.batch_alter_table("instalment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instalment_due_on"), ["due_on"], unique=False)

    op.create_table(
        "invoice_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "charge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("live", sa.Integer(), nullable=True),
        sa.Column("billed_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["billed_id"], ["charge.id"], name=op.f("fk_invoice_line_billed_id")
        ),
        sa.ForeignKeyConstraint(
            ["charge_id"], ["charge.id"], name=op.f("fk_invoice_line_charge_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_line_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_line")),
        sa.UniqueConstraint(
            "invoice_id", "position", name=op.f("uq_invoice_line_invoice_id_position")
        ),
        sa.UniqueConstraint("live", name=op.f("uq_invoice_line_live")),
    )
    with op.batch_alter_table("invoice_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invoice_line_billed_id"), ["billed_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invoice_line_charge_id"), ["charge_id"], unique=False)

    op.create_table(
        "journal_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("entry_date", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "charge",
                "sp_recorded",
                "reversal",
                "opening",
                "receipt",
                "applied",
                "refund",
                "returned",
                "transfer",
                "adjustment",
                "responsibility",
                "credit_memo",
                "agency",
                name="entrykind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("memo", sa.String(length=200), nullable=False),
        sa.Column("charge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "reverses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "posted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("posted_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_journal_entry_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["collection_case.id"], name=op.f("fk_journal_entry_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["charge_id"], ["charge.id"], name=op.f("fk_journal_entry_charge_id")
        ),
        sa.ForeignKeyConstraint(
            ["posted_by"], ["staff.id"], name=op.f("fk_journal_entry_posted_by")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["journal_entry.id"], name=op.f("fk_journal_entry_reverses_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint("number", name=op.f("uq_journal_entry_number")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_journal_entry_reverses_id")),
    )
    with op.batch_alter_table("journal_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_entry_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(
            "ix_journal_entry_case",
            ["case_id"],
            unique=False,
            sqlite_where=sa.text("case_id IS NOT NULL"),
            postgresql_where=sa.text("case_id IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_journal_entry_charge_id"), ["charge_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_journal_entry_entry_date"), ["entry_date"], unique=False
        )

    op.create_table(
        "plan_charge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "charge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("live", sa.Integer(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["charge_id"], ["charge.id"], name=op.f("fk_plan_charge_charge_id")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["payment_plan.id"], name=op.f("fk_plan_charge_plan_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_charge")),
        sa.UniqueConstraint("live", name=op.f("uq_plan_charge_live")),
        sa.UniqueConstraint("plan_id", "charge_id", name=op.f("uq_plan_charge_plan_id_charge_id")),
    )
    with op.batch_alter_table("plan_charge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_charge_charge_id"), ["charge_id"], unique=False)

    op.create_table(
        "adjustment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "contractual",
                "discount",
                "courtesy",
                "sliding_fee",
                "bad_debt",
                "small_balance",
                "correction",
                "to_patient",
                "to_payer",
                name="adjustmentkind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "side",
            sa.Enum("patient", "insurance", name="side", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column(
            "charge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("group_code", sa.String(length=24), nullable=False),
        sa.Column("carc", sa.String(length=24), nullable=False),
        sa.Column("rarc", sa.String(length=24), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "posted",
                "refused",
                "reversed",
                name="adjustmentstatus",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("recorded", sa.Boolean(), nullable=False),
        sa.Column(
            "request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("request_key", sa.String(length=64), nullable=True),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_adjustment_amount_not_zero")),
        sa.ForeignKeyConstraint(["charge_id"], ["charge.id"], name=op.f("fk_adjustment_charge_id")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entry.id"], name=op.f("fk_adjustment_entry_id")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_adjustment_made_by")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_adjustment_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_adjustment_payment_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["approval_request.id"], name=op.f("fk_adjustment_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_adjustment_entry_id")),
        sa.UniqueConstraint("number", name=op.f("uq_adjustment_number")),
    )
    with op.batch_alter_table("adjustment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_adjustment_charge_id"), ["charge_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_adjustment_on_id"), ["on", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_adjustment_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_adjustment_payment_id"), ["payment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_adjustment_request_id"), ["request_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_adjustment_request_key"), ["request_key"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_adjustment_status_on"), ["status", "on"], unique=False)

    op.create_table(
        "collection_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "charge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["collection_case.id"], name=op.f("fk_collection_item_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["charge_id"], ["charge.id"], name=op.f("fk_collection_item_charge_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entry.id"], name=op.f("fk_collection_item_entry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_item")),
        sa.UniqueConstraint(
            "case_id", "charge_id", name=op.f("uq_collection_item_case_id_charge_id")
        ),
        sa.UniqueConstraint("entry_id", name=op.f("uq_collection_item_entry_id")),
    )
    with op.batch_alter_table("collection_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_collection_item_charge_id"), ["charge_id"], unique=False
        )

    op.create_table(
        "credit_memo",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("credit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "guarantor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "refused",
                "issued",
                "void",
                name="memostatus",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("void_reason", sa.String(length=300), nullable=False),
        sa.Column(
            "request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("request_key", sa.String(length=64), nullable=True),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_credit_memo_amount_positive")),
        sa.ForeignKeyConstraint(
            ["credit_id"], ["credit.id"], name=op.f("fk_credit_memo_credit_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entry.id"], name=op.f("fk_credit_memo_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["guarantor_id"], ["guarantor.id"], name=op.f("fk_credit_memo_guarantor_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_credit_memo_invoice_id")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_credit_memo_made_by")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_credit_memo_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["approval_request.id"], name=op.f("fk_credit_memo_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_memo")),
        sa.UniqueConstraint("credit_id", name=op.f("uq_credit_memo_credit_id")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_credit_memo_entry_id")),
        sa.UniqueConstraint("number", name=op.f("uq_credit_memo_number")),
        sa.UniqueConstraint("request_key", name=op.f("uq_credit_memo_request_key")),
    )
    with op.batch_alter_table("credit_memo", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credit_memo_guarantor_id"), ["guarantor_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_credit_memo_invoice_id"), ["invoice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_credit_memo_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_credit_memo_request_id"), ["request_id"], unique=False)

    op.create_table(
        "journal_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "charge",
                "patient_paid",
                "insurance_paid",
                "write_off",
                "adjustment",
                "responsibility",
                "refund",
                "returned",
                "transfer",
                "agency",
                name="part",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "guarantor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("charge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "provider_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("credit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_journal_line_amount_not_zero")),
        sa.CheckConstraint(
            "credit_id IS NULL OR charge_id IS NULL", name=op.f("ck_journal_line_credit_or_charge")
        ),
        sa.ForeignKeyConstraint(
            ["account"], ["account.code"], name=op.f("fk_journal_line_account")
        ),
        sa.ForeignKeyConstraint(
            ["charge_id"], ["charge.id"], name=op.f("fk_journal_line_charge_id")
        ),
        sa.ForeignKeyConstraint(
            ["credit_id"], ["credit.id"], name=op.f("fk_journal_line_credit_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entry.id"], name=op.f("fk_journal_line_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["guarantor_id"], ["guarantor.id"], name=op.f("fk_journal_line_guarantor_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_journal_line_patient_id")
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_journal_line_payer_id")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_journal_line_payment_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_journal_line_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_journal_line_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_line")),
    )
    with op.batch_alter_table("journal_line", schema=None) as batch_op:
        batch_op.create_index(
            "ix_journal_line_account_day", ["account", "day", "amount"], unique=False
        )
        batch_op.create_index(
            "ix_journal_line_charge",
            ["charge_id", "account", "day", "amount"],
            unique=False,
            sqlite_where=sa.text("charge_id IS NOT NULL"),
            postgresql_where=sa.text("charge_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_journal_line_credit",
            ["credit_id", "account", "day", "amount"],
            unique=False,
            sqlite_where=sa.text("credit_id IS NOT NULL"),
            postgresql_where=sa.text("credit_id IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_journal_line_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(
            "ix_journal_line_guarantor", ["guarantor_id", "account", "day", "amount"], unique=False
        )
        batch_op.create_index(
            "ix_journal_line_patient", ["patient_id", "day", "account", "amount"], unique=False
        )
        batch_op.create_index(
            "ix_journal_line_payment",
            ["payment_id", "account", "day", "amount"],
            unique=False,
            sqlite_where=sa.text("payment_id IS NOT NULL"),
            postgresql_where=sa.text("payment_id IS NOT NULL"),
        )

    op.create_table(
        "refund",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "credit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "cash",
                "check",
                "card",
                "debit",
                "ach",
                "wire",
                "eft",
                "online",
                "plan",
                "other",
                name="paymentmethod",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "approved",
                "paid",
                "cancelled",
                name="refundstatus",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column(
            "request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("request_key", sa.String(length=64), nullable=True),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refund_amount_positive")),
        sa.ForeignKeyConstraint(["credit_id"], ["credit.id"], name=op.f("fk_refund_credit_id")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entry.id"], name=op.f("fk_refund_entry_id")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_refund_made_by")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_refund_payment_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["approval_request.id"], name=op.f("fk_refund_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_refund_entry_id")),
        sa.UniqueConstraint("number", name=op.f("uq_refund_number")),
        sa.UniqueConstraint("request_key", name=op.f("uq_refund_request_key")),
    )
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refund_credit_id"), ["credit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_refund_payment_id"), ["payment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_refund_request_id"), ["request_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_refund_status_due_on"), ["status", "due_on"], unique=False
        )

    for guard in ledger_guards.statements(op.get_bind().dialect.name):
        op.execute(guard)


def downgrade() -> None:
    """Take back."""
    for guard in ledger_guards.statements(op.get_bind().dialect.name, drop=True):
        op.execute(guard)
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refund_status_due_on"))
        batch_op.drop_index(batch_op.f("ix_refund_request_id"))
        batch_op.drop_index(batch_op.f("ix_refund_payment_id"))
        batch_op.drop_index(batch_op.f("ix_refund_credit_id"))

    op.drop_table("refund")
    with op.batch_alter_table("journal_line", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_journal_line_payment",
            sqlite_where=sa.text("payment_id IS NOT NULL"),
            postgresql_where=sa.text("payment_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_journal_line_patient")
        batch_op.drop_index("ix_journal_line_guarantor")
        batch_op.drop_index(batch_op.f("ix_journal_line_entry_id"))
        batch_op.drop_index(
            "ix_journal_line_credit",
            sqlite_where=sa.text("credit_id IS NOT NULL"),
            postgresql_where=sa.text("credit_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_journal_line_charge",
            sqlite_where=sa.text("charge_id IS NOT NULL"),
            postgresql_where=sa.text("charge_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_journal_line_account_day")

    op.drop_table("journal_line")
    with op.batch_alter_table("credit_memo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credit_memo_request_id"))
        batch_op.drop_index(batch_op.f("ix_credit_memo_patient_id"))
        batch_op.drop_index(batch_op.f("ix_credit_memo_invoice_id"))
        batch_op.drop_index(batch_op.f("ix_credit_memo_guarantor_id"))

    op.drop_table("credit_memo")
    with op.batch_alter_table("collection_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_collection_item_charge_id"))

    op.drop_table("collection_item")
    with op.batch_alter_table("adjustment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_adjustment_status_on"))
        batch_op.drop_index(batch_op.f("ix_adjustment_request_key"))
        batch_op.drop_index(batch_op.f("ix_adjustment_request_id"))
        batch_op.drop_index(batch_op.f("ix_adjustment_payment_id"))
        batch_op.drop_index(batch_op.f("ix_adjustment_patient_id"))
        batch_op.drop_index(batch_op.f("ix_adjustment_on_id"))
        batch_op.drop_index(batch_op.f("ix_adjustment_charge_id"))

    op.drop_table("adjustment")
    with op.batch_alter_table("plan_charge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_charge_charge_id"))

    op.drop_table("plan_charge")
    with op.batch_alter_table("journal_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_journal_entry_entry_date"))
        batch_op.drop_index(batch_op.f("ix_journal_entry_charge_id"))
        batch_op.drop_index(
            "ix_journal_entry_case",
            sqlite_where=sa.text("case_id IS NOT NULL"),
            postgresql_where=sa.text("case_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_journal_entry_batch_id"))

    op.drop_table("journal_entry")
    with op.batch_alter_table("invoice_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invoice_line_charge_id"))
        batch_op.drop_index(batch_op.f("ix_invoice_line_billed_id"))

    op.drop_table("invoice_line")
    with op.batch_alter_table("instalment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_instalment_due_on"))

    op.drop_table("instalment")
    with op.batch_alter_table("session_status_history", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_status_history_session_id"))
        batch_op.drop_index("ix_session_status_history_day")

    op.drop_table("session_status_history")
    op.drop_table("session_report")
    with op.batch_alter_table("sending", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sending_statement_id"))
        batch_op.drop_index(batch_op.f("ix_sending_guarantor_id"))
        batch_op.drop_index(batch_op.f("ix_sending_document_id"))

    op.drop_table("sending")
    with op.batch_alter_table("reported_claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reported_claim_session_id"))
        batch_op.drop_index(batch_op.f("ix_reported_claim_patient_id"))
        batch_op.drop_index(batch_op.f("ix_reported_claim_batch_id"))

    op.drop_table("reported_claim")
    op.drop_table("reminder")
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_row_session_id"))
        batch_op.drop_index(batch_op.f("ix_import_row_batch_id_line"))

    op.drop_table("import_row")
    op.drop_table("estimate_line")
    with op.batch_alter_table("charge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_charge_session_id"))
        batch_op.drop_index(
            "ix_charge_open_patient",
            sqlite_where=sa.text("patient_balance <> 0"),
            postgresql_where=sa.text("patient_balance <> 0"),
        )
        batch_op.drop_index(
            "ix_charge_open_insurance",
            sqlite_where=sa.text("insurance_balance <> 0"),
            postgresql_where=sa.text("insurance_balance <> 0"),
        )
        batch_op.drop_index("ix_charge_moved")
        batch_op.drop_index(batch_op.f("ix_charge_guarantor_id"))

    op.drop_table("charge")
    with op.batch_alter_table("sliding_fee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sliding_fee_patient_id_valid_from"))

    op.drop_table("sliding_fee")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_session_live",
            sqlite_where=sa.text("withdrawn_by IS NULL"),
            postgresql_where=sa.text("withdrawn_by IS NULL"),
        )
        batch_op.drop_index(
            "ix_session_open",
            sqlite_where=sa.text(
                "withdrawn_by IS NULL AND (insurance_balance <> 0 OR patient_balance <> 0)"
            ),
            postgresql_where=sa.text(
                "withdrawn_by IS NULL AND (insurance_balance <> 0 OR patient_balance <> 0)"
            ),
        )
        batch_op.drop_index(
            "ix_session_by_provider",
            sqlite_where=sa.text("withdrawn_by IS NULL"),
            postgresql_where=sa.text("withdrawn_by IS NULL"),
        )
        batch_op.drop_index(
            "ix_session_by_payer",
            sqlite_where=sa.text("withdrawn_by IS NULL"),
            postgresql_where=sa.text("withdrawn_by IS NULL"),
        )
        batch_op.drop_index(
            "ix_session_by_patient_owes",
            sqlite_where=sa.text("withdrawn_by IS NULL"),
            postgresql_where=sa.text("withdrawn_by IS NULL"),
        )
        batch_op.drop_index(
            "ix_session_by_note",
            sqlite_where=sa.text("withdrawn_by IS NULL"),
            postgresql_where=sa.text("withdrawn_by IS NULL"),
        )
        batch_op.drop_index(
            "ix_session_by_insurance",
            sqlite_where=sa.text("withdrawn_by IS NULL"),
            postgresql_where=sa.text("withdrawn_by IS NULL"),
        )
        batch_op.drop_index(
            "ix_session_by_fee",
            sqlite_where=sa.text("withdrawn_by IS NULL"),
            postgresql_where=sa.text("withdrawn_by IS NULL"),
        )
        batch_op.drop_index(
            "ix_session_by_day",
            sqlite_where=sa.text("withdrawn_by IS NULL"),
            postgresql_where=sa.text("withdrawn_by IS NULL"),
        )
        batch_op.drop_index(
            "ix_session_by_code",
            sqlite_where=sa.text("withdrawn_by IS NULL"),
            postgresql_where=sa.text("withdrawn_by IS NULL"),
        )
        batch_op.drop_index(
            "ix_session_by_billing",
            sqlite_where=sa.text("withdrawn_by IS NULL"),
            postgresql_where=sa.text("withdrawn_by IS NULL"),
        )
        batch_op.drop_index(
            "ix_session_by_attendance",
            sqlite_where=sa.text("withdrawn_by IS NULL"),
            postgresql_where=sa.text("withdrawn_by IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_session_batch_id"))

    op.drop_table("session")
    with op.batch_alter_table("reported_allocation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reported_allocation_patient_id_paid_on"))
        batch_op.drop_index(batch_op.f("ix_reported_allocation_key"))
        batch_op.drop_index(batch_op.f("ix_reported_allocation_batch_id"))

    op.drop_table("reported_allocation")
    with op.batch_alter_table("policy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_policy_payer_id"))
        batch_op.drop_index(batch_op.f("ix_policy_patient_id_rank_valid_from"))

    op.drop_table("policy")
    with op.batch_alter_table("payment_plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_plan_status_guarantor_id"))
        batch_op.drop_index(batch_op.f("ix_payment_plan_patient_id"))
        batch_op.drop_index(batch_op.f("ix_payment_plan_guarantor_id"))

    op.drop_table("payment_plan")
    with op.batch_alter_table("payment_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_change_payment_id"))

    op.drop_table("payment_change")
    with op.batch_alter_table("patient_alias", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_patient_alias_patient_id"))
        batch_op.drop_index(batch_op.f("ix_patient_alias_alias_provider_id"))

    op.drop_table("patient_alias")
    with op.batch_alter_table("parked_balance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parked_balance_patient_id"))

    op.drop_table("parked_balance")
    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invoice_void_batch_id"))
        batch_op.drop_index(batch_op.f("ix_invoice_status_due_on"))
        batch_op.drop_index(batch_op.f("ix_invoice_request_key"))
        batch_op.drop_index(batch_op.f("ix_invoice_patient_id"))
        batch_op.drop_index(batch_op.f("ix_invoice_guarantor_id"))

    op.drop_table("invoice")
    with op.batch_alter_table("fee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fee_schedule_id"))

    op.drop_table("fee")
    with op.batch_alter_table("estimate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_estimate_patient_id"))

    op.drop_table("estimate")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_patient_id"))
        batch_op.drop_index(batch_op.f("ix_document_kind_noun_id"))
        batch_op.drop_index(batch_op.f("ix_document_guarantor_id"))

    op.drop_table("document")
    with op.batch_alter_table("diagnosis", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_diagnosis_patient_id"))

    op.drop_table("diagnosis")
    with op.batch_alter_table("credit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credit_payment_id"))
        batch_op.drop_index(batch_op.f("ix_credit_payer_id_balance"))
        batch_op.drop_index(batch_op.f("ix_credit_patient_id_balance"))
        batch_op.drop_index(
            "ix_credit_open",
            sqlite_where=sa.text("balance <> 0"),
            postgresql_where=sa.text("balance <> 0"),
        )
        batch_op.drop_index(batch_op.f("ix_credit_guarantor_id"))

    op.drop_table("credit")
    with op.batch_alter_table("comparison", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comparison_payer_id"))
        batch_op.drop_index(batch_op.f("ix_comparison_patient_id"))
        batch_op.drop_index(batch_op.f("ix_comparison_batch_id_line"))

    op.drop_table("comparison")
    with op.batch_alter_table("card_transaction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_card_transaction_source_id"))
        batch_op.drop_index(batch_op.f("ix_card_transaction_payment_id"))
        batch_op.drop_index(batch_op.f("ix_card_transaction_patient_id"))
        batch_op.drop_index(batch_op.f("ix_card_transaction_created_on"))
        batch_op.drop_index(batch_op.f("ix_card_transaction_batch_id"))

    op.drop_table("card_transaction")
    with op.batch_alter_table("authorization", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_authorization_patient_id"))

    op.drop_table("authorization")
    with op.batch_alter_table("account_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_note_patient_id_at"))

    op.drop_table("account_note")
    with op.batch_alter_table("provider_alias", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provider_alias_provider_id"))

    op.drop_table("provider_alias")
    with op.batch_alter_table("portal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_portal_payer_id"))

    op.drop_table("portal")
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_status_deposited_on_amount"))
        batch_op.drop_index(batch_op.f("ix_payment_reference"))
        batch_op.drop_index(batch_op.f("ix_payment_posted_on_id"))
        batch_op.drop_index(batch_op.f("ix_payment_payer_id_posted_on"))
        batch_op.drop_index(batch_op.f("ix_payment_guarantor_id_posted_on"))
        batch_op.drop_index(batch_op.f("ix_payment_batch_id"))
        batch_op.drop_index(batch_op.f("ix_payment_amount_id"))

    op.drop_table("payment")
    with op.batch_alter_table("payer_alias", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payer_alias_payer_id"))

    op.drop_table("payer_alias")
    with op.batch_alter_table("patient", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_patient_sort_name_id"))
        batch_op.drop_index(batch_op.f("ix_patient_guarantor_id"))

    op.drop_table("patient")
    with op.batch_alter_table("fee_schedule", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fee_schedule_payer_id"))

    op.drop_table("fee_schedule")
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_statement_run_id"))
        batch_op.drop_index(batch_op.f("ix_statement_guarantor_id"))

    op.drop_table("statement")
    op.drop_table("service")
    with op.batch_alter_table("provider", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provider_name"))

    op.drop_table("provider")
    with op.batch_alter_table("payer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payer_payer_code"))
        batch_op.drop_index(batch_op.f("ix_payer_name"))

    op.drop_table("payer")
    with op.batch_alter_table("import_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_answer_batch_id"))

    op.drop_table("import_answer")
    with op.batch_alter_table("approval_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_step_request_id"))

    op.drop_table("approval_step")
    op.drop_table("statement_run")
    op.drop_table("staff_role")
    op.drop_table("setting")
    with op.batch_alter_table("saved_view", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_view_screen"))

    op.drop_table("saved_view")
    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_room_location_id"))

    op.drop_table("room")
    op.drop_table("preference")
    op.drop_table("import_profile")
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_batch_sha256"))

    op.drop_table("import_batch")
    with op.batch_alter_table("collection_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_collection_case_status_placed_on"))
        batch_op.drop_index(batch_op.f("ix_collection_case_request_key"))
        batch_op.drop_index(batch_op.f("ix_collection_case_guarantor_id"))
        batch_op.drop_index(batch_op.f("ix_collection_case_agency_id"))

    op.drop_table("collection_case")
    op.drop_table("audit_event")
    with op.batch_alter_table("approval_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_request_status_requested_at"))

    op.drop_table("approval_request")
    op.drop_table("staff")
    op.drop_table("role_right")
    op.drop_table("practice")
    op.drop_table("number_series")
    op.drop_table("location")
    with op.batch_alter_table("guarantor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guarantor_name"))

    op.drop_table("guarantor")
    op.drop_table("change_counter")
    op.drop_table("agency")
    op.drop_table("account")
