"""What a structure types besides its request: an entry to begin again by, a reason, a day."""

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, ValidationError

from app.operations.exchanges import LONGEST
from app.words import say
from workflows.label import Entry

YEARS = range(2000, 2100)


class PressedForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A button that acts, and nothing else."""


class ReopenForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The entry by which a dossier begins again."""

    entry = RadioField(_l("Par où vous reprenez"), validators=[InputRequired(_l("Choisissez une entrée."))])

    def offer(self, entries: tuple[Entry, ...]) -> "ReopenForm":
        self.entry.choices = [SelectChoice(entry.key, say(entry.name)) for entry in entries]
        return self


class TimeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Why more time is asked."""

    reason = TextAreaField(
        _l("Pourquoi, en une phrase"),
        validators=[InputRequired(_l("Écrivez pourquoi, même en trois mots.")), Length(max=LONGEST)],
    )


class CallBackForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A day after which to be called again, and a word that may stay empty."""

    after = DateField(_l("Me rappeler après le"), validators=[InputRequired(_l("Choisissez un jour."))])
    words = TextAreaField(_l("Un mot pour l’Avise"), validators=[Length(max=LONGEST)])

    def validate_after(self, field: DateField) -> None:
        if isinstance(field.data, date) and field.data.year not in YEARS:
            raise ValidationError(_l("Choisissez un jour des prochaines années."))
