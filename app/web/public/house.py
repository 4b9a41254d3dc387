"""The house itself: its home, its language, and the pages of words that every site owes its readers."""

from datetime import timedelta

from flask import Response, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app import db
from app.policies import Act
from app.queries.figures import network_figures
from app.queries.greeters import Welcome, welcome
from app.queries.published import main_label, ways
from app.web import asked, devices
from app.web.doors import allow, missing, now
from app.web.public import pages
from app.web.public.enquiries import answers
from app.web.ways import local_path

LANGUAGES = ("fr", "en")
#: What a search engine has no business reading.
PRIVATE = ("/avise", "/comite", "/dossiers", "/compte", "/connexion", "/langue")


def contact() -> str:
    """The watched address that people write to."""
    settings = current_app.config["SETTINGS"]
    return str(settings.mail_reply_to or settings.mail_sender)


@pages.get("/")
def home() -> str:
    """What the appellation is, how one joins, and the public figures with their years."""
    allow(Act.SEE_SITE)
    label = main_label(db.session())
    own, common = ways(label) if label else ((), ())
    promised = welcome(db.session(), label, now()) if label else Welcome(None, None)
    return render_template(
        "public/home/show.html",
        label=label,
        ways=own,
        stages=common,
        figures=network_figures(),
        who=answers(label, promised) if label else "",
        promised=promised,
    )


@pages.get("/langue/<code>")
def choose_language(code: str) -> ResponseReturnValue:
    """Read the site in another language from now on, back on the page one was reading."""
    allow(Act.SEE_SITE)
    if code not in LANGUAGES:
        missing()
    session["language"] = code
    return redirect(local_path(request.args.get("next")) or url_for("public.home"), 303)


@pages.get("/aide")
def help_page() -> str:
    allow(Act.SEE_SITE)
    return render_template("public/words/help.html", contact=contact(), label=main_label(db.session()))


@pages.get("/accessibilite")
def accessibility() -> str:
    allow(Act.SEE_SITE)
    return render_template("public/words/accessibility.html", contact=contact())


@pages.get("/donnees-personnelles")
def privacy() -> str:
    """Cookies, who sees what, how long it is kept."""
    allow(Act.SEE_SITE)
    settings = current_app.config["SETTINGS"]
    return render_template(
        "public/words/privacy.html",
        contact=contact(),
        session_cookie=current_app.config["SESSION_COOKIE_NAME"],
        device_cookie=devices.cookie(),
        device_days=devices.LASTS.days,
        link_cookie=asked.cookie(),
        idle=timedelta(seconds=settings.session_idle) // timedelta(minutes=1),
        absolute=timedelta(seconds=settings.session_absolute) // timedelta(hours=1),
    )


@pages.get("/mentions-legales")
def legal() -> str:
    allow(Act.SEE_SITE)
    return render_template("public/words/legal.html", contact=contact(), site=current_app.config["SETTINGS"].base_url)


@pages.get("/style")
def style() -> str:
    """Every component in its states, for who draws or tests: never in production."""
    allow(Act.SEE_SITE)
    settings = current_app.config["SETTINGS"]
    if not (settings.demo or settings.debug):
        missing()
    return render_template("public/style.html")


@pages.get("/robots.txt")
def robots() -> Response:
    """Nothing of a demonstration is worth finding in a search engine."""
    allow(Act.SEE_SITE)
    kept_out = ("/",) if current_app.config["SETTINGS"].demo else PRIVATE
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in kept_out)]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
