"""Filing a piece and having it back: every door of the house for files."""

import io
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from app.db import Database
from app.files.names import display_name
from app.models import Piece
from app.operations.way import pass_stage
from tests.conftest import Clock
from tests.files import samples
from tests.files.test_names import NAMES
from tests.files.test_scans import scan
from tests.make import Make
from tests.web.candidate.conftest import Candidate, visiting

Made = Callable[..., Candidate]
PIECE = "presentation"
LIMIT = 10 * 1024 * 1024


def test_a_piece_is_filed_kept_under_a_random_name_and_given_back(candidate: Made) -> None:
    someone, body = candidate(), samples.pdf()
    assert someone.send(PIECE, "Présentation.pdf", body) == 303
    (piece,) = someone.pieces()
    assert (piece.version, piece.name, piece.type, piece.size) == (1, "Présentation.pdf", "pdf", len(body))
    assert piece.digest == sha256(body).hexdigest()
    assert someone.stored() == {piece.stored_as}
    answer = someone.browser.get(f"{someone.url}/pieces/{PIECE}/{piece.id}")
    assert answer.data == body
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Length"] == str(len(body))


def test_a_piece_is_never_opened_inside_a_page(candidate: Made) -> None:
    someone = candidate()
    someone.send(PIECE, "été.pdf", samples.pdf())
    headers = someone.browser.get(f"{someone.url}/pieces/{PIECE}/{someone.pieces()[0].id}").headers
    assert headers["Content-Disposition"] == "attachment; filename=\"ete.pdf\"; filename*=UTF-8''%C3%A9t%C3%A9.pdf"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_a_second_file_is_a_second_version_and_the_first_stays(candidate: Made) -> None:
    someone = candidate()
    someone.send(PIECE, "a.pdf", samples.pdf())
    someone.send(PIECE, "a.pdf", samples.pdf(pages=2))
    assert [piece.version for piece in someone.pieces()] == [1, 2]
    assert len(someone.stored()) == 2
    page = someone.page(f"/pieces/{PIECE}")
    assert page.index("version 2") < page.rindex("version 1")
    assert "version 2 du 2 novembre 2026" in someone.page()


def test_two_clicks_file_one_version_and_leave_one_file(candidate: Made) -> None:
    someone = candidate()
    assert [someone.send(PIECE, "a.pdf", samples.pdf()) for _click in range(2)] == [303, 303]
    assert len(someone.pieces()) == len(someone.stored()) == 1


@pytest.mark.parametrize("lie", samples.LIES)
def test_a_file_that_lies_is_refused_with_a_sentence_and_leaves_nothing(candidate: Made, lie: str) -> None:
    someone = candidate()
    name, body = samples.LIES[lie]
    key = "deliberation"  # accepts pictures too
    data = {"file": (io.BytesIO(body), name, "application/pdf")}
    answer = someone.browser.post(f"{someone.url}/pieces/{key}", data=data)
    assert answer.status_code == 422
    assert "Un point à reprendre" in answer.text
    assert (someone.pieces(), someone.stored()) == ([], set())


@pytest.mark.parametrize("media", samples.DECLARED)
def test_what_a_browser_declares_is_not_believed(candidate: Made, media: str) -> None:
    someone = candidate()
    assert someone.send(PIECE, "a.pdf", samples.pdf(), media) == 303
    served = someone.browser.get(f"{someone.url}/pieces/{PIECE}/{someone.pieces()[0].id}")
    assert served.headers["Content-Type"] == "application/pdf"
    assert someone.send(PIECE, "b.pdf", samples.HTML, media) == 422


def test_the_type_confusions_are_twenty_four() -> None:
    assert len(samples.LIES) + len(samples.DECLARED) == 24


def as_sent(name: str) -> str:
    """A file name as browsers write it in a form (WHATWG, « multipart/form-data encoding algorithm »)."""
    name = name.encode("utf-8", "replace").decode()
    return name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")


@pytest.mark.parametrize("case", NAMES)
def test_a_hostile_name_changes_nothing_on_the_disk(candidate: Made, case: str) -> None:
    someone = candidate()
    name = as_sent(NAMES[case][0])
    shown = display_name(name)
    status = someone.send(PIECE, name, samples.pdf())
    assert status == (303 if shown.endswith(".pdf") else 422)
    assert all(len(kept) == 40 and int(kept, 16) >= 0 for kept in someone.stored())
    assert {path.name for path in someone.folder.parent.iterdir()} <= {"pieces"}
    for piece in someone.pieces():
        answer = someone.browser.get(f"{someone.url}/pieces/{PIECE}/{piece.id}")
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="')
        assert "<b>" not in someone.browser.get(f"{someone.url}/pieces/{PIECE}").text


def padded(size: int) -> bytes:
    """An honest PDF of exactly that many bytes, its blank lines before the record that ends it."""
    body = samples.pdf()
    head, record, tail = body.rpartition(b"startxref")
    return head + b"\n" * (size - len(body)) + record + tail


def test_the_limit_of_a_piece_is_the_last_size_that_passes(candidate: Made) -> None:
    someone = candidate()
    assert (len(padded(LIMIT)), len(padded(LIMIT + 1))) == (LIMIT, LIMIT + 1)
    assert someone.send(PIECE, "a.pdf", padded(LIMIT + 1)) == 422
    assert someone.stored() == set()
    assert someone.send(PIECE, "a.pdf", padded(LIMIT)) == 303


def test_a_body_over_every_limit_is_not_even_read(candidate: Made) -> None:
    someone = candidate()
    assert someone.send(PIECE, "a.pdf", b"%PDF-" + b"a" * (21 * 1024 * 1024)) == 413
    assert someone.stored() == set()


@pytest.mark.parametrize("body", [b"", b"%"])
def test_nothing_or_next_to_nothing_is_no_piece(candidate: Made, body: bytes) -> None:
    assert candidate().send(PIECE, "a.pdf", body) == 422


def test_a_form_without_a_file_asks_for_one(candidate: Made) -> None:
    someone = candidate()
    answer = someone.browser.post(f"{someone.url}/pieces/{PIECE}", data={})
    assert answer.status_code == 422
    assert "Choisissez un fichier." in answer.text


@pytest.mark.parametrize("stage", ["renseignement", "demande", "complet"])
def test_a_piece_is_refused_at_another_stage_and_nothing_is_kept(candidate: Made, stage: str) -> None:
    someone = candidate(stage)
    before, entries = len(someone.pieces()), someone.entries()
    assert someone.send(PIECE, "a.pdf", samples.pdf()) == 409
    assert (len(someone.pieces()), someone.entries(), someone.stored()) == (before, entries, set())


def test_a_piece_that_is_not_asked_for_does_not_exist(candidate: Made) -> None:
    someone = candidate()
    assert someone.browser.get(f"{someone.url}/pieces/selfie").status_code == 404
    assert someone.send("selfie", "a.pdf", samples.pdf()) == 404


def test_the_team_reads_a_piece_and_files_none(candidate: Made) -> None:
    someone = candidate()
    someone.send(PIECE, "a.pdf", samples.pdf())
    piece = someone.pieces()[0]
    officer = someone.make.officer()
    someone.make.commit()
    someone.browser.sign_in(officer)
    assert someone.browser.get(f"{someone.url}/pieces/{PIECE}/{piece.id}").data == samples.pdf()
    assert someone.send(PIECE, "b.pdf", samples.pdf()) == 403


def test_a_piece_is_served_from_its_own_address_only(candidate: Made) -> None:
    someone, another = candidate(), candidate()
    another.send(PIECE, "a.pdf", samples.pdf())
    foreign = another.pieces()[0].id
    for path in (
        f"{another.url}/pieces/{PIECE}/{foreign}",
        f"{someone.url}/pieces/{PIECE}/{foreign}",
        f"{someone.url}/pieces/{PIECE}/nothing",
    ):
        assert someone.browser.get(path).status_code == 404
    assert another.browser.get(f"{another.url}/pieces/equipe/{foreign}").status_code == 404


@pytest.mark.parametrize("loss", ["gone", "changed"])
def test_bytes_that_are_not_those_filed_are_never_served(candidate: Made, loss: str) -> None:
    someone = candidate()
    someone.send(PIECE, "a.pdf", samples.pdf())
    piece = someone.pieces()[0]
    path = someone.folder / piece.stored_as
    path.unlink() if loss == "gone" else path.write_bytes(b"%PDF- else")
    answer = someone.browser.get(f"{someone.url}/pieces/{PIECE}/{piece.id}")
    assert answer.status_code == 410
    assert b"else" not in answer.data


@pytest.fixture
def failing_commit() -> Iterator[None]:
    """A database that refuses every commit of an act that filed a piece."""

    def refuse(session: Session) -> None:
        if any(isinstance(row, Piece) for row in session.identity_map.values()):
            raise ConnectionError("the database went away")

    event.listen(Session, "before_commit", refuse)
    yield
    event.remove(Session, "before_commit", refuse)


@pytest.mark.usefixtures("failing_commit")
def test_a_file_whose_act_was_rolled_back_is_removed(candidate: Made) -> None:
    someone = candidate()
    assert someone.send(PIECE, "a.pdf", samples.pdf()) == 500
    assert someone.stored() == set()


def test_a_dossier_that_goes_on_between_the_check_and_the_lock_keeps_the_file_out(
    candidate: Made, make: Make, clock: Clock, database: Database
) -> None:
    someone = candidate()
    make.complete(someone.dossier, someone.person)
    by = make.actor(someone.person)
    make.commit()
    before, windows = len(someone.pieces()), ["another window"]

    def go_on(_connection: Connection, options: dict[str, object]) -> None:
        """As the act is about to begin, the request is made from another window."""
        if options.get("writes") and windows:
            windows.clear()
            pass_stage(make.db, someone.dossier.id, "demander_appellation", by=by, clock=clock)
            make.commit()

    event.listen(database.engine, "set_connection_execution_options", go_on)
    assert someone.send(PIECE, "a.pdf", samples.pdf()) == 409
    assert (someone.stage(), len(someone.pieces()), someone.stored()) == ("demande", before, set())


def test_a_contributor_files_a_piece_too(candidate: Made) -> None:
    assert candidate(role="contribution").send(PIECE, "a.pdf", samples.pdf()) == 303


def test_no_piece_changes_while_the_committee_examines(app: Flask, make: Make, tmp_path: Path) -> None:
    world = make.poll()
    make.commit()
    someone = visiting(app, make, world.candidate, world.dossier, tmp_path)
    assert someone.send(PIECE, "a.pdf", samples.pdf()) == 409


def test_a_scan_is_accepted_and_said_to_be_silent(candidate: Made) -> None:
    someone = candidate()
    assert someone.send(PIECE, "a.pdf", scan()) == 303
    page = someone.page(f"/pieces/{PIECE}")
    assert "Ce PDF est une image : un membre du comité ne pourra pas le lire." in page
    assert someone.send(PIECE, "b.pdf", scan(font=True)) == 303
    assert "Ce PDF est une image" not in someone.page(f"/pieces/{PIECE}")


def test_what_nobody_needs_is_said_before_choosing_a_file(candidate: Made) -> None:
    page = candidate().page(f"/pieces/{PIECE}")
    assert page.index("Ne déposez pas de CV, de pièce d’identité ni de RIB") < page.index("Fichier à joindre")
    assert "Types acceptés : " in page and "Au plus 10 Mo" in page


def test_a_script_that_sends_a_file_is_told_where_to_go_and_keeps_the_page_of_what_is_wrong(candidate: Made) -> None:
    someone = candidate()
    path = f"{someone.url}/pieces/{PIECE}"
    data = {"file": (io.BytesIO(samples.pdf()), "a.pdf", "application/pdf")}
    answer = someone.browser.post(path, data=data, headers={"Upload-Script": "1"})
    assert (answer.status_code, answer.text, answer.headers["Upload-Next"]) == (204, "", path)
    assert "« a.pdf » est joint à votre dossier, version 1." in someone.page(f"/pieces/{PIECE}")
    data = {"file": (io.BytesIO(samples.HTML), "a.pdf", "application/pdf")}
    answer = someone.browser.post(path, data=data, headers={"Upload-Script": "1"})
    assert answer.status_code == 422 and "Un point à reprendre" in answer.text
