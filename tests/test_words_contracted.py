"""Names after « de » and « à », as French writes them; as they are, in English."""

import pytest
from flask import Flask
from flask_babel import force_locale

from app.words_contracted import of, to

NAMES = [
    ("Les Moissons de Cabrière", "des Moissons de Cabrière", "aux Moissons de Cabrière"),
    ("Les Ateliers nº 3", "des Ateliers nº 3", "aux Ateliers nº 3"),
    ("LES ATELIERS", "des ATELIERS", "aux ATELIERS"),
    ("Le Chai", "du Chai", "au Chai"),
    ("LE CHAI", "du CHAI", "au CHAI"),
    ("Le Comptoir de la Vessonne", "du Comptoir de la Vessonne", "au Comptoir de la Vessonne"),
    ("Le\u00a0Relais", "du Relais", "au Relais"),
    ("La Grange de Lomagne", "de La Grange de Lomagne", "à La Grange de Lomagne"),
    ("L’Établi du Haut-Morvy", "de L’Établi du Haut-Morvy", "à L’Établi du Haut-Morvy"),
    ("L'Amorceur", "de L'Amorceur", "à L'Amorceur"),
    ("Rives-Nord", "de Rives-Nord", "à Rives-Nord"),
    ("Lezarde", "de Lezarde", "à Lezarde"),
    ("Lessive et Cie", "de Lessive et Cie", "à Lessive et Cie"),
    ("Les", "de Les", "à Les"),
    ("Atelier Brévent-Solidaire", "d’Atelier Brévent-Solidaire", "à Atelier Brévent-Solidaire"),
    ("Un Toit pour Entreprendre", "d’Un Toit pour Entreprendre", "à Un Toit pour Entreprendre"),
    ("Écho des Trois Rus", "d’Écho des Trois Rus", "à Écho des Trois Rus"),
    ("Œuvres du Léguer", "d’Œuvres du Léguer", "à Œuvres du Léguer"),
    ("Yvetot Entreprendre", "d’Yvetot Entreprendre", "à Yvetot Entreprendre"),
    ("Yole", "de Yole", "à Yole"),
    ("Habitat 26", "d’Habitat 26", "à Habitat 26"),
    ("Herbes folles", "d’Herbes folles", "à Herbes folles"),
    ("Hangar 9", "de Hangar 9", "à Hangar 9"),
    ("Hauts de Bresmes", "de Hauts de Bresmes", "à Hauts de Bresmes"),
    ("Halles de Vireval", "de Halles de Vireval", "à Halles de Vireval"),
    ("Onze Moulins", "de Onze Moulins", "à Onze Moulins"),
    ("3 Rivières", "de 3 Rivières", "à 3 Rivières"),
    ("« Arbres »", "d’« Arbres »", "à « Arbres »"),
    ("Passerelles 26", "de Passerelles 26", "à Passerelles 26"),
    ("Fleuve & Lisières", "de Fleuve & Lisières", "à Fleuve & Lisières"),
    ("", "de ", "à "),
]


@pytest.mark.parametrize(("name", "after_de", "after_a"), NAMES)
def test_a_name_is_contracted_as_french_writes_it(app: Flask, name: str, after_de: str, after_a: str) -> None:
    with app.test_request_context(), force_locale("fr"):
        assert (of(name), to(name)) == (after_de, after_a)


@pytest.mark.parametrize("name", [name for name, _, _ in NAMES])
def test_a_name_stays_as_it_is_in_english(app: Flask, name: str) -> None:
    with app.test_request_context(), force_locale("en"):
        assert (of(name), to(name)) == (name, name)
