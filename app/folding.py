"""Words as search and French order see them."""

import unicodedata


def folded(written: str) -> str:
    """A text without case, accents or ligatures: « Fabrique d’Œuvres » and « fabrique d'oeuvres » are one."""
    plain = unicodedata.normalize("NFKD", written.replace("œ", "oe").replace("Œ", "Oe").replace("’", "'"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()
