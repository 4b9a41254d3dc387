"""Structures and mandates."""

import pytest
from sqlalchemy import select

from app.models import Mandate, Territory
from app.operations.structures import Ground, end_mandate, give_mandate, register_structure
from tests.conftest import Clock
from tests.make import Make
from tests.operations.seen import refused

SIRET = "732 829 320 00074"


def test_a_structure_is_registered_with_its_grounds_and_a_french_order(make: Make) -> None:
    grounds = [Ground("departement", "Jura", "39"), Ground("pays", "Pays de l’Œuvre")]
    made = register_structure(make.db, "  L’Œuvre des Étangs ", siret=SIRET, grounds=grounds, clock=make.clock)
    assert (made.name, made.slug, made.siret) == ("L’Œuvre des Étangs", "l-oeuvre-des-etangs", "73282932000074")
    assert made.sort_key == "l'oeuvre des etangs"
    kept = make.db.execute(select(Territory.kind, Territory.code).where(Territory.structure_id == made.id)).all()
    assert sorted(map(tuple, kept), key=str) == [("departement", "39"), ("pays", None)]


def test_a_structure_not_yet_born_has_no_siret(make: Make) -> None:
    assert register_structure(make.db, "À naître", siret="  ", clock=make.clock).siret is None


def test_two_structures_of_one_name_have_two_addresses(make: Make) -> None:
    slugs = [register_structure(make.db, "La Fabrique", clock=make.clock).slug for _ in range(3)]
    assert slugs == ["la-fabrique", "la-fabrique-2", "la-fabrique-3"]


@pytest.mark.parametrize("written", ["732 829 320 00075", "7328293200007", "quatorze chiffres"])
def test_a_siret_with_a_wrong_key_is_refused(make: Make, written: str) -> None:
    with refused("siret_malformed"):
        register_structure(make.db, "Erreur", siret=written, clock=make.clock)


def test_a_siret_belongs_to_one_structure(make: Make) -> None:
    register_structure(make.db, "Première", siret=SIRET, clock=make.clock)
    with refused("siret_taken"):
        register_structure(make.db, "Seconde", siret=SIRET.replace(" ", ""), clock=make.clock)


@pytest.mark.parametrize(("first", "second"), [("officer", "titulaire"), ("titulaire", "arbiter")])
def test_nobody_is_in_the_team_and_in_a_structure(make: Make, first: str, second: str) -> None:
    structure = make.structure()
    of = {"titulaire": structure.id}
    person = make.person(first, structure=structure if first in of else None)
    with refused("role_incompatible"):
        give_mandate(make.db, person, second, structure_id=of.get(second), at=make.clock())


@pytest.mark.parametrize(("role", "for_structure"), [("titulaire", False), ("officer", True), ("tresoriere", True)])
def test_a_role_that_does_not_exist_there_is_refused(make: Make, role: str, for_structure: bool) -> None:
    structure = make.structure()
    person = make.person("administrator") if role == "officer" else make.person(structure=structure)
    with refused("unknown_role"):
        give_mandate(make.db, person, role, structure_id=structure.id if for_structure else None, at=make.clock())


def test_what_is_held_already_is_not_given_twice(make: Make) -> None:
    structure = make.structure()
    person = make.person("titulaire", structure=structure)
    again = give_mandate(make.db, person, "titulaire", structure_id=structure.id, at=make.clock())
    assert make.db.execute(select(Mandate.id).where(Mandate.person_id == person.id)).scalars().all() == [again.id]


def test_a_mandate_ends_once_and_leaves_its_trace(make: Make, clock: Clock) -> None:
    person = make.person("titulaire", structure=make.structure())
    mandate = make.db.execute(select(Mandate).where(Mandate.person_id == person.id)).scalar_one()
    at = clock.forward(days=3)
    assert end_mandate(make.db, mandate.id, clock=clock) == person.id
    make.db.refresh(mandate)
    assert mandate.until == at
    assert make.actor(person).capacities == ()
    with refused("gone"):
        end_mandate(make.db, mandate.id, clock=clock)


def test_a_person_who_has_left_the_team_may_act_for_a_structure(make: Make, clock: Clock) -> None:
    person, structure = make.officer(), make.structure()
    mandate = make.db.execute(select(Mandate).where(Mandate.person_id == person.id)).scalar_one()
    end_mandate(make.db, mandate.id, clock=clock)
    give_mandate(make.db, person, "titulaire", structure_id=structure.id, at=clock())
    assert [capacity.role for capacity in make.actor(person).capacities] == ["titulaire"]
