"""Everything a persona can see of a world: each page, its headers, its work, and the mails she received."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.models import DemoMail
from tests.conftest import Visitor, counted
from tests.leaks.twins import Twin
from tests.test_access import address, routes

#: Hashes, signatures, draws and references differ between any two worlds; what they are made of must not.
MASKS = (
    (re.compile(r"[0-9a-f]{128}"), "SIGNATURE"),
    (re.compile(r"[0-9a-f]{64}"), "HASH"),
    (re.compile(r"(?:[0-9A-HJ-NP-Z]{4}[- ]){3,}[0-9A-HJ-NP-Z]{1,4}"), "CODE"),
    (re.compile(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b"), "REFERENCE"),
    (re.compile(r'name="(csrf_token|once)"[^>]*value="[^"]*"'), r"\1"),
    (re.compile(r'data-token="[^"]*"'), "TOKEN"),
)
UNTOLD = {"Date", "Set-Cookie"}


@dataclass(frozen=True)
class Seen:
    """One answer, masked."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str
    statements: int


def masked(text: str) -> str:
    for pattern, name in MASKS:
        text = pattern.sub(name, text)
    return text


def surfaces(twin: Twin, persona: str) -> dict[str, Seen]:
    """Every page that answers to GET, in French and in English, as this persona sees it."""
    found = {}
    client = signed_in(twin, persona)
    for rule, method in routes(twin.app):
        if method != "GET":
            continue
        where = address(twin.app, rule, twin.made, persona)
        twin.draws.sow(f"{persona} {where}")
        found[where] = seen(twin, client, where)
    return found


def signed_in(twin: Twin, persona: str) -> FlaskClient:
    client = twin.app.test_client()
    twin.draws.sow(f"cookie of {persona}")
    person = twin.made.people[persona]
    if person is not None and isinstance(client, Visitor):
        client.sign_in(person)
    return client


def seen(twin: Twin, client: FlaskClient, where: str) -> Seen:
    with counted(twin.app.extensions["database"]) as statements:
        answer = client.get(where, buffered=True)
    body = masked(answer.get_data(as_text=True)) if answer.mimetype.startswith(("text/", "application/json")) else ""
    told = sorted((name, masked(value)) for name, value in answer.headers if name not in UNTOLD)
    length = [] if body else [("Bytes", str(len(answer.get_data())))]
    kept = [(name, value) for name, value in told if name != "Content-Length"]
    return Seen(answer.status_code, tuple(kept + length), body, len(statements))


def mails(app: Flask) -> dict[str, list[tuple[str, ...]]]:
    """What each address received, in order."""
    with app.extensions["database"].session(writes=False) as session:
        rows = session.execute(
            select(DemoMail).order_by(DemoMail.to_email, DemoMail.received_at, DemoMail.id)
        ).scalars()
        received: dict[str, list[Any]] = {}
        for mail in rows:
            told = (mail.subject, masked(mail.text), masked(mail.html), mail.received_at.isoformat())
            received.setdefault(mail.to_email, []).append(told)
    return {whom: sorted(told) for whom, told in received.items()}


def differences(one: dict[str, Seen], other: dict[str, Seen]) -> list[str]:
    """Where two walks differ, and in what."""
    lost = [f"{where}: only in one world" for where in one.keys() ^ other.keys()]
    for where in sorted(one.keys() & other.keys()):
        a, b = one[where], other[where]
        lost += [
            f"{where}: {part}"
            for part in ("status", "headers", "statements", "body")
            if getattr(a, part) != getattr(b, part)
        ]
    return lost
