"""The macros and the three pages every other page is made of, rendered by a bare application."""

import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, render_template, render_template_string
from flask_babel import Babel
from jinja2 import StrictUndefined
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.typography import typo

APP = Path(__file__).parent.parent / "app"
CODES = (400, 403, 404, 409, 410, 413, 422, 429, 500, 503)


def choices(*values: str) -> list[SelectChoice]:
    return [SelectChoice(value, f"choix {value}") for value in values]


class Address(Form):
    town = StringField("Commune", [InputRequired("Écrivez la commune.")])


class Sample(Form):
    name = StringField("Nom", [InputRequired("Écrivez le nom."), Length(max=80)], description="Tel qu'affiché")
    reasons = TextAreaField("Raisons")
    piece = FileField("Pièce")
    choice = RadioField("Avis", [InputRequired("Choisissez.")], choices=choices("for", "against"))
    link = RadioField("Lien", choices=choices("no", "yes"))
    kinds = SelectMultipleField("Types", choices=choices("a", "b"), option_widget=CheckboxInput(), widget=ListWidget())
    agree = BooleanField("Je confirme", [InputRequired("Confirmez.")])
    once = HiddenField()
    address = FormField(Address, "Adresse")
    mails = FieldList(StringField("Courriel", [InputRequired("Écrivez une adresse.")]), "Courriels", min_entries=1)


class Page(HTMLParser):
    """What a test asks of a page: its ids, classes and the attributes of each element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def values(self, attribute: str) -> list[str]:
        return [value for _, attrs in self.elements if (value := attrs.get(attribute)) is not None]

    def tokens(self, attribute: str) -> set[str]:
        return {token for value in self.values(attribute) for token in value.split()}

    def by_id(self, name: str) -> dict[str, str | None]:
        (found,) = [attrs for _, attrs in self.elements if attrs.get("id") == name]
        return found


@pytest.fixture
def bare() -> Flask:
    app = Flask("app", root_path=str(APP))
    app.secret_key = "bare"
    app.jinja_env.undefined = StrictUndefined
    app.add_template_filter(typo)
    app.add_template_global(lambda: "token", "csrf_token")
    app.add_url_rule("/demo", "demo.mailbox", lambda: "")
    Babel(app, default_locale="fr")
    return app


def render(app: Flask, template: str, **values: object) -> str:
    with app.test_request_context():
        return render_template(template, **{"locale": "fr", **values})


def draw(app: Flask, source: str, **values: object) -> Page:
    with app.test_request_context():
        imports = "{% import 'macros/fields.html' as fields %}{% import 'macros/tables.html' as tables %}"
        return Page(render_template_string(imports + source, **values))


def refused(**data: str) -> Sample:
    form = Sample(MultiDict(data))
    assert not form.validate()
    return form


EVERY_FIELD = "{% for f in form %}{{ fields.field(f) }}{% endfor %}"


def test_every_field_has_a_name_and_every_reference_a_target(bare: Flask) -> None:
    page = draw(bare, EVERY_FIELD, form=refused())
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert page.tokens("aria-describedby") <= set(ids)
    assert page.tokens("for") <= set(ids)
    controls = {
        attrs["id"] for tag, attrs in page.elements if tag in ("textarea", "select") or attrs.get("type") == "text"
    }
    assert controls <= page.tokens("for")


def test_a_field_in_error_says_so_and_is_described_by_hint_then_error(bare: Flask) -> None:
    name = draw(bare, EVERY_FIELD, form=refused()).by_id("name")
    assert name["aria-invalid"] == "true"
    assert name["aria-describedby"] == "name-hint name-error"


def test_a_field_without_error_says_nothing(bare: Flask) -> None:
    reasons = draw(bare, EVERY_FIELD, form=refused()).by_id("reasons")
    assert "aria-invalid" not in reasons
    assert "aria-describedby" not in reasons


def test_other_arguments_reach_the_control(bare: Flask) -> None:
    page = draw(bare, "{{ fields.field(form.reasons, rows=7, saved='Gardé') }}", form=Sample())
    assert page.by_id("reasons")["rows"] == "7"
    assert page.by_id("reasons")["aria-describedby"] == "reasons-saved"


def test_what_is_not_required_is_marked_as_optional(bare: Flask) -> None:
    with bare.test_request_context():
        source = "{% import 'macros/fields.html' as fields %}{{ fields.field(f) }}"
        assert "facultatif" in render_template_string(source, f=Sample().reasons)
        assert "facultatif" not in render_template_string(source, f=Sample().name)


def test_choices_with_details_are_cards(bare: Flask) -> None:
    page = draw(bare, "{{ fields.field(form.choice, details={'for': 'Oui'}) }}", form=refused())
    assert page.values("class").count("choice") == 2
    assert page.by_id("choice")["aria-invalid"] == "true"


def test_the_summary_links_each_problem_to_a_control_on_the_page(bare: Flask) -> None:
    page = draw(bare, "{{ fields.summary(form) }}" + EVERY_FIELD, form=refused(link="no"))
    links = [href.removeprefix("#") for href in page.values("href")]
    assert links == ["name", "choice-0", "agree", "address-town", "mails-0"]
    assert set(links) <= set(page.values("id"))


def test_a_valid_form_has_no_summary(bare: Flask) -> None:
    assert draw(bare, "{{ fields.summary(form) }}", form=Sample()).elements == []


def test_what_a_person_wrote_is_escaped_everywhere(bare: Flask) -> None:
    page = draw(bare, "{{ fields.field(form.name) }}", form=refused(name="<b>\"'"))
    assert page.by_id("name")["value"] == "<b>\"'"
    cells = "{{ tables.table('t', [{'label': x}], [[x], [{'text': x, 'sign': 'full'}]]) }}{{ tables.facts([(x, x)]) }}"
    assert not [tag for tag, _ in draw(bare, cells, x="<img>").elements if tag == "img"]


def test_a_stacked_cell_carries_the_heading_of_its_column(bare: Flask) -> None:
    table = "{{ tables.table('Relances', [{'label': 'Nom'}, {'label': 'Jours', 'number': true}], [['Rives', 3]]) }}"
    page = draw(bare, table)
    assert page.values("data-label") == ["Jours"]
    assert [tag for tag, _ in page.elements].count("caption") == 1
    assert page.tokens("role") == {"table", "rowgroup", "row", "columnheader", "rowheader", "cell"}


@pytest.mark.parametrize("code", CODES)
def test_an_error_page_has_its_own_title_a_next_step_and_a_reference(bare: Flask, code: int) -> None:
    html = render(bare, "errors/error.html", code=code, reference="7F2291AC")
    assert '<code class="ref">7F2291AC</code>' in html
    assert "Que faire maintenant" in html
    headings = {re.findall(r"<h1>(.*?)</h1>", render(bare, "errors/error.html", code=other))[0] for other in CODES}
    assert len(headings) == len(CODES)


def test_a_refused_act_is_told_in_its_own_words_and_not_as_a_stale_page(bare: Flask) -> None:
    html = render(bare, "errors/error.html", code=409, sentence="La consultation est close.")
    assert "La consultation est close." in html
    assert "pendant que vous écriviez" not in html


@pytest.mark.parametrize(("code", "like"), [(405, 400), (418, 400), (502, 500)])
def test_an_error_without_words_of_its_own_borrows_them(bare: Flask, code: int, like: int) -> None:
    found, model = (re.findall(r"<h1>(.*?)</h1>", render(bare, "errors/error.html", code=c)) for c in (code, like))
    assert found == model


def test_the_layout_names_who_is_connected_and_offers_to_leave(bare: Flask) -> None:
    me = SimpleNamespace(is_authenticated=True, name="Inès Vautrin", capacities=())
    html = render(bare, "errors/error.html", me=me, acting_for="Rives", links={"sign_out": "/sortie"})
    assert "<strong>Inès Vautrin</strong>" in html
    assert "<strong>Rives</strong>" in html
    assert ("form", {"method": "post", "action": "/sortie"}) in Page(html).elements


def test_the_layout_of_nobody_offers_to_connect_only(bare: Flask) -> None:
    html = render(bare, "errors/error.html", me=SimpleNamespace(is_authenticated=False), links={"sign_in": "/entree"})
    assert "/entree" in Page(html).values("href")
    assert "form" not in [tag for tag, _ in Page(html).elements]


@pytest.mark.parametrize(("locale", "other"), [("fr", "en"), ("en", "fr")])
def test_the_page_says_its_language_and_offers_the_other(bare: Flask, locale: str, other: str) -> None:
    page = Page(render(bare, "errors/error.html", locale=locale, language_url="/langue"))
    assert page.values("lang") == [locale, other]


def test_the_demonstration_says_so(bare: Flask) -> None:
    assert "/demo" in Page(render(bare, "errors/error.html", demo=True)).values("href")
    assert "/demo" not in Page(render(bare, "errors/error.html")).values("href")


def test_the_title_says_when_a_form_was_refused(bare: Flask) -> None:
    assert "<title>Erreur\u00a0: " in render(bare, "errors/error.html", failed=True)


def test_every_class_of_the_components_is_shown_on_the_living_page(bare: Flask) -> None:
    sheet = (APP / "static/css/components.css").read_text(encoding="utf-8")
    classes = set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", sheet, flags=re.DOTALL)))
    me = SimpleNamespace(is_authenticated=True, name="Inès", capacities=())
    shown = Page(render(bare, "public/style.html", me=me, links={"sign_out": "/sortie"})).tokens("class")
    assert classes <= shown
    assert "style" not in {tag for tag, _ in Page(render(bare, "public/style.html")).elements}


def test_an_id_is_used_once_on_the_living_page(bare: Flask) -> None:
    page = Page(render(bare, "public/style.html"))
    assert len(page.values("id")) == len(set(page.values("id")))
    assert page.tokens("aria-describedby") | page.tokens("aria-labelledby") <= set(page.values("id"))
