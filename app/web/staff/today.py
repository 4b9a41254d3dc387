"""« Aujourd’hui »: what waits on the person reading, whom she waits for, what presses nobody."""

from flask import render_template

from app import db
from app.policies import Act, may
from app.queries import desk
from app.web.doors import allow, me, now
from app.web.staff import pages


@pages.get("")
def today() -> str:
    allow(Act.SEE_DESK)
    at = now()
    return render_template(
        "staff/desk/today.html",
        found=desk.today(db.session(), me(), at),
        at=at,
        may_see_deliveries=may(me(), Act.SEE_DELIVERIES),
    )
