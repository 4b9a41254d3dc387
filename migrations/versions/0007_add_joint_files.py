"""Group the dossiers of a collective."""

from alembic import op
import sqlalchemy as sa

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('joint_file',
    sa.Column('id', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('reference', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('collective_id', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['collective_id'], ['collective.id'], name=op.f('fk_joint_file_collective_id_collective')),
    sa.ForeignKeyConstraint(['opened_by'], ['person.id'], name=op.f('fk_joint_file_opened_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_joint_file')),
    sa.UniqueConstraint('reference', name=op.f('uq_joint_file_reference'))
    )
    op.create_index(op.f('ix_joint_file_collective_id'), 'joint_file', ['collective_id'], unique=False)
    op.create_table('co_author',
    sa.Column('joint_file_id', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('structure_id', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('joined_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['joint_file_id'], ['joint_file.id'], name=op.f('fk_co_author_joint_file_id_joint_file')),
    sa.ForeignKeyConstraint(['structure_id'], ['structure.id'], name=op.f('fk_co_author_structure_id_structure')),
    sa.PrimaryKeyConstraint('joint_file_id', 'structure_id', name=op.f('pk_co_author'))
    )
    op.create_index(op.f('ix_co_author_structure_id'), 'co_author', ['structure_id'], unique=False)
    kind = 'TEXT COLLATE "C"' if op.get_bind().dialect.name == "postgresql" else "VARCHAR"
    op.execute(
        f"ALTER TABLE dossier ADD COLUMN joint_file_id {kind} "
        "CONSTRAINT fk_dossier_joint_file_id_joint_file REFERENCES joint_file (id)"
    )
    op.create_index("ix_dossier_joint_file_id", "dossier", ["joint_file_id"])


def downgrade() -> None:
    op.drop_index("ix_dossier_joint_file_id", "dossier")
    with op.batch_alter_table("dossier") as batch:
        batch.drop_column("joint_file_id")
    op.drop_table("co_author")
    op.drop_table("joint_file")
