"""The second factor: enrolling, the second step of signing in, recovery codes, giving it up."""

import secrets
from io import BytesIO

import segno
import structlog
from flask import (
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from pyotp import TOTP

from app import db
from app.db import SAFE_METHODS
from app.operations.second_factor import (
    add_second_factor,
    check_second_factor,
    drafted_secret,
    remove_second_factor,
    renew_codes,
)
from app.operations.throttle import WINDOW
from app.policies import Act
from app.queries.second_factor import second_factor
from app.web.account import pages
from app.web.account.forms import Press, TypeCode
from app.web.account.proof import proof_first
from app.web.devices import remember_device
from app.web.doors import allow, clock, found_or_404, keys, me, missing
from app.web.entrance import let_in, opened
from app.web.sessions import hashed
from app.web.threshold import Waiting, enter, waiting
from app.web.throttle import Try, one_more
from app.web.ways import first_page, local_path
from app.words import refusal
from workflows.refused import Refused

log = structlog.get_logger()
DRAFT = "draft"
ISSUER = "Fabrique à initiatives"


@pages.route("/connexion/code-de-connexion", methods=["GET", "POST"])
def second_step() -> ResponseReturnValue:
    """After the password, the code: whoever stands here is nobody for the rest of the site."""
    allow(Act.SIGN_IN)
    found = waiting()
    if found is None or found.enrols:
        return redirect(url_for("account.sign_in", trop_tard=1), 303)
    form = TypeCode()
    if request.method in SAFE_METHODS:
        return step(form)
    if not form.validate():
        return step(form, 422)
    try:
        tried = one_more(name(found.person_id), in_request=True)
    except Refused as error:
        return wrong(form, error, "step")
    right = check_second_factor(db.session(), found.person_id, form.digits(), keys=keys(), clock=clock())
    db.session().commit()
    if not right:
        log.info("second_step_refused", person=found.person_id)
        return wrong(form, Refused("code_wrong"), "step")
    tried.was_right()
    return enter(found.person_id, by=found.by, back=found.back) or missing()


@pages.route("/compte/code-de-connexion", methods=["GET", "POST"])
def enrol() -> ResponseReturnValue:
    """Adding a second factor: by choice with a session, or because the team must, on the threshold."""
    person, email, half = enrolling()
    if half is None and (proof := proof_first()):
        return proof
    with db.short_transaction(writes=False) as own:
        if second_factor(own, person):
            return redirect(url_for("account.account" if half is None else "account.sign_in"), 303)
    form = TypeCode()
    if request.method in SAFE_METHODS or DRAFT not in session:
        session.setdefault(DRAFT, secrets.token_urlsafe(16))
        return shown_draft(form, person, email)
    if not form.validate():
        return shown_draft(form, person, email, 422)
    try:
        tried = one_more(name(person), in_request=True)
        secret = drafted_secret(keys(), person, session[DRAFT])
        codes = add_second_factor(db.session(), person, secret, form.digits(), keys=keys(), clock=clock())
    except Refused as error:
        return wrong(form, error, "enrol", person, email)
    db.session().commit()
    log.info("second_factor_added", person=person)
    return enrolled(person, half, codes, tried)


def enrolled(person_id: str, half: Waiting | None, codes: tuple[str, ...], tried: Try) -> ResponseReturnValue:
    """The recovery codes, this once; whoever stood on the threshold is in."""
    tried.was_right()
    session.pop(DRAFT, None)
    if half is None:
        opened().renew()
        return recovery(codes, url_for("account.account"))
    person = found_or_404(let_in(person_id, by=half.by))
    answer = make_response(recovery(codes, local_path(half.back) or first_page(person)))
    remember_device(answer, person_id)
    return answer


@pages.get("/compte/code-de-connexion/image")
def enrolment_picture() -> Response:
    """The drafted secret as a picture to scan: never kept by a browser."""
    person, email, _half = enrolling()
    drawn = BytesIO()
    segno.make(address_of(person, email), error="m").save(drawn, kind="svg", scale=6, border=4, light="#fff")
    return Response(drawn.getvalue(), content_type="image/svg+xml; charset=utf-8")


@pages.post("/compte/code-de-connexion/codes")
def new_codes() -> ResponseReturnValue:
    """Ten new recovery codes: the earlier ones open nothing any more."""
    allow(Act.SEE_ACCOUNT)
    pressed()
    if proof := proof_first():
        return proof
    codes = renew_codes(db.session(), str(me().id), clock=clock())
    db.session().commit()
    log.info("recovery_codes_renewed", person=me().id)
    return recovery(codes, url_for("account.account"))


@pages.post("/compte/code-de-connexion/fin")
def give_up() -> ResponseReturnValue:
    """Give the second factor up, for whoever may do without: her other sessions end."""
    allow(Act.SEE_ACCOUNT)
    pressed()
    if proof := proof_first():
        return proof
    if me().staff and not current_app.config["SETTINGS"].demo:
        raise Refused("second_factor_needed")
    remove_second_factor(db.session(), str(me().id), but_session=hashed(opened().token or ""), clock=clock())
    db.session().commit()
    opened().renew()
    log.info("second_factor_removed", person=me().id, by=me().id)
    flash(_("Votre accès ne demande plus de code de connexion."), "ok")
    return redirect(url_for("account.account"), 303)


def enrolling() -> tuple[str, str, Waiting | None]:
    """Who may enrol: somebody signed in, or somebody of the team whose password was right."""
    if me().is_authenticated:
        allow(Act.SEE_ACCOUNT)
        return str(me().id), me().email, None
    allow(Act.SIGN_IN)
    half = waiting()
    if half is None or not half.enrols:
        abort(401)
    return half.person_id, half.email, half


def address_of(person: str, email: str) -> str:
    """What an application of codes reads in the picture."""
    nonce = found_or_404(session.get(DRAFT))
    return TOTP(drafted_secret(keys(), person, nonce)).provisioning_uri(name=email, issuer_name=ISSUER)


def shown_draft(form: TypeCode, person: str, email: str, status: int = 200) -> ResponseReturnValue:
    secret = drafted_secret(keys(), person, session[DRAFT])
    words = {"secret": grouped(secret), "email": email, "issuer": ISSUER}
    return render_template("account/second_factor/enrol.html", form=form, **words), status


def step(form: TypeCode, status: int = 200) -> ResponseReturnValue:
    return render_template("account/second_factor/step.html", form=form), status


def wrong(form: TypeCode, error: Refused, page: str, person: str = "", email: str = "") -> ResponseReturnValue:
    """The same page again with its sentence; a try too many says how long to wait."""
    db.end_transaction()
    if error.code != "code_wrong" and error.code != "too_many_tries":
        raise error
    form.code.errors = [refusal(error)]
    status = 429 if error.code == "too_many_tries" else 422
    answer = make_response(step(form, status) if page == "step" else shown_draft(form, person, email, status))
    if status == 429:
        answer.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
    return answer


def recovery(codes: tuple[str, ...], back: str) -> str:
    """The page of the ten codes: shown this once, and stored nowhere as they are."""
    return render_template("account/second_factor/codes.html", codes=[grouped(code) for code in codes], back=back)


def grouped(secret: str) -> str:
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def pressed() -> None:
    """Refuse what no button of ours has sent."""
    if not Press().validate_on_submit():
        abort(422)


def name(person_id: str) -> str:
    """What the tries at a second factor are counted under."""
    return f"second factor:{person_id}"
