"""From the first contact to the appellation, without the command line, each actor signed in as herself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from app.demo.pdf import one_page
from tests.browser.hands import attach, choose, fill, follow, habits, named, pick, press, say, use
from tests.browser.site import Site
from tests.browser.visitors import (
    PHONE,
    WAIT,
    WIDE,
    Visitors,
    fits,
    go,
    read_letter,
    region,
    status,
    title,
    told,
    unread,
)

pytestmark = pytest.mark.xdist_group("browser")
expect.set_options(timeout=WAIT)

#: How a journey is made: how wide the page, in which language, by keyboard alone or not.
WAYS = {
    "wide, in French": (WIDE, "fr", False),
    "on a phone, in English": (PHONE, "en", False),
    "wide, in French, by keyboard alone": (WIDE, "fr", True),
}
NEWCOMER, LOUISE, HER_ADDRESS = "Les Moissons de Cabrière", "Louise Faverolle", "louise.faverolle@cabriere.example"
ANSWERS = (
    "L’utilité pour votre structure",
    "L’utilité pour le territoire",
    "Une diversité de partenaires durablement investis",
    "Un savoir-faire métier bien ancré",
    "Ce que nous apportons au réseau",
)
PIECES = (
    "Délibération du conseil d’administration",
    "Présentation de la structure",
    "Lettres d’engagement de partenaires",
    "Bilan de l’expérimentation",
)
PARTNERS = (
    ("Communauté de communes de Cabrière", "Collectivité territoriale ou intercommunalité"),
    ("La Grange commune", "Association ou structure de l’économie sociale et solidaire"),
)
WRITTEN = "Quarante partenaires et trois années de pratique."
RETAINED = "Une équipe de trois personnes, et un métier transmis."


@dataclass(frozen=True)
class Voice:
    """What one structure says, through whom."""

    structure: str
    person: str
    choice: str = "Favorable"
    reasons: str = ""


HERVE = Voice("L’Établi du Haut-Morvy", "Hervé Lacombe", "Défavorable", "La quincaillerie du bourg manque au dossier.")
HERVE_AFTERWARDS = Voice(HERVE.structure, HERVE.person)
LUCAS = Voice("Tisser Loudrac", "Lucas Ferrant")
SUZANNE, SUZANNES_ADDRESS = Voice("Graines de Sarmoise", "Suzanne Verdier"), "suzanne.verdier@sarmoise.example"
OTHERS = (
    Voice("Fleuve & Lisières", "Rodrigue Maroudin"),
    Voice("Rives", "Pauline Vasseur"),
    Voice("Rives-Nord", "Pauline Vasseur", "Favorable avec réserves", "Un poste de charpentier reste à financer."),
    Voice("La Fourmilière d’Aubrelle", "Joris Delmas", "Abstention"),
    Voice("Maison des initiatives de Trévolle", "Bérénice Falgoux"),
    Voice("Semailles du Vermandois", "Quentin Haudry", "Défavorable", "La draisine locale n’a pas de porteur."),
    Voice("La Grange de Lomagne", "Aurélie Castagné"),
    Voice("Les Passeurs de Cormance", "Karim Ostrelle"),
)
#: From what the peers wrote: nobody reads it before the count, the candidate never does.
REASONS = ("quincaillerie", "charpentier", "draisine")
PEERS = ("Semailles", "Haudry", "Morvy", "Lacombe")


@pytest.fixture(params=WAYS, ids=WAYS)
def visitors(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Visitors]:
    size, language, keyboard = WAYS[request.param]
    made = Visitors(browser, site, size)
    with habits(language, keyboard=keyboard):
        yield made
    made.leave()


def test_a_new_structure_goes_from_first_contact_to_its_appellation(visitors: Visitors) -> None:
    ines = visitors.signed_in("Inès Baudry")
    open_dossier(ines)
    louise = visitors.invited(LOUISE, HER_ADDRESS)
    expect(title(louise)).to_have_text(say("Votre demande est arrivée à l’Avise"))
    pass_stage(ines, "La démarche est pertinente")
    pass_stage(ines, "Enregistrer l’entrée en expérimentation")
    fill_dossier(louise)
    pass_stage(louise, "Demander l’appellation")
    pass_stage(ines, "Déclarer le dossier complet")
    invite_suzanne(ines)
    poll = convene(ines)
    everybody_but_suzanne_takes_part(visitors, poll)
    too_early_to_count(ines)
    suzanne = visitors.invited(SUZANNE.person, SUZANNES_ADDRESS, PHONE)
    take_part(suzanne, SUZANNE)
    fits(suzanne)
    nothing_transpires(ines, louise, suzanne, poll)
    count(ines)
    decide(ines)
    nothing_is_announced(visitors, louise, suzanne, poll)
    notify(visitors.signed_in("Fanny Delorme"))
    accept(louise)
    the_committee_reads_the_result(visitors, poll)
    the_network_counts_one_more(visitors.somebody(), ines)
    assert not visitors.failures


def open_dossier(ines: Page) -> None:
    """Register the structure, open its dossier, invite its person: one page."""
    go(ines, "Dossiers")
    follow(ines, "Ouvrir un dossier")
    fill(ines, "Nom de la structure", NEWCOMER)
    choose(ines, "Type de territoire", "département")
    fill(ines, "Nom du territoire", "Tarn")
    fill(ines, "Code INSEE", "81")
    fill(ines, "En deux phrases", "Des granges et des fournils partagés, portés par quatre communes.")
    fill(ines, "Contact de la structure", "bonjour@cabriere.example")
    pick(ines, "Fabrique en projet de création")
    person, second = (
        ines.get_by_role("group", name=say(name)) for name in ("La personne à inviter", "Une seconde personne")
    )
    fill(person, "Nom et prénom", LOUISE)
    fill(person, "Adresse de courriel", HER_ADDRESS)
    fill(person, "Fonction", "directrice")
    fill(second, "Nom et prénom", "Armand Tessier")
    fill(second, "Adresse de courriel", "armand.tessier@cabriere.example")
    press(ines, "Ouvrir le dossier")
    expect(title(ines)).to_have_text(say(f"{NEWCOMER}, à l’étape « Demande de renseignement »"))


def pass_stage(page: Page, act: str) -> None:
    """From the page of the dossier, read what an act does, make it, and be back."""
    page.reload()
    follow(page, act)
    expect(title(page)).to_have_text(say(act))
    press(page, act)
    page.wait_for_url(re.compile(r"/dossiers/[^/]+$"))


def fill_dossier(louise: Page) -> None:
    louise.reload()
    expect(region(louise, "Il manque 10 éléments pour « Demander l’appellation »")).to_be_visible()
    for question in ANSWERS:
        follow(region(louise, "Vos réponses"), question)
        fill(louise, "Votre réponse", WRITTEN)
        press(louise, "Enregistrer la réponse")
        follow(louise, "Revenir au dossier")
    tell_partners(louise)
    for name in PIECES:
        follow(region(louise, "Vos pièces"), name)
        sheet = one_page(name, f"Ce que dit {NEWCOMER}.")
        attach(louise, "Fichier à joindre", {"name": "piece.pdf", "mimeType": "application/pdf", "buffer": sheet})
        press(louise, "Joindre le fichier")
        expect(told(louise)).to_have_text(say("« piece.pdf » est joint à votre dossier, version 1."))
        follow(louise, "Revenir au dossier")
    expect(region(louise, "Vos pièces").get_by_text(say("jointe"), exact=True)).to_have_count(len(PIECES))


def tell_partners(louise: Page) -> None:
    """Partners by type: two types at least."""
    follow(region(louise, "Vos réponses"), "Vos partenaires, par type")
    for number, (name, kind) in enumerate(PARTNERS, start=1):
        if number > 1:
            press(louise, "Ajouter une ligne")
        line = louise.get_by_role("group", name=say(f"Partenaire {number}"))
        fill(line, "Nom", name)
        choose(line, "Type", kind)
    press(louise, "Enregistrer la réponse")
    follow(louise, "Revenir au dossier")


def invite_suzanne(ines: Page) -> None:
    """A structure of the committee gets one person more."""
    go(ines, "Structures")
    follow(ines, SUZANNE.structure)
    fill(ines, "Nom et prénom", SUZANNE.person)
    fill(ines, "Adresse de courriel", SUZANNES_ADDRESS)
    pick(ines, "suppléance")
    press(ines, "Inviter")
    expect(told(ines)).to_contain_text(say(f"{SUZANNE.person} peut agir pour la structure ; un message l’en avertit."))


def convene(ines: Page) -> str:
    """Invite the committee, then open the consultation without waiting for its day: its identifier."""
    go(ines, "Aujourd’hui")
    follow(region(ines, f"{NEWCOMER} : inviter le comité de pairs"), "Préparer l’invitation")
    expect(region(ines, "La composition du comité").get_by_role("listitem")).to_have_count(11)
    press(ines, "Inviter le comité")
    if ines.get_by_role("heading", name=say("Le calendrier")).count():
        press(ines, "Inviter le comité")
    expect(title(ines)).to_have_text(say(f"Le comité est invité à examiner la demande de {NEWCOMER}"))
    press(ines, "Ouvrir maintenant")
    expect(title(ines)).to_contain_text(say(f"Le comité donne ses avis sur {NEWCOMER} jusqu’au …").removesuffix("…"))
    return ines.url.rsplit("/", 1)[-1]


def everybody_but_suzanne_takes_part(visitors: Visitors, poll: str) -> None:
    for voice in OTHERS:
        take_part(visitors.signed_in(voice.person), voice)
    herve = visitors.signed_in(HERVE.person)
    take_part(herve, HERVE)
    change(herve, HERVE_AFTERWARDS)
    step_aside(visitors.signed_in(LUCAS.person), poll)


def expected(page: Page, voice: Voice) -> Locator:
    """What is expected of a structure for the newcomer; who acts for several has a block for each."""
    return region(page, re.compile(rf"^({re.escape(voice.structure)} – )?{NEWCOMER}\s?: "))


def take_part(page: Page, voice: Voice) -> None:
    """Say that there is no link, read, choose, see the choice again, confirm, keep the receipt."""
    follow(expected(page, voice), f"Dire les liens avec {NEWCOMER}")
    pick(page, "Aucun lien")
    press(page, f"Déclarer pour {voice.structure}")
    expect(title(page)).to_have_text(NEWCOMER)
    expect(region(page, ANSWERS[0])).to_contain_text(WRITTEN)
    follow(page, "Passer à l’avis")
    give_opinion(page, voice)
    expect(version(page, voice)).to_have_text("1")


def version(page: Page, voice: Voice) -> Locator:
    """The last fact of a receipt."""
    return region(page, voice.choice).get_by_role("definition").last


def give_opinion(page: Page, voice: Voice) -> None:
    pick(page, re.compile(rf"^{re.escape(say(voice.choice))}(?! avec| with)"))
    fill(page, "Pour le comité et l’Avise", voice.reasons)
    press(page, "Revoir avant de confirmer")
    expect(title(page)).to_have_text(say("Vous allez enregistrer cet avis"))
    expect(page.get_by_role("heading", level=2, name=say(voice.choice), exact=True)).to_be_visible()
    press(page, f"Enregistrer l’avis {named(voice.structure)}")
    expect(title(page)).to_have_text(say(f"L’avis {named(voice.structure)} est enregistré"))
    expect(page.get_by_text(say("Code de l’accusé :"))).to_be_visible()


def change(page: Page, voice: Voice) -> None:
    """Replace an opinion before the close: the receipt says which version counts."""
    follow(page, "Remplacer l’avis")
    expect(page.get_by_label(say("Pour le comité et l’Avise"))).to_have_value(HERVE.reasons)
    give_opinion(page, voice)
    expect(version(page, voice)).to_have_text("2")


def step_aside(page: Page, poll: str) -> None:
    """Declare a link that keeps one's structure out of the examination: nothing of it is left to see."""
    follow(expected(page, LUCAS), f"Dire les liens avec {NEWCOMER}")
    pick(page, "Projet co-porté")
    press(page, f"Déclarer pour {LUCAS.structure}")
    expect(told(page)).to_contain_text(say(f"C’est noté : {LUCAS.structure} ne prend pas part à l’examen."))
    expect(expected(page, LUCAS)).to_have_count(0)
    for way in ("", "/lire", "/avis", "/resultat"):
        assert status(page, f"/comite/consultations/{poll}{way}") == 404


def too_early_to_count(ines: Page) -> None:
    ines.reload()
    expect(ines.get_by_text(say("n’a pas encore pris part"))).to_have_count(1)
    expect(ines.get_by_role("button", name=say("Dépouiller"))).to_have_count(0)


def nothing_transpires(ines: Page, louise: Page, suzanne: Page, poll: str) -> None:
    """While the poll is open the team knows who took part; a peer and the candidate do not even know that."""
    ines.reload()
    expect(region(ines, "La composition du comité").get_by_text(say("a pris part"), exact=True)).to_have_count(10)
    expect(region(ines, "La composition du comité")).not_to_contain_text(re.compile("favorable|abstention", re.I))
    unread(ines, *REASONS)
    suzanne.goto(f"/comite/consultations/{poll}")
    unread(suzanne, *REASONS, *PEERS)
    expect(suzanne.get_by_text(re.compile("structures? sur|quorum est réuni"))).to_have_count(0)
    assert status(suzanne, f"/comite/consultations/{poll}/resultat") == 404
    louise.reload()
    expect(title(louise)).to_have_text(say("Le comité de pairs examine votre demande"))
    unread(louise, *REASONS, *PEERS, "avorable", "pris part")


def count(ines: Page) -> None:
    """Every voice has taken part: the count need not wait for the end of the window."""
    press(ines, "Dépouiller")
    expect(title(ines)).to_have_text(say(f"{NEWCOMER} : avis favorable"))
    opinions = ines.get_by_role("table", name=say("Avis"))
    expect(opinions).to_contain_text("draisine")
    expect(opinions).not_to_contain_text("quincaillerie")


def decide(ines: Page) -> None:
    follow(ines, "Enregistrer la décision")
    letter = ines.get_by_label(say("La lettre"))
    letter.fill(f"{letter.input_value()}\n{RETAINED}")
    press(ines, "Enregistrer la décision du comité")
    expect(told(ines)).to_contain_text(say("La décision est enregistrée. Elle reste à notifier."))
    expect(ines.get_by_role("link", name=say("Notifier l’accord"))).to_have_count(0)


def nothing_is_announced(visitors: Visitors, louise: Page, suzanne: Page, poll: str) -> None:
    """A decision that is not notified is nowhere outside the team: pages, letters, network."""
    louise.reload()
    expect(title(louise)).to_have_text(say("L’examen par le comité de pairs est terminé"))
    unread(louise, *REASONS, *PEERS, RETAINED, "avorable", "accordée")
    assert status(louise, f"/comite/consultations/{poll}/resultat") == 404
    assert status(suzanne, f"/comite/consultations/{poll}/resultat") == 404
    anybody = visitors.somebody()
    anybody.goto(f"/demo/courriels?pour={HER_ADDRESS}")
    expect(anybody.get_by_role("link", name="Le comité de pairs examine votre demande")).to_be_visible()
    unread(anybody, "vous est accordée")
    anybody.goto("/reseau?registre=fictif")
    expect(region(anybody, "Structures en expérimentation")).to_contain_text(NEWCOMER)
    expect(region(anybody, "Structures avec appellation")).not_to_contain_text(NEWCOMER)


def notify(fanny: Page) -> None:
    """Who decides at l’Avise, and has not instructed, reads the letter as it will be read, then sends it."""
    follow(region(fanny, f"{NEWCOMER} : notifier la décision"), "Relire la lettre et l’envoyer")
    expect(region(fanny, "Ce que la structure lira")).to_contain_text(RETAINED)
    press(fanny, "Envoyer")
    expect(told(fanny)).to_contain_text(say("La décision est notifiée."))


def accept(louise: Page) -> None:
    """Read the mail, then the letter, and accept the two commitments."""
    read_letter(louise, HER_ADDRESS, "L’appellation « Fabrique à initiatives » vous est accordée")
    louise.get_by_role("main").get_by_role("link", name="/dossiers/").click()
    expect(region(louise, "L’appellation est accordée")).to_contain_text(RETAINED)
    unread(louise, *REASONS, *PEERS)
    follow(louise, "Accepter les deux engagements")
    boxes = louise.get_by_role("checkbox")
    expect(boxes).to_have_count(2)
    for box in boxes.all():
        use(box, "Space")
    press(louise, "Accepter les deux engagements")
    expect(told(louise)).to_contain_text(
        say("Vos engagements sont acceptés : l’appellation de votre structure commence.")
    )
    go(louise, "Attendu de ma structure")
    expect(region(louise, "Qui agit pour votre structure")).to_contain_text(f"{LOUISE} ({say('titulaire')})")


def the_committee_reads_the_result(visitors: Visitors, poll: str) -> None:
    herve = visitors.signed_in(HERVE.person)
    follow(herve, "Consultations passées")
    follow(herve, NEWCOMER)
    expect(title(herve)).to_have_text(say(f"{NEWCOMER} : appellation accordée"))
    expect(herve.get_by_role("main")).to_contain_text("draisine")
    unread(herve, "quincaillerie")
    assert status(visitors.signed_in(LUCAS.person), f"/comite/consultations/{poll}/resultat") == 404


def the_network_counts_one_more(anybody: Page, ines: Page) -> None:
    """Everybody reads it in the network, and the next committee would have its voice."""
    anybody.goto("/reseau")
    follow(anybody, "Le réseau fictif")
    follow(region(anybody, "Structures avec appellation"), NEWCOMER)
    expect(anybody.get_by_role("main")).to_contain_text(say("structure avec appellation"), ignore_case=True)
    go(ines, "Dossiers")
    follow(ines, "Le Phare de Malvenne")
    follow(ines, "Inviter le comité de pairs")
    expect(region(ines, "La composition du comité").get_by_role("heading", name=NEWCOMER)).to_be_visible()
