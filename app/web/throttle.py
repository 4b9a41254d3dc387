"""How many times somebody may be wrong: ten for an account and fifty for an address, in a quarter of an hour.

A try is counted before its password is checked, so that two processes together allow no more than one. A device that
has signed in before has a count of its own: whoever is wrong on purpose elsewhere does not keep its person out.
"""

import hmac
from contextlib import nullcontext
from dataclasses import dataclass
from hashlib import sha256

from flask import current_app, request

from app import db
from app.operations.throttle import count_try, forget_tries, take_back
from app.web.doors import keys, now
from workflows.refused import Refused

FOR_AN_ACCOUNT = 10
FOR_AN_ADDRESS = 50


@dataclass(frozen=True)
class Try:
    """One try, under the key of its account or known device, and of its address unless the device is known."""

    who: str
    address: str | None

    def was_right(self) -> None:
        """Forget the wrong ones before it."""
        with db.short_transaction(writes=True) as own:
            forget_tries(own, self.who)
            if self.address:
                take_back(own, self.address)


def one_more(account: str, *, device: str | None = None, most: int = FOR_AN_ACCOUNT, in_request: bool = False) -> Try:
    """Count a try on an account, by its address or any other name of it. Raises `Refused("too_many_tries")`.

    `in_request` counts in the request's own transaction, which its view commits: one commit, whatever comes of it.
    """
    made = Try(key("device", device), None) if device else Try(key("account", account), key("address", address()))
    with nullcontext(db.session()) if in_request else db.short_transaction(writes=True) as own:
        over = count_try(own, made.who, at=now()) > most
        if made.address:
            over = count_try(own, made.address, at=now()) > FOR_AN_ADDRESS or over
    if over:
        raise Refused("too_many_tries")
    return made


def key(kind: str, value: str) -> str:
    """What a count is kept under: neither an address nor a name can be read from it."""
    return f"{kind}:{hmac.new(keys().purpose('throttle'), value.encode(), sha256).hexdigest()}"


def address() -> str:
    """Where the request comes from: what the nearest trusted proxy says, and nothing that a visitor can write."""
    proxies: int = current_app.config["SETTINGS"].trusted_proxies
    said = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(said) >= proxies:
        return said[-proxies]
    return request.remote_addr or ""
