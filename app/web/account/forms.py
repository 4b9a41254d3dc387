"""What a person types at the door. A password is taken as it is written, in one Unicode form (NFC)."""

import unicodedata

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, RadioField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length

from app.web.ways import LONGEST


def composed(written: str | None) -> str | None:
    """The same signs however the keyboard made them."""
    return unicodedata.normalize("NFC", written) if written else written


def stripped(written: str | None) -> str | None:
    return written.strip() if written else written


def password(label: str, *, longest: int = 512) -> PasswordField:
    return PasswordField(label, validators=[InputRequired(), Length(max=longest)], filters=[composed])


class SignIn(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    email = EmailField(_l("Adresse de courriel"), validators=[InputRequired(), Length(max=254)], filters=[stripped])
    password = password(_l("Mot de passe"))
    next = HiddenField(validators=[Length(max=LONGEST)])


class Accept(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    password = password(_l("Choisissez un mot de passe"))


class ChangePassword(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    current = password(_l("Mot de passe actuel"))
    chosen = password(_l("Nouveau mot de passe"))


class Language(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    code = RadioField(
        _l("Langue de vos pages et de vos messages"),
        choices=[SelectChoice("fr", "Français"), SelectChoice("en", "English")],
        validators=[InputRequired()],
    )


class AskLink(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    email = EmailField(_l("Adresse de courriel"), validators=[InputRequired(), Length(max=254)], filters=[stripped])
    next = HiddenField(validators=[Length(max=LONGEST)])


class TypeCode(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A code, typed with or without its spaces."""

    code = StringField(_l("Code"), validators=[InputRequired(), Length(max=60)], filters=[stripped])

    def digits(self) -> str:
        return "".join(str(self.code.data).split())


class Press(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A button that acts, and nothing else."""


class Prove(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    password = password(_l("Mot de passe actuel"))
    next = HiddenField(validators=[Length(max=LONGEST)])


class NewPassword(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A new password for whoever has just come in by a mailed link: the old one is forgotten."""

    chosen = password(_l("Nouveau mot de passe"))
