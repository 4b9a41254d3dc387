"""What the team types of a decision's end: how it leaves, what holds it, how an appellation ends, what a file lacks."""

from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from app.operations.completeness import LONGEST_SENTENCE
from app.operations.polls.decide import Sending
from app.web.staff.forms import options

LONGEST_REASON = 5000  # characters
FURTHEST = timedelta(days=366)
CALLED, NOT_CALLED = "called", "not_called"


class NotifyForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """How a decision leaves: the call first where it is a no, the day of publication where it is a yes."""

    publish_on = DateField(_l("Publier à partir du"), validators=[Optional()])
    call = RadioField(
        _l("L’appel à la structure"),
        choices=options(
            ((CALLED, _l("L’appel a été fait")), (NOT_CALLED, _l("Sans appel, et j’écris pourquoi"))),
        ),
        validators=[Optional()],
    )
    called_on = DateField(_l("Le"), validators=[Optional()])
    called_by = StringField(_l("Par"), validators=[Optional(), Length(max=120)])
    no_call = TextAreaField(_l("Pourquoi sans appel"), validators=[Optional(), Length(max=1000)])
    despite = TextAreaField(_l("Pourquoi l’envoyer maintenant"), validators=[Optional(), Length(max=1000)])
    alone = TextAreaField(_l("Pourquoi ne pas attendre les autres"), validators=[Optional(), Length(max=1000)])

    def sound(self, today: date, *, adverse: bool) -> bool:
        """Besides each field: a day of publication is to come, within a year."""
        sound = bool(self.validate())
        day = self.publish_on.data
        if not adverse and day is not None and not today <= day <= today + FURTHEST:
            self.publish_on.errors = [_l("Choisissez un jour à venir, d’ici un an.")]
            sound = False
        return sound

    def sending(self) -> Sending:
        called = self.call.data == CALLED
        return Sending(
            publish_on=self.publish_on.data,
            called_on=self.called_on.data if called else None,
            called_by=(self.called_by.data or "") if called else "",
            no_call="" if called else self.no_call.data or "",
            despite=self.despite.data or "",
        )


class HoldForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Why an outcome is held, and why alone where the team is too small for two."""

    reason = TextAreaField(_l("Ce qui est irrégulier"), validators=[Length(max=LONGEST_REASON)])
    derogation = TextAreaField(_l("Pourquoi une seule personne"), validators=[Optional(), Length(max=LONGEST_REASON)])


class LiftForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Why a hold is lifted."""

    note = TextAreaField(_l("Pourquoi la lever"), validators=[Length(max=LONGEST_REASON)])


class EndForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """How an appellation ends; `seen` says that what follows was read before it is done."""

    ending = RadioField(
        _l("Comment elle prend fin"),
        choices=options(
            (
                ("given_up", _l("La structure y renonce")),
                ("expired", _l("Elle arrive à son échéance")),
                ("withdrawn", _l("L’Avise la retire")),
            )
        ),
        validators=[InputRequired(_l("Choisissez l’une des trois."))],
    )
    stays = RadioField(
        _l("Ensuite, la structure"),
        choices=options((("member", _l("reste membre du réseau")), ("left", _l("quitte le réseau")))),
        default="member",
        validators=[InputRequired()],
    )
    reason = TextAreaField(_l("Ce que vous lui écrivez"), validators=[Length(max=LONGEST_REASON)])
    seen = HiddenField(validators=[Length(max=100)])


class LackForm(Form):
    """One thing of a file: to be completed or not, and in which way."""

    thing = HiddenField(validators=[Length(max=80)])
    lacks = BooleanField(_l("à compléter"))
    words = StringField(_l("Ce qui manque"), validators=[Optional(), Length(max=LONGEST_SENTENCE)])


class AskForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """All that a file holds, thing by thing, and a word besides."""

    things = FieldList(FormField(LackForm), max_entries=200)
    note = TextAreaField(_l("Un mot de plus"), validators=[Optional(), Length(max=2000)])

    def asked(self) -> dict[str, str]:
        return {one.thing.data: (one.words.data or "").strip() for one in self.lines() if one.lacks.data}

    def lines(self) -> list[Any]:
        return [entry.form for entry in self.things]

    def complain(self) -> bool:
        """Mark each thing that is ticked without a sentence, or has one without being ticked."""
        sound = True
        for one in self.lines():
            written = bool((one.words.data or "").strip())
            if one.lacks.data and not written:
                one.words.errors = [_l("Écrivez en une phrase ce qui manque.")]
                sound = False
            if written and not one.lacks.data:
                one.lacks.errors = [_l("Cochez cette ligne, ou effacez la phrase.")]
                sound = False
        return sound
