"""The persons of a structure: inviting a colleague, ending what she does, leaving to somebody."""

import pytest
from sqlalchemy import select

from app.models import Dossier, Mandate, Message, Person, Structure, WebSession
from app.operations.colleagues import Newcomer, Successor, end_colleague, leave_structure
from app.operations.mandates import end_held_mandate, invite_to_structure, name_person
from app.queries.colleagues import my_structure, people_of, structures_without_anybody
from app.queries.integrity import verify_journal
from tests.conftest import Clock
from tests.make import Make
from tests.operations.seen import body, private, refused, told, types


class House:
    """A structure with a dossier under way, who represents it and a colleague."""

    def __init__(self, make: Make, role: str = "suppleance") -> None:
        self.make, self.clock = make, make.clock
        self.structure: Structure = make.structure("Passerelles 26")
        self.officer: Person = make.officer()
        self.camille: Person = make.person("titulaire", structure=self.structure, name="Camille Orsini")
        self.yann: Person = make.person(role, structure=self.structure, name="Yann Vial")
        self.dossier: Dossier = make.dossier(
            self.structure, stage="experimentation", officer=self.officer, candidate=self.camille
        )

    def mandate(self, person: Person) -> Mandate:
        return self.make.db.execute(select(Mandate).where(Mandate.person_id == person.id)).scalars().one()

    def roles(self, person: Person) -> set[str]:
        return set(self.make.actor(person).roles_in(self.structure.id))

    def leave(
        self, person: Person, successor: Successor | None = None, note: str = "", here: str | None = None
    ) -> None:
        by = self.make.actor(person)
        leave_structure(
            self.make.db, self.structure.id, by=by, clock=self.clock, successor=successor, note=note, here=here
        )

    def session(self, person: Person, id: str) -> str:
        at = self.clock()
        opened = WebSession(id=id, person_id=person.id, data={}, created_at=at, seen_at=at, expires_at=at)
        self.make.db.add(opened)
        self.make.db.flush()
        return id

    def sessions(self, person: Person) -> list[str]:
        return list(self.make.db.execute(select(WebSession.id).where(WebSession.person_id == person.id)).scalars())


@pytest.fixture
def house(make: Make) -> House:
    return House(make)


def test_who_comes_is_written_in_the_history_of_the_dossier_under_way(house: House, make: Make) -> None:
    by = make.actor(house.camille)
    mehdi = invite_to_structure(
        make.db,
        house.structure.id,
        name="Mehdi Arnaud",
        email="mehdi@passerelles26.example",
        function="chargé de mission",
        role="contribution",
        by=by,
        clock=make.clock,
    )
    assert house.roles(mehdi) == {"contribution"}
    assert types(make, house.dossier)[-1] == "person_joined"
    assert body(make, house.dossier, "person_joined")["role"] == "contribution"
    assert private(make, house.dossier, "person_joined") == {"person": "Camille Orsini", "whom": "Mehdi Arnaud"}
    assert verify_journal(make.db, make.keys).sound


def test_a_closed_dossier_is_left_as_it_was(house: House, make: Make, clock: Clock) -> None:
    from_before = types(make, house.dossier)
    make.pass_stage(house.dossier, "clore", house.camille)
    by = make.actor(house.camille)
    end_colleague(make.db, house.structure.id, house.mandate(house.yann).id, by=by, clock=clock)
    assert types(make, house.dossier) == [*from_before, "clore"]


def test_a_colleague_s_mandate_ends_with_her_sessions_and_the_team_is_told(house: House, make: Make) -> None:
    house.session(house.yann, "hers")
    mine = house.session(house.camille, "mine")
    mandate = house.mandate(house.yann)
    end_colleague(make.db, house.structure.id, mandate.id, by=make.actor(house.camille), clock=make.clock)
    assert (mandate.until, house.sessions(house.yann), house.sessions(house.camille)) == (make.clock(), [], [mine])
    assert private(make, house.dossier, "person_left") == {"person": "Camille Orsini", "whom": "Yann Vial"}
    assert told(make, "person_left") == [house.officer.id]
    assert told(make, "colleague_left") == []


def test_the_last_person_who_binds_the_structure_is_not_taken_away_by_a_colleague(make: Make) -> None:
    house = House(make, "signature")
    end_colleague(
        make.db, house.structure.id, house.mandate(house.yann).id, by=make.actor(house.camille), clock=make.clock
    )
    yann = make.person("contribution", structure=house.structure)
    with refused("last_binding"):
        end_colleague(
            make.db, house.structure.id, house.mandate(house.camille).id, by=make.actor(yann), clock=make.clock
        )
    assert house.roles(house.camille) == {"titulaire"}


def test_leaving_has_its_own_page(house: House, make: Make) -> None:
    with refused("own_mandate"):
        end_colleague(
            make.db, house.structure.id, house.mandate(house.camille).id, by=make.actor(house.camille), clock=make.clock
        )


def test_a_mandate_of_another_structure_is_gone(house: House, make: Make) -> None:
    other = make.person(structure=make.structure())
    with refused("gone"):
        end_colleague(
            make.db, house.structure.id, house.mandate(other).id, by=make.actor(house.camille), clock=make.clock
        )


def test_who_leaves_hands_what_she_did_to_a_colleague_with_a_note(house: House, make: Make) -> None:
    house.session(house.yann, "his")
    house.leave(house.camille, Successor(person_id=house.yann.id), note="Le conseil vote le 3 mars.\n")
    assert house.roles(house.camille) == set()
    assert house.roles(house.yann) == {"suppleance", "titulaire"}
    assert house.mandate(house.camille).note == "Le conseil vote le 3 mars."
    assert types(make, house.dossier)[-2:] == ["person_joined", "person_left"]
    assert "note" not in private(make, house.dossier, "person_left")
    assert house.sessions(house.yann) == []
    assert verify_journal(make.db, make.keys).sound


def test_who_leaves_keeps_only_the_page_she_leaves_from(house: House) -> None:
    house.session(house.camille, "elsewhere")
    here = house.session(house.camille, "here")
    house.leave(house.camille, Successor(person_id=house.yann.id), here=here)
    assert house.sessions(house.camille) == [here]


def test_somebody_is_invited_to_take_over(house: House, make: Make) -> None:
    house.leave(house.camille, Successor(newcomer=Newcomer("Mehdi Arnaud", "mehdi@passerelles26.example")))
    mehdi = make.db.execute(select(Person).where(Person.name == "Mehdi Arnaud")).scalar_one()
    assert house.roles(mehdi) == {"titulaire"}
    assert mehdi.id in told(make, "invitation")


def test_the_others_and_the_team_are_told_once_and_who_leaves_is_not(house: House, make: Make) -> None:
    house.leave(house.camille, Successor(person_id=house.yann.id))
    assert told(make, "colleague_left") == [house.yann.id]
    assert told(make, "person_left") == [house.officer.id]


def test_a_successor_is_a_colleague_and_not_oneself_nor_a_stranger(house: House, make: Make) -> None:
    stranger = make.person(structure=make.structure())
    for person in (stranger, house.camille):
        with refused("successor_missing"):
            house.leave(house.camille, Successor(person_id=person.id))
    assert house.roles(house.camille) == {"titulaire"}


def test_nobody_leaves_a_structure_she_does_not_act_for(house: House, make: Make) -> None:
    with refused("gone"):
        house.leave(make.person(structure=make.structure()))


def test_a_note_has_an_end(house: House) -> None:
    with refused("text_too_long", limit=2000):
        house.leave(house.camille, note="a" * 2001)


def test_when_nobody_is_left_every_officer_is_told_and_the_structure_is_listed(house: House, make: Make) -> None:
    other = make.officer()
    house.leave(house.yann)
    assert structures_without_anybody(make.db) == ()
    house.leave(house.camille)
    last = f"left:{house.mandate(house.camille).id}"
    assert told(make, "person_left", last) == sorted([house.officer.id, other.id])
    (deserted,) = structures_without_anybody(make.db)
    assert (deserted.id, deserted.dossier_id, deserted.since) == (house.structure.id, house.dossier.id, make.clock())


def test_a_new_structure_is_not_a_deserted_one(make: Make) -> None:
    make.dossier(make.structure(), candidate=make.person(structure=make.structure()))
    assert structures_without_anybody(make.db) == ()


def test_the_team_names_somebody_and_says_how_it_was_checked(house: House, make: Make) -> None:
    house.leave(house.yann)
    house.leave(house.camille)
    named = {"name": "Mehdi Arnaud", "email": "mehdi@passerelles26.example", "function": "", "role": "titulaire"}
    by = make.actor(house.officer)
    with refused("check_missing"):
        name_person(make.db, house.structure.id, **named, reason=" ", by=by, clock=make.clock)
    name_person(make.db, house.structure.id, **named, reason="appel au numéro du registre", by=by, clock=make.clock)
    assert private(make, house.dossier, "person_joined") == {
        "person": house.officer.name,
        "whom": "Mehdi Arnaud",
        "reason": "appel au numéro du registre",
    }


def test_the_team_needs_no_check_while_somebody_is_there(house: House, make: Make) -> None:
    by = make.actor(house.officer)
    end_held_mandate(make.db, house.mandate(house.yann).id, structure_id=house.structure.id, by=by, clock=make.clock)
    name_person(
        make.db,
        house.structure.id,
        name="Mehdi",
        email="m@passerelles26.example",
        function="",
        role="signature",
        reason="",
        by=by,
        clock=make.clock,
    )
    assert types(make, house.dossier)[-2:] == ["person_left", "person_joined"]


def test_a_structure_is_shown_to_its_own_people_alone(house: House, make: Make, clock: Clock) -> None:
    seen = my_structure(make.db, make.actor(house.yann), house.structure.id, clock())
    assert seen is not None
    assert [(p.name, p.binds) for p in seen.people] == [("Camille Orsini", True), ("Yann Vial", False)]
    assert (seen.enough, seen.bound) == (True, True)
    stranger = make.person(structure=make.structure())
    for person in (stranger, house.officer):
        assert my_structure(make.db, make.actor(person), house.structure.id, clock()) is None


def test_who_has_no_access_any_more_is_not_a_second_person(house: House, make: Make, clock: Clock) -> None:
    house.yann.active = False
    make.db.flush()
    assert [person.name for person in people_of(make.db, house.structure.id, clock())] == ["Camille Orsini"]


def test_a_message_to_the_team_holds_no_name(house: House, make: Make) -> None:
    house.leave(house.camille, Successor(person_id=house.yann.id))
    rows = make.db.execute(
        select(Message.values).where(Message.notice.in_(("person_left", "colleague_left")))
    ).scalars()
    assert all(set(values) == {"structure", "mandate"} for values in rows)
