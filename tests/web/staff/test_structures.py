"""Structures, their people and the team: who may act, from when, until when."""

from sqlalchemy import select

from app.models import Mandate, Message, Person, StructureName, WebSession
from tests.conftest import Clock, counted
from tests.make import Make
from tests.web.staff.conftest import Team

SOMEBODY = {"name": "Rodrigue Aubert", "email": "rodrigue@rives.example", "function": "directeur", "role": "suppleance"}


def test_structures_come_in_french_order_and_are_found_without_their_accents(team: Team, make: Make) -> None:
    for name in ("Zénith", "Éclat", "Œuvre commune", "Atelier"):
        make.structure(name)
    desk = team.officer()
    page = desk.get("/avise/structures")
    assert sorted(["Atelier", "Éclat", "Œuvre commune", "Zénith"], key=page.index) == [
        "Atelier",
        "Éclat",
        "Œuvre commune",
        "Zénith",
    ]
    found = desk.get("/avise/structures?q=oeuvre")
    assert "Œuvre commune" in found
    assert "Zénith" not in found
    assert "Aucune structure de ce nom." in desk.get("/avise/structures?q=nothing")


def test_the_list_costs_the_same_with_two_structures_as_with_forty(team: Team, make: Make) -> None:
    make.holder()
    desk = team.officer()
    database = team.app.extensions["database"]
    desk.get("/avise/structures")
    with counted(database) as few:
        desk.get("/avise/structures")
    for _ in range(40):
        make.structure()
    make.commit()
    with counted(database) as many:
        page = desk.raw("/avise/structures")
    assert len(few) == len(many) <= 8
    assert 'rel="next"' in page


def test_a_structure_is_read_with_its_history_its_names_and_its_people(team: Team, make: Make) -> None:
    member = make.holder("Rives-Nord")
    make.db.add(StructureName(structure_id=member.structure.id, kind="former", name="Rives et Berges"))
    page = team.officer().get(f"/avise/structures/{member.structure.id}")
    for words in (
        "Rives-Nord",
        "Rives et Berges, ancien nom",
        "Drôme, département (26)",
        "avec appellation",
        "depuis juin 2020",
        member.person.name,
        "invitation valable jusqu’au 9 novembre 2026",
        "structure fictive",
    ):
        assert words in page


def test_a_structure_costs_the_same_whatever_its_people(team: Team, make: Make) -> None:
    bare, full = make.structure(), make.structure()
    for _ in range(5):
        make.person(structure=full)
    desk = team.officer()
    database = team.app.extensions["database"]
    desk.get(f"/avise/structures/{bare.id}")
    spent = []
    for structure in (bare, full):
        with counted(database) as statements:
            desk.get(f"/avise/structures/{structure.id}")
        spent.append(len(statements))
    assert spent[0] == spent[1] <= 8


def test_a_person_is_invited_in_a_role(team: Team, make: Make) -> None:
    structure = make.structure()
    desk = team.officer()
    path = f"/avise/structures/{structure.id}/personnes"
    desk.post(path, **SOMEBODY)
    person = desk.one(select(Person).where(Person.email == SOMEBODY["email"]))
    assert (person.name, person.function, person.fictional) == ("Rodrigue Aubert", "directeur", True)
    assert desk.all(select(Mandate.role).where(Mandate.person_id == person.id)) == ["suppleance"]
    assert desk.all(select(Message.notice).where(Message.person_id == person.id)) == ["invitation"]
    assert "Cette personne a déjà ce rôle." in desk.post(path, 422, **{**SOMEBODY, "email": "RODRIGUE@rives.example"})
    assert "Rodrigue Aubert" in desk.get(f"/avise/structures/{structure.id}")


def test_an_invitation_needs_a_name_an_address_and_a_known_role(team: Team, make: Make) -> None:
    structure = make.structure()
    desk = team.officer()
    path = f"/avise/structures/{structure.id}/personnes"
    assert "2 points à reprendre" in desk.post(path, 422, name="", email="", role="titulaire")
    assert "Cette adresse de courriel n’est pas valable." in desk.post(path, 422, **{**SOMEBODY, "email": "nowhere"})
    desk.post(path, 422, **{**SOMEBODY, "role": "officer"})
    desk.post("/avise/structures/nothing/personnes", 404, **SOMEBODY)
    assert desk.all(select(Person.id).where(Person.name == "Rodrigue Aubert")) == []


def test_a_mandate_ends_with_the_sessions_of_who_held_it(team: Team, make: Make) -> None:
    member = make.holder()
    (mandate,) = make.db.execute(select(Mandate.id).where(Mandate.person_id == member.person.id)).scalars()
    hers = team.sits(member.person)
    hers.browser.get("/")
    desk = team.officer()
    assert desk.all(select(WebSession.id).where(WebSession.person_id == member.person.id)) != []
    desk.post(f"/avise/structures/{member.structure.id}/mandats/{mandate}/fin")
    assert desk.one(select(Mandate.until).where(Mandate.id == mandate)) is not None
    assert desk.all(select(WebSession.id).where(WebSession.person_id == member.person.id)) == []
    assert "Mandats terminés" in desk.get(f"/avise/structures/{member.structure.id}")
    desk.post(f"/avise/structures/{member.structure.id}/mandats/{mandate}/fin", 404)


def test_no_mandate_ends_through_another_structure(team: Team, make: Make) -> None:
    one, other = make.holder(), make.structure()
    administrator = make.person("administrator")
    held = {row.person_id: row.id for row in make.db.execute(select(Mandate.person_id, Mandate.id))}
    desk = team.officer()
    for person in (one.person, administrator):
        desk.post(f"/avise/structures/{other.id}/mandats/{held[person.id]}/fin", 404)
    assert desk.all(select(Mandate.id).where(Mandate.until.is_not(None))) == []


def test_an_invitation_is_sent_again_until_she_has_come_in(team: Team, make: Make, clock: Clock) -> None:
    member = make.holder()
    person, other = member.person.id, make.structure().id
    path = f"/avise/structures/{member.structure.id}/personnes/{person}/invitation"
    clock.forward(days=8)
    desk = team.officer()
    assert "invitation échue" in desk.get(f"/avise/structures/{member.structure.id}")
    desk.post(path)
    sent = select(Message.id).where(Message.person_id == member.person.id, Message.notice == "invitation")
    assert len(desk.all(sent)) == 2
    member.person.password = "a hash"
    make.commit()
    desk.post(path, 409)
    desk.post(f"/avise/structures/{other}/personnes/{person}/invitation", 404)


def test_arbiters_read_structures_and_invite_nobody(team: Team, make: Make) -> None:
    member = make.holder()
    desk = team.arbiter()
    assert "Inviter une personne" not in desk.get(f"/avise/structures/{member.structure.id}")
    desk.post(f"/avise/structures/{member.structure.id}/personnes", 403, **SOMEBODY)


def test_nobody_outside_the_team_reads_structures(team: Team, make: Make) -> None:
    member = make.holder()
    desk = team.sits(member.person)
    for path in ("structures", f"structures/{member.structure.id}", "structures/nothing", "equipe"):
        desk.get(f"/avise/{path}", 403)


def test_an_administrator_gives_roles_in_the_team(team: Team, make: Make) -> None:
    desk = team.administrator()
    desk.post("/avise/equipe", name="Thomas Wacheux", email="thomas@avise.example", role="officer")
    page = desk.get("/avise/equipe")
    assert "Thomas Wacheux" in page
    assert "suivi des dossiers" in page
    assert "Cette personne a déjà ce rôle." in desk.post(
        "/avise/equipe", 422, name="Thomas", email="thomas@avise.example", role="officer"
    )


def test_an_officer_reads_the_team_and_changes_nothing_in_it(team: Team, make: Make) -> None:
    desk = team.officer()
    assert "Inviter une personne dans l’équipe" not in desk.get("/avise/equipe")
    desk.post("/avise/equipe", 403, name="X", email="x@avise.example", role="administrator")


def test_nobody_gives_herself_a_role(team: Team, make: Make) -> None:
    me = make.person("administrator")
    desk = team.sits(me)
    page = desk.post("/avise/equipe", 422, name=me.name, email=me.email, role="arbiter")
    assert "Une autre personne de l’administration vous donne ce rôle." in page


def test_somebody_of_a_structure_is_not_invited_in_the_team(team: Team, make: Make) -> None:
    member = make.holder()
    page = team.administrator().post("/avise/equipe", 422, name="X", email=member.person.email, role="officer")
    assert "ne peut pas agir pour une structure" in page


def test_a_role_in_the_team_ends_but_not_the_last_administrator_s(team: Team, make: Make) -> None:
    officer, administrator = make.officer(), make.person("administrator")
    held = {row.person_id: row.id for row in make.db.execute(select(Mandate.person_id, Mandate.id))}
    officer_id, own = officer.id, held[administrator.id]
    desk = team.sits(administrator)
    desk.post(f"/avise/equipe/mandats/{held[officer_id]}/fin")
    assert desk.one(select(Mandate.until).where(Mandate.person_id == officer_id)) is not None
    assert "Personne d’autre n’administre le site" in desk.post(f"/avise/equipe/mandats/{own}/fin", 409)
    desk.post("/avise/equipe/mandats/nothing/fin", 404)


def test_an_invitation_to_the_team_is_sent_again(team: Team, make: Make) -> None:
    officer = make.officer()
    desk = team.administrator()
    desk.post(f"/avise/equipe/{officer.id}/invitation")
    asked = select(Message.id).where(Message.notice == "invitation", Message.person_id == officer.id)
    assert len(desk.all(asked)) == 2


def test_a_dossier_is_offered_to_who_has_neither_dossier_nor_appellation(team: Team, make: Make) -> None:
    free, busy, holder = make.structure(), make.structure(), make.holder().structure
    make.dossier(busy)
    desk = team.officer()
    assert "Ouvrir son dossier" in desk.get(f"/avise/structures/{free.id}")
    for structure in (busy, holder):
        assert "Ouvrir son dossier" not in desk.get(f"/avise/structures/{structure.id}")


def test_the_team_says_how_it_checked_a_name_when_nobody_is_left(team: Team, make: Make) -> None:
    structure = make.structure("Passerelles 26")
    gone = make.person("titulaire", structure=structure)
    held = select(Mandate).where(Mandate.person_id == gone.id)
    make.db.execute(held).scalar_one().until = make.clock()
    make.commit()
    desk = team.officer()
    where = f"/avise/structures/{structure.id}"
    assert "Comment vous avez vérifié ce nom" in desk.get(where)
    desk.post(f"{where}/personnes", 422, **SOMEBODY)
    desk.post(f"{where}/personnes", **SOMEBODY, check="appel au numéro du registre")
    assert "Rodrigue Aubert" in desk.get(where)
    assert "Comment vous avez vérifié ce nom" not in desk.get(where)


def test_every_arbiter_is_told_of_a_role_that_was_given(team: Team, make: Make) -> None:
    first, second = make.arbiter(), make.arbiter()
    officer = make.officer()
    desk = team.administrator()
    given = {"name": "Thomas Wacheux", "email": "thomas@fabrique.example"}
    desk.post("/avise/equipe", **given, role="arbiter")
    told = desk.all(select(Message.person_id).where(Message.notice == "team_changed"))
    assert {first.id, second.id} <= set(told)
    assert officer.id not in told
    desk.post("/avise/equipe", **given, role="officer")
    assert len(desk.all(select(Message.id).where(Message.notice == "team_changed"))) > len(told)
