"""What a structure finds again on the page of its dossier: its first words, and the committee ahead."""

from flask.testing import FlaskClient

from app.operations.enquiries import turn_into_dossier
from tests.make import Make
from tests.web.public.test_labels import plain


def test_the_first_words_and_the_next_committee_are_on_the_page_of_the_dossier(client: FlaskClient, make: Make) -> None:
    structure = make.structure()
    candidate = make.person("titulaire", structure=structure)
    dossier = make.dossier(structure, candidate=candidate)
    enquiry = make.enquiry(brings="Trois associations <b>cherchent</b> un lieu.")
    turn_into_dossier(make.db, enquiry.id, dossier.id, by=make.actor(make.officer()), clock=make.clock)
    make.commit()
    client.sign_in(candidate)  # type: ignore[attr-defined]  # the tests' own client
    page = plain(client.get(f"/dossiers/{dossier.id}").text)
    assert "Ce que vous nous aviez écrit" in page
    assert "Trois associations &lt;b&gt;cherchent&lt;/b&gt; un lieu." in page
    assert "Les prochaines dates ne sont pas encore fixées ; vous les lirez ici." in page
    make.sitting(days=60)
    make.commit()
    page = plain(client.get(f"/dossiers/{dossier.id}").text)
    assert "Prochain comité : 1er janvier 2027" in page
    assert "Votre dossier doit être complet le 18 décembre 2026 au plus tard." in page


def test_a_dossier_that_began_otherwise_shows_no_first_words(client: FlaskClient, make: Make) -> None:
    structure = make.structure()
    candidate = make.person("titulaire", structure=structure)
    dossier = make.dossier(structure, candidate=candidate)
    make.enquiry()
    make.commit()
    client.sign_in(candidate)  # type: ignore[attr-defined]  # the tests' own client
    assert "Ce que vous nous aviez écrit" not in client.get(f"/dossiers/{dossier.id}").text
