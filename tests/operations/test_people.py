"""Inviting a person, letting her in once, her password and her sessions."""

import pytest
from sqlalchemy import select

from app.models import Invitation, Person, WebSession
from app.operations.people import (
    accept_invitation,
    canonical_email,
    change_password,
    end_sessions,
    hash_password,
    invite,
    password_matches,
    refuse_weak_password,
    send_invitation,
)
from tests.conftest import Clock
from tests.make import Make
from tests.operations.seen import refused, told


def waiting(make: Make, person: Person) -> Invitation:
    """The invitation that still works."""
    asked = select(Invitation).where(Invitation.person_id == person.id, Invitation.expires_at > make.clock())
    return make.db.execute(asked).scalar_one()


def signed_in(make: Make, person: Person, *names: str) -> None:
    at = make.clock()
    make.db.add_all(
        WebSession(id=name, person_id=person.id, data={}, created_at=at, seen_at=at, expires_at=at) for name in names
    )
    make.db.flush()


def sessions(make: Make, person: Person) -> list[str]:
    return sorted(make.db.execute(select(WebSession.id).where(WebSession.person_id == person.id)).scalars())


def test_one_address_is_one_account_however_it_is_written(make: Make) -> None:
    structure = make.structure()
    first = invite(
        make.db, name="Nour", email="Nour@Exemple.FR ", role="titulaire", structure_id=structure.id, clock=make.clock
    )
    second = invite(
        make.db, name="N.", email="nour@exemple.fr", role="signature", structure_id=structure.id, clock=make.clock
    )
    assert (first.id, first.email) == (second.id, "nour@exemple.fr")
    assert [capacity.role for capacity in make.actor(first).capacities] == ["signature", "titulaire"]


@pytest.mark.parametrize("written", ["", "nour", "nour@", "nour@exemple..fr", "a b@exemple.fr"])
def test_an_address_that_is_none_is_refused(written: str) -> None:
    with refused("email_malformed"):
        canonical_email(written)


def test_an_invitation_leaves_once_and_stores_nothing_usable(make: Make) -> None:
    person = make.person(structure=make.structure())
    invitation = waiting(make, person)
    assert told(make, "invitation", f"invitation:{invitation.id}") == [person.id]
    assert person.password is None


def test_a_second_invitation_ends_the_first(make: Make, clock: Clock) -> None:
    person = make.person(structure=make.structure())
    first = waiting(make, person)
    clock.forward(minutes=5)
    second = send_invitation(make.db, person, at=clock())
    make.db.refresh(first)
    with refused("invitation_expired"):
        accept_invitation(make.db, first.id, "hash", clock=clock)
    assert accept_invitation(make.db, second.id, "hash", clock=clock).id == person.id


def test_an_invitation_serves_once(make: Make, clock: Clock) -> None:
    person = make.person(structure=make.structure())
    invitation = waiting(make, person)
    assert accept_invitation(make.db, invitation.id, "first", clock=clock).password == "first"
    with refused("invitation_used"):
        accept_invitation(make.db, invitation.id, "second", clock=clock)
    clock.forward(days=8)
    with refused("invitation_used"):
        accept_invitation(make.db, invitation.id, "third", clock=clock)
    assert person.password == "first"


def test_an_invitation_lasts_seven_days_and_not_a_second_more(make: Make, clock: Clock) -> None:
    person = make.person(structure=make.structure())
    invitation = waiting(make, person)
    clock.forward(days=7)
    with refused("invitation_expired"):
        accept_invitation(make.db, invitation.id, "late", clock=clock)
    with refused("invitation_expired"):
        accept_invitation(make.db, "nowhere", "late", clock=clock)


def test_who_has_an_access_already_is_not_invited_again(make: Make, clock: Clock) -> None:
    structure = make.structure()
    person = make.person(structure=structure)
    accept_invitation(make.db, waiting(make, person).id, "hash", clock=clock)
    other = make.structure()
    invite(make.db, name="", email=person.email, role="titulaire", structure_id=other.id, clock=clock)
    assert told(make, "invitation") == [person.id]


def test_a_change_of_rights_ends_the_open_sessions(make: Make, clock: Clock) -> None:
    person = make.person(structure=make.structure())
    signed_in(make, person, "laptop", "phone")
    invite(make.db, name="", email=person.email, role="titulaire", structure_id=make.structure().id, clock=clock)
    assert sessions(make, person) == []


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("onze signes", "password_short"),
        ("é" * 129, "password_long"),
        ("aaaaaaaaaaaaaaaa", "password_guessable"),
        ("mon appellation à moi", "password_guessable"),
        ("Nour Benali 2026", "password_guessable"),
        ("chez exemple.fr bien sûr", "password_guessable"),
    ],
)
def test_a_weak_password_is_refused_for_its_reason(password: str, code: str) -> None:
    with refused(code):
        refuse_weak_password(password, about=("Nour Benali", "nour@exemple.fr"))


@pytest.mark.parametrize(
    "password", ["douze signes", "trois moineaux sur un fil", "ÀÉÎõü ßœ 123", "x" * 120 + "abcdefgh"]
)
def test_any_composition_is_welcome(password: str) -> None:
    refuse_weak_password(password, about=("Nour Benali", "nour@exemple.fr"))


def test_a_password_matches_itself_alone() -> None:
    stored = hash_password("trois moineaux sur un fil")
    assert stored.startswith("$argon2id$")
    assert password_matches(stored, "trois moineaux sur un fil")
    assert not password_matches(stored, "trois moineaux sur un banc")
    assert not password_matches(None, "une adresse inconnue coûte autant qu’une autre")
    assert not password_matches("not a hash", "trois moineaux sur un fil")


def test_a_new_password_ends_every_session_but_the_one_that_chose_it(make: Make) -> None:
    person = make.person(structure=make.structure())
    signed_in(make, person, "here", "phone", "library")
    change_password(make.db, person.id, "new", but_session="here", clock=make.clock)
    assert sessions(make, person) == ["here"]
    make.db.refresh(person)
    assert person.password == "new"
    end_sessions(make.db, person.id)
    assert sessions(make, person) == []
