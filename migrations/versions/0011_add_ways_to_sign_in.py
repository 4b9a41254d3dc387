"""Sign in by a mailed link, and with a second factor; hand over what one did."""

from alembic import op
import sqlalchemy as sa

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sign_in_link',
    sa.Column('id', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('person_id', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('nonce', sa.String(length=43), nullable=False),
    sa.Column('browser', sa.String(length=64), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sign_in_link_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_link'))
    )
    op.create_index('ix_sign_in_link_expires_at', 'sign_in_link', ['expires_at'], unique=False)
    op.create_index(op.f('ix_sign_in_link_person_id'), 'sign_in_link', ['person_id'], unique=False)
    op.create_table('second_factor',
    sa.Column('person_id', sa.String().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('secret', sa.String(length=200), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_step', sa.Integer(), nullable=False),
    sa.Column('recovery', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_second_factor_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_second_factor'))
    )
    op.add_column("person", sa.Column("phone", sa.String(length=40), nullable=False, server_default=""))
    op.add_column("person", sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("mandate", sa.Column("note", sa.String(length=2000), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("mandate", "note")
    op.drop_column("person", "signed_in_at")
    op.drop_column("person", "phone")
    op.drop_table("second_factor")
    op.drop_table("sign_in_link")
