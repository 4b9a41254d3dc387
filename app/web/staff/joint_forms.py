"""What the team types of a joint file."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.web.staff.committee_forms import WindowForm


class NewJointForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A joint file to open: whose, with whom, and how those who have no dossier yet come in."""

    collective = StringField(_l("Nom du collectif"), validators=[InputRequired(_l("Écrivez-le.")), Length(max=200)])
    structures = SelectMultipleField(_l("Ses structures"), widget=ListWidget(), option_widget=CheckboxInput())
    entry = RadioField(_l("Par où entrent celles qui n’ont pas de dossier"), validators=[InputRequired()])


class JoinForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """One structure more."""

    structure = SelectField(_l("Structure à ajouter"), validators=[InputRequired(_l("Choisissez une structure."))])
    entry = RadioField(_l("Si elle n’a pas de dossier, elle entre par"), validators=[InputRequired()])


class JointLeaveForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Why a structure goes on alone."""

    note = TextAreaField(_l("Pourquoi elle va seule"), validators=[Length(max=2000)])


class JointWindowForm(WindowForm):
    """One window for several polls; `ready_only` leaves the requests that are not complete for later."""

    ready_only = BooleanField(_l("Inviter le comité pour les seules demandes complètes"))


class TogetherForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The day from which the public reads what is granted, the same for all."""

    publish_on = DateField(_l("Publier à partir du"), validators=[Optional()])
