"""A candidate at a stage of her dossier, and the browser she uses."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, select

from app.models import Dossier, Entry, Person, Piece
from tests.conftest import Visitor
from tests.make import Make

EDGE = "edge-of-a-form"


@dataclass
class Candidate:
    """Somebody of the structure whose dossier it is."""

    make: Make
    browser: Visitor
    person: Person
    dossier: Dossier
    folder: Path

    @property
    def url(self) -> str:
        return f"/dossiers/{self.dossier.id}"

    def rows(self, asked: Select[Any]) -> list[Any]:
        """Read as the database has it now, and let the next request write."""
        found = list(self.make.db.execute(asked.execution_options(populate_existing=True)).scalars())
        self.make.commit()
        return found

    def page(self, path: str = "") -> str:
        answer = self.browser.sign_in(self.person).get(self.url + path)
        assert answer.status_code == 200, answer.text
        return text_of(answer.text)

    def send(self, key: str, name: str, body: bytes, media: str = "application/pdf") -> int:
        """Send a file in a form, byte for byte as said here."""
        declared = f"Content-Type: {media}\r\n" if media else ""
        head = f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n{declared}\r\n'
        form = head.encode() + body + f"\r\n--{EDGE}--\r\n".encode()
        sent = self.browser.post(
            f"{self.url}/pieces/{key}", data=form, content_type=f"multipart/form-data; boundary={EDGE}"
        )
        return sent.status_code

    def pieces(self) -> list[Piece]:
        asked = select(Piece).where(Piece.dossier_id == self.dossier.id)
        return self.rows(asked.order_by(Piece.requirement, Piece.version))

    def entries(self) -> list[str]:
        """The types of its history, in order."""
        asked = select(Entry.type).where(Entry.chain == f"dossier:{self.dossier.id}")
        return self.rows(asked.order_by(Entry.height))

    def stage(self) -> str:
        found: str = self.rows(select(Dossier.stage).where(Dossier.id == self.dossier.id))[0]
        return found

    def stored(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()} if self.folder.exists() else set()


def text_of(page: str) -> str:
    """A page with ordinary spaces and without tags, as it is read."""
    body = re.sub(r"<(script|style).*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).replace("&#39;", "'").split())


@pytest.fixture
def candidate(app: Flask, make: Make, tmp_path: Path) -> Callable[..., Candidate]:
    """Make a candidate at a stage: `candidate("experimentation", role="contribution")`."""

    def made(stage: str = "experimentation", *, role: str = "titulaire", dossier: Dossier | None = None) -> Candidate:
        structure = make.structure()
        person = make.person(role, structure=structure)
        dossier = dossier or make.dossier(structure, stage=stage)
        make.commit()
        return visiting(app, make, person, dossier, tmp_path)

    return made


def visiting(app: Flask, make: Make, person: Person, dossier: Dossier, folder: Path) -> Candidate:
    browser = app.test_client()
    assert isinstance(browser, Visitor)
    return Candidate(make, browser.sign_in(person), person, dossier, folder / "pieces")
