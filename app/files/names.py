"""The names people give their files: shown, sent back at download, and never used on a disk."""

import unicodedata
from urllib.parse import quote

LONGEST = 255  # characters
UNNAMED = "fichier"
SEPARATORS = str.maketrans("\\", "/")
#: Controls, formats (directions and zero widths), surrogates, private signs and signs that do not exist.
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-()")
UNQUOTED = "!#$&+-.^_`|~"  # attr-char of RFC 8187, letters and digits apart


def display_name(given: str | None) -> str:
    """A file name fit to be shown: composed, without folders nor signs that hide or turn the text, 255 at most."""
    last = unicodedata.normalize("NFC", given or "").translate(SEPARATORS).rpartition("/")[2]
    seen = "".join(" " if sign in "\t\r\n" else sign for sign in last)
    seen = " ".join("".join(sign for sign in seen if unicodedata.category(sign) not in HIDDEN).split())
    if not seen.strip(". "):
        return UNNAMED
    stem, dot, extension = seen.rpartition(".")
    room = LONGEST - len(dot) - len(extension)
    return f"{stem[:room]}{dot}{extension}" if stem and room > 0 else seen[:LONGEST]


def extension_of(name: str) -> str:
    """What follows the last dot, in small letters; nothing where there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def attachment(name: str) -> str:
    """The Content-Disposition that saves a file under its name and never opens it in the page.

    RFC 6266, with the plain name that RFC 2616 readers understand and the exact one of RFC 8187.
    """
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = "".join(sign if sign in PLAIN else "_" for sign in folded).strip() or UNNAMED
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe=UNQUOTED)}"
