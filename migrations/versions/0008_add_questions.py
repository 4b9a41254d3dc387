"""Keep the questions of peers and their answers."""

from alembic import op
import sqlalchemy as sa

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('question',
    sa.Column('id', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('poll_id', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('structure_id', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('asked_by', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('answered_by', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(answer IS NULL) = (answered_at IS NULL)', name=op.f('ck_question_answered')),
    sa.ForeignKeyConstraint(['answered_by'], ['person.id'], name=op.f('fk_question_answered_by_person')),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_question_asked_by_person')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_question_poll_id_poll')),
    sa.ForeignKeyConstraint(['structure_id'], ['structure.id'], name=op.f('fk_question_structure_id_structure')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question'))
    )
    op.create_index('ix_question_poll_id_asked_at_id', 'question', ['poll_id', 'asked_at', 'id'], unique=False)


def downgrade() -> None:
    op.drop_table("question")
