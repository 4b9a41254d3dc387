"""Create the tables of the house."""

from alembic import op
import sqlalchemy as sa

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "collective",
        sa.Column("id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collective")),
        sa.UniqueConstraint("name", name=op.f("uq_collective_name")),
    )
    op.create_table(
        "entry",
        sa.Column("id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("chain", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("parent", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("chain", "height", name=op.f("uq_entry_chain_height")),
        sa.UniqueConstraint("hash", name=op.f("uq_entry_hash")),
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index("ix_entry_at_id", ["at", "id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("email", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("function", sa.String(length=120), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("password", sa.String(length=200), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fictional", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
    )
    with op.batch_alter_table("throttle", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_throttle_started_at"), ["started_at"], unique=False)

    op.create_table(
        "access",
        sa.Column("id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("person_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("subject", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_access_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access")),
    )
    with op.batch_alter_table("access", schema=None) as batch_op:
        batch_op.create_index("ix_access_subject", ["subject"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("person_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("nonce", sa.String(length=43), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_person_id"), ["person_id"], unique=False)

    op.create_table(
        "label_version",
        sa.Column("id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_label_version_published_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_version")),
        sa.UniqueConstraint("slug", "digest", name=op.f("uq_label_version_slug_digest")),
        sa.UniqueConstraint("slug", "number", name=op.f("uq_label_version_slug_number")),
    )
    op.create_table(
        "opening",
        sa.Column("entry_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("salt", sa.String(length=64), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_opening_entry_id_entry")),
        sa.PrimaryKeyConstraint("entry_id", "name", name=op.f("pk_opening")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("event", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("notice", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('waiting', 'sent', 'failed', 'cancelled', 'unknown')", name=op.f("ck_outbox_status")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outbox_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("event", "person_id", "notice", name=op.f("uq_outbox_event_person_id_notice")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_outbox_status_due_at", ["status", "due_at"], unique=False)

    op.create_table(
        "structure",
        sa.Column("id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("slug", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sort_key", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("siret", sa.String(length=14), nullable=True),
        sa.Column("about", sa.String(length=1000), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("register", sa.String(length=10), nullable=False),
        sa.Column("collective_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("register IN ('live', 'public', 'fictional')", name=op.f("ck_structure_register")),
        sa.ForeignKeyConstraint(
            ["collective_id"], ["collective.id"], name=op.f("fk_structure_collective_id_collective")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_structure")),
        sa.UniqueConstraint("siret", name=op.f("uq_structure_siret")),
        sa.UniqueConstraint("slug", name=op.f("uq_structure_slug")),
    )
    with op.batch_alter_table("structure", schema=None) as batch_op:
        batch_op.create_index("ix_structure_sort_key_id", ["sort_key", "id"], unique=False)

    op.create_table(
        "web_session",
        sa.Column("id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("person_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_web_session_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
    )
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_web_session_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_web_session_person_id"), ["person_id"], unique=False)

    op.create_table(
        "demo_mail",
        sa.Column("id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("outbox_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("to_name", sa.String(length=120), nullable=False),
        sa.Column("to_email", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_demo_mail_outbox_id_outbox")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_demo_mail_message_id")),
        sa.UniqueConstraint("outbox_id", name=op.f("uq_demo_mail_outbox_id")),
    )
    with op.batch_alter_table("demo_mail", schema=None) as batch_op:
        batch_op.create_index("ix_demo_mail_received_at_id", ["received_at", "id"], unique=False)

    op.create_table(
        "dossier",
        sa.Column("id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("reference", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("structure_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("label_version_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("entry", sa.String(length=40), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("stage_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_in", sa.String(length=40), nullable=True),
        sa.Column("officer_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("previous_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["label_version_id"], ["label_version.id"], name=op.f("fk_dossier_label_version_id_label_version")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["person.id"], name=op.f("fk_dossier_officer_id_person")),
        sa.ForeignKeyConstraint(["previous_id"], ["dossier.id"], name=op.f("fk_dossier_previous_id_dossier")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_dossier_structure_id_structure")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
        sa.UniqueConstraint("reference", name=op.f("uq_dossier_reference")),
    )
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.create_index("ix_dossier_opened_at_id", ["opened_at", "id"], unique=False)
        batch_op.create_index("ix_dossier_stage_since_id", ["stage", "stage_since", "id"], unique=False)
        batch_op.create_index("ix_dossier_structure_id", ["structure_id"], unique=False)

    op.create_table(
        "mandate",
        sa.Column("id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("person_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("structure_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("role", sa.String(length=14), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(structure_id IS NULL AND role IN ('officer', 'arbiter', 'administrator')) OR (structure_id IS NOT NULL AND role IN ('titulaire', 'suppleance', 'contribution', 'signature'))",
            name=op.f("ck_mandate_role"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mandate_person_id_person")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_mandate_structure_id_structure")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
    )
    with op.batch_alter_table("mandate", schema=None) as batch_op:
        batch_op.create_index("ix_mandate_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_mandate_structure_id", ["structure_id"], unique=False)

    op.create_table(
        "network_status",
        sa.Column("id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("structure_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=14), nullable=False),
        sa.Column("since", sa.String(length=10), nullable=True),
        sa.Column("until", sa.String(length=10), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('candidate', 'experimenting', 'holder', 'member', 'left')",
            name=op.f("ck_network_status_status"),
        ),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structure.id"], name=op.f("fk_network_status_structure_id_structure")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_status")),
    )
    with op.batch_alter_table("network_status", schema=None) as batch_op:
        batch_op.create_index("ix_network_status_structure_id_until", ["structure_id", "until"], unique=False)

    op.create_table(
        "structure_name",
        sa.Column("id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("structure_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("until", sa.String(length=10), nullable=True),
        sa.CheckConstraint("kind IN ('trade', 'former')", name=op.f("ck_structure_name_kind")),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structure.id"], name=op.f("fk_structure_name_structure_id_structure")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_structure_name")),
    )
    with op.batch_alter_table("structure_name", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_structure_name_structure_id"), ["structure_id"], unique=False)

    op.create_table(
        "territory",
        sa.Column("id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("structure_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=5), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("since", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "kind IN ('departement', 'region', 'epci', 'pays', 'qpv', 'free')", name=op.f("ck_territory_kind")
        ),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_territory_structure_id_structure")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territory")),
        sa.UniqueConstraint("structure_id", "kind", "name", name=op.f("uq_territory_structure_id_kind_name")),
    )
    op.create_table(
        "answer",
        sa.Column("dossier_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("criterion", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_answer_dossier_id_dossier")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_answer_written_by_person")),
        sa.PrimaryKeyConstraint("dossier_id", "criterion", name=op.f("pk_answer")),
    )
    op.create_table(
        "appellation",
        sa.Column("id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("number", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("structure_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("dossier_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("since", sa.String(length=10), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.CheckConstraint("status IN ('active', 'ended')", name=op.f("ck_appellation_status")),
        sa.ForeignKeyConstraint(["accepted_by"], ["person.id"], name=op.f("fk_appellation_accepted_by_person")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_appellation_dossier_id_dossier")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_appellation_structure_id_structure")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appellation")),
        sa.UniqueConstraint("dossier_id", name=op.f("uq_appellation_dossier_id")),
        sa.UniqueConstraint("number", name=op.f("uq_appellation_number")),
    )
    with op.batch_alter_table("appellation", schema=None) as batch_op:
        batch_op.create_index("ix_appellation_status_since", ["status", "since"], unique=False)
        batch_op.create_index(batch_op.f("ix_appellation_structure_id"), ["structure_id"], unique=False)

    op.create_table(
        "instructor",
        sa.Column("dossier_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("person_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_instructor_dossier_id_dossier")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_instructor_person_id_person")),
        sa.PrimaryKeyConstraint("dossier_id", "person_id", name=op.f("pk_instructor")),
    )
    op.create_table(
        "piece",
        sa.Column("id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("dossier_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("requirement", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("stored_as", sa.String(length=43), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_by", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_piece_dossier_id_dossier")),
        sa.ForeignKeyConstraint(["filed_by"], ["person.id"], name=op.f("fk_piece_filed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piece")),
        sa.UniqueConstraint(
            "dossier_id", "requirement", "version", name=op.f("uq_piece_dossier_id_requirement_version")
        ),
        sa.UniqueConstraint("stored_as", name=op.f("uq_piece_stored_as")),
    )
    op.create_table(
        "poll",
        sa.Column("id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("dossier_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("rule_digest", sa.String(length=64), nullable=False),
        sa.Column("convened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("convened_by", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_digest", sa.String(length=64), nullable=True),
        sa.Column("roll_digest", sa.String(length=64), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("recused", sa.Integer(), nullable=True),
        sa.Column("quorum_needed", sa.Integer(), nullable=True),
        sa.Column("pour", sa.Integer(), nullable=True),
        sa.Column("reserves", sa.Integer(), nullable=True),
        sa.Column("against", sa.Integer(), nullable=True),
        sa.Column("abstention", sa.Integer(), nullable=True),
        sa.Column("objection", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("head", sa.String(length=64), nullable=True),
        sa.Column("head_signature", sa.String(length=128), nullable=True),
        sa.CheckConstraint(
            "status IN ('convened', 'open', 'closed', 'decided', 'notified', 'cancelled')", name=op.f("ck_poll_status")
        ),
        sa.CheckConstraint("(outcome IS NULL) = (closed_at IS NULL)", name=op.f("ck_poll_outcome_at_close")),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_poll_window")),
        sa.ForeignKeyConstraint(["convened_by"], ["person.id"], name=op.f("fk_poll_convened_by_person")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_poll_dossier_id_dossier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
        sa.UniqueConstraint("dossier_id", "round", name=op.f("uq_poll_dossier_id_round")),
    )
    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.create_index("ix_poll_status_closes_at", ["status", "closes_at"], unique=False)

    op.create_table(
        "strand",
        sa.Column("dossier_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("strand", sa.String(length=60), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["done_by"], ["person.id"], name=op.f("fk_strand_done_by_person")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_strand_dossier_id_dossier")),
        sa.PrimaryKeyConstraint("dossier_id", "strand", name=op.f("pk_strand")),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("poll_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("dossier_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("outcome", sa.String(length=18), nullable=False),
        sa.Column("arbitrated", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('granted', 'granted_reserves', 'deferred', 'not_granted')", name=op.f("ck_decision_outcome")
        ),
        sa.CheckConstraint("second_id IS NULL OR second_id <> recorded_by", name=op.f("ck_decision_two_persons")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_decision_dossier_id_dossier")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_decision_poll_id_poll")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_decision_recorded_by_person")),
        sa.ForeignKeyConstraint(["second_id"], ["person.id"], name=op.f("fk_decision_second_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("poll_id", name=op.f("uq_decision_poll_id")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "link",
        sa.Column("id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("poll_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("structure_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("hard", sa.Boolean(), nullable=False),
        sa.Column("personal", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_by", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["declared_by"], ["person.id"], name=op.f("fk_link_declared_by_person")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_link_poll_id_poll")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_link_structure_id_structure")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("poll_id", "structure_id", "version", name=op.f("uq_link_poll_id_structure_id_version")),
    )
    op.create_table(
        "seat",
        sa.Column("id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("poll_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("structure_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("recused_for", sa.String(length=40), nullable=True),
        sa.Column("recused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_seat_poll_id_poll")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_seat_structure_id_structure")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
        sa.UniqueConstraint("poll_id", "number", name=op.f("uq_seat_poll_id_number")),
        sa.UniqueConstraint("poll_id", "structure_id", name=op.f("uq_seat_poll_id_structure_id")),
    )
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_structure_id"), ["structure_id"], unique=False)

    op.create_table(
        "ballot",
        sa.Column("id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("poll_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("seat_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("once", sa.String(length=43), nullable=False),
        sa.Column("once_digest", sa.String(length=64), nullable=False),
        sa.Column("entry_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("entry_hash", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.CheckConstraint(
            "choice IN ('for', 'reserves', 'against', 'abstention', 'objection')", name=op.f("ck_ballot_choice")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_ballot_version")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_ballot_entry_id_entry")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ballot_person_id_person")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_ballot_poll_id_poll")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_ballot_seat_id_seat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
        sa.UniqueConstraint("poll_id", "seat_id", "once", name=op.f("uq_ballot_poll_id_seat_id_once")),
        sa.UniqueConstraint("poll_id", "seat_id", "version", name=op.f("uq_ballot_poll_id_seat_id_version")),
    )
    op.create_table(
        "reserve",
        sa.Column("id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("decision_id", sa.String().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("promise", sa.String(length=600), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_reserve_decision_id_decision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reserve")),
    )
    with op.batch_alter_table("reserve", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reserve_decision_id"), ["decision_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("reserve", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reserve_decision_id"))

    op.drop_table("reserve")
    op.drop_table("ballot")
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seat_structure_id"))

    op.drop_table("seat")
    op.drop_table("link")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_dossier_id"))

    op.drop_table("decision")
    op.drop_table("strand")
    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.drop_index("ix_poll_status_closes_at")

    op.drop_table("poll")
    op.drop_table("piece")
    op.drop_table("instructor")
    with op.batch_alter_table("appellation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appellation_structure_id"))
        batch_op.drop_index("ix_appellation_status_since")

    op.drop_table("appellation")
    op.drop_table("answer")
    op.drop_table("territory")
    with op.batch_alter_table("structure_name", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_structure_name_structure_id"))

    op.drop_table("structure_name")
    with op.batch_alter_table("network_status", schema=None) as batch_op:
        batch_op.drop_index("ix_network_status_structure_id_until")

    op.drop_table("network_status")
    with op.batch_alter_table("mandate", schema=None) as batch_op:
        batch_op.drop_index("ix_mandate_structure_id")
        batch_op.drop_index("ix_mandate_person_id")

    op.drop_table("mandate")
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.drop_index("ix_dossier_structure_id")
        batch_op.drop_index("ix_dossier_stage_since_id")
        batch_op.drop_index("ix_dossier_opened_at_id")

    op.drop_table("dossier")
    with op.batch_alter_table("demo_mail", schema=None) as batch_op:
        batch_op.drop_index("ix_demo_mail_received_at_id")

    op.drop_table("demo_mail")
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_session_person_id"))
        batch_op.drop_index(batch_op.f("ix_web_session_expires_at"))

    op.drop_table("web_session")
    with op.batch_alter_table("structure", schema=None) as batch_op:
        batch_op.drop_index("ix_structure_sort_key_id")

    op.drop_table("structure")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_status_due_at")
        batch_op.drop_index(batch_op.f("ix_outbox_person_id"))

    op.drop_table("outbox")
    op.drop_table("opening")
    op.drop_table("label_version")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_person_id"))

    op.drop_table("invitation")
    with op.batch_alter_table("access", schema=None) as batch_op:
        batch_op.drop_index("ix_access_subject")

    op.drop_table("access")
    with op.batch_alter_table("throttle", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_throttle_started_at"))

    op.drop_table("throttle")
    op.drop_table("person")
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_index("ix_entry_at_id")

    op.drop_table("entry")
    op.drop_table("collective")
