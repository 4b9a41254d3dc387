"""Keep demands for information, and who answers them."""

from alembic import op
import sqlalchemy as sa

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('enquiry',
    sa.Column('id', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('person_id', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('structure', sa.String(length=200), nullable=False),
    sa.Column('unborn', sa.Boolean(), nullable=False),
    sa.Column('territory', sa.String(length=200), nullable=False),
    sa.Column('brings', sa.Text(), nullable=False),
    sa.Column('call_back', sa.Boolean(), nullable=False),
    sa.Column('entry', sa.String(length=40), nullable=False),
    sa.Column('locale', sa.String(length=2), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('handled_by', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=True),
    sa.Column('handled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.String(length=1000), nullable=False),
    sa.Column('dossier_id', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=True),
    sa.CheckConstraint("(dossier_id IS NULL) = (status <> 'opened')", name=op.f('ck_enquiry_opened')),
    sa.CheckConstraint("status IN ('waiting', 'answered', 'opened', 'closed', 'set_aside')", name=op.f('ck_enquiry_status')),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossier.id'], name=op.f('fk_enquiry_dossier_id_dossier')),
    sa.ForeignKeyConstraint(['handled_by'], ['person.id'], name=op.f('fk_enquiry_handled_by_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_enquiry_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enquiry'))
    )
    op.create_index(op.f('ix_enquiry_person_id'), 'enquiry', ['person_id'], unique=False)
    op.create_index('ix_enquiry_status_received_at_id', 'enquiry', ['status', 'received_at', 'id'], unique=False)
    op.create_table('greeter',
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('person_id', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_greeter_person_id_person')),
    sa.PrimaryKeyConstraint('label', name=op.f('pk_greeter'))
    )


def downgrade() -> None:
    op.drop_table("greeter")
    op.drop_table("enquiry")
