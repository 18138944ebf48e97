"""Masks personal data and secrets in a payload, so that it can be shown with its structure.

Three rules, each by a table: secrets are hidden wholly; what tells who a person is keeps the first
letter of each word; and patterns (e-mail, card, IBAN, bearer) are masked wherever they occur.
Within a person or an address everything is masked but what is listed as harmless.
"""

import json
import re
from typing import Any

HIDDEN = "••••••••"
DEEPEST = 60
READ_BYTES = 1_000_000
SHOWN_CHARACTERS = 20_000

SECRET = re.compile(
    r"token|secret|passw|passphrase|authoriz|api_?key|private_?key|signature|hmac|credential"
    r"|cookie|session|cvv|cvc|card_?num|account_?num|iban|routing|^key$|^pin$|^pan$"
)
PERSONAL = re.compile(
    r"(first|last|middle|given|family|full|maiden|sur|user|customer|contact|holder|card)_?name"
    r"|e_?mail|phone|mobile|^fax|street|address_?(line_?)?\d|^address$|birth|^dob$"
    r"|^(client_|browser_|remote_)?ip(_address)?$|latitude|longitude|^note$|^message$|gift_message"
    r"|tax_?id|vat_?(number|id)|passport|ssn|^company(_name)?$|user_agent"
)
PERSON = re.compile(
    r"customer|address|buyer|billing|shipping_?to|ship_?to|bill_?to|recipient|consignee|contact"
    r"|person|payer|client_details|receiver|sender|note_attribute|properties"
)
HARMLESS = re.compile(
    r"(^|_)id$|country|province|currency|locale|language|_at$|state|status|verified|^type$"
    r"|_type$|count$|total|amount|default|exempt|admin_graphql_api_id"
)

# Every quantifier is bounded: a hostile payload costs time in proportion to its length.
EMAIL = re.compile(r"[^\s@<>\"',;:/()=]{1,64}@[^\s@<>\"',;:/()=]{1,255}")
BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
URL_SECRET = re.compile(r"([?&](?:key|token|sig|signature|hmac|code|secret)=)[^&\s\"'<>]{1,500}")
VENDOR_SECRET = re.compile(r"\b(?:sk|pk|rk|rc|shp[a-z]{2}|whsec|xox[a-z])_[\w-]{6,}")
CARD = re.compile(r"(?<![\w/-])\d(?:[ -]?\d){12,18}(?![\w-])")
PHONE = re.compile(r"(?<!\w)\+\d(?:[ ()./-]{0,2}\d){6,14}(?!\w)")
WORD = re.compile(r"[^\W_]+")
MARKUP = re.compile(r'("(?:[^"\\]|\\.)*"\s*:|</?[A-Za-z][\w:.-]*|[\w.\[\]%-]{1,80}=)')


def masked_preview(body: bytes) -> str:
    """Return received bytes as text that may be shown. Never raises, whatever the bytes are."""
    text = body[:READ_BYTES].decode("utf-8", "replace").replace("\0", "�")
    try:
        shown = json.dumps(masked(json.loads(text)), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        shown = masked_text(text[:SHOWN_CHARACTERS])
    shown = shown.encode("utf-8", "replace").decode()
    return shown if len(shown) <= SHOWN_CHARACTERS else shown[:SHOWN_CHARACTERS] + "\n…"


def masked(value: Any, key: str = "", personal: bool = False, depth: int = 0) -> Any:
    """Return a JSON value with the same structure, its personal data and secrets masked."""
    name = snake(key)
    if depth > DEEPEST:
        return "…"
    if isinstance(value, dict):
        inside = personal or bool(PERSON.search(name)) or _is_person(value)
        return {
            masked_patterns(each): masked(item, each, inside, depth + 1)
            for each, item in value.items()
        }
    if isinstance(value, list):
        return [masked(item, key, personal, depth + 1) for item in value]
    return _masked_leaf(value, name, personal)


def masked_text(text: str) -> str:
    """Return text of unknown structure: every word is masked but the names of its fields."""
    parts = MARKUP.split(text)
    return "".join(
        masked_patterns(part) if index % 2 else masked_words(part)
        for index, part in enumerate(parts)
    )


def without_secrets(value: Any, key: str = "") -> Any:
    """Return a JSON value whose secrets are hidden, while names and labels stay readable."""
    if SECRET.search(snake(key)) and isinstance(value, (str, int, float)):
        return HIDDEN
    if isinstance(value, dict):
        return {each: without_secrets(item, each) for each, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_secrets(item, key) for item in value]
    return masked_patterns(value) if isinstance(value, str) else value


def masked_words(text: str) -> str:
    """Keep the first letter of each word of two and more, and its length up to eight."""
    return WORD.sub(lambda word: word[0][: len(word[0]) > 1].ljust(min(len(word[0]), 8), "•"), text)


def masked_patterns(text: str) -> str:
    """Mask what is recognised by its form alone."""
    text = VENDOR_SECRET.sub(HIDDEN, BEARER.sub(HIDDEN, text))
    text = URL_SECRET.sub(rf"\1{HIDDEN}", text)
    for pattern in (EMAIL, IBAN, PHONE):
        text = pattern.sub(lambda match: masked_words(match[0]), text)
    return CARD.sub(lambda match: HIDDEN if _is_card(match[0]) else match[0], text)


def snake(key: str) -> str:
    """Return a field's name in one spelling: ``firstName`` and ``First-Name`` are the same."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[-\s.]+", "_", key).lower()


def _masked_leaf(value: Any, name: str, personal: bool) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if SECRET.search(name):
        return HIDDEN
    if PERSONAL.search(name) or (personal and not HARMLESS.search(name)):
        return masked_words(str(value))
    if isinstance(value, str):
        return masked_patterns(value)
    return HIDDEN if isinstance(value, int) and _is_card(str(value)) else value


def _is_person(value: dict[str, Any]) -> bool:
    names = {snake(key) for key in value}
    return bool(names & {"first_name", "last_name", "address1", "zip", "postal_code", "postcode"})


def _is_card(text: str) -> bool:
    """Tell a payment card's number by length, first digit and Luhn's check digit."""
    digits = [int(digit) for digit in text if digit.isdecimal()]
    if not 13 <= len(digits) <= 19 or digits[0] not in (2, 3, 4, 5, 6):
        return False
    if len(digits) < 15 and text.isdecimal():
        return False  # vendors' ids have 13 or 14 digits; a tenth of them would look like cards
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(doubled) + sum(digits[-1::-2])) % 10 == 0
