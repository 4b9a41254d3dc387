"""« Envois »: what became of each message."""

from flask import render_template, request

from app import db
from app.policies import Act
from app.queries import deliveries as sent
from app.queries.keyset import Where
from app.web.doors import allow
from app.web.staff import pages


@pages.get("/envois")
def deliveries() -> str:
    allow(Act.SEE_DELIVERIES)
    where = Where(request.args.get("apres", ""), request.args.get("avant", ""))
    return render_template("staff/delivery/list.html", found=sent.deliveries(db.session(), where))
