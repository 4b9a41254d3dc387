"""What a member sends: a declaration of links, and an opinion. The acting structure is always in the form."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

LONGEST_ID = 64
LONGEST_WORDS = 1_000  # characters, as the table of links keeps them
LONGEST_REASONS = 6_000  # characters
LONGEST_QUESTION = 1_000  # characters


class LinkForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What a structure says of its links with the candidate; `own`: what its person says of herself alone."""

    structure = HiddenField(validators=[InputRequired(), Length(max=LONGEST_ID)])
    own = HiddenField(default="0", validators=[Regexp(r"^[01]?$")])
    kind = RadioField(
        _l("Votre structure a-t-elle un lien ?"), validators=[InputRequired(_l("Choisissez une réponse."))]
    )
    words = TextAreaField(
        _l("En quelques mots"),
        validators=[Length(max=LONGEST_WORDS, message=_l("Ce texte est trop long : 1 000 signes au plus."))],
    )


class OpinionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The opinion of a structure.

    `replaces` is the version that its author had on screen (0 for none), `once` the key that makes two clicks one.
    """

    structure = HiddenField(validators=[InputRequired(), Length(max=LONGEST_ID)])
    replaces = HiddenField(validators=[Regexp(r"^[0-9]{1,6}$")])
    once = HiddenField(validators=[Regexp(r"^[A-Za-z0-9_-]{16,43}$")])
    choice = RadioField(_l("Avis de votre structure"), validators=[InputRequired(_l("Choisissez un avis."))])
    reasons = TextAreaField(
        _l("Pour le comité et l’Avise"),
        validators=[Length(max=LONGEST_REASONS, message=_l("Ce texte est trop long : 6 000 signes au plus."))],
    )
    to_pass_on = TextAreaField(
        _l("À transmettre à la structure candidate"),
        validators=[Length(max=LONGEST_REASONS, message=_l("Ce texte est trop long : 6 000 signes au plus."))],
    )


class QuestionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What a member of the committee asks the candidate before giving an opinion."""

    structure = HiddenField(validators=[InputRequired(), Length(max=LONGEST_ID)])
    text = TextAreaField(
        _l("Votre question"),
        validators=[
            InputRequired(_l("Écrivez votre question.")),
            Length(max=LONGEST_QUESTION, message=_l("Ce texte est trop long : 1 000 signes au plus.")),
        ],
    )
