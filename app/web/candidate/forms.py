"""What a structure sends: texts, files, commitments."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget


class PieceForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A file for a piece."""

    file = FileField(_l("Fichier à joindre"), validators=[FileRequired(_l("Choisissez un fichier."))])


class StrandForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """One line of a checklist, done or to be done again."""

    strand = StringField(validators=[DataRequired(), Length(max=60)])
    done = StringField(validators=[Length(max=1)])


class CommitmentsForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The commitments of a label, each to be accepted."""

    accepted = SelectMultipleField(
        _l("Les engagements de votre structure"), widget=ListWidget(), option_widget=CheckboxInput()
    )


class WithdrawalForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A request taken back, with a note that may stay empty."""

    note = TextAreaField(_l("Un mot pour l’Avise"), validators=[Length(max=5000)])


class LeaveForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A joint file left alone, and why."""

    note = TextAreaField(_l("Un mot pour l’Avise"), validators=[Length(max=2000)])
