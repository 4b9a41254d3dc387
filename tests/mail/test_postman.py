"""Delivery over a real SMTP conversation: certificates, lost answers, refusals, one reader a message."""

import asyncio
import email
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask

import config
from app import create_app
from app.db import Database
from app.mail.outbox import UNKNOWN_WAIT, deliver_next
from app.mail.postman import AcknowledgementLost, Postman, Undeliverable
from app.mail.render import Letter
from app.models import Message
from tests.conftest import Clock
from tests.make import Make

LETTER = Letter("Votre accès", "Bonjour,\n\n.\nÀ bientôt", "<p>À bientôt</p>")
Rows = Callable[..., list[Message]]


class Mailroom:
    """A mail server that does what a test tells it to."""

    def __init__(self) -> None:
        self.received: list[Any] = []
        self.refuses: dict[str, str] = {}
        self.after_data = "250 OK"
        self.breaks = False

    async def handle_RCPT(self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802  # aiosmtpd's name
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        self.received.append(envelope)
        if self.breaks:
            assert server.transport
            server.transport.abort()
            await asyncio.sleep(0)
        return self.after_data

    def messages(self) -> list[Any]:
        return [email.message_from_bytes(envelope.content, policy=policy.default) for envelope in self.received]


@contextmanager
def serving(mailroom: Mailroom, **options: Any) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(mailroom, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@pytest.fixture
def mailroom() -> Mailroom:
    return Mailroom()


@pytest.fixture
def posted(settings: config.Settings, clock: Clock) -> Callable[..., Flask]:
    """The house with a mail server."""

    def posted(port: int, **changed: Any) -> Flask:
        asked = replace(settings, mail_server="127.0.0.1", mail_port=port, **{"mail_security": "none", **changed})
        return create_app(asked, clock)

    return posted


def carry(app: Flask, *, to: str = "solene@fabrique.example") -> None:
    with app.app_context():
        postman: Postman = app.extensions["postman"]
        postman.carry(LETTER, to=to, message_id="<row@localhost>", reply_to="avise@fabrique.example")
    app.extensions["database"].engine.dispose()


def test_a_letter_arrives_as_it_was_written(mailroom: Mailroom, posted: Callable[..., Flask]) -> None:
    with serving(mailroom) as port:
        carry(posted(port))
    [message] = mailroom.messages()
    assert message["Subject"] == "Votre accès"
    assert message["To"] == "solene@fabrique.example"
    assert message["From"] == "reseau@fabrique.example"
    assert message["Reply-To"] == "avise@fabrique.example"
    assert message["Message-ID"] == "<row@localhost>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n").strip() == LETTER.text
    assert message.get_body(("html",)).get_content().strip() == LETTER.html


def test_a_reader_sees_no_other_reader(mailroom: Mailroom, posted: Callable[..., Flask]) -> None:
    with serving(mailroom) as port:
        app = posted(port)
        for to in ("solene@fabrique.example", "bakary@fabrique.example"):
            carry(app, to=to)
    assert [envelope.rcpt_tos for envelope in mailroom.received] == [
        ["solene@fabrique.example"],
        ["bakary@fabrique.example"],
    ]
    assert all(b"solene" not in envelope.content for envelope in mailroom.received[1:])


def test_an_address_refused_for_good_is_undeliverable(mailroom: Mailroom, posted: Callable[..., Flask]) -> None:
    mailroom.refuses["solene@fabrique.example"] = "550 5.1.1 No such user"
    with serving(mailroom) as port, pytest.raises(Undeliverable, match="550 5.1.1 No such user".replace(".", r"\.")):
        carry(posted(port))


def test_a_server_that_asks_for_patience_is_asked_again(mailroom: Mailroom, posted: Callable[..., Flask]) -> None:
    mailroom.refuses["solene@fabrique.example"] = "451 4.7.1 Greylisted"
    with serving(mailroom) as port, pytest.raises(smtplib.SMTPRecipientsRefused):
        carry(posted(port))
    mailroom.refuses.clear()
    mailroom.after_data = "452 4.2.2 Full for now"
    with serving(mailroom) as port, pytest.raises(smtplib.SMTPDataError):
        carry(posted(port))


def test_a_message_refused_for_good_is_undeliverable(mailroom: Mailroom, posted: Callable[..., Flask]) -> None:
    mailroom.after_data = "554 5.7.1 Refused"
    with serving(mailroom) as port, pytest.raises(Undeliverable, match="554"):
        carry(posted(port))


def test_a_line_that_breaks_after_the_message_leaves_a_doubt(mailroom: Mailroom, posted: Callable[..., Flask]) -> None:
    mailroom.breaks = True
    with serving(mailroom) as port, pytest.raises(AcknowledgementLost):
        carry(posted(port))
    assert len(mailroom.received) == 1


def test_a_local_part_outside_ascii_is_refused_before_any_line(posted: Callable[..., Flask]) -> None:
    with pytest.raises(Undeliverable, match="address"):
        carry(posted(1), to="solène@fabrique.example")


def self_signed(folder: Path) -> ssl.SSLContext:
    """A certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    at = datetime.now(UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), at, at + timedelta(days=1)
    ).sign(key, hashes.SHA256())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "certificate.pem"
    file.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_nobody_vouches_for_gets_no_letter(
    mailroom: Mailroom, posted: Callable[..., Flask], tmp_path: Path, security: str
) -> None:
    context = self_signed(tmp_path)
    options = {"tls_context": context} if security == "starttls" else {"ssl_context": context}
    with serving(mailroom, **options) as port, pytest.raises(ssl.SSLCertVerificationError):
        carry(posted(port, mail_security=security))
    assert mailroom.received == []


def test_a_server_without_tls_gets_no_letter(mailroom: Mailroom, posted: Callable[..., Flask]) -> None:
    with serving(mailroom) as port, pytest.raises(smtplib.SMTPNotSupportedError):
        carry(posted(port, mail_security="starttls"))
    assert mailroom.received == []


# What the outbox makes of it


@pytest.fixture
def invited(make: Make) -> None:
    make.person("titulaire", structure=make.structure())
    make.commit()


def send(app: Flask, database: Database, clock: Clock) -> int:
    sent, settings = 0, app.config["SETTINGS"]
    with app.app_context():
        while deliver_next(database, settings=settings, keys=app.extensions["keys"], clock=clock):
            sent += 1
    app.extensions["database"].engine.dispose()
    return sent


@pytest.mark.usefixtures("invited")
def test_an_unanswered_message_is_sent_once_more_with_the_same_identifier(
    mailroom: Mailroom, posted: Callable[..., Flask], database: Database, clock: Clock, rows: Rows
) -> None:
    mailroom.breaks = True
    with serving(mailroom) as port:
        app = posted(port)
        assert send(app, database, clock) == 1
        assert [message.status for message in rows()] == ["unknown"]
        clock.forward(seconds=UNKNOWN_WAIT.total_seconds() - 1)
        assert send(app, database, clock) == 0
        clock.forward(seconds=1)
        assert send(app, database, clock) == 1
        clock.forward(days=1)
        assert send(app, database, clock) == 0
    assert [message.status for message in rows()] == ["failed"]
    assert len({message["Message-ID"] for message in mailroom.messages()}) == 1
    assert len(mailroom.received) == 2


@pytest.mark.usefixtures("invited")
def test_a_mail_server_that_is_down_loses_nothing(
    mailroom: Mailroom, posted: Callable[..., Flask], database: Database, clock: Clock, rows: Rows
) -> None:
    with serving(mailroom) as port:
        pass
    send(posted(port), database, clock)
    [message] = rows()
    assert (message.status, message.tries) == ("waiting", 1)
    assert message.why.startswith("ConnectionRefusedError")
    clock.forward(minutes=5)
    with serving(mailroom) as again:
        assert send(posted(again), database, clock) == 1
    assert [message.status for message in rows()] == ["sent"]
    assert len(mailroom.received) == 1


@pytest.mark.usefixtures("invited")
def test_a_refused_address_is_never_tried_again(
    mailroom: Mailroom, posted: Callable[..., Flask], database: Database, clock: Clock, rows: Rows
) -> None:
    [message] = rows()
    mailroom.refuses["personne2@fabrique.example"] = "550 No such user"
    with serving(mailroom) as port:
        app = posted(port)
        send(app, database, clock)
        clock.forward(days=1)
        assert send(app, database, clock) == 0
    [message] = rows()
    assert (message.status, message.why) == ("failed", "550 No such user")
