"""Hold an outcome, decide in a small team, publish apart from notifying."""

from alembic import op
import sqlalchemy as sa

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('hold',
    sa.Column('id', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('poll_id', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('raised_by', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('second_id', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=True),
    sa.Column('derogation', sa.Text(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('confirmed_at IS NULL OR lifted_at IS NULL', name=op.f('ck_hold_one_end')),
    sa.CheckConstraint('second_id IS NULL OR second_id <> raised_by', name=op.f('ck_hold_two_persons')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_hold_poll_id_poll')),
    sa.ForeignKeyConstraint(['raised_by'], ['person.id'], name=op.f('fk_hold_raised_by_person')),
    sa.ForeignKeyConstraint(['second_id'], ['person.id'], name=op.f('fk_hold_second_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hold'))
    )
    op.create_index('ix_hold_poll_id', 'hold', ['poll_id'], unique=False)
    op.add_column("decision", sa.Column("derogation", sa.Text(), nullable=False, server_default=""))
    op.add_column("decision", sa.Column("publish_on", sa.Date(), nullable=True))
    op.add_column("network_status", sa.Column("public_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("network_status", "public_on")
    op.drop_column("decision", "publish_on")
    op.drop_column("decision", "derogation")
    op.drop_table("hold")
