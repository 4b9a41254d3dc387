"""Answers of every kind, through the pages: written, read back, refused with a sentence, and never half kept."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.models import Answer
from app.queries.my_content import text_digest
from tests.web.candidate.conftest import Candidate, text_of

Made = Callable[..., Candidate]
Fields = list[tuple[str, str]]
PARTNERS = "partenaires_types"
TWO: Fields = [
    ("text-kind", "ess"),
    ("text-name", "Les Amis du marché"),
    ("text-kind", "collectivite"),
    ("text-name", "Ormeval"),
]


def stored(someone: Candidate, criterion: str) -> str | None:
    asked = select(Answer.text).where(Answer.dossier_id == someone.dossier.id, Answer.criterion == criterion)
    return next(iter(someone.rows(asked)), None)


def send(someone: Candidate, criterion: str, fields: Fields | str) -> tuple[int, str]:
    pairs = [("text", fields)] if isinstance(fields, str) else fields
    data: dict[str, list[str]] = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    answer = someone.browser.post(f"{someone.url}/reponses/{criterion}", data=data)
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    ("criterion", "fields", "kept", "shown"),
    [
        ("temps_equipe", "12", "12", 'value="12"'),
        ("depuis", "03/2019", "2019-03", 'value="2019-03"'),
        ("etapes_menees", [("text", "porteur"), ("text", "detection")], '["detection","porteur"]', "checked"),
        (PARTNERS, TWO, '[["ess","Les Amis du marché"],["collectivite","Ormeval"]]', 'value="Les Amis du marché"'),
        ("territoires", [("text-kind", "commune"), ("text-name", "Ormeval")], '[["commune","Ormeval"]]', "Ormeval"),
    ],
)
def test_an_answer_of_each_kind_is_written_and_shown_again(
    candidate: Made, criterion: str, fields: Fields | str, kept: str, shown: str
) -> None:
    someone = candidate()
    assert send(someone, criterion, fields)[0] == 303
    assert stored(someone, criterion) == kept
    assert shown in someone.browser.get(f"{someone.url}/reponses/{criterion}").text
    assert "Le 2 novembre 2026, par Personne" in someone.page()


def test_an_answer_that_no_longer_changes_is_read_in_words(candidate: Made) -> None:
    someone = candidate("demande")
    page = someone.page(f"/reponses/{PARTNERS}")
    assert "Partenaire collectivite (Collectivité territoriale ou intercommunalité)" in page
    assert "Cette réponse ne change plus à cette étape." in page


@pytest.mark.parametrize(
    ("criterion", "typed", "sentence"),
    [
        ("temps_equipe", "٣", "Écrivez un nombre entier, en chiffres."),
        ("temps_equipe", "1e309", "Écrivez un nombre entier, en chiffres."),
        ("temps_equipe", "9" * 5000, "Écrivez un nombre de 500 au plus."),
        ("depuis", "0001-01", "Écrivez un mois comme 05/2027, entre 1900 et 2100."),
        ("depuis", "2027-02-29", "Écrivez un mois comme 05/2027, entre 1900 et 2100."),
        ("etapes_menees", "autre", "Choisissez l’une des réponses proposées."),
        ("partenaires", [("text", "un"), ("text", "deux")], "Cette réponse n’a pas la forme attendue"),
        ("depuis", [("text", "2019-03"), ("text", "2020-03")], "Cette réponse n’a pas la forme attendue"),
        (PARTNERS, [("text-kind", "ess")], "Cette réponse n’a pas la forme attendue"),
        (PARTNERS, [*TWO, ("text-name", "Sans type")], "Cette réponse n’a pas la forme attendue"),
        (PARTNERS, [("text-kind", ""), ("text-name", "La Ruchette")], "Choisissez un type pour « La Ruchette »."),
        (PARTNERS, [("text-kind", "x"), ("text-name", "La Ruchette")], "Choisissez un type pour « La Ruchette »."),
        (PARTNERS, [("text-kind", "ess"), ("text-name", "")], "Écrivez le nom de chaque partenaire."),
        ("territoires", [("text-kind", "ess"), ("text-name", "Là")], "Choisissez une nature pour « Là »."),
    ],
)
def test_what_cannot_be_read_is_given_back_with_a_sentence_and_nothing_is_written(
    candidate: Made, criterion: str, typed: Fields | str, sentence: str
) -> None:
    someone = candidate()
    before = someone.entries()
    status, page = send(someone, criterion, typed)
    assert status == 422
    assert sentence in text_of(page)
    last = typed if isinstance(typed, str) else typed[-1][1]
    assert last in page or criterion in ("partenaires", "depuis", "etapes_menees")
    assert (stored(someone, criterion), someone.entries()) == (None, before)


def test_a_date_that_is_none_is_shown_as_it_was_typed(candidate: Made) -> None:
    page = send(candidate(), "depuis", "mars 2019")[1]
    assert 'value="mars 2019"' in page
    assert 'type="month"' not in page


@pytest.mark.parametrize("typed", ["\x00", "12\x00", "\x1b[2J"])
@pytest.mark.parametrize("criterion", ["partenaires", "temps_equipe", PARTNERS])
def test_a_control_sign_passes_through_no_kind(candidate: Made, criterion: str, typed: str) -> None:
    someone = candidate()
    fields = [("text-kind", "ess"), ("text-name", typed)] if criterion == PARTNERS else typed
    assert send(someone, criterion, fields)[0] == 400
    assert stored(someone, criterion) is None


def test_a_list_longer_than_the_house_reads_is_refused(candidate: Made) -> None:
    someone = candidate()
    fields = [pair for n in range(41) for pair in (("text-kind", "ess"), ("text-name", f"Partenaire {n}"))]
    status, page = send(someone, PARTNERS, fields)
    assert status == 422
    assert "Cette liste est trop longue : 40 lignes au plus." in text_of(page)
    assert send(someone, PARTNERS, fields * 10)[0] == 413


FORBIDDEN = (
    "id", "role", "is_admin", "structure_id", "state", "owner", "created_at", "quorum", "decided_at", "weight",
    "words", "written_by", "written_at", "dossier_id", "stage", "label_version_id", "criterion", "person_id",
)  # fmt: skip


def test_fields_that_no_page_asks_for_change_nothing(candidate: Made) -> None:
    someone = candidate()
    fields = [("text", "Deux communes."), *((name, "999") for name in FORBIDDEN)]
    assert len(FORBIDDEN) == 18
    assert send(someone, "partenaires", fields)[0] == 303
    (answer,) = someone.rows(select(Answer).where(Answer.dossier_id == someone.dossier.id))
    assert (answer.criterion, answer.text, answer.words) == ("partenaires", "Deux communes.", 2)
    assert answer.written_by == someone.person.id
    assert someone.stage() == "experimentation"


def test_a_line_is_added_and_another_taken_out_without_a_script_and_without_losing_any(candidate: Made) -> None:
    someone = candidate()
    status, page = send(someone, PARTNERS, [*TWO, ("row", "add")])
    assert (status, page.count('name="text-name"')) == (200, 3)
    assert "Les Amis du marché" in page and "Ormeval" in page
    status, page = send(someone, PARTNERS, [*TWO, ("row", "remove-0")])
    assert (status, page.count('name="text-name"')) == (200, 1)
    assert "Les Amis du marché" not in page and "Ormeval" in page
    assert stored(someone, PARTNERS) is None


@pytest.mark.parametrize("act", ["remove-9", "remove-", "remove--1", "remove-٣", "remove-" + "9" * 13, "drop"])
def test_a_line_that_does_not_exist_is_not_taken_out(candidate: Made, act: str) -> None:
    status, page = send(candidate(), PARTNERS, [*TWO, ("row", act)])
    assert (status, page.count('name="text-name"')) == (200, 2)


def test_partners_of_one_type_are_asked_to_be_more_diverse(candidate: Made) -> None:
    someone = candidate()
    send(someone, PARTNERS, TWO[:2])
    assert (
        "Vos partenaires, par type : des partenaires de 2 types différents au moins, 1 aujourd’hui." in someone.page()
    )
    send(someone, PARTNERS, TWO)
    assert "types différents" not in someone.page()


def test_a_list_written_from_an_old_page_is_kept_beside_the_newer_one(candidate: Made) -> None:
    someone = candidate()
    seen = ("seen", text_digest(""))
    assert send(someone, PARTNERS, [*TWO, seen])[0] == 303
    mine: Fields = [("text-kind", "etat"), ("text-name", "La Ruchette")]
    status, page = send(someone, PARTNERS, [*mine, seen])
    assert status == 422
    assert 'value="La Ruchette"' in page
    assert "Ormeval (Collectivité territoriale ou intercommunalité)" in text_of(page)
    newer = text_digest('[["ess","Les Amis du marché"],["collectivite","Ormeval"]]')
    assert newer in page
    assert send(someone, PARTNERS, [*mine, ("seen", newer)])[0] == 303
    assert stored(someone, PARTNERS) == '[["etat","La Ruchette"]]'
