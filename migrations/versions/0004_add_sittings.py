"""Keep the calendar of committees."""

from alembic import op
import sqlalchemy as sa

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sitting',
    sa.Column('id', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('complete_by', sa.Date(), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.CheckConstraint("status IN ('planned', 'cancelled')", name=op.f('ck_sitting_status')),
    sa.CheckConstraint('complete_by < held_on', name=op.f('ck_sitting_complete_before')),
    sa.ForeignKeyConstraint(['created_by'], ['person.id'], name=op.f('fk_sitting_created_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sitting'))
    )
    op.create_index('ix_sitting_label_held_on', 'sitting', ['label', 'held_on'], unique=False)


def downgrade() -> None:
    op.drop_table("sitting")
