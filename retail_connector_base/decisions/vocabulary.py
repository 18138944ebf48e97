"""How the words of a channel are compared."""

import unicodedata

from .receipt import printable


def normalised(word: str, case_sensitive: bool = False) -> str:
    """Return a word as it is stored and looked up: one Unicode form, single spaces, one case.

    Codes (a SKU) keep their case: channels tell ``ab`` from ``AB``.
    """
    text = " ".join(unicodedata.normalize("NFKC", printable(word)).split())
    return printable(text if case_sensitive else text.casefold())
