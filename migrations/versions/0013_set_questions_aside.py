"""Set an improper question aside, with a reason."""

from alembic import op
import sqlalchemy as sa

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("question", sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("question", sa.Column("set_aside_for", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("question", "set_aside_for")
    op.drop_column("question", "set_aside_at")
