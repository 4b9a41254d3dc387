"""« Mon dossier »: where it stands, what is expected, what comes next."""

import re
from datetime import datetime

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.policies import Act, may
from app.queries.joint import my_joint_files
from app.queries.my_dossiers import Ahead, DossierLine, MyDossier, my_dossier, my_dossiers
from app.queries.thread import AWAY, is_new
from app.web.candidate import pages
from app.web.doors import allow, found_or_404, me, now
from app.words import hour, say
from workflows.requirements import Requirement

FIRST = re.compile(r"^(.+?)(?:\s?:\s+|\.\s+|\.?$)(.*)$", re.DOTALL)
OWN_PAGES = {"accept": "candidate.accept", "withdraw": "candidate.withdraw"}
PEOPLE = frozenset({"second_person_missing", "binding_person_missing"})
#: Said once a session: the page of who comes back.
TAKEN_UP = "thread"


@pages.get("")
def dossiers() -> ResponseReturnValue:
    """The dossiers of my structures; my dossier itself when there is only one."""
    allow(Act.SEE_MY_DOSSIERS)
    mine, joint = my_dossiers(db.session(), me()), my_joint_files(db.session(), me())
    if len(mine) == 1 and not joint:
        page = "candidate.thread" if comes_back(mine[0]) else "candidate.dossier"
        return redirect(url_for(page, dossier_id=mine[0].id), 303)
    return render_template("candidate/dossier/list.html", dossiers=mine, joint=joint)


def last_here() -> datetime | None:
    """When this person was last here before this session; nothing at her first time."""
    said = session.get("since")
    return datetime.fromisoformat(said) if isinstance(said, str) else None


def comes_back(mine: DossierLine) -> bool:
    """Whether she takes the thread up again: after a week away, or new to a dossier that had begun; once a session."""
    if session.get(TAKEN_UP):
        return False
    last, at = last_here(), now()
    back = last < at - AWAY if last else is_new(mine.joined_at, mine.opened_at, at)
    if back:
        session[TAKEN_UP] = True
    return back


@pages.get("/<dossier_id>")
def dossier(dossier_id: str) -> str:
    """Where a dossier stands, what it lacks, who does what by when, what comes next, what it has lived."""
    found = found_or_404(my_dossier(db.session(), me(), dossier_id, now()))
    allow(Act.SEE_DOSSIER, found.heading.scope)
    title, lead = fact(say(found.heading.stage.says))
    main, others = ways(found)
    return render_template(
        "candidate/dossier/show.html",
        may_leave=may(me(), Act.LEAVE_JOINT_FILE, found.heading.scope),
        found=found,
        title=title,
        lead=lead,
        main=main,
        others=others,
        acting_for=found.heading.structure,
        page_of=lambda ahead: page_of(found, ahead),
        mend=lambda lacking: mend(found, lacking),
        hours=hours,
    )


def fact(says: str) -> tuple[str, str]:
    """The first fact of what a stage says, fit for a title, and the rest of it."""
    found = FIRST.match(says.strip())
    first, rest = found.groups() if found else (says, "")
    return first, rest[:1].upper() + rest[1:]


def ways(found: MyDossier) -> tuple[tuple[Ahead, ...], tuple[Ahead, ...]]:
    """What the stage waits for, and what can be done besides."""
    main = tuple(way for way in found.ahead if way.transition.tone == "main")
    return main, tuple(way for way in found.ahead if way not in main)


def page_of(found: MyDossier, ahead: Ahead) -> str:
    """The page where a transition is made."""
    transition = ahead.transition
    if transition.act in OWN_PAGES:
        return url_for(OWN_PAGES[transition.act], dossier_id=found.heading.id)
    return url_for("candidate.pass_stage", dossier_id=found.heading.id, name=transition.name)


def hours(at: datetime) -> list[str]:
    """An hour in Paris, and in the reader's zone where it is another."""
    said = [_("%(hour)s, heure de Paris", hour=hour(at))]
    there = hour(at, me().zone)
    return said if there == hour(at) else [*said, _("%(hour)s chez vous", hour=there)]


def mend(found: MyDossier, lacking: Requirement) -> str | None:
    """The page where something lacking can be given, for who may give it."""
    values, dossier_id = lacking.values, found.heading.id
    if lacking.code in PEOPLE:
        return url_for("account.colleagues", structure_id=found.heading.scope.structure_id)
    if lacking.code == "agreement_missing":
        return url_for("candidate.agreement", dossier_id=dossier_id)
    if "criterion" in values and found.may_write:
        return url_for("candidate.write_answer", dossier_id=dossier_id, criterion=values["criterion"])
    if "piece" in values and found.may_file:
        return url_for("candidate.file_piece", dossier_id=dossier_id, key=values["piece"])
    if "strand" in values:
        return url_for("candidate.strands", dossier_id=dossier_id)
    return None
