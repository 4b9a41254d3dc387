"""What the persons of a structure type about one another."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional

from app.operations.colleagues import LONGEST_NOTE
from app.queries.colleagues import Colleague
from app.web.roles import DOES

ROLES = ("titulaire", "suppleance", "contribution", "signature")
PREPARES = "contribution"
SOMEBODY_ELSE, NOBODY_YET = "invite", "nobody"


class PressedForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A button that acts, and nothing else."""


class ColleagueForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A colleague to invite; who does not bind the structure invites to prepare, and no more."""

    name = StringField(_l("Nom et prénom"), validators=[InputRequired(), Length(max=120)])
    email = EmailField(_l("Adresse de courriel"), validators=[InputRequired(), Length(max=254)])
    function = StringField(_l("Fonction"), validators=[Optional(), Length(max=120)])
    role = RadioField(_l("Ce qu’elle fera pour la structure"), default=PREPARES, validators=[InputRequired()])

    def offer(self, *, any_role: bool) -> "ColleagueForm":
        self.role.choices = [SelectChoice(role, DOES[role]) for role in (ROLES if any_role else (PREPARES,))]
        return self


class LeaveForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A departure: who takes over, and what to tell her."""

    successor = RadioField(_l("Qui prend la suite ?"), validators=[InputRequired(_l("Dites qui prend la suite."))])
    name = StringField(_l("Nom et prénom"), validators=[Optional(), Length(max=120)])
    email = EmailField(_l("Adresse de courriel"), validators=[Optional(), Length(max=254)])
    function = StringField(_l("Fonction"), validators=[Optional(), Length(max=120)])
    note = TextAreaField(_l("À la personne qui prend la suite"), validators=[Length(max=LONGEST_NOTE)])

    def offer(self, colleagues: tuple[Colleague, ...]) -> "LeaveForm":
        people = [SelectChoice(person.id, person.name) for person in colleagues]
        self.successor.choices = [
            *people,
            SelectChoice(SOMEBODY_ELSE, _("Une personne à inviter")),
            SelectChoice(NOBODY_YET, _("Personne pour l’instant : l’Avise en est avertie")),
        ]
        return self

    def validate(self, extra_validators: object = None) -> bool:
        """Besides each field: who is invited has a name and an address."""
        sound = bool(super().validate(extra_validators))
        if self.successor.data == SOMEBODY_ELSE:
            for field in (self.name, self.email):
                if not (field.data or "").strip():
                    field.errors = [_("Écrivez le nom et l’adresse de la personne à inviter.")]
                    sound = False
        return sound
