"""First contacts at the desk: found by their age, answered, set aside, opened as a dossier once; and who greets."""

import re

import pytest
from sqlalchemy import select

from app.models import Dossier, Enquiry, Invitation, Mandate, Person, Structure
from tests.conftest import Clock, counted
from tests.make import Make
from tests.web.staff.conftest import Team, text_of

LIST = "/avise/demandes"


def names(page: str) -> list[str]:
    return re.findall(r'<h2><a href="/avise/demandes/[^"]+">([^,<]+),', page)


def many(make: Make, number: int, clock: Clock) -> None:
    for rank in range(number):
        clock.forward(seconds=1)
        make.enquiry(name=f"Personne {rank:02d}", email=f"qui{rank}@leguer.example")
    make.commit()


def test_the_oldest_waits_first_and_the_late_one_is_said_late(team: Team, make: Make, clock: Clock) -> None:
    make.enquiry(name="Aïcha Morel", phone="01 02 03 04 05", call_back=True)
    clock.forward(days=13)
    make.enquiry(name="Bruno Talec", email="bruno@leguer.example", structure="", unborn=True)
    clock.forward(days=3)
    desk = team.officer()
    raw = desk.raw(LIST)
    assert names(raw) == ["Aïcha Morel", "Bruno Talec"]
    page = text_of(raw)
    assert page.count("délai dépassé") == 1
    assert page.index("délai dépassé") > page.index("Aïcha Morel")
    assert page.count("À rappeler") == 1
    assert "structure à naître" in page
    assert "(16 jours)" in page


def test_the_last_promised_day_is_not_late_yet(team: Team, make: Make, clock: Clock) -> None:
    make.enquiry()
    clock.forward(days=15)
    assert "délai dépassé" not in team.officer().get(LIST)
    clock.forward(days=1)
    assert "délai dépassé" in team.officer().get(LIST)


def test_pages_follow_one_another_and_cost_the_same(team: Team, make: Make, clock: Clock) -> None:
    desk = team.officer()
    many(make, 2, clock)
    database = team.app.extensions["database"]
    desk.get(LIST)
    with counted(database) as few:
        desk.get(LIST)
    many(make, 33, clock)
    with counted(database) as more:
        first = desk.raw(LIST)
    following = re.search(r'<a href="([^"]+)" rel="next"', first)
    assert following
    second = desk.raw(following[1].replace("&amp;", "&"))
    assert (len(names(first)), len(names(second))) == (30, 5)
    assert len(few) == len(more) <= 8
    assert names(desk.raw(f"{LIST}?apres=nonsense")) == names(first)


def test_an_empty_list_says_so(team: Team) -> None:
    desk = team.officer()
    assert "Personne n’attend de réponse." in desk.get(LIST)
    assert "Aucune demande ici." in desk.get(f"{LIST}?etat=closed")
    assert "Personne n’attend de réponse." in desk.get(f"{LIST}?etat=%27")


def test_a_demand_is_read_whole_in_few_statements(team: Team, make: Make) -> None:
    make.greeter()
    enquiry = make.enquiry(phone="01 02 03 04 05", entry="a_posteriori", brings="Un <b>besoin</b>\n\net un autre.")
    desk = team.officer()
    desk.get(LIST)
    with counted(team.app.extensions["database"]) as sent:
        raw = desk.raw(f"{LIST}/{enquiry.id}")
    page = text_of(raw)
    for said in (
        "Solène Kervadec, Le Léguer",
        "solene@leguer.example",
        "01 02 03 04 05",
        "Activité similaire déjà développée",
        "Un <b>besoin</b>",
        "17 novembre 2026",
    ):
        assert said in page, said
    assert "<b>besoin" not in raw
    assert len(sent) <= 8


@pytest.mark.parametrize(
    ("do", "status"), [("answered", "answered"), ("closed", "closed"), ("set_aside", "set_aside"), ("note", "waiting")]
)
def test_what_becomes_of_a_demand_is_kept_with_its_note(team: Team, make: Make, do: str, status: str) -> None:
    enquiry = make.enquiry()
    desk = team.officer()
    desk.post(f"{LIST}/{enquiry.id}", do=do, note="Elle rappelle jeudi.")
    found = desk.one(select(Enquiry))
    assert (found.status, found.note) == (status, "Elle rappelle jeudi.")
    assert "Elle rappelle jeudi." in desk.get(f"{LIST}/{enquiry.id}")
    assert (names(desk.raw(LIST)) == []) == (status != "waiting")


def test_closing_without_a_word_keeps_the_page(team: Team, make: Make) -> None:
    enquiry = make.enquiry()
    desk = team.officer()
    assert "Écrivez un mot" in desk.post(f"{LIST}/{enquiry.id}", 422, do="closed", note=" ")
    assert desk.one(select(Enquiry)).status == "waiting"
    assert "x" * 1001 in desk.post(f"{LIST}/{enquiry.id}", 422, do="answered", note="x" * 1001)
    desk.post(f"{LIST}/{enquiry.id}", 422, do="opened", note="x")
    assert desk.one(select(Enquiry)).status == "waiting"


def test_what_was_set_aside_can_be_taken_back_and_a_settled_one_is_a_conflict(team: Team, make: Make) -> None:
    enquiry = make.enquiry()
    desk = team.officer()
    desk.post(f"{LIST}/{enquiry.id}", do="set_aside")
    desk.post(f"{LIST}/{enquiry.id}", 409, do="answered")
    desk.post(f"{LIST}/{enquiry.id}", do="waiting")
    assert desk.one(select(Enquiry)).status == "waiting"


def form(desk_page: str) -> dict[str, str]:
    """What the opening form is filled with."""
    found = dict(re.findall(r'name="([a-z_]+)"[^>]*?value="([^"]*)"', re.sub(r"<input[^>]*radio[^>]*>", "", desk_page)))
    checked = re.search(r'<input checked[^>]*name="entry"[^>]*value="([^"]+)"', desk_page)
    return {**found, "entry": checked[1] if checked else ""}


def test_a_demand_becomes_a_dossier_with_its_structure_its_person_and_its_words(team: Team, make: Make) -> None:
    enquiry = make.enquiry(entry="creation")
    desk = team.officer()
    where = f"/avise/dossiers/nouveau?demande={enquiry.id}"
    raw = desk.raw(where)
    filled = form(raw)
    assert "Trois associations cherchent un lieu." in raw
    assert {key: filled[key] for key in ("name", "ground_name", "person_name", "person_email", "entry")} == {
        "name": "Le Léguer",
        "ground_name": "Trégor",
        "person_name": "Solène Kervadec",
        "person_email": "solene@leguer.example",
        "entry": "creation",
    }
    location = desk.post(where, **{**filled, "structure": "", "ground_kind": "free"})
    found, dossier = desk.one(select(Enquiry)), desk.one(select(Dossier))
    assert (found.status, found.dossier_id) == ("opened", dossier.id)
    assert desk.one(select(Structure.name)) == "Le Léguer"
    assert desk.one(select(Mandate.person_id).where(Mandate.structure_id == dossier.structure_id)) == enquiry.person_id
    assert desk.one(select(Invitation.person_id).where(Invitation.person_id == enquiry.person_id))
    assert "Trois associations cherchent un lieu." in desk.get(location)
    assert f"Dossier {dossier.reference}" in desk.get(f"{LIST}/{enquiry.id}")


def test_a_demand_is_opened_for_a_structure_that_is_known(team: Team, make: Make) -> None:
    enquiry, structure = make.enquiry(), make.structure()
    desk = team.officer()
    where = f"/avise/dossiers/nouveau?demande={enquiry.id}"
    desk.post(where, structure=structure.id, entry="a_posteriori")
    assert desk.one(select(Dossier)).structure_id == structure.id
    assert len(desk.all(select(Structure.id))) == 1


def test_an_opening_that_is_refused_leaves_the_demand_and_writes_nothing(team: Team, make: Make) -> None:
    enquiry = make.enquiry()
    desk = team.officer()
    where = f"/avise/dossiers/nouveau?demande={enquiry.id}"
    sent = {"name": "Le Léguer", "entry": "creation", "person_name": "Solène", "person_email": "mal écrite"}
    page = desk.post(where, 422, structure="", ground_kind="free", **sent)
    assert "Trois associations cherchent un lieu." in page
    assert desk.one(select(Enquiry)).status == "waiting"
    assert desk.all(select(Dossier.id)) == desk.all(select(Structure.id)) == []


def test_the_second_officer_who_opens_the_same_demand_is_told(team: Team, make: Make) -> None:
    enquiry, one, two = make.enquiry(), make.structure(), make.structure()
    first, second = team.officer(), team.officer()
    where = f"/avise/dossiers/nouveau?demande={enquiry.id}"
    second.get(where)
    first.post(where, structure=one.id, entry="creation")
    assert "relisez-la" in second.post(where, 409, structure=two.id, entry="creation")
    assert len(first.all(select(Dossier.id))) == 1
    second.get(where, 409)


def test_a_demand_that_is_not_there_opens_nothing(team: Team, make: Make) -> None:
    make.label_version()
    desk = team.officer()
    desk.get("/avise/dossiers/nouveau?demande=inconnue", 404)
    desk.get(f"{LIST}/inconnue", 404)


def test_first_contacts_are_for_those_who_follow_dossiers(team: Team, make: Make) -> None:
    enquiry = make.enquiry()
    for desk in (team.arbiter(), team.administrator(), team.sits(make.holder().person)):
        desk.get(LIST, 403)
        desk.get(f"{LIST}/{enquiry.id}", 403)
        desk.post(f"{LIST}/{enquiry.id}", 403, do="answered")
    assert "Premières demandes" not in team.arbiter().get("/avise")
    assert "Premières demandes" in team.officer().get("/avise")


def test_the_greeter_is_chosen_by_name_and_number(team: Team, make: Make) -> None:
    make.label_version()
    person = make.person("officer", name="Inès Baudry")
    desk = team.administrator()
    assert "Personne ne répond encore par son nom" in desk.get("/avise/accueil")
    assert "Écrivez un numéro de téléphone" in desk.post("/avise/accueil", 422, person=person.id, phone="zéro")
    desk.post("/avise/accueil", 422, person="inconnue", phone="")
    desk.post("/avise/accueil", person=person.id, phone="01 99 00 12 34")
    assert "Inès Baudry répond aux premières demandes" in desk.get("/avise/accueil")
    assert desk.one(select(Person.phone).where(Person.id == person.id)) == "01 99 00 12 34"
    desk.post("/avise/accueil", person="", phone="")
    assert "Personne ne répond encore par son nom" in desk.get("/avise/accueil")
    team.arbiter().get("/avise/accueil", 403)
    team.sits(make.holder().person).get("/avise/accueil", 403)


def test_an_answered_demand_says_that_it_will_be_erased(team: Team, make: Make) -> None:
    enquiry = make.enquiry()
    desk = team.officer()
    desk.post(f"{LIST}/{enquiry.id}", do="answered", note="Appelée.")
    assert "Elle sera effacée d’elle-même" in desk.get(f"{LIST}/{enquiry.id}")
