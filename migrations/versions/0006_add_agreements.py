"""Keep what the second entry agrees on."""

from alembic import op
import sqlalchemy as sa

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('agreement',
    sa.Column('id', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('dossier_id', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('recognised', sa.Text(), nullable=False),
    sa.Column('remaining', sa.Text(), nullable=False),
    sa.Column('until', sa.String(length=7), nullable=False),
    sa.Column('steps', sa.JSON(), nullable=False),
    sa.Column('written_by', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('structure_by', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=True),
    sa.Column('structure_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('team_by', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=True),
    sa.Column('team_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('version >= 1', name=op.f('ck_agreement_version')),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossier.id'], name=op.f('fk_agreement_dossier_id_dossier')),
    sa.ForeignKeyConstraint(['structure_by'], ['person.id'], name=op.f('fk_agreement_structure_by_person')),
    sa.ForeignKeyConstraint(['team_by'], ['person.id'], name=op.f('fk_agreement_team_by_person')),
    sa.ForeignKeyConstraint(['written_by'], ['person.id'], name=op.f('fk_agreement_written_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement')),
    sa.UniqueConstraint('dossier_id', 'version', name=op.f('uq_agreement_dossier_id_version'))
    )


def downgrade() -> None:
    op.drop_table("agreement")
