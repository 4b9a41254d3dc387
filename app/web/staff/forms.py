"""What the team types: people, structures and dossiers."""

from collections.abc import Iterable
from typing import Any

from flask import abort
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional

from app.web.roles import ROLES
from app.web.staff.words import GROUNDS

TITULAIRE = "titulaire"
STRUCTURE_ROLES = (TITULAIRE, "suppleance", "contribution", "signature")
TEAM_ROLES = ("officer", "arbiter", "administrator")


def options(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    """Choices of a field: what is sent, and what is read."""
    return [SelectChoice(value, label) for value, label in pairs]


class ActForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A button that acts, and nothing else."""


def pressed() -> None:
    """Refuse what no button of ours has sent."""
    if not ActForm().validate_on_submit():
        abort(422)


class SearchForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A list asked by its address."""

    class Meta:
        csrf = False

    q = StringField(_l("Nom de la structure"), validators=[Optional(), Length(max=100)])


class PipelineForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Which dossiers to count, asked by the address."""

    class Meta:
        csrf = False

    every = _l("toutes les entrées")
    suivi = SelectField(
        _l("Suivis par"),
        choices=options((("", _l("toute l’équipe")), ("moi", _l("moi")))),
        validators=[Optional()],
        validate_choice=False,
    )
    entree = SelectField(_l("Entrée"), validators=[Optional()], validate_choice=False)


class DossierSearchForm(PipelineForm):
    q = StringField(_l("Nom de la structure ou référence"), validators=[Optional(), Length(max=100)])
    etape = SelectField(_l("Étape"), validators=[Optional()], validate_choice=False)
    retard = SelectField(
        _l("Délai annoncé"),
        choices=options((("", _l("dépassé ou non")), ("1", _l("dépassé")))),
        validators=[Optional()],
        validate_choice=False,
    )


class PersonForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Somebody to invite for a structure."""

    name = StringField(_l("Nom et prénom"), validators=[InputRequired(), Length(max=120)])
    email = EmailField(_l("Adresse de courriel"), validators=[InputRequired(), Length(max=254)])
    function = StringField(_l("Fonction"), validators=[Optional(), Length(max=120)])
    role = RadioField(
        _l("Ce qu’elle fera pour la structure"),
        choices=options((role, ROLES[role]) for role in STRUCTURE_ROLES),
        default=TITULAIRE,
        validators=[InputRequired()],
    )
    check = StringField(
        _l("Comment vous avez vérifié ce nom"),
        description=_l("Obligatoire quand plus personne n’agit pour la structure : « appel au numéro du registre »."),
        validators=[Optional(), Length(max=300)],
    )


class TeamForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Somebody to invite in the team."""

    name = StringField(_l("Nom et prénom"), validators=[InputRequired(), Length(max=120)])
    email = EmailField(_l("Adresse de courriel"), validators=[InputRequired(), Length(max=254)])
    role = RadioField(
        _l("Rôle"),
        choices=options((role, ROLES[role]) for role in TEAM_ROLES),
        default="officer",
        validators=[InputRequired()],
    )


class NewDossierForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A dossier to open: for a structure that is registered, or for one described here."""

    structure = SelectField(_l("Structure déjà inscrite"), validators=[Optional()])
    name = StringField(_l("Nom de la structure"), validators=[Optional(), Length(max=200)])
    siret = StringField(_l("Numéro SIRET"), validators=[Optional(), Length(max=20)])
    ground_kind = SelectField(_l("Type de territoire"), choices=options(GROUNDS.items()), validators=[Optional()])
    ground_name = StringField(_l("Nom du territoire"), validators=[Optional(), Length(max=120)])
    ground_code = StringField(_l("Code INSEE"), validators=[Optional(), Length(max=5)])
    about = TextAreaField(_l("En deux phrases"), validators=[Optional(), Length(max=1000)])
    contact = StringField(_l("Contact de la structure"), validators=[Optional(), Length(max=200)])
    entry = RadioField(_l("Par où la structure entre"), validators=[InputRequired(_l("Choisissez une entrée."))])
    person_name = StringField(_l("Nom et prénom"), validators=[Optional(), Length(max=120)])
    person_email = EmailField(_l("Adresse de courriel"), validators=[Optional(), Length(max=254)])
    person_function = StringField(_l("Fonction"), validators=[Optional(), Length(max=120)])
    second_name = StringField(_l("Nom et prénom"), validators=[Optional(), Length(max=120)])
    second_email = EmailField(_l("Adresse de courriel"), validators=[Optional(), Length(max=254)])
    second_function = StringField(_l("Fonction"), validators=[Optional(), Length(max=120)])
    second_role = RadioField(
        _l("Ce qu’elle fera pour la structure"),
        choices=options((role, ROLES[role]) for role in STRUCTURE_ROLES if role != TITULAIRE),
        default="signature",
        validators=[Optional()],
    )
    #: Who was being invited when an address was refused.
    inviting = "person_email"

    def validate(self, extra_validators: object = None) -> bool:
        """Besides each field: a structure, chosen or named, and somebody to answer for a new one."""
        sound = bool(super().validate(extra_validators))
        if not self.structure.data and not (self.name.data or "").strip():
            self.name.errors = [_l("Choisissez une structure déjà inscrite, ou écrivez le nom de la nouvelle.")]
            sound = False
        named, written = bool(self.person_name.data), bool(self.person_email.data)
        if not named and (written or not self.structure.data):
            self.person_name.errors = [_l("Écrivez le nom de la personne à inviter.")]
            sound = False
        if not written and (named or not self.structure.data):
            self.person_email.errors = [_l("Écrivez l’adresse à laquelle l’inviter.")]
            sound = False
        if bool(self.second_name.data) != bool(self.second_email.data):
            self.second_email.errors = [_l("De la seconde personne, écrivez le nom et l’adresse, ou rien.")]
            sound = False
        return sound
