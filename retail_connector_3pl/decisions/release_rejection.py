"""What a warehouse's refusal is about: it decides who can put it right."""

import re
from enum import Enum


class About(str, Enum):
    """What of an order the warehouse does not take."""

    ADDRESS = "address"
    ITEM = "item"
    STOCK = "stock"
    CARRIER = "carrier"
    OTHER = "other"


# Words of a reason, the first that matches decides: an item's "country of origin" is no address.
_WORDS: tuple[tuple[About, str], ...] = (
    (About.ITEM, r"sku|item|product|article|barcode|upc|customs|hs.?code|inventory.?id"),
    (
        About.ADDRESS,
        r"address|zip|postal|post.?code|city|street|country|state|province|recipient|phone|mail",
    ),
    (About.CARRIER, r"carrier|service|ship(?:ping)?.?(?:method|option|via)|routing"),
    (About.STOCK, r"stock|inventory|backorder|short|quantity|available"),
)
_STOCK_FIRST = re.compile(
    r"out.?of.?stock|insufficient|not.?enough|no.?stock|shortage", re.IGNORECASE
)


def about(reason: str | None, code: str | None = None) -> About:
    """Return what a refusal is about, by its code if that is one of our words, or by its reason."""
    if code and code.lower() in {one.value for one in About}:
        return About(code.lower())
    text = " ".join(part.replace("_", " ") for part in (code, reason) if part)
    if _STOCK_FIRST.search(text):
        return About.STOCK
    for found, words in _WORDS:
        if re.search(rf"\b(?:{words})", text, re.IGNORECASE):
            return found
    return About.OTHER
