"""What the structure and the team agree on: read, write, confirm."""

from flask.typing import ResponseReturnValue

from app.web import agreements
from app.web.candidate import pages

AUDIENCE = "candidate"


@pages.get("/<dossier_id>/accord")
def agreement(dossier_id: str) -> str:
    return agreements.show_page(dossier_id, AUDIENCE)


@pages.route("/<dossier_id>/accord/ecrire", methods=["GET", "POST"])
def write_agreement(dossier_id: str) -> ResponseReturnValue:
    return agreements.write_page(dossier_id, AUDIENCE)


@pages.post("/<dossier_id>/accord")
def confirm_agreement(dossier_id: str) -> ResponseReturnValue:
    return agreements.confirm_act(dossier_id, AUDIENCE)
