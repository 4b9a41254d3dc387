import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from app.typography import NARROW, NO_BREAK, typo


def visible(text: str) -> str:
    """`_` stands for a no-break space and `|` for a narrow one, so that a test can be read."""
    return text.replace(NO_BREAK, "_").replace(NARROW, "|")


def page(html: str) -> Markup:
    return Markup(html)  # noqa: S704 - the tests write it


def french(text: str) -> str:
    return visible(typo(text, "fr"))


def english(text: str) -> str:
    return visible(typo(text, "en"))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("l'avis de l'Avise", "l’avis de l’Avise"),
        ("aujourd'hui", "aujourd’hui"),
        ("L'Établi d'«Amorce»", "L’Établi d’«_Amorce_»"),
        ("qu'à", "qu’à"),
    ],
)
def test_an_apostrophe_between_letters_is_curly(typed: str, shown: str) -> None:
    assert french(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("y a-t-il un lien ?", "y a‑t‑il un lien|?"),
        ("aura-t-elle lieu", "aura‑t‑elle lieu"),
        ("dira-t-on", "dira‑t‑on"),
    ],
)
def test_a_question_is_not_broken_at_its_hyphens(typed: str, shown: str) -> None:
    assert french(typed) == shown


@pytest.mark.parametrize("typed", ["les 5' de jeu", "'entre apostrophes'", "rock '"])
def test_an_apostrophe_that_elides_nothing_is_left_alone(typed: str) -> None:
    assert "’" not in french(typed)


@pytest.mark.parametrize("typed", ["« favorable »", "«favorable»", f"«{NO_BREAK}favorable{NARROW}»", "«  favorable  »"])
def test_guillemets_hold_what_they_quote(typed: str) -> None:
    assert french(typed) == "«_favorable_»"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Une question ?", "Une question|?"),
        ("Une question?", "Une question|?"),
        ("figé ; ouvert", "figé|; ouvert"),
        ("figé; ouvert", "figé|; ouvert"),
        ("Bravo !", "Bravo|!"),
        ("Vraiment ?!", "Vraiment|?!"),
        ("(vraiment ?)", "(vraiment|?)"),
        ("« avis » ?", "«_avis_»|?"),
        ("Quorum : atteint", "Quorum_: atteint"),
        ("Quorum: atteint", "Quorum_: atteint"),
        ("Ce qui suit :", "Ce qui suit_:"),
        ("« avis » : favorable", "«_avis_»_: favorable"),
    ],
)
def test_double_punctuation_keeps_its_word(typed: str, shown: str) -> None:
    assert french(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("le 12 mai 2026", "le 12_mai 2026"),
        ("310 ko, 2 Moulins", "310_ko, 2 Moulins"),
        ("à 18 h", "à 18_h"),
        ("à 18 h 30", "à 18_h_30"),
        ("14 h 06 min 12 s", "14_h_06_min_12_s"),
        ("le 1er mars", "le 1er_mars"),
        ("la 2e consultation", "la 2e_consultation"),
        ("2 voix sur 13 structures", "2_voix sur 13_structures"),
        ("12 élections", "12_élections"),
        ("4,2 Mo", "4,2_Mo"),
        ("1,5 heure", "1,5_heure"),
        ("5 000 €", "5 000_€"),
        ("7 dépôts", "7_dépôts"),
        ("7 surfaces", "7_surfaces"),
    ],
)
def test_a_number_stays_with_what_it_counts(typed: str, shown: str) -> None:
    assert french(typed) == shown


@pytest.mark.parametrize(
    "typed",
    ["7 sur 13", "de 12 à 25", "8 contre 4", "12 et 13", "en 2026 vous", "12 d'un", "12 qu'il faut", "2026-014 reste"],
)
def test_a_number_counts_nothing_before_a_small_word_a_year_or_in_a_reference(typed: str) -> None:
    assert NO_BREAK not in typo(typed, "fr")


@pytest.mark.parametrize(("typed", "shown"), [("50 %", "50_%"), ("50%", "50_%"), ("12,5 % de voix", "12,5_% de voix")])
def test_a_per_cent_stays_with_its_number(typed: str, shown: str) -> None:
    assert french(typed) == shown


@pytest.mark.parametrize(("typed", "shown"), [("nº 12", "nº_12"), ("n°12", "n°_12"), ("Nº R-2026", "Nº_R-2026")])
def test_numero_stays_with_its_number(typed: str, shown: str) -> None:
    assert french(typed) == shown


@pytest.mark.parametrize("typed", ["coeur", "oeuvre", "Oeil"])
def test_an_e_is_never_glued_to_an_o(typed: str) -> None:
    assert french(typed) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "https://exemple.org/a;b?c=d!e:f",
        "https://exemple.org/l'avis?x=50%",
        "www.exemple.org/a?b",
        "mailto:a@exemple.org?subject=x",
        "/dossiers?page=2",
        "14:02",
        "10:30:00",
        "`l'avis : non ?`",
        "7F:2291",
        "%20",
        "convention-ccvo.pdf",
        "C:/",
    ],
)
def test_addresses_times_and_code_are_left_as_they_are(typed: str) -> None:
    assert typo(typed, "fr") == typed
    assert typo(page(typed), "fr") == typed


def test_the_mark_after_an_address_is_still_punctuation() -> None:
    assert french("Voir https://exemple.org/a : ici, ou https://exemple.org/b ?") == (
        "Voir https://exemple.org/a_: ici, ou https://exemple.org/b|?"
    )


@pytest.mark.parametrize(
    "html",
    [
        "<a href=\"/x?l'avis : 12 mai ;\" title='50 %'>x</a>",
        '<a title="a > b : c ?">x</a>',
        "<p>&amp; &lt;b&gt; &eacute; &#233; &#xE9;</p>",
        "<textarea name='x'>l'avis : 12 mai ?</textarea>",
        "<pre>l'avis ;</pre>",
        "<code>l'avis : 12 mai ?</code>",
        "<script>if (a ? b : c) 'x';</script>",
        "<style>a { b : c ; }</style>",
        "<!-- l'avis : non ? -->",
        "<!doctype html>",
        "<input value='l&#39;avis ?'>",
    ],
)
def test_what_a_program_reads_in_a_page_is_left_as_it_is(html: str) -> None:
    assert typo(page(html), "fr") == html
    assert typo(html, "fr") == html


def test_the_text_around_tags_is_set() -> None:
    html = Markup("<p>l'<b>avis</b> : «<i>oui</i>»; <b>12</b> voix, 2 voix</p>\n<p>Non ?</p>")
    assert french(html) == "<p>l’<b>avis</b>_: «_<i>oui</i>_»|; <b>12</b> voix, 2_voix</p>\n<p>Non|?</p>"


def test_an_escaped_apostrophe_is_an_apostrophe_in_markup_only() -> None:
    assert typo(Markup("L&#39;Établi"), "fr") == "L’Établi"
    assert typo("L&#39;Établi", "fr") == "L&#39;Établi"


def test_an_entity_space_is_not_doubled() -> None:
    assert french(Markup("mot&nbsp;: «&nbsp;mot&nbsp;»")) == "mot&nbsp;: «&nbsp;mot&nbsp;»"


@given(st.text(alphabet="'\"<>&;ab 1:?«»\n", max_size=40), st.sampled_from(["fr", "en"]))
def test_an_escaped_text_never_comes_back_with_a_bare_quote_or_bracket(text: str, locale: str) -> None:
    shown = typo(escape(text), locale)
    assert isinstance(shown, Markup)
    assert not set("'\"<>") & set(shown)


@given(st.text(alphabet="l'a \n«»;:!?%12hm<b>&n@./", max_size=60), st.sampled_from(["fr", "en"]))
def test_setting_twice_changes_nothing_more(text: str, locale: str) -> None:
    once = typo(text, locale)
    assert typo(once, locale) == once


@given(st.text(max_size=60), st.sampled_from(["fr", "en"]))
def test_only_spaces_and_quotes_ever_change(text: str, locale: str) -> None:
    def bare(value: str) -> str:
        straight = value.translate(str.maketrans("’‘“”", "''\"\""))
        return "".join(straight.split())

    assert bare(typo(text, locale)) == bare(text)


def test_a_line_break_is_layout_in_a_letter_and_a_space_in_a_page() -> None:
    assert french("avant le 12\nmai") == "avant le 12\nmai"
    assert french(Markup("avant le 12\n  mai")) == "avant le 12_mai"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("the structure's file", "the structure’s file"),
        ("the structures' files", "the structures’ files"),
        ('He said "yes".', "He said “yes”."),
        ('"Yes?" he said', "“Yes?” he said"),
        ('("yes")', "(“yes”)"),
        ("a 'no' too", "a ‘no’ too"),
        ("the '90s", "the ’90s"),
        ('<b>"Yes"</b>', "<b>“Yes”</b>"),
    ],
)
def test_english_quotes_are_curly(typed: str, shown: str) -> None:
    assert english(typed) == shown


@pytest.mark.parametrize("typed", ["Why? 12 May: 50 % ; yes !", "« quoted »", "nº 12", "18 h"])
def test_english_spaces_are_left_alone(typed: str) -> None:
    assert typo(typed, "en") == typed


def test_an_escaped_english_quotation_is_curly_too() -> None:
    assert typo(Markup("&#34;Yes&#34;, it&#39;s"), "en") == "“Yes”, it’s"


def test_another_language_is_untouched() -> None:
    assert typo("l'avis ?", "br") == "l'avis ?"


def test_a_regional_locale_is_its_language() -> None:
    assert visible(typo("Non ?", "fr_FR")) == "Non|?"


def test_the_kind_of_text_is_kept() -> None:
    assert type(typo("oui ?", "fr")) is str
    assert type(typo(Markup("oui ?"), "fr")) is Markup


@pytest.mark.parametrize(
    "unit", ["a", " ", "<", "<a ", "<code>", "<!--", "'", "1", "12 ", "«", " :", "a@", "`a", "http://"]
)
def test_a_hostile_repetition_is_set_like_any_other(unit: str) -> None:
    text = unit * 20_000
    assert typo(typo(text, "fr"), "fr") == typo(text, "fr")
