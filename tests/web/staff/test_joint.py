"""The joint files at the desk: opening, joining, leaving, convening and notifying together."""

from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import Database
from app.files.store import store_for
from app.models import Decision, Dossier, JointFile, Piece, Poll, Structure
from app.operations.content import Filed, file_piece
from tests.conftest import Clock, counted
from tests.files.samples import pdf
from tests.make import Make, Member
from tests.operations.joint_world import NAME, Semeur, semeur
from tests.web.staff.conftest import Desk, Team

MOST_STATEMENTS = 8


def url(made: Semeur, path: str = "") -> str:
    return f"/avise/dossiers-communs/{made.joint.id}{path}"


def complete(make: Make, candidates: int = 2, neighbours: int = 3) -> tuple[Semeur, list[Member]]:
    members = [make.holder(f"Voisine {number:02d}") for number in range(1, neighbours + 1)]
    return semeur(make, candidates, stage="complet"), members


def decided(make: Make, clock: Clock, votes: list[str]) -> tuple[Semeur, list[Poll]]:
    made, members = complete(make, len(votes))
    polls = made.convene()
    for poll, letters in zip(polls, votes, strict=True):
        made.vote(poll, members, letters)
    clock.forward(days=11)
    made.settle(polls)
    return made, polls


def typed(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")


def test_a_joint_file_is_opened_for_several_structures_at_once(team: Team, make: Make) -> None:
    structures = [make.structure(name) for name in ("Aube", "Brise")]
    holder = make.holder("La Grange de Lomagne")
    make.label_version()
    desk = team.officer()
    page = desk.get("/avise/dossiers-communs/nouveau")
    assert "La Grange de Lomagne, déjà titulaire" in page
    chosen = [one.id for one in [*structures, holder.structure]]
    form = {"collective": NAME, "structures": chosen, "entry": "creation"}
    where = desk.browser.post("/avise/dossiers-communs/nouveau", data=form)
    assert where.status_code == 303
    joint = desk.one(select(JointFile))
    assert where.headers["Location"].endswith(joint.id)
    page = desk.get(where.headers["Location"])
    assert "2 structures" in page
    assert "déjà titulaire" in page
    assert NAME in desk.get("/avise/dossiers-communs")
    assert len(desk.all(select(Dossier))) == 2


def test_what_is_refused_is_said_at_its_field_and_keeps_what_was_typed(team: Team, make: Make) -> None:
    one, other = make.structure("Aube"), make.structure("Zénith", collective=make.collective("Un autre"))
    make.label_version()
    desk = team.officer()
    form = {"collective": NAME, "structures": [one.id, other.id], "entry": "creation"}
    answer = desk.browser.post("/avise/dossiers-communs/nouveau", data=form)
    assert answer.status_code == 422
    assert "Zénith appartient à un autre collectif" in answer.text
    assert answer.text.count("checked") >= 3
    assert desk.all(select(JointFile)) == []


def test_a_structure_is_added_with_copies_of_the_common_pieces(
    team: Team, make: Make, clock: Clock, app: Flask
) -> None:
    made = semeur(make, 2)
    late = make.structure("La Retardataire")
    make.dossier(late, stage="experimentation")
    store = store_for(app.config["SETTINGS"])
    keys = [store.keep(BytesIO(pdf())) for _ in range(2)]
    digest = sha256(pdf()).hexdigest()
    first, second = made.dossiers()
    filed = [Filed("opportunite.pdf", "pdf", len(pdf()), digest, key) for key in keys]
    by = make.actor(made.people[0])
    file_piece(make.db, first.id, "opportunite_territoire", filed[0], by=by, clock=clock, copies={second.id: filed[1]})
    desk = team.sits(made.officer)
    desk.post(url(made, "/structures"), structure=late.id, entry="creation")
    (dossier,) = desk.all(select(Dossier).where(Dossier.structure_id == late.id))
    assert dossier.joint_file_id == made.joint.id
    (piece,) = desk.all(
        select(Piece).where(Piece.dossier_id == dossier.id, Piece.requirement == "opportunite_territoire")
    )
    assert piece.stored_as not in keys
    assert store.intact(piece.stored_as, digest)
    desk.post(url(made, "/structures"), 422, structure="", entry="creation")
    desk.post(url(made, "/structures"), 422, structure=late.id, entry="creation")


def test_the_page_says_where_each_is_and_what_each_lacks(team: Team, make: Make) -> None:
    made = semeur(make, 2)
    page = team.sits(made.officer).get(url(made))
    assert "Il lui manque" in page
    assert "Délibération" in page
    assert page.count("Expérimentation") >= 2
    assert "pas comptée parmi les nouvelles" in page


def test_each_dossier_leads_to_the_joint_file(team: Team, make: Make) -> None:
    made = semeur(make, 2)
    first = made.dossiers()[0].id
    raw = team.sits(made.officer).raw(f"/avise/dossiers/{first}")
    assert url(made) in raw


def test_a_structure_goes_alone_for_a_reason(team: Team, make: Make) -> None:
    made = semeur(make, 2)
    gone = made.dossiers()[0].id
    desk = team.sits(made.officer)
    where = f"/avise/dossiers/{gone}/quitter-le-commun"
    assert "quitte le dossier commun" in desk.get(where)
    desk.post(where, 422, note="")
    desk.post(where, note="Elle demande plus tôt.")
    assert desk.dossier(gone).joint_file_id is None
    desk.post(url(made, f"/titulaires/{made.holder.structure.id}/fin"))
    assert "déjà titulaire" not in desk.get(url(made)).split("Ajouter une structure")[0]


def test_a_structure_leaves_its_collective_from_its_own_page(team: Team, make: Make) -> None:
    structure = make.structure("Aube", collective=make.collective(NAME))
    desk = team.officer()
    assert "Elle quitte son collectif" in desk.get(f"/avise/structures/{structure.id}")
    desk.post(f"/avise/structures/{structure.id}/collectif/fin")
    (found,) = desk.all(select(Structure.collective_id).where(Structure.id == structure.id))
    assert found is None
    desk.post(f"/avise/structures/{structure.id}/collectif/fin", 409)


def test_the_committee_is_convened_on_all_in_one_act(team: Team, make: Make, clock: Clock) -> None:
    made, _ = complete(make, 3)
    desk = team.sits(made.officer)
    assert "3 demandes sont prêtes" in desk.get(url(made))
    page = desk.get(url(made, "/comite"))
    assert "3 demandes de Le Semeur" in page or "3 demandes du Semeur" in page
    window = {"opens_at": typed(clock() + timedelta(days=1)), "closes_at": typed(clock() + timedelta(days=15))}
    desk.post(url(made, "/comite"), **window)
    assert len(desk.all(select(Poll))) == 3


def test_who_is_not_ready_is_named_and_the_others_may_go(team: Team, make: Make, clock: Clock) -> None:
    made, _ = complete(make, 2)
    late = make.structure("La Retardataire")
    make.dossier(late, stage="experimentation")
    made.add(late)
    desk = team.sits(made.officer)
    window = {"opens_at": typed(clock() + timedelta(days=1)), "closes_at": typed(clock() + timedelta(days=15))}
    page = desk.post(url(made, "/comite"), 422, **window)
    assert "La Retardataire" in page
    assert desk.all(select(Poll)) == []
    desk.post(url(made, "/comite"), **window, ready_only="y")
    assert len(desk.all(select(Poll))) == 2


def test_a_window_too_short_is_said_at_its_field(team: Team, make: Make, clock: Clock) -> None:
    made, _ = complete(make, 2)
    desk = team.sits(made.officer)
    window = {"opens_at": typed(clock()), "closes_at": typed(clock() + timedelta(days=2))}
    assert "5 jours" in desk.post(url(made, "/comite"), 422, **window)


def test_all_the_letters_leave_from_one_page(team: Team, make: Make, clock: Clock) -> None:
    made, polls = decided(make, clock, ["fff", "fff", "aaa"])
    clock.at = datetime(2026, 11, 17, 9, 0, tzinfo=clock.at.tzinfo)
    desk = team.arbiter()
    page = desk.get(url(made, "/notification"))
    assert "3 lettres" in page
    no = polls[2].dossier_id
    assert "appel" in desk.post(url(made, "/notification"), 422)
    assert desk.all(select(Decision.notified_at)) == [None] * 3
    desk.post(
        url(made, "/notification"),
        **{f"{no}-call": "called", f"{no}-called_on": "2026-11-17", f"{no}-called_by": "Fanny Delorme"},
    )
    moments = desk.all(select(Decision.notified_at))
    assert moments == [clock.at] * 3


def test_letters_that_wait_say_for_whom_and_none_leaves(team: Team, make: Make, clock: Clock) -> None:
    made, members = complete(make, 2)
    polls = made.convene()
    made.vote(polls[0], members, "fff")
    clock.forward(days=11)
    made.settle(polls[:1])
    waited = make.db.get_one(Dossier, polls[1].dossier_id).structure_id
    name = make.db.get_one(Structure, waited).name
    desk = team.arbiter()
    assert name in desk.get(url(made, "/notification"))
    desk.post(url(made, "/notification"), 409)
    alone = f"/avise/dossiers/{polls[0].dossier_id}/notification"
    assert name in desk.get(alone)
    assert "partent ensemble" in desk.post(alone, 422)
    assert desk.all(select(Decision.notified_at)) == [None]
    desk.post(alone, alone="Son financeur attend la lettre.")
    assert desk.all(select(Decision.notified_at)) == [clock.at]


def test_only_who_decides_sends_the_letters(team: Team, make: Make, clock: Clock) -> None:
    made, _ = decided(make, clock, ["fff", "fff"])
    team.sits(made.officer).get(url(made, "/notification"), 403)
    desk = team.arbiter()
    for path in ("/comite", "/structures"):
        assert desk.browser.post(url(made, path)).status_code == 403
    assert desk.browser.post("/avise/dossiers-communs/nouveau").status_code == 403


@pytest.mark.parametrize("path", ["", "/comite", "/notification"])
def test_who_is_not_of_the_team_finds_nothing(team: Team, make: Make, path: str) -> None:
    made = semeur(make, 2)
    desk: Desk = team.sits(made.people[0])
    assert desk.browser.get(url(made, path)).status_code in (403, 404)
    assert desk.browser.get("/avise/dossiers-communs/nothing").status_code in (403, 404)


@pytest.mark.parametrize("candidates", [2, 6])
def test_pages_cost_the_same_however_many_they_are(
    team: Team, make: Make, clock: Clock, database: Database, candidates: int
) -> None:
    made, _ = complete(make, candidates)
    desk = team.sits(made.officer)
    for path in (url(made), url(made, "/comite"), "/avise/dossiers-communs", "/avise/dossiers-communs/nouveau"):
        with counted(database) as sent:
            desk.raw(path)
        assert len(sent) <= MOST_STATEMENTS, (path, len(sent), sent)
    desk = team.arbiter()
    with counted(database) as sent:
        desk.raw(url(made, "/notification"))
    assert len(sent) <= MOST_STATEMENTS, sent
