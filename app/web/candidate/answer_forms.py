"""One form for each kind of answer: what it shows, and what it sends to be read."""

from collections.abc import Callable, Mapping
from itertools import zip_longest
from typing import Any, cast

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.words import say
from workflows.answers import LONGEST_TEXT, MOST_ROWS, Raw, Row
from workflows.label import Criterion, Label
from workflows.label_parts import Named

YOURS = _l("Votre réponse")


class AnswerForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """An answer; `seen` is the digest of the text that its author was shown."""

    text: Any
    seen = HiddenField(validators=[Length(max=64)])


class TextAnswer(AnswerForm):
    """An answer in paragraphs."""

    text = TextAreaField(
        YOURS, validators=[Length(max=LONGEST_TEXT, message=_l("Ce texte est trop long : 20 000 signes au plus."))]
    )


class LineAnswer(AnswerForm):
    """An answer of one line, a number, a date or a month: read as text here, and understood by the rules."""

    text = StringField(YOURS)


class ChoiceAnswer(AnswerForm):
    """One of several options."""

    text = RadioField(YOURS, validate_choice=False)


class ChoicesAnswer(AnswerForm):
    """Several options."""

    text = SelectMultipleField(YOURS, validate_choice=False, widget=ListWidget(), option_widget=CheckboxInput())


class RowsField(Field):
    """Lines of a kind and a name, sent as two lists of the same length."""

    kinds: tuple[tuple[str, str], ...] = ()
    whole = True

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.errors = []
        self.process_errors = []
        self.data: list[Row] = list(data or ())
        if formdata is not None:
            kinds, names = formdata.getlist(f"{self.name}-kind"), formdata.getlist(f"{self.name}-name")
            self.whole = len(kinds) == len(names)
            self.data = [(kind or "", name or "") for kind, name in zip_longest(kinds, names)]

    def change(self, act: str) -> None:
        """Add an empty line, or take one out; anything else changes nothing."""
        number = act.removeprefix("remove-")
        if act == "add" and len(self.data) < MOST_ROWS:
            self.data.append(("", ""))
        elif (
            number != act and number.isascii() and number.isdigit() and len(number) < 4 and int(number) < len(self.data)
        ):
            del self.data[int(number)]


class RowsAnswer(AnswerForm):
    """A list of partners or of territories; `row` is the button that adds or takes out a line."""

    text = RowsField(YOURS)
    row = StringField(validators=[Length(max=20)])


FORMS: Mapping[str, Callable[[], AnswerForm]] = {
    "text": TextAnswer,
    "choice": ChoiceAnswer,
    "choices": ChoicesAnswer,
    "partners": RowsAnswer,
    "territories": RowsAnswer,
}


def form_for(label: Label, criterion: Criterion) -> AnswerForm:
    """The form of a question, with what can be chosen."""
    form = FORMS.get(criterion.kind, LineAnswer)()
    if criterion.kind == "choice" and not criterion.required_for:
        form.text.choices = [*named(criterion.options), ("", str(_l("Sans réponse")))]
    elif criterion.options:
        form.text.choices = named(criterion.options)
    elif isinstance(form.text, RowsField):
        form.text.kinds = tuple(named(label.partner_types if criterion.kind == "partners" else label.territory_kinds))
    return form


def named(options: tuple[Named, ...]) -> list[tuple[str, str]]:
    return [(option.key, say(option.name)) for option in options]


def show(form: AnswerForm, raw: Raw) -> None:
    """Put an answer in its form."""
    form.text.data = raw if isinstance(raw, str) else list(raw)


def sent(form: AnswerForm) -> Raw:
    """What was sent, in the shape that the rules read; what has no such shape is sent on as it came, to be refused."""
    if isinstance(form.text, RowsField):
        return tuple(form.text.data) if form.text.whole else ("",)
    values = tuple(request.form.getlist(form.text.name))
    if isinstance(form.text, SelectMultipleField):
        return values
    return cast(Raw, values[0] if len(values) == 1 else values or "")
