"""What an erased person's old messages may still do: nothing that brings his data back.

Erasing leaves permanent marks: keyed digests of what identified the person. A message is compared
with them after it was parsed. An order placed after the erasure is a new relation and is taken as
it is; whatever is older loses all that tells who he is, however late it comes.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

from ..canonical import Address, CanonicalMessage, CanonicalModel, Customer, Order, version_of
from ..canonical.privacy_request import PrivacyRequest
from .customer_match import e164
from .masking import EMAIL

# Fields of canonical models that tell who a person is; free text may.
PERSONAL = frozenset({"email", "phone", "note", "first_name", "last_name", "company", "tags"})
# When something began that the customer did himself.
BEGAN = ("placed_at", "sold_at")
SHORTEST_PHONE = 7


class Trace(NamedTuple):
    """Something that identifies a person or his order, in its one spelling."""

    kind: str
    value: str


@dataclass(frozen=True)
class Erased:
    """When a trace was erased and, since then, first bought again (microseconds since 1970)."""

    at: int
    returned_at: int | None = None


class Treatment(str, Enum):
    """What is done with a message."""

    KEEP = "keep"
    RETURN = "return"  # kept: the customer came back
    STRIP = "strip"
    IGNORE = "ignore"


def normal_email(text: str | None) -> str | None:
    """Return an e-mail address in its one spelling, ``None`` for none."""
    plain = (text or "").strip().casefold()
    return plain if "@" in plain else None


def normal_phone(text: str | None, country: str | None = None) -> str | None:
    """Return a telephone number in its one spelling, ``None`` when it is too short for one."""
    digits = "".join(each for each in text or "" if each.isdecimal())
    return e164(text, country) or (digits if len(digits) >= SHORTEST_PHONE else None)


# How a field of a canonical model is written in its one spelling, given the person's country.
_NORMAL: dict[str, tuple[str, Callable[[str, str | None], str | None]]] = {
    "email": ("email", lambda text, _country: normal_email(text)),
    "phone": ("phone", normal_phone),
    "order_external_id": ("order", lambda text, _country: text),
}


def digest(key: bytes, trace: Trace) -> str:
    """Return what is kept of a trace: without the key it can neither be read nor tried out."""
    text = f"{trace.kind}\0{trace.value}".encode("utf-8", "surrogatepass")
    return hmac.new(key, text, hashlib.sha256).hexdigest()


def traces(message: CanonicalMessage) -> frozenset[Trace]:
    """Return what a message identifies a person by.

    Families share a telephone: it counts only where neither e-mail nor customer is told.
    """
    found = frozenset(_traces(message))
    told = {trace.kind for trace in found}
    if told & {"email", "customer"}:
        return frozenset(trace for trace in found if trace.kind != "phone")
    return found


def traces_in(body: bytes) -> frozenset[Trace]:
    """Return the e-mail addresses in bytes that nobody could read as a message."""
    text = body.decode("utf-8", "replace").replace("\\u0040", "@").replace("%40", "@")
    found = (normal_email(match) for match in EMAIL.findall(text))
    return frozenset(Trace("email", email) for email in found if email)


def treat(message: CanonicalMessage, observed_at: int, found: Mapping[Trace, Erased]) -> Treatment:
    """Decide about a message, given the marks that it meets. ``observed_at`` as in ``Seen``."""
    if not found or isinstance(message, PrivacyRequest):
        return Treatment.KEEP
    if any(trace.kind == "order" for trace in found):
        return Treatment.STRIP
    erased_at = max(mark.at for mark in found.values())
    act = began(message)
    if act is not None:
        return Treatment.RETURN if act > erased_at else Treatment.STRIP
    moment = message.version or observed_at
    returns = [mark.returned_at for mark in found.values() if mark.returned_at is not None]
    whole_shop = all(trace.kind == "shop" for trace in found)
    since = erased_at if whole_shop else min(returns, default=None)
    if since is not None and moment >= since and moment > erased_at:
        return Treatment.KEEP
    return Treatment.IGNORE if isinstance(message, Customer) else Treatment.STRIP


def began(message: CanonicalMessage) -> int | None:
    """Return when the customer did what a message tells, ``None`` where it tells no such act."""
    moments = [getattr(message, name, None) for name in BEGAN]
    return next((version_of(moment) for moment in moments if moment), None)


def stripped(model: Any) -> Any:
    """Return the same message without what tells who the customer is.

    Goods, amounts, states and times stay; of an address only its country, which decides taxes.
    """
    if isinstance(model, tuple):
        return tuple(stripped(each) for each in model)
    if isinstance(model, Address):
        return Address(country_code=model.country_code)
    if not isinstance(model, CanonicalModel):
        return model
    changes: dict[str, Any] = {}
    for name, value in model:
        if name in PERSONAL:
            changes[name] = () if isinstance(value, tuple) else None
        elif isinstance(value, Customer):
            changes[name] = None
        elif isinstance(value, (CanonicalModel, tuple)):
            changes[name] = stripped(value)
    return model.model_copy(update=changes)


def said(model: Any) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) of what a message tells about its person, as it was written.

    Kinds are ``email``, ``phone``, ``name``, ``street``: what else is kept can be searched for it.
    """
    if isinstance(model, tuple):
        for each in model:
            yield from said(each)
    if not isinstance(model, CanonicalModel):
        return
    if isinstance(model, Customer) and model.display_name:
        yield "name", model.display_name
    if isinstance(model, Address):
        yield from (("name", model.name or ""), ("street", model.street or ""))
    for name, value in model:
        if name in ("email", "phone") and value:
            yield name, value
        elif isinstance(value, (CanonicalModel, tuple)):
            yield from said(value)


def _traces(model: Any, country: str | None = None) -> Iterator[Trace]:
    if isinstance(model, tuple):
        for each in model:
            yield from _traces(each, country)
    if not isinstance(model, CanonicalModel):
        return
    if isinstance(model, (Customer, Order)):
        yield Trace(model.kind, model.external_id)
    country = _country(model) or country
    for name, value in model:
        if isinstance(value, (CanonicalModel, tuple)):
            yield from _traces(value, country)
        elif value and name in _NORMAL:
            kind, normal = _NORMAL[name]
            if plain := normal(value, country):
                yield Trace(kind, plain)


def _country(model: CanonicalModel) -> str | None:
    for name in ("country_code", "default_address", "billing_address", "shipping_address"):
        value = getattr(model, name, None)
        code = value.country_code if isinstance(value, Address) else value
        if code:
            return str(code)
    return None
