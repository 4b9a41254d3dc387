"""A form that arrives after its session has ended: kept for the same person, who signs in and sends it again.

Never a ballot, which is a secret until it is cast; never a password, a code or a file. The address kept is one of this
site that takes forms, built anew from its endpoint, and the browser must say that the form comes from this site.
"""

from collections.abc import Iterator, Sequence

from flask import current_app, request, url_for
from flask_wtf import FlaskForm
from werkzeug.exceptions import HTTPException
from wtforms import HiddenField
from wtforms.fields.core import UnboundField

from app import db
from app.operations.kept_forms import keep_form
from app.web.doors import now
from app.web.sessions import ended_person

#: Audiences whose forms are kept. What an account sends holds passwords; what a member sends may be a ballot.
AUDIENCES = frozenset({"candidate", "staff"})
#: The forms of members that are no ballots.
OTHERS = frozenset({"member.declare_link", "member.ask"})
#: What scripts send by themselves, and what stands for somebody's voice.
NEVER = frozenset({"candidate.keep_draft"})
SECRETS = ("password", "code", "ballot", "cast", "vote", "choice")
NOT_KEPT = frozenset({"csrf_token"})
LONGEST_PATH = 500  # characters
HEAVIEST = 64 * 1024  # characters


def kept_page() -> str | None:
    """Keep the form of this request if its session has just ended, and say where its author will find it again."""
    person = ended_person() if worth_keeping() else None
    path = own_path() if person else ""
    if person is None or not path:
        return None
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_KEPT]
    if sum(len(name) + len(value) for name, value in fields) > HEAVIEST:
        return None
    with db.short_transaction(writes=True) as own:
        form_id = keep_form(own, person, path, fields, at=now())
    return url_for("account.resume", form_id=form_id) if form_id else None


def worth_keeping() -> bool:
    """Whether this is a form of this site that may be kept, by its address, its fields and what its browser says."""
    endpoint = request.endpoint or ""
    kept = endpoint.split(".")[0] in AUDIENCES or endpoint in OTHERS
    secret = any(word in name.lower() for name in (endpoint, *request.form) for word in SECRETS)
    ours = request.headers.get("Origin") == current_app.config["SETTINGS"].base_url
    sent = request.method == "POST" and bool(request.form) and not request.files
    return sent and ours and kept and not secret and endpoint not in NEVER


def own_path() -> str:
    """The address of this form, from its endpoint and never as it was spelled."""
    query = request.query_string.decode("ascii", "replace")
    path = url_for(str(request.endpoint), **(request.view_args or {}))
    whole = f"{path}?{query}" if query and query.isprintable() else path
    return whole if len(whole) <= LONGEST_PATH else ""


def endpoint_of(path: str) -> str:
    """The endpoint that takes a form at an address of this site; nothing where none does."""
    try:
        endpoint, _values = current_app.url_map.bind("").match(path.partition("?")[0], method="POST")
    except HTTPException:
        return ""
    return str(endpoint)


def labelled(path: str, fields: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What somebody filled in, each by the name her page gave it; what the page had put itself is left out."""
    audience = endpoint_of(path).split(".")[0]
    sent = {name for name, _value in fields}
    best = max(forms_of(audience), key=lambda labels: len(sent & set(labels)), default={})
    return [(best[name], value) for name, value in fields if name in best and value.strip()]


def forms_of(audience: str) -> Iterator[dict[str, str]]:
    """The fields of each form of an audience, by name: what each is called on the page."""
    waiting: list[type[FlaskForm]] = [FlaskForm]
    for form in waiting:
        waiting.extend(form.__subclasses__())
        if form.__module__.startswith(f"app.web.{audience}."):
            yield {
                part: str(label)
                for name in dir(form)
                if isinstance(field := getattr(form, name), UnboundField) and field.field_class is not HiddenField
                if (label := field.kwargs.get("label") or next(iter(field.args), ""))
                for part in (name, f"{name}-name")
            }
