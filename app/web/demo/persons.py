"""Signing in with one click, as a person who does not exist."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from app import db
from app.policies import Act
from app.queries.access import is_fictional
from app.web.demo import pages
from app.web.doors import allow, found_or_404, missing
from app.web.entrance import let_in
from app.web.ways import first_page, local_path


@pages.post("/entrer")
def sign_in_as() -> ResponseReturnValue:
    """Only a fictional person: anybody else looks like nobody."""
    allow(Act.SIGN_IN)
    chosen = request.form.get("person", "")
    with db.short_transaction(writes=False) as own:
        fictional = is_fictional(own, chosen)
    if not fictional:
        missing()
    person = found_or_404(let_in(chosen, by="demonstration"))
    return redirect(local_path(request.form.get("next")) or first_page(person), 303)
