"""Numbers on labels. Values without a database."""


def plain(number: str | None) -> str:
    """Return a number without what people and systems write differently: ``RMA-1`` is ``rma1``."""
    return "".join(sign for sign in (number or "").casefold() if sign.isalnum())


def same_number(one: str | None, other: str | None) -> bool:
    """Tell whether two numbers are the same, however they are written."""
    return bool(plain(one)) and plain(one) == plain(other)
