"""Note what was said outside the site."""

from alembic import op
import sqlalchemy as sa

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('exchange',
    sa.Column('id', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('dossier_id', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('words', sa.String(length=2000), nullable=False),
    sa.Column('shared', sa.Boolean(), nullable=False),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.CheckConstraint("kind IN ('call', 'mail', 'meeting', 'note')", name=op.f('ck_exchange_kind')),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_exchange_by_person')),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossier.id'], name=op.f('fk_exchange_dossier_id_dossier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exchange'))
    )
    op.create_index('ix_exchange_dossier_id_at_id', 'exchange', ['dossier_id', 'at', 'id'], unique=False)


def downgrade() -> None:
    op.drop_table("exchange")
