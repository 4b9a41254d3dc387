"""What the team types of first contacts and of the calendar."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.operations.sittings import Days
from workflows.refused import Refused


class EnquiryNoteForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What was said, for the team alone; `do` is the button that was pressed."""

    note = TextAreaField(_l("Ce qui s’est dit"), validators=[Length(max=1000)])
    do = HiddenField(validators=[Length(max=20)])


class GreeterForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Who answers first contacts, and at which number."""

    person = RadioField(_l("Qui répond"), validate_choice=True)
    phone = StringField(_l("Son numéro, qui sera public"), validators=[Optional(), Length(max=40)])


class SittingForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A committee's day; `seen` are the warnings of the calendar that were already shown."""

    held_on = DateField(_l("Le comité se réunit le"), validators=[InputRequired(_l("Écrivez une date."))])
    complete_by = DateField(
        _l("Dossiers complets au plus tard le"), validators=[InputRequired(_l("Écrivez une date."))]
    )
    place = StringField(_l("Lieu"), validators=[Optional(), Length(max=200)])
    note = StringField(_l("Un mot"), validators=[Optional(), Length(max=500)])
    seen = HiddenField(validators=[Length(max=200)])

    def days(self) -> Days:
        """The days of a sound form. Raises `Refused("time_out_of_range")` for one without."""
        held_on, complete_by = self.held_on.data, self.complete_by.data
        if held_on is None or complete_by is None:
            raise Refused("time_out_of_range")
        return Days(held_on, complete_by, self.place.data or "", self.note.data or "")


class CancelSittingForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A committee that will not meet, and why."""

    word = TextAreaField(_l("Pourquoi"), validators=[Length(max=500)])
