"""One line for each form of the site: who fills it, where, and with what."""

from hashlib import sha256

from app.models import Structure
from app.operations.polls.decide import notify_decision, record_decision
from app.operations.polls.hold import raise_hold
from tests.hostile.ground import Builder, Ground
from tests.make import Make, World

TEXT = "Trois besoins étudiés avec les habitants, une activité ouverte."
LATER = "2026-11-20T12:00"


def dossier_at(make: Make, stage: str) -> tuple[Ground, str, World]:
    """A candidate and her dossier at a stage."""
    structure = make.structure()
    officer, candidate = make.officer(), make.person("titulaire", structure=structure)
    dossier = make.dossier(structure, stage=stage, officer=officer, candidate=candidate)
    world = World(dossier, None, candidate, officer)  # type: ignore[arg-type]  # no poll yet
    return Ground(candidate, ""), dossier.id, world


def answer(make: Make) -> Ground:
    ground, dossier, _ = dossier_at(make, "experimentation")
    return Ground(ground.person, f"/dossiers/{dossier}/reponses/utilite_structure", filled={"text": TEXT})


def request(make: Make) -> Ground:
    world = make.poll(electors=3, opened=False)
    page = f"/dossiers/{world.dossier.id}/retrait"
    return Ground(world.candidate, page, filled={"note": TEXT})


def commitments(make: Make) -> Ground:
    world = make.poll(electors=3)
    for member in world.members:
        make.cast(world, member)
    make.clock.forward(days=30)  # type: ignore[attr-defined]  # the clock of the tests
    make.close(world)
    record_decision(make.db, world.dossier.id, letter="Bravo.", by=make.actor(world.officer), clock=make.clock)
    notify_decision(make.db, world.dossier.id, by=make.actor(make.arbiter()), clock=make.clock)
    return Ground(
        world.candidate, f"/dossiers/{world.dossier.id}/engagements", filled={"accepted": ["territoire", "reseau"]}
    )


def pause(make: Make) -> Ground:
    ground, dossier, _ = dossier_at(make, "experimentation")
    return Ground(ground.person, f"/dossiers/{dossier}/passages/mettre_en_pause", filled={"note": TEXT})


def orient(make: Make) -> Ground:
    _, dossier, world = dossier_at(make, "renseignement")
    return Ground(world.officer, f"/avise/dossiers/{dossier}/passages/orienter", filled={"note": TEXT})


def link(make: Make) -> Ground:
    world = make.poll(electors=3, declared=False, opened=False)
    page = f"/comite/consultations/{world.poll.id}"
    structure = world.members[0].structure.id
    filled = {"structure": structure, "kind": "none", "words": TEXT}
    return Ground(world.members[0].person, f"{page}/lien", action=f"{page}/lien", filled=filled)


def opinion(make: Make) -> Ground:
    world = make.poll(electors=3)
    page = f"/comite/consultations/{world.poll.id}/avis"
    return Ground(
        world.members[0].person, page, action=f"{page}/confirmer", filled={"choice": "against", "reasons": TEXT}
    )


def new_dossier(make: Make) -> Ground:
    make.label_version()
    filled = {
        "structure": "",
        "name": "Les Ateliers de Vireval",
        "ground_kind": "departement",
        "ground_name": "Drôme",
        "ground_code": "26",
        "entry": "creation",
        "person_name": "Solène Kervadec",
        "person_email": "solene@fabrique.example",
    }
    return Ground(make.officer(), "/avise/dossiers/nouveau", filled=filled)


def invited(make: Make) -> Ground:
    structure: Structure = make.structure()
    page = f"/avise/structures/{structure.id}"
    filled = {
        "name": "Solène Kervadec",
        "email": "solene@fabrique.example",
        "function": "directrice",
        "role": "titulaire",
    }
    return Ground(make.officer(), page, action=f"{page}/personnes", filled=filled)


def team(make: Make) -> Ground:
    filled = {"name": "Inès Baudry", "email": "ines@fabrique.example", "role": "officer"}
    return Ground(make.person("administrator"), "/avise/equipe", filled=filled)


def window(make: Make) -> Ground:
    for _ in range(4):
        make.holder()
    _, dossier, world = dossier_at(make, "complet")
    filled = {"opens_at": "2026-11-03T09:00", "closes_at": LATER}
    return Ground(world.officer, f"/avise/dossiers/{dossier}/comite", filled=filled)


def extension(make: Make) -> Ground:
    world = make.poll(electors=3)
    page = f"/avise/consultations/{world.poll.id}"
    return Ground(world.officer, page, action=f"{page}/prolonger", filled={"closes_at": LATER, "reason": TEXT})


def closed(make: Make, *choices: str) -> World:
    world = make.poll(electors=len(choices))
    for member, choice in zip(world.members, choices, strict=True):
        make.cast(world, member, choice)
    make.clock.forward(days=30)  # type: ignore[attr-defined]  # the clock of the tests
    make.close(world)
    return world


def decision(make: Make) -> Ground:
    world = closed(make, "reserves", "reserves", "reserves")
    filled = {
        "letter": TEXT,
        "promises-0-promise": "Deux lettres d’engagement.",
        "promises-0-owner": "La structure",
        "promises-0-due_on": "2027-03-01",
    }
    return Ground(world.officer, f"/avise/dossiers/{world.dossier.id}/decision", filled=filled)


def arbitration(make: Make) -> Ground:
    world = closed(make, "for", "against", "abstention")
    filled = {"outcome": "deferred", "reason": TEXT, "letter": TEXT}
    return Ground(make.arbiter(), f"/avise/dossiers/{world.dossier.id}/arbitrage", filled=filled)


def password(make: Make) -> Ground:
    filled = {"current": "une phrase de passe longue", "chosen": "une autre phrase de passe longue"}
    return Ground(make.holder().person, "/compte", action="/compte/mot-de-passe", filled=filled, always_refused=True)


def language(make: Make) -> Ground:
    return Ground(make.holder().person, "/compte", action="/compte/langue", filled={"code": "en"})


def door(_make: Make) -> Ground:
    filled = {"email": "solene@fabrique.example", "password": "une phrase de passe"}
    return Ground(None, "/connexion", filled=filled, always_refused=True)


def second_entry(make: Make, *, desk: bool) -> tuple[Ground, str]:
    structure = make.structure()
    officer, candidate = make.officer(), make.person("titulaire", structure=structure)
    dossier = make.dossier(structure, stage="modalites", entry="a_posteriori", officer=officer, candidate=candidate)
    make.agreement(dossier)
    person = officer if desk else candidate
    return Ground(person, ""), f"{'/avise' if desk else ''}/dossiers/{dossier.id}/accord"


def terms(make: Make, *, desk: bool = False) -> Ground:
    ground, page = second_entry(make, desk=desk)
    filled = {
        "recognised": TEXT,
        "remaining": TEXT,
        "until": "2027-09",
        "steps-0-own": "Tendre l’oreille",
        "steps-0-step": "detection",
    }
    return Ground(ground.person, f"{page}/ecrire", filled=filled)


def desk_terms(make: Make) -> Ground:
    return terms(make, desk=True)


def word(make: Make, *, desk: bool = False) -> Ground:
    ground, page = second_entry(make, desk=desk)
    return Ground(ground.person, page, filled={"version": "1"})


def desk_word(make: Make) -> Ground:
    return word(make, desk=True)


def correction(make: Make) -> Ground:
    ground, dossier, world = dossier_at(make, "experimentation")
    make.exchange(world.dossier, TEXT, shared=True)
    return Ground(ground.person, f"/dossiers/{dossier}/echanges", filled={"words": TEXT})


def exchange(make: Make) -> Ground:
    _, dossier, world = dossier_at(make, "experimentation")
    filled = {"kind": "call", "words": TEXT, "reader": "shared", "next_on": "2026-11-20"}
    return Ground(world.officer, f"/avise/dossiers/{dossier}/echanges", filled=filled)


def handing_over(make: Make) -> Ground:
    _, dossier, world = dossier_at(make, "experimentation")
    filled = {"to": make.officer().id, "state": TEXT, "delicate": TEXT, "next_on": "2026-11-20"}
    return Ground(world.officer, f"/avise/dossiers/{dossier}/confier", filled=filled)


#: endpoint → its ground.
def refusal_to_send(make: Make) -> Ground:
    """A no that is recorded, and its letter to send."""
    world = closed(make, "against", "against", "against")
    record_decision(make.db, world.dossier.id, letter="Non.", by=make.actor(world.officer), clock=make.clock)
    filled = {"call": "called", "called_on": "2026-11-03", "called_by": "Inès", "no_call": TEXT, "despite": TEXT}
    return Ground(make.arbiter(), f"/avise/dossiers/{world.dossier.id}/notification", filled=filled)


def outcome(make: Make) -> Ground:
    world = closed(make, "for", "for", "for")
    return Ground(make.arbiter(), f"/avise/consultations/{world.poll.id}/suspension", filled={"reason": TEXT})


def lacking(make: Make) -> Ground:
    _, dossier, world = dossier_at(make, "demande")
    line = {"things-0-thing": "piece:deliberation", "things-0-lacks": "y", "things-0-words": "Elle manque."}
    return Ground(world.officer, f"/avise/dossiers/{dossier}/completude", filled={**line, "note": TEXT})


def end_of_an_appellation(make: Make) -> Ground:
    make.label_version()
    member, said = make.holder(), ("given_up", "member", "Merci.")
    seen = sha256("\n".join(said).encode()).hexdigest()
    filled = dict(zip(("ending", "stays", "reason"), said, strict=True), seen=seen)
    return Ground(make.arbiter(), f"/avise/structures/{member.structure.id}/fin", filled=filled)


def held_outcome(make: Make) -> Ground:
    ground = outcome(make)
    poll_id = ground.page.split("/")[3]
    raise_hold(make.db, poll_id, reason="Une voix oubliée.", by=make.actor(make.arbiter()), clock=make.clock)
    return Ground(ground.person, ground.page, action=f"{ground.page}/lever", filled={"note": TEXT})


FORMS: dict[str, Builder] = {
    "account.change_password": password,
    "account.choose_language": language,
    "account.sign_in": door,
    "candidate.accept": commitments,
    "candidate.confirm_agreement": word,
    "candidate.exchanges": correction,
    "candidate.pass_stage": pause,
    "candidate.withdraw": request,
    "candidate.write_answer": answer,
    "candidate.write_agreement": terms,
    "member.confirm": opinion,
    "member.declare": link,
    "staff.arbitrate": arbitration,
    "staff.completeness": lacking,
    "staff.confirm_agreement": desk_word,
    "staff.convene": window,
    "staff.decide": decision,
    "staff.end": end_of_an_appellation,
    "staff.exchanges": exchange,
    "staff.extend": extension,
    "staff.hand_over_to": handing_over,
    "staff.hold": outcome,
    "staff.invite_person": invited,
    "staff.lift_a_hold": held_outcome,
    "staff.notify": refusal_to_send,
    "staff.open_a_dossier": new_dossier,
    "staff.pass_stage": orient,
    "staff.team": team,
    "staff.write_agreement": desk_terms,
}

#: Forms whose bad values are tried beside their own pages, because they need more than one page to be filled.
BESIDE: dict[str, str] = {
    "account.ask_for_link": "tests/web/account/test_links.py",
    "account.enrol": "tests/web/account/test_second_factor.py",
    "account.follow_link": "tests/web/account/test_links.py",
    "account.invite_colleague": "tests/web/account/test_colleagues.py",
    "account.leave_structure": "tests/web/account/test_colleagues.py",
    "account.prove_again": "tests/web/account/test_second_factor.py",
    "account.second_step": "tests/web/account/test_second_factor.py",
    "account.type_code": "tests/web/account/test_links.py",
    "candidate.ask_call_back": "tests/web/candidate/test_again.py",
    "candidate.ask_time": "tests/web/candidate/test_again.py",
    "candidate.file_joint": "tests/web/candidate/test_joint.py",
    "candidate.file_piece": "tests/web/candidate/test_pieces.py",
    "candidate.keep_draft": "tests/web/candidate/test_drafts.py",
    "candidate.leave_joint": "tests/web/candidate/test_joint.py",
    "candidate.reopen": "tests/web/candidate/test_again.py",
    "candidate.send_answer": "tests/web/member/test_questions.py",
    "candidate.write_joint": "tests/web/candidate/test_joint.py",
    "member.ask": "tests/web/member/test_questions.py",
    "member.declare_sheet": "tests/web/member/test_sheet.py",
    "public.ask": "tests/web/public/test_enquiries.py",
    "staff.add_to_joint": "tests/web/staff/test_joint.py",
    "staff.calendar": "tests/web/staff/test_sittings.py",
    "staff.cancel_sitting": "tests/web/staff/test_sittings.py",
    "staff.convene_joint": "tests/web/staff/test_joint.py",
    "staff.enquiry": "tests/web/staff/test_enquiries.py",
    "staff.greeter": "tests/web/staff/test_enquiries.py",
    "staff.leave_joint": "tests/web/staff/test_joint.py",
    "staff.notify_joint": "tests/web/staff/test_joint.py",
    "staff.open_a_joint_file": "tests/web/staff/test_joint.py",
    "staff.set_aside": "tests/web/member/test_questions.py",
    "staff.sitting": "tests/web/staff/test_sittings.py",
}
#: Buttons: a POST that carries nothing but where it is, refused elsewhere by its address alone.
BUTTONS = {
    "account.end_colleague_mandate",
    "account.end_others",
    "account.end_session",
    "account.give_up",
    "account.invitation",
    "account.invite_colleague_again",
    "account.new_codes",
    "account.send_again",
    "account.sign_out",
    "account.stay",
    "account.switch",
    "account.throw_away",
    "candidate.strands",
    "candidate.take_back_piece",
    "candidate.throw_draft",
    "member.cast",
    "member.stop_here",
    "staff.ask_removal",
    "staff.close",
    "staff.confirm",
    "staff.confirm_a_hold",
    "staff.confirm_removal",
    "staff.end_co_author",
    "staff.end_mandate",
    "staff.end_sessions_of",
    "staff.end_team_mandate",
    "staff.leave_collective",
    "staff.open_a_poll",
    "staff.reopen",
    "staff.resend_invitation",
    "staff.resend_team_invitation",
    "staff.tick",
    "staff.withdraw",
}
