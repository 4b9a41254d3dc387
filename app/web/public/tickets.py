"""When a form was opened, and which sending of it this is: signed, so that nobody writes it by hand."""

import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.web.doors import keys, now

FASTEST = 3  # seconds
LONGEST = 24 * 3600  # seconds
PURPOSE = "enquiry"
WRITTEN = re.compile(r"([0-9]{1,12})\.([A-Za-z0-9_-]{22})\.([0-9a-f]{64})", re.ASCII)

TOO_SOON = _l("Ce message est parti très vite, comme l’enverrait un robot. Relisez-le, puis envoyez de nouveau.")
TOO_LATE = _l("Cette page est restée ouverte trop longtemps. Votre texte est gardé : envoyez-le de nouveau.")


@dataclass(frozen=True)
class Ticket:
    """What a form carries: when it was opened, in seconds since 1970 (UTC), and the name of its sending."""

    opened: int
    once: str

    def signed(self) -> str:
        return f"{self.opened}.{self.once}.{keys().token(PURPOSE, self.once, self.opened, '')}"

    def again(self) -> "Ticket":
        """The same sending, opened now."""
        return Ticket(seconds(), self.once)

    def refused(self) -> Any:
        """Why the form is to be sent again; nothing when it may go."""
        age = seconds() - self.opened
        if age < FASTEST:
            return TOO_SOON
        return TOO_LATE if age > LONGEST else None


def seconds() -> int:
    return int(now().timestamp())


def new_ticket() -> Ticket:
    return Ticket(seconds(), secrets.token_urlsafe(16))


def read_ticket(written: str | None) -> Ticket | None:
    """The ticket of a form; nothing when this house did not sign it."""
    found = WRITTEN.fullmatch(written or "")
    if found is None:
        return None
    ticket = Ticket(int(found[1]), found[2])
    return ticket if hmac.compare_digest(ticket.signed(), found[0]) else None
