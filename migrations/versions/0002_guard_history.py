"""Refuse, in the database itself, what history must never suffer.

Ballots, entries and published versions are never updated nor deleted. On SQLite `recursive_triggers` must be on, or
`INSERT OR REPLACE` walks past these triggers; a batch migration of one of these tables drops them silently, so a test
lists them after each upgrade.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

HISTORY = ("ballot", "entry", "label_version")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in HISTORY:
            for act in ("update", "delete"):
                op.execute(
                    f"CREATE TRIGGER {table}_refuses_{act} BEFORE {act.upper()} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END"
                )
        op.execute(
            "CREATE TRIGGER poll_keeps_its_rule BEFORE UPDATE OF rule, rule_digest, dossier_id, round ON poll "
            "WHEN NEW.rule <> OLD.rule OR NEW.rule_digest <> OLD.rule_digest OR NEW.dossier_id <> OLD.dossier_id "
            "OR NEW.round <> OLD.round BEGIN SELECT RAISE(ABORT, 'a poll keeps its rule'); END"
        )
        op.execute(
            "CREATE TRIGGER seat_refuses_delete BEFORE DELETE ON seat "
            "BEGIN SELECT RAISE(ABORT, 'seat is never deleted'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '% is never changed', TG_TABLE_NAME; END $$"
    )
    op.execute(
        "CREATE FUNCTION keep_rule() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF ROW(NEW.rule, NEW.rule_digest, NEW.dossier_id, NEW.round) IS DISTINCT FROM "
        "ROW(OLD.rule, OLD.rule_digest, OLD.dossier_id, OLD.round) "
        "THEN RAISE EXCEPTION 'a poll keeps its rule'; END IF; RETURN NEW; END $$"
    )
    for table in HISTORY:
        for act in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{act} BEFORE {act.upper()} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
        op.execute(
            f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        "CREATE TRIGGER poll_keeps_its_rule BEFORE UPDATE ON poll FOR EACH ROW EXECUTE FUNCTION keep_rule()"
    )
    op.execute(
        "CREATE TRIGGER seat_refuses_delete BEFORE DELETE ON seat FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in HISTORY:
        for act in ("update", "delete", *(("truncate",) if postgresql else ())):
            op.execute(f"DROP TRIGGER {table}_refuses_{act}" + (f" ON {table}" if postgresql else ""))
    op.execute("DROP TRIGGER poll_keeps_its_rule" + (" ON poll" if postgresql else ""))
    op.execute("DROP TRIGGER seat_refuses_delete" + (" ON seat" if postgresql else ""))
    if postgresql:
        op.execute("DROP FUNCTION keep_rule()")
        op.execute("DROP FUNCTION refuse_change()")
