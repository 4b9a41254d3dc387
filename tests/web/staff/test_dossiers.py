"""The dossiers: found by stage and by name, read whole, passed on, and opened."""

import re

from sqlalchemy import select

from app.models import Dossier, Instructor, Mandate, Message, Person, Strand, Structure, Territory
from app.operations.way import open_dossier
from tests.conftest import Clock, counted
from tests.make import Make
from tests.web.staff.conftest import Desk, Team, text_of

ENTRY = {"entry": "creation"}


def many(make: Make, number: int, clock: Clock) -> None:
    """Dossiers at their first stage, each a minute after the other."""
    officer = make.actor(make.officer())
    version = make.label_version()
    for _ in range(number):
        clock.forward(minutes=1)
        open_dossier(make.db, make.structure().id, version, entry="creation", by=officer, clock=clock)
    make.commit()


def references(page: str) -> list[str]:
    return re.findall(r'data-label="Dossier">\s*<span>(2026-\d+)', page)


def test_the_newest_dossier_comes_first_and_of_one_stage_the_oldest(team: Team, make: Make, clock: Clock) -> None:
    many(make, 3, clock)
    desk = team.officer()
    assert references(desk.raw("/avise/dossiers")) == ["2026-003", "2026-002", "2026-001"]
    assert references(desk.raw("/avise/dossiers?etape=renseignement")) == ["2026-001", "2026-002", "2026-003"]
    assert references(desk.raw("/avise/dossiers?etape=complet")) == []


def test_a_dossier_is_found_by_part_of_a_name_without_its_accents_or_by_its_reference(team: Team, make: Make) -> None:
    make.dossier(make.structure("L’Établi du Haut-Morvy"))
    make.dossier(make.structure("Graines de Sarmoise"))
    desk = team.officer()
    assert references(desk.raw("/avise/dossiers?q=etabli")) == ["2026-001"]
    assert references(desk.raw("/avise/dossiers?q=2026-002")) == ["2026-002"]
    assert "Aucun dossier ici." in desk.get("/avise/dossiers?q=%25")


def test_pages_follow_one_another_and_come_back(team: Team, make: Make, clock: Clock) -> None:
    many(make, 65, clock)
    desk = team.officer()
    seen: list[str] = []
    address = "/avise/dossiers"
    pages = []
    while address:
        page = desk.raw(address)
        pages.append(references(page))
        seen += pages[-1]
        address = following(page, "next")
    assert [len(one) for one in pages] == [30, 30, 5]
    assert seen == [f"2026-{number:03d}" for number in range(65, 0, -1)]
    back = desk.raw(following(page, "prev"))
    assert references(back) == pages[1]
    assert references(desk.raw(following(back, "prev"))) == pages[0]
    assert following(desk.raw(following(back, "prev")), "prev") == ""


def following(page: str, rel: str) -> str:
    found = re.search(rf'<a href="([^"]+)" rel="{rel}"', page)
    return found[1].replace("&amp;", "&") if found else ""


def test_a_cursor_written_by_hand_is_the_beginning(team: Team, make: Make, clock: Clock) -> None:
    many(make, 2, clock)
    desk = team.officer()
    for cursor in ("nonsense", "2026-11-02~x", "~", "2026-13-45T00:00:00~x"):
        assert references(desk.raw(f"/avise/dossiers?apres={cursor}")) == ["2026-002", "2026-001"]


def test_the_list_costs_the_same_with_two_dossiers_as_with_seventy(team: Team, make: Make, clock: Clock) -> None:
    many(make, 2, clock)
    began = clock.at
    desk = team.officer()
    database = team.app.extensions["database"]
    desk.get("/avise/dossiers")
    with counted(database) as few:
        desk.get("/avise/dossiers")
    many(make, 68, clock)
    clock.at = began
    with counted(database) as seventy:
        page = desk.raw("/avise/dossiers")
    with counted(database) as deep:
        desk.get(following(page, "next"))
    assert len(few) == len(seventy) == len(deep) <= 8


def test_a_dossier_is_read_whole(team: Team, make: Make) -> None:
    structure = make.structure("Graines de Sarmoise")
    candidate = make.person("titulaire", structure=structure, name="Odette Lefebvre")
    dossier = make.dossier(structure, stage="demande", candidate=candidate)
    page = team.officer().get(f"/avise/dossiers/{dossier.id}")
    assert "Graines de Sarmoise, à l’étape « Demande d’appellation »" in page
    assert "Fabrique en projet de création." in page
    assert "Odette Lefebvre" in page
    assert "4 pièces déposées" in page
    assert "Sept besoins étudiés avec les habitants" in page
    assert "Déclarer le dossier complet" in page
    assert "Demander des compléments" in page
    assert "Demander l’appellation, par Odette Lefebvre." in page
    assert "Retirer notre demande" not in page


def test_a_dossier_costs_eight_statements_at_most_whatever_it_holds(team: Team, make: Make) -> None:
    bare, full = make.dossier(), make.poll(electors=3).dossier
    desk = team.officer()
    database = team.app.extensions["database"]
    desk.get(f"/avise/dossiers/{bare.id}")
    with counted(database) as little:
        desk.get(f"/avise/dossiers/{bare.id}")
    with counted(database) as much:
        desk.get(f"/avise/dossiers/{full.id}")
    assert len(little) == len(much) <= 8


def test_an_unknown_dossier_is_404_for_the_team_and_every_dossier_403_for_the_others(team: Team, make: Make) -> None:
    dossier = make.dossier()
    candidate = make.person("titulaire", structure=make.db.get_one(Structure, dossier.structure_id))
    team.officer().get("/avise/dossiers/nothing-of-that-name", 404)
    visitor = team.sits(candidate)
    assert text_of_error(visitor.raw(f"/avise/dossiers/{dossier.id}", 403)) == text_of_error(
        visitor.raw("/avise/dossiers/nothing-of-that-name", 403)
    )


def text_of_error(page: str) -> str:
    """An error page without its reference number and its own address."""
    return re.sub(r"[0-9A-Z]{4}-[0-9A-Z]{4}", "", text_of(page))


def test_an_officer_passes_a_dossier_on(team: Team, make: Make) -> None:
    dossier = make.dossier(stage="renseignement")
    desk = team.officer()
    page = desk.get(f"/avise/dossiers/{dossier.id}/passages/juger_pertinente")
    assert "La structure passe à la mise en place de son projet et en est avertie." in page
    where = desk.post(f"/avise/dossiers/{dossier.id}/passages/juger_pertinente")
    assert where == f"/avise/dossiers/{dossier.id}"
    assert desk.dossier(dossier.id).stage == "mise_en_place"
    desk.post(f"/avise/dossiers/{dossier.id}/passages/juger_pertinente", 409)


def test_a_path_suggested_without_a_reason_stays_on_the_page(team: Team, make: Make) -> None:
    dossier = make.dossier(stage="renseignement")
    desk = team.officer()
    page = desk.post(f"/avise/dossiers/{dossier.id}/passages/orienter", 422, note="  ")
    assert "Écrivez pourquoi" in page
    assert desk.dossier(dossier.id).stage == "renseignement"


def test_an_officer_ticks_and_unticks_a_strand(team: Team, make: Make) -> None:
    dossier = make.dossier(stage="mise_en_place")
    desk = team.officer()
    assert "Se coordonner avec l’existant" in desk.get(f"/avise/dossiers/{dossier.id}")
    desk.post(f"/avise/dossiers/{dossier.id}/liste/coordination", done="1")
    assert desk.all(select(Strand.strand)) == ["coordination"]
    assert "fait le 2 novembre" in desk.get(f"/avise/dossiers/{dossier.id}")
    desk.post(f"/avise/dossiers/{dossier.id}/liste/coordination")
    assert desk.all(select(Strand.strand)) == []
    desk.post(f"/avise/dossiers/{dossier.id}/liste/nothing", 409)
    team.sits(make.arbiter()).post(f"/avise/dossiers/{dossier.id}/liste/coordination", 403, done="1")


def test_a_piece_of_no_file_is_gone_and_one_of_another_dossier_is_404(team: Team, make: Make) -> None:
    dossier, other = make.dossier(stage="complet"), make.dossier(stage="complet")
    desk = team.officer()
    address = re.search(rf'/avise/dossiers/{dossier.id}/pieces/[^"]+', desk.raw(f"/avise/dossiers/{dossier.id}"))
    assert address is not None
    desk.get(address[0], 410)
    desk.get(address[0].replace(dossier.id, other.id), 404)


def test_a_dossier_is_opened_for_a_new_structure_and_its_person_invited(team: Team, make: Make) -> None:
    make.label_version()
    desk = team.officer()
    assert "Vous envisagez de créer une Fabrique à initiatives" in desk.get("/avise/dossiers/nouveau")
    where = desk.post(
        "/avise/dossiers/nouveau",
        **ENTRY,
        name="Un Toit pour Entreprendre",
        siret="",
        ground_kind="departement",
        ground_name="Oise",
        ground_code="60",
        person_name="Nadège Poirier",
        person_email="nadege@toit.example",
        person_function="directrice",
    )
    page = desk.get(where)
    assert "Un Toit pour Entreprendre, à l’étape « Demande de renseignement »" in page
    assert "Nadège Poirier directrice, nadege@toit.example titulaire" in page
    assert desk.all(select(Territory.name)) == ["Oise"]
    assert "invitation" in desk.all(select(Message.notice).join(Person).where(Person.email == "nadege@toit.example"))


def test_a_dossier_is_opened_for_a_structure_chosen_among_those_without_one(team: Team, make: Make) -> None:
    free, busy = make.structure("Libre"), make.structure("Occupée")
    make.dossier(busy)
    holder = make.holder("Avec appellation").structure
    desk = team.officer()
    page = desk.raw("/avise/dossiers/nouveau")
    assert free.id in page
    assert busy.id not in page
    assert holder.id not in page
    desk.post("/avise/dossiers/nouveau", **ENTRY, structure=free.id)
    desk.post("/avise/dossiers/nouveau", 422, **ENTRY, structure=busy.id)
    assert len(desk.all(select(Dossier.id))) == 2


def test_what_is_typed_is_kept_when_something_is_wrong_and_nothing_is_written(team: Team, make: Make) -> None:
    make.label_version()
    desk = team.officer()
    written = {"name": "Le Chai", "about": "Une cave coopérative.", "person_name": "Lucas", "person_email": "not one"}
    raw = desk.browser.post("/avise/dossiers/nouveau", data={**ENTRY, **written})
    assert raw.status_code == 422
    page = raw.get_data(as_text=True)
    assert "Le Chai" in page
    assert "Une cave coopérative." in page
    assert "Cette adresse de courriel n’est pas valable." in text_of(page)
    assert desk.all(select(Dossier.id)) == desk.all(select(Structure.id)) == []


def test_a_new_structure_needs_a_name_an_entry_and_somebody_to_invite(team: Team, make: Make) -> None:
    make.label_version()
    page = team.officer().post("/avise/dossiers/nouveau", 422)
    for sentence in (
        "Choisissez une structure déjà inscrite, ou écrivez le nom de la nouvelle.",
        "Choisissez une entrée.",
        "Écrivez le nom de la personne à inviter.",
        "Écrivez l’adresse à laquelle l’inviter.",
    ):
        assert sentence in page


def test_a_wrong_siret_is_told_at_its_field(team: Team, make: Make) -> None:
    make.label_version()
    page = team.officer().post(
        "/avise/dossiers/nouveau",
        422,
        **ENTRY,
        name="Le Chai",
        siret="12345678901234",
        person_name="Lucas",
        person_email="lucas@chai.example",
    )
    assert "Numéro SIRET : Ce numéro SIRET n’est pas valable" in page


def test_somebody_of_the_team_is_not_invited_for_a_structure(team: Team, make: Make) -> None:
    make.label_version()
    colleague = make.officer()
    desk = team.officer()
    page = desk.post(
        "/avise/dossiers/nouveau", 422, **ENTRY, name="Le Chai", person_name="X", person_email=colleague.email
    )
    assert "Une personne de l’équipe de l’Avise ne peut pas agir pour une structure." in page
    assert desk.all(select(Dossier.id)) == []


def test_only_officers_open_dossiers(team: Team, make: Make) -> None:
    make.label_version()
    for desk in (team.arbiter(), team.administrator()):
        desk.get("/avise/dossiers/nouveau", 403)
        desk.post("/avise/dossiers/nouveau", 403)


def test_who_opens_a_dossier_has_instructed_it(team: Team, make: Make) -> None:
    structure = make.structure()
    make.label_version()
    officer = make.officer()
    desk = team.sits(officer)
    desk.post("/avise/dossiers/nouveau", **ENTRY, structure=structure.id)
    assert desk.all(select(Instructor.person_id)) == [officer.id]
    assert desk.all(select(Mandate.id).where(Mandate.structure_id == structure.id)) == []


def test_a_get_changes_nothing(team: Team, make: Make) -> None:
    dossier = make.dossier()
    desk: Desk = team.officer()
    for path in ("passages/juger_pertinente", "journal", ""):
        desk.get(f"/avise/dossiers/{dossier.id}/{path}".rstrip("/"))
    assert desk.dossier(dossier.id).stage == "renseignement"


def test_a_second_person_is_invited_when_the_dossier_is_opened(team: Team, make: Make) -> None:
    make.label_version()
    free = make.structure("Semailles")
    make.commit()
    desk = team.officer()
    first = {"person_name": "Maud Etcheverry", "person_email": "maud@semailles.example"}
    second = {"second_name": "Albert Nguyen", "second_email": "albert@semailles.example"}
    where, asked = "/avise/dossiers/nouveau", {**ENTRY, "structure": free.id, **first}
    desk.post(where, 422, **asked, second_name="Albert Nguyen")
    desk.post(where, 422, **asked, **{**second, "second_email": "albert"}, second_role="signature")
    desk.post(where, 422, **asked, **second, second_role="titulaire")
    desk.post(where, **asked, **second, second_role="signature")
    page = desk.get(f"/avise/structures/{free.id}")
    assert "Maud Etcheverry" in page
    assert "Albert Nguyen" in page
