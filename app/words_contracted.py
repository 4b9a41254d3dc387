"""Names after « de » and « à »: « l’avis du Chai », « des Moissons », « aux Ateliers », « d’Atelier Brévent ».

French contracts an article that begins a name (Grevisse, « Le Bon Usage », § 592) and elides « de » before a vowel or a
silent h. English does neither: there a name stays as it is, and the sentence carries its own preposition.
"""

import re

from flask_babel import get_locale

from app.folding import folded

ARTICLES = re.compile(r"(les?)\s+(?=\S)", re.IGNORECASE)
VOWEL = re.compile(r"[aeiouœæ]|y(?![aeiouœæ])")
#: Words that begin with a vowel or an h and before which nothing is elided.
ASPIRATED = re.compile(
    r"onz|oui|ouistiti|yaourt|h(?:ub|alle|all|ameau|angar|aricot|arde|asard|aut|avre|eron|erisson|etre|ibou|isse|ors|"
    r"ouille|uit|utte|aie|alte|ongr|olland|lm)"
)


def of(name: str) -> str:
    """A name after « de »: « du Chai », « des Moissons », « de La Grange », « d’Atelier Brévent »; alone in English."""
    if in_english():
        return name
    if (article := ARTICLES.match(name)) is not None:
        return f"{'des' if plural(article) else 'du'} {name[article.end() :]}"
    return f"d’{name}" if elided(name) else f"de {name}"


def to(name: str) -> str:
    """A name after « à »: « au Chai », « aux Moissons », « à La Grange »; alone in English."""
    if in_english():
        return name
    if (article := ARTICLES.match(name)) is not None:
        return f"{'aux' if plural(article) else 'au'} {name[article.end() :]}"
    return f"à {name}"


def in_english() -> bool:
    return str(get_locale() or "fr").startswith("en")


def plural(article: re.Match[str]) -> bool:
    return article[1].lower() == "les"


def elided(name: str) -> bool:
    """Whether « de » loses its vowel before this name."""
    sound = folded(name).lstrip("«“\"'( ")
    return bool(VOWEL.match(sound) or re.match(r"h", sound)) and not ASPIRATED.match(sound)
