"""What the team types of the committee: windows, letters, reserves, arbitration."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DateTimeLocalField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from app.operations.polls.deciding import Promise

LONGEST_LETTER = 20_000  # characters
PROMISES = 3


def wall_time(label: Any) -> DateTimeLocalField:
    """A date and an hour, as they are read on a wall in Paris."""
    return DateTimeLocalField(
        label, format="%Y-%m-%dT%H:%M", validators=[InputRequired(_l("Écrivez une date et une heure."))]
    )


class WindowForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """When a committee gives its opinion; `seen` are the warnings of the calendar that were already shown."""

    opens_at = wall_time(_l("Début, heure de Paris"))
    closes_at = wall_time(_l("Fin, heure de Paris"))
    seen = HiddenField(validators=[Length(max=200)])


class ExtendForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A later end, and why."""

    closes_at = wall_time(_l("Nouvelle fin, heure de Paris"))
    reason = TextAreaField(_l("Raison"), validators=[Length(max=1000)])


class PromiseForm(Form):
    """A reserve: what is asked, of whom, before when."""

    promise = StringField(_l("Ce qui est demandé"), validators=[Optional(), Length(max=600)])
    owner = StringField(_l("À qui"), validators=[Optional(), Length(max=200)])
    due_on = DateField(_l("Avant le"), validators=[Optional()])

    @property
    def begun(self) -> bool:
        return bool(self.promise.data or self.owner.data or self.due_on.data)

    def validate(self, extra_validators: Any = None) -> bool:
        """A reserve is whole, or absent."""
        sound = super().validate(extra_validators)
        for field in (self.promise, self.owner, self.due_on) if self.begun else ():
            if not field.data:
                field.errors = [_l("Complétez cette réserve, ou effacez-la.")]
                sound = False
        return sound


class DecisionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The letter, the reserves where there are some, the reasons where the label asks for them."""

    reason = TextAreaField(_l("Raisons"), validators=[Length(max=5000)])
    letter = TextAreaField(_l("La lettre"), validators=[Length(max=LONGEST_LETTER)])
    promises = FieldList(
        FormField(PromiseForm, label=_l("Réserve")), label=_l("Réserves"), min_entries=PROMISES, max_entries=10
    )

    def kept(self) -> tuple[Promise, ...]:
        """The reserves that were written."""
        return tuple(
            Promise((one.promise.data or "").strip(), (one.owner.data or "").strip(), one.due_on.data)
            for one in (entry.form for entry in self.promises)
            if one.due_on.data
        )


class ArbitrationForm(DecisionForm):
    """A proposal of what the committee left open."""

    outcome = RadioField(_l("Décision proposée"), validators=[InputRequired(_l("Choisissez une décision."))])
    derogation = TextAreaField(_l("Pourquoi une seule personne"), validators=[Optional(), Length(max=5000)])
