"""The door of pieces, for the committee: the version it was called on, for a voice that takes part in it."""

import io
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask

from app.files.store import folder_store
from app.models import Dossier, Person, Piece
from app.models.base import new_id
from app.operations.polls.link import declare_link
from app.operations.polls.window import withdraw_request
from tests.conftest import Clock, Visitor
from tests.files import samples
from tests.make import Make, World


class Examination:
    """A poll whose dossier holds two versions of a piece, and whoever comes to read them."""

    def __init__(self, app: Flask, make: Make, clock: Clock, folder: Path) -> None:
        self.app, self.make, self.clock, self.folder = app, make, clock, folder
        self.world: World = make.poll(electors=3, opened=False, declared=False)
        clock.forward(days=-1)
        self.old = self.file(1, self.world.dossier, self.world.candidate)
        self.new = self.file(2, self.world.dossier, self.world.candidate)
        clock.forward(days=1)
        make.commit()

    def file(self, version: int, dossier: Dossier, by: Person) -> str:
        body = samples.pdf(pages=version)
        piece = Piece(
            id=new_id(),
            dossier_id=dossier.id,
            requirement="equipe",
            version=version,
            name="équipe.pdf",
            type="pdf",
            size=len(body),
            digest=sha256(body).hexdigest(),
            stored_as=folder_store(self.folder / "pieces").keep(io.BytesIO(body)),
            filed_at=self.clock(),
            filed_by=by.id,
        )
        self.make.db.add(piece)
        self.make.db.flush()
        return piece.id

    def declare(self, kind: str) -> None:
        member = self.world.members[0]
        by = self.make.actor(member.person)
        declare_link(self.make.db, self.world.poll.id, member.structure.id, kind, words="", by=by, clock=self.clock)
        self.make.commit()

    def read(self, piece: str, by: Person | None = None) -> int:
        browser = self.app.test_client()
        assert isinstance(browser, Visitor)
        browser.sign_in(by or self.world.members[0].person)
        return browser.get(f"/comite/consultations/{self.world.poll.id}/pieces/{piece}").status_code


@pytest.fixture
def examination(app: Flask, make: Make, clock: Clock, tmp_path: Path) -> Examination:
    return Examination(app, make, clock, tmp_path)


def test_a_voice_reads_once_it_has_said_its_links(examination: Examination) -> None:
    assert examination.read(examination.new) == 403
    examination.declare("none")
    assert examination.read(examination.new) == 200


def test_the_committee_reads_the_newest_version_and_no_earlier_one(examination: Examination) -> None:
    examination.declare("none")
    assert examination.read(examination.old) == 404


def test_the_committee_reads_no_version_filed_after_it_was_called(
    examination: Examination, clock: Clock, make: Make
) -> None:
    examination.declare("none")
    clock.forward(minutes=1)
    later = examination.file(3, examination.world.dossier, examination.world.candidate)
    make.commit()
    assert examination.read(later) == 404
    assert examination.read(examination.new) == 200


def test_a_voice_that_takes_no_part_finds_nothing(examination: Examination) -> None:
    examination.declare("collectif")
    assert examination.read(examination.new) == 404


@pytest.mark.parametrize("role", ["officer", "arbiter", "administrator"])
def test_the_team_does_not_read_through_the_committees_door(examination: Examination, make: Make, role: str) -> None:
    person = make.person(role)
    make.commit()
    assert examination.read(examination.new, person) in {403, 404}


def test_the_candidate_does_not_read_through_the_committees_door(examination: Examination) -> None:
    assert examination.read(examination.new, examination.world.candidate) == 404


def test_a_request_taken_back_is_read_no_more(examination: Examination, make: Make, clock: Clock) -> None:
    examination.declare("none")
    by = make.actor(examination.world.candidate)
    withdraw_request(make.db, examination.world.dossier.id, by=by, clock=clock)
    make.commit()
    assert examination.read(examination.new) == 404


def test_a_piece_of_another_dossier_is_not_read_through_this_poll(
    examination: Examination, make: Make, clock: Clock
) -> None:
    examination.declare("none")
    candidate = make.structure()
    person = make.person("titulaire", structure=candidate)
    other = make.dossier(candidate, candidate=person)
    clock.forward(days=-1)
    foreign = examination.file(1, other, person)
    clock.forward(days=1)
    make.commit()
    assert examination.read(foreign) == 404
