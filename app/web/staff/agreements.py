"""What a structure and the team agree on, on the desk: read, write, confirm."""

from flask.typing import ResponseReturnValue

from app.policies import Act
from app.web import agreements
from app.web.doors import allow
from app.web.staff import pages

AUDIENCE = "staff"


@pages.get("/dossiers/<dossier_id>/accord")
def agreement(dossier_id: str) -> str:
    allow(Act.SEE_DESK)
    return agreements.show_page(dossier_id, AUDIENCE)


@pages.route("/dossiers/<dossier_id>/accord/ecrire", methods=["GET", "POST"])
def write_agreement(dossier_id: str) -> ResponseReturnValue:
    allow(Act.SEE_DESK)
    return agreements.write_page(dossier_id, AUDIENCE)


@pages.post("/dossiers/<dossier_id>/accord")
def confirm_agreement(dossier_id: str) -> ResponseReturnValue:
    allow(Act.SEE_DESK)
    return agreements.confirm_act(dossier_id, AUDIENCE)
