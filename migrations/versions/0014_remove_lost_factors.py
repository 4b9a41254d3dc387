"""Let two administrators take a lost second factor away: one asks, another confirms."""

from alembic import op
import sqlalchemy as sa

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    bytewise = sa.String().with_variant(sa.Text(collation="C"), "postgresql")
    op.add_column("second_factor", sa.Column("removal_by", bytewise, nullable=True))
    op.add_column("second_factor", sa.Column("removal_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("second_factor", "removal_at")
    op.drop_column("second_factor", "removal_by")
