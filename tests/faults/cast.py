"""Giving an opinion as a person does, form after form; what a kill cuts short is sent again with the same key."""

import http.client
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.clock import utc_now
from tests.faults.forms import Answer, Browser, Form, forms_of
from tests.faults.ground import Ballot

BREATH = 0.03  # seconds between two tries
TUNNEL = 0.5  # seconds away from the network
ACKNOWLEDGED = 303


class Unexpected(AssertionError):
    """The site answered what no elector of a campaign should ever be answered."""


@dataclass(frozen=True)
class Acknowledged:
    """A ballot that the site said it has: when the form that was answered had been sent, and how often it was cut."""

    ballot: Ballot
    sent_at: datetime
    cut: int


def cast(browser: Browser, ballot: Ballot, *, until: float) -> Acknowledged:
    """Give an opinion and return once it is acknowledged, read to its end.

    Raises `Unexpected` for any other answer, and `TimeoutError` past `until` on the monotonic clock.
    """
    shown, sent = confirmation(browser, ballot, until=until), list[datetime]()

    def send() -> Answer:
        sent.append(utc_now())
        if ballot.unheard and len(sent) == 1:
            browser.lose_answer(shown.action, shown.fields, seconds=TUNNEL)
            raise ConnectionAbortedError
        return browser.post(shown.action, shown.fields)

    answer = insist(send, until)
    if answer.status != ACKNOWLEDGED:
        raise Unexpected(f"{answer.status} to the confirmation: {answer.body[-1000:]}")
    return Acknowledged(ballot, sent[-1], len(sent) - 1)


def confirmation(browser: Browser, ballot: Ballot, *, until: float) -> Form:
    """The form that records an opinion: its choice made, its key and the version it replaces inside."""
    address = f"/comite/consultations/{ballot.poll_id}/avis"
    chosen = form_to(insist(lambda: browser.get(address), until), f"{address}/confirmer")
    fields = {**chosen.fields, "choice": ballot.choice, "reasons": ballot.reasons}
    return form_to(insist(lambda: browser.post(chosen.action, fields), until), address)


def form_to(answer: Answer, address: str) -> Form:
    """The form of a page that is sent to an address."""
    for form in forms_of(answer.body):
        if form.method == "post" and form.action == address:
            return form
    raise Unexpected(f"{answer.status}, and no form to {address}: {answer.body[-1000:]}")


def insist(ask: Callable[[], Answer], until: float) -> Answer:
    """Ask until the site answers, however often it is killed meanwhile."""
    while time.monotonic() < until:
        try:
            return ask()
        except (OSError, http.client.HTTPException):
            time.sleep(BREATH)
    raise TimeoutError("the campaign took longer than it may")
