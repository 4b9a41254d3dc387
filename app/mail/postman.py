"""Delivery by SMTP: Flask-Mail, with its defects mended.

As it comes, Flask-Mail starts TLS with whoever answers, waits for ever, puts every reader into one `To:`, fails on an
address outside ASCII, and takes a goodbye that goes wrong for a message not sent.
"""

import contextlib
import smtplib
import ssl
from typing import Any, Protocol

from flask import Flask, current_app
from flask_mail import Connection, Mail, Message

TIMEOUT = 30.0  # seconds
#: RFC 5321 4.5.3.2.6: ten minutes for the answer to the final dot, or a slow server gets the message twice.
AFTER_THE_DOT = 600.0  # seconds


class Undeliverable(Exception):
    """This message will never leave: its address is refused for good."""


class AcknowledgementLost(Exception):
    """The line broke once the message had been handed over: nobody knows whether it arrived."""


class Words(Protocol):
    """What is sent: a subject on one line, a text, and its HTML."""

    @property
    def subject(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def html(self) -> str: ...


class Patient:
    """Waits for the answer to the final dot, and says so when it never comes."""

    def data(self, msg: Any) -> Any:
        self.sock.settimeout(AFTER_THE_DOT)  # type: ignore[attr-defined]  # a part of smtplib.SMTP
        try:
            return super().data(msg)  # type: ignore[misc]  # a part of smtplib.SMTP
        except smtplib.SMTPResponseException:
            raise
        except OSError as error:
            raise AcknowledgementLost from error


class Plain(Patient, smtplib.SMTP):
    """A line that may start TLS."""


class Ciphered(Patient, smtplib.SMTP_SSL):
    """A line in TLS from its first byte."""


class Line(Connection):
    """A connection whose certificate is verified, whose waits end, and whose goodbye cannot undo what was said."""

    def configure_host(self) -> smtplib.SMTP:
        mail, verified = self.mail, ssl.create_default_context()
        if mail.use_ssl:
            host: smtplib.SMTP = Ciphered(mail.server, mail.port, timeout=TIMEOUT, context=verified)
        else:
            host = Plain(mail.server, mail.port, timeout=TIMEOUT)
        try:
            if mail.use_tls:
                host.starttls(context=verified)
            if mail.username and mail.password:
                host.login(mail.username, mail.password)
        except OSError:
            host.close()
            raise
        return host

    def __exit__(self, *_error: object) -> None:
        if self.host is not None:
            with contextlib.suppress(OSError):
                self.host.quit()


class Postman(Mail):
    """One message to one person."""

    def connect(self) -> Line:
        return Line(current_app.extensions["mail"])

    def carry(self, words: Words, *, to: str, message_id: str, reply_to: str) -> None:
        """Hand one message over. Raises `Undeliverable`, `AcknowledgementLost`, and `OSError` for what may pass."""
        if not to.rpartition("@")[0].isascii():
            raise Undeliverable("address")
        message = Message(
            words.subject,
            recipients=[to],
            body=words.text,
            html=words.html,
            reply_to=reply_to or None,
            extra_headers={"Auto-Submitted": "auto-generated"},
        )
        message.msgId = message_id
        try:
            self.send(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            refuse_for_good(code, said, error)
        except smtplib.SMTPDataError as error:
            refuse_for_good(error.smtp_code, error.smtp_error, error)


def refuse_for_good(code: int, said: bytes | str, error: OSError) -> None:
    """A 5xx is an answer; a 4xx asks for patience, and is raised again as it came."""
    if code < 500:
        raise error
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    raise Undeliverable(f"{code} {' '.join(words.split())}") from error


def init_app(app: Flask) -> None:
    settings = app.config["SETTINGS"]
    app.config.update(
        MAIL_SERVER=settings.mail_server or "",
        MAIL_PORT=settings.mail_port,
        MAIL_USERNAME=settings.mail_username,
        MAIL_PASSWORD=settings.mail_password,
        MAIL_USE_TLS=settings.mail_security == "starttls",
        MAIL_USE_SSL=settings.mail_security == "tls",
        MAIL_DEFAULT_SENDER=settings.mail_sender,
        MAIL_SUPPRESS_SEND=settings.mail_server is None,
        MAIL_DEBUG=False,
    )
    app.extensions["postman"] = Postman(app)
