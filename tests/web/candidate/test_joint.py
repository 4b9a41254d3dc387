"""The joint file, as its structures and its co-author read and write it; and what none of them sees of the others."""

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import Database
from app.models import Answer, Dossier, Mandate, Piece
from app.operations.content import write_answer
from tests.conftest import Clock, counted
from tests.files.samples import pdf
from tests.make import Make
from tests.operations.joint_world import COMMON, Semeur, semeur
from tests.web.candidate.conftest import text_of

MOST_STATEMENTS = 8


@pytest.fixture
def made(make: Make, clock: Clock) -> Semeur:
    """Five candidates and a holder; the first has written something of its own."""
    world = semeur(make)
    own = world.dossiers()[0]
    by = make.actor(world.people[0])
    write_answer(make.db, own.id, "utilite_structure", "Un secret de la première.", by=by, clock=clock)
    make.commit()
    return world


def ids(made: Semeur) -> list[str]:
    """The identifiers of its dossiers, in the order of its structures; requests may write afterwards."""
    found = [one.id for one in made.dossiers()]
    made.make.commit()
    return found


def written(made: Semeur) -> list[str | None]:
    """The common text in each dossier, as the database has it now."""
    found = made.texts()
    made.make.commit()
    return found


def url(made: Semeur, path: str = "") -> str:
    return f"/dossiers/communs/{made.joint.id}{path}"


def test_a_candidate_reads_what_is_common_and_of_the_others_only_the_names(client: FlaskClient, made: Semeur) -> None:
    page = text_of(client.sign_in(made.people[1]).get(url(made)).text)  # type: ignore[attr-defined]
    assert "5 structures de Le Semeur" in page or "5 structures du Semeur" in page
    assert "La Grange de Lomagne" in page
    assert "déjà titulaire" in page
    for structure in made.structures:
        assert structure.name in page
    first, mine, *others = ids(made)
    raw = client.get(url(made)).text
    assert f'href="/dossiers/{mine}"' in raw
    assert all(f"/dossiers/{other}" not in raw for other in (first, *others))
    assert "secret de la première" not in raw
    assert "xpérimentation" not in page


def test_the_own_dossier_of_another_is_the_page_of_what_does_not_exist(client: FlaskClient, made: Semeur) -> None:
    first = ids(made)[0]
    for person in (made.people[1], made.holder.person):
        client.sign_in(person)  # type: ignore[attr-defined]
        for path in ("", "/reponses/utilite_structure", f"/reponses/{COMMON}", "/pieces/deliberation"):
            assert client.get(f"/dossiers/{first}{path}").status_code == 404


def test_a_co_author_writes_the_common_part_and_nothing_else(client: FlaskClient, make: Make, made: Semeur) -> None:
    client.sign_in(made.holder.person)  # type: ignore[attr-defined]
    page = text_of(client.get(url(made, f"/reponses/{COMMON}")).text)
    assert "commun aux 5 structures" in page
    assert "vaut pour toutes" in page
    sent = client.post(url(made, f"/reponses/{COMMON}"), data={"text": "Écrit par la Grange.", "seen": ""})
    assert sent.status_code == 303
    assert written(made) == ["Écrit par la Grange."] * 5
    assert client.get(url(made, "/reponses/utilite_structure")).status_code == 404
    assert client.post(url(made, "/reponses/utilite_structure"), data={"text": "Non."}).status_code == 404
    assert client.post(url(made, "/pieces/deliberation")).status_code == 404


def test_a_co_author_finds_it_among_her_dossiers(client: FlaskClient, made: Semeur) -> None:
    page = client.sign_in(made.holder.person).get("/dossiers")  # type: ignore[attr-defined]
    assert page.status_code == 200
    assert url(made) in page.text
    assert "ne demande rien" in text_of(page.text)


def test_nobody_else_sees_it(client: FlaskClient, make: Make, made: Semeur) -> None:
    stranger = make.person("titulaire", structure=make.structure())
    administrator = make.person("administrator")
    make.commit()
    for person in (stranger, administrator):
        client.sign_in(person)  # type: ignore[attr-defined]
        missing = client.get("/dossiers/communs/nothing")
        hidden = client.get(url(made))
        assert (hidden.status_code, missing.status_code) == (404, 404)
        assert client.post(url(made, f"/reponses/{COMMON}"), data={"text": "Non."}).status_code == 404
    assert written(made) == [None] * 5


def test_the_team_reads_and_does_not_write(client: FlaskClient, made: Semeur) -> None:
    client.sign_in(made.officer)  # type: ignore[attr-defined]
    assert client.get(url(made)).status_code == 200
    assert client.post(url(made, f"/reponses/{COMMON}"), data={"text": "Non."}).status_code == 403
    assert client.post(url(made, "/pieces/opportunite_territoire")).status_code == 403


def test_a_person_invited_by_another_structure_reads_its_dossier_too(
    client: FlaskClient, make: Make, made: Semeur
) -> None:
    """Maud belongs to the third structure and contributes to the fifth: she writes both, signs one."""
    maud = make.person("titulaire", structure=made.structures[2], name="Maud Etcheverry")
    fifth_one = made.structures[4].id
    make.db.add(Mandate(person_id=maud.id, structure_id=fifth_one, role="contribution", since=make.clock()))
    make.commit()
    third, fifth = ids(made)[2], ids(made)[4]
    raw = client.sign_in(maud).get(url(made)).text  # type: ignore[attr-defined]
    assert f"/dossiers/{third}" in raw
    assert f"/dossiers/{fifth}" in raw
    sent = client.post(f"/dossiers/{fifth}/reponses/utilite_structure", data={"text": "Écrit par Maud.", "seen": ""})
    assert sent.status_code == 303
    assert client.get(f"/dossiers/{fifth}/quitter-le-commun").status_code == 403


def test_a_common_question_of_ones_own_dossier_leads_to_the_common_page(client: FlaskClient, made: Semeur) -> None:
    own = ids(made)[1]
    client.sign_in(made.people[1])  # type: ignore[attr-defined]
    for path in (f"/reponses/{COMMON}", "/pieces/opportunite_territoire"):
        answer = client.get(f"/dossiers/{own}{path}")
        assert (answer.status_code, answer.headers["Location"]) == (303, url(made, path))
    assert client.get(f"/dossiers/{own}/reponses/utilite_structure").status_code == 200


def test_a_text_written_meanwhile_is_shown_and_nothing_typed_is_lost(client: FlaskClient, made: Semeur) -> None:
    client.sign_in(made.people[1])  # type: ignore[attr-defined]
    made.write("Écrit entre-temps.")
    made.make.commit()
    answer = client.post(url(made, f"/reponses/{COMMON}"), data={"text": "Mon texte.", "seen": "0" * 64})
    page = text_of(answer.text)
    assert answer.status_code == 422
    assert "Écrit entre-temps." in page
    assert "Mon texte." in answer.text


def test_a_common_piece_is_kept_once_for_each(client: FlaskClient, make: Make, made: Semeur, tmp_path: Path) -> None:
    client.sign_in(made.holder.person)  # type: ignore[attr-defined]
    sent = client.post(
        url(made, "/pieces/opportunite_territoire"),
        data={"file": (BytesIO(pdf()), "Opportunité.pdf")},
        content_type="multipart/form-data",
    )
    assert sent.status_code == 303, text_of(sent.text)
    rows = list(make.db.execute(select(Piece).where(Piece.requirement == "opportunite_territoire")).scalars())
    assert {one.dossier_id for one in rows} == set(ids(made))
    assert {path.name for path in (tmp_path / "pieces").iterdir()} >= {one.stored_as for one in rows}
    assert len({one.stored_as for one in rows}) == 5
    make.commit()
    page = client.get(url(made, "/pieces/opportunite_territoire")).text
    shown = [one for one in rows if one.id in page]
    assert len(shown) == 1
    got = client.get(url(made, f"/pieces/opportunite_territoire/{shown[0].id}"))
    assert got.status_code == 200
    other = next(one for one in rows if one is not shown[0])
    assert client.get(url(made, f"/pieces/opportunite_territoire/{other.id}")).status_code == 404


def test_the_same_common_piece_again_leaves_no_bytes_behind(client: FlaskClient, made: Semeur, tmp_path: Path) -> None:
    client.sign_in(made.holder.person)  # type: ignore[attr-defined]
    for _ in range(2):
        client.post(
            url(made, "/pieces/opportunite_territoire"),
            data={"file": (BytesIO(pdf()), "Opportunité.pdf")},
            content_type="multipart/form-data",
        )
    stored = {one.stored_as for one in made.make.db.execute(select(Piece)).scalars()}
    assert {path.name for path in (tmp_path / "pieces").iterdir()} <= stored


def test_a_file_that_is_refused_is_kept_for_nobody(client: FlaskClient, made: Semeur, tmp_path: Path) -> None:
    client.sign_in(made.holder.person)  # type: ignore[attr-defined]
    answer = client.post(
        url(made, "/pieces/opportunite_territoire"),
        data={"file": (BytesIO(b"not a pdf"), "a.pdf")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422
    assert not (tmp_path / "pieces").exists() or not list((tmp_path / "pieces").iterdir())


def test_a_structure_leaves_with_a_word_of_its_signatory(client: FlaskClient, make: Make, made: Semeur) -> None:
    own = ids(made)[1]
    client.sign_in(made.people[1])  # type: ignore[attr-defined]
    page = text_of(client.get(f"/dossiers/{own}/quitter-le-commun").text)
    assert "ne retire pas votre demande" in page
    assert client.post(f"/dossiers/{own}/quitter-le-commun", data={"note": " "}).status_code == 422
    assert client.post(f"/dossiers/{own}/quitter-le-commun", data={"note": "Seules."}).status_code == 303
    assert client.get(f"/dossiers/{own}/quitter-le-commun").status_code == 404
    assert client.get(url(made)).status_code == 404
    assert make.db.get_one(Dossier, own, populate_existing=True).joint_file_id is None


def test_a_dossier_that_left_keeps_its_own_page_for_the_question(client: FlaskClient, make: Make, made: Semeur) -> None:
    made.write("Commun.")
    make.commit()
    own = ids(made)[1]
    client.sign_in(made.people[1])  # type: ignore[attr-defined]
    client.post(f"/dossiers/{own}/quitter-le-commun", data={"note": "Seules."})
    page = client.get(f"/dossiers/{own}/reponses/{COMMON}")
    assert page.status_code == 200
    assert "Commun." in page.text
    assert make.db.get_one(Answer, (own, COMMON)).text == "Commun."


def test_my_dossier_says_with_whom(client: FlaskClient, made: Semeur) -> None:
    own = ids(made)[1]
    page = text_of(client.sign_in(made.people[1]).get(f"/dossiers/{own}").text)  # type: ignore[attr-defined]
    assert "dossier commun" in page
    assert made.structures[0].name in page


@pytest.mark.parametrize("candidates", [2, 6])
def test_a_page_costs_the_same_however_many_they_are(
    app: Flask, make: Make, database: Database, candidates: int
) -> None:
    made = semeur(make, candidates)
    make.commit()
    visitor = app.test_client().sign_in(made.people[0])  # type: ignore[attr-defined]
    for path in ("", f"/reponses/{COMMON}", "/pieces/opportunite_territoire"):
        with counted(database) as sent:
            assert visitor.get(url(made, path)).status_code == 200
        assert len(sent) <= MOST_STATEMENTS, sent
