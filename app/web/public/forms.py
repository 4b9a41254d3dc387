"""What anybody may write without an account: a first question."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Length, Optional, ValidationError

LONGEST = 5000  # characters
UNSURE = "je-ne-sais-pas"


def says_something(_form: Any, field: Any) -> None:
    """Refuse blanks, and signs that nobody sees."""
    if not any(sign.isalnum() for sign in field.data or ""):
        raise ValidationError(_l("Écrivez quelques mots ici."))


def on_one_line(_form: Any, field: Any) -> None:
    if any(sign in "\r\n\u2028\u2029" for sign in field.data or ""):
        raise ValidationError(_l("Écrivez sur une seule ligne."))


class EnquiryForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A first question. `website` is hidden from people: whoever fills it is a robot."""

    name = StringField(_l("Prénom et nom"), validators=[says_something, on_one_line, Length(max=120)])
    email = EmailField(_l("Adresse de courriel"), validators=[says_something, on_one_line, Length(max=254)])
    structure = StringField(_l("Votre structure"), validators=[Optional(), on_one_line, Length(max=200)])
    unborn = BooleanField(_l("Elle n’existe pas encore"))
    territory = StringField(_l("Votre territoire"), validators=[says_something, on_one_line, Length(max=200)])
    brings = TextAreaField(_l("Ce qui vous amène"), validators=[says_something, Length(max=LONGEST)])
    entry = RadioField(_l("L’entrée qui semble la vôtre"), default=UNSURE)
    phone = StringField(_l("Téléphone"), validators=[Optional(), on_one_line, Length(max=40)])
    call_back = BooleanField(_l("Je préfère être rappelé ou rappelée"))
    website = StringField(_l("Ne remplissez pas cette ligne"), validators=[Length(max=500)])
    ticket = HiddenField(validators=[Length(max=200)])

    def offer(self, entries: Sequence[tuple[str, str]]) -> None:
        """The entries of the label, and not knowing."""
        unsure = (UNSURE, _l("Je ne sais pas encore"))
        self.entry.choices = [SelectChoice(key, name) for key, name in (*entries, unsure)]
        if not self.is_submitted() and self.entry.data not in {key for key, _name in entries}:
            self.entry.data = UNSURE
