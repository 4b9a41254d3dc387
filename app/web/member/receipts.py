"""The receipt of an opinion: what a structure keeps of it, always."""

from flask import render_template

from app.policies import Act
from app.web import hours
from app.web.doors import allow, found_or_404, me
from app.web.member import pages
from app.web.member.entrance import enter, voice_or_404
from app.words_names import capital
from app.words_vote import choice_name


@pages.get("/consultations/<poll_id>/accuse/<structure_id>")
def receipt(poll_id: str, structure_id: str) -> str:
    """What a structure keeps of its opinion, always: even after the close, even when it no longer takes part."""
    found = enter(poll_id, Act.SEE_RECEIPT)
    voice = voice_or_404(found.all_voices, structure_id)
    given = found_or_404(voice.given)
    allow(Act.SEE_RECEIPT, found.scope)
    return render_template(
        "member/ballot/receipt.html",
        poll=found.poll,
        voice=voice,
        choice=capital(choice_name(given.choice)),
        recused=voice.state == "recused",
        elsewhere=bool(hours.there(given.at, me().zone)),
        place=hours.place(me().zone),
        acting_for=voice.structure,
    )
