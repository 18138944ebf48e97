"""What one API request holds: its items, each with what identifies it."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum
from typing import Any
from urllib.parse import unquote

from ..canonical import CanonicalMessage, version_of
from .api_problem import ApiError, FieldError, Problem, pointer_of, refuse
from .receipt import LONGEST

MOST_ITEMS = 1_000
# Bounds what describing the mistakes in one item can cost.
LONGEST_LIST = 30_000
SCHEMA = re.compile(r"/schemas/([a-z_]{1,40})/([0-9.]{1,20})\.json$")
BY_CONTENT = "hash:"
# What CloudEvents 1.0 asks of an event, and what we take over from one.
NEEDED = ("specversion", "id", "source", "type")
OURS = frozenset(
    (*NEEDED, "subject", "time", "dataschema", "datacontenttype", "data", "data_base64")
)
IS_JSON = re.compile(r"application/json[ -~]*")
EXTENSION = re.compile(r"[a-z0-9]{1,100}")


class Media(str, Enum):
    """In which form items come."""

    JSON = "application/json"
    EVENT = "application/cloudevents+json"
    EVENTS = "application/cloudevents-batch+json"
    BINARY = "binary"


@dataclass(frozen=True)
class Event:
    """What a CloudEvent says of itself; ``time`` is in microseconds since 1970 UTC."""

    id: str
    source: str
    type: str
    schema: str | None = None
    time: int = 0


@dataclass(frozen=True)
class Item:
    """One item as it came. ``pointer`` leads from the item to its data."""

    data: Any = None
    event: Event | None = None
    pointer: str = ""
    problem: Problem | None = None


def media_of(mimetype: str, charset: str | None, headers: Mapping[str, str]) -> Media:
    """Return the form of a request; ``headers`` by lower-case name. Raises ``ApiError``: 415."""
    try:
        media = Media(mimetype)
    except ValueError:
        raise refuse("unsupported-media-type") from None
    if media is Media.BINARY or (charset or "utf-8").lower() not in ("utf-8", "utf8"):
        raise refuse("unsupported-media-type")
    is_binary = media is Media.JSON and any(f"ce-{name}" in headers for name in NEEDED)
    return Media.BINARY if is_binary else media


def split(content: Any, media: Media, headers: Mapping[str, str]) -> tuple[list[Item], bool]:
    """Return the items, and whether they came as a batch.

    Raises ``ApiError`` where there are none or too many.
    """
    if media is Media.EVENTS and not isinstance(content, list):
        raise refuse("malformed", "A batch is an array.")
    is_batch = isinstance(content, list) and media in (Media.JSON, Media.EVENTS)
    found = content if is_batch else [content]
    if len(found) > MOST_ITEMS:
        raise refuse("too-large", f"At most {MOST_ITEMS} items come in one request.")
    if not found:
        raise ApiError(Problem("invalid", "The array is empty.", (FieldError("", "No items."),)))
    return [_item(each, media, headers) for each in found], is_batch


def _item(content: Any, media: Media, headers: Mapping[str, str]) -> Item:
    if media is Media.BINARY:
        attributes = {
            name[3:]: unquote(value) for name, value in headers.items() if name.startswith("ce-")
        }
        item = _event_item(attributes, content, "")
    elif media is Media.JSON:
        item = Item(content)
    elif isinstance(content, dict):
        item = _event_item(content, content.get("data"), "/data")
    else:
        item = _wrong("", "An event is an object.")
    if item.problem is None and _longest_list(item.data) > LONGEST_LIST:
        return _wrong(item.pointer, f"A list has more than {LONGEST_LIST} entries.")
    return item


def _event_item(attributes: Mapping[str, Any], data: Any, pointer: str) -> Item:
    errors = tuple(_event_errors(attributes))
    if pointer:
        errors += tuple(_extension_errors(attributes))
    if errors:
        return Item(problem=Problem("invalid", errors=errors))
    event = Event(
        id=attributes["id"],
        source=attributes["source"],
        type=attributes["type"],
        schema=attributes.get("dataschema") or None,
        time=_moment(attributes.get("time")) or 0,
    )
    return Item(data, event, pointer)


def _event_errors(attributes: Mapping[str, Any]) -> Iterable[FieldError]:
    for name in NEEDED:
        value = attributes.get(name)
        if not isinstance(value, str) or not _clean(value):
            yield FieldError(f"/{name}", "A text is needed.")
    if attributes.get("specversion") not in (None, "1.0"):
        yield FieldError("/specversion", "Only 1.0 is known.")
    if "data_base64" in attributes:
        yield FieldError("/data_base64", "Send the data as JSON.")
    for name in ("subject", "dataschema"):
        value = attributes.get(name)
        if value is not None and not (isinstance(value, str) and value):
            yield FieldError(f"/{name}", "A text is needed.")
    content_type = attributes.get("datacontenttype")
    content_type = Media.JSON.value if content_type is None else content_type
    if not isinstance(content_type, str) or not IS_JSON.fullmatch(content_type):
        yield FieldError("/datacontenttype", "Only application/json is taken.")
    if attributes.get("time") is not None and _moment(attributes["time"]) is None:
        yield FieldError("/time", "A moment is written as in 2026-04-02T12:00:00Z.")


def _extension_errors(attributes: Mapping[str, Any]) -> Iterable[FieldError]:
    """CloudEvents 1.0.2, section 3.1: how attributes are named, and what they may hold."""
    for name in sorted(attributes.keys() - OURS):
        if not EXTENSION.fullmatch(name):
            pointer = pointer_of([name])
            yield FieldError(pointer, "Attributes are named by small letters and digits.")
        elif not isinstance(attributes[name], str | int | bool | None):
            yield FieldError(f"/{name}", "A text, a whole number, true or false is needed.")


def _clean(text: str) -> bool:
    """Tell whether a text says something and can be stored: headers may hold any character."""
    return bool(text.strip()) and "\0" not in text and not re.search("[\ud800-\udfff]", text)


def _moment(text: Any) -> int | None:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00").replace("z", "+00:00"))
        return version_of(moment.astimezone(timezone.utc)) if moment.tzinfo else None
    except (AttributeError, ValueError, OverflowError):
        return None


def _wrong(pointer: str, detail: str) -> Item:
    return Item(problem=Problem("invalid", errors=(FieldError(pointer, detail),)))


def _longest_list(root: Any) -> int:
    longest, stack = 0, [root]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            stack.extend(value.values())
        elif isinstance(value, list):
            longest = max(longest, len(value))
            stack.extend(value)
    return longest


def version_asked(schema: str | None, kind: str) -> str | None:
    """Return the version that a ``dataschema`` names, ``None`` if it is not one of our addresses.

    Raises ``KeyError`` when it names another kind.
    """
    match = SCHEMA.search(schema or "")
    if match and match[1] != kind:
        raise KeyError(match[1])
    return match[2] if match else None


def identity(
    item: Item, message: CanonicalMessage, topic: str, client_id: int, key: str, index: int
) -> str:
    """Return the event id of an item.

    The CloudEvent's source and id; else the Idempotency-Key and the place in the request; else all
    that the item says.
    """
    if item.event:
        return _bounded("event", item.event.source, item.event.id)
    if key:
        return _bounded("key", str(client_id), key, str(index))
    version, content = str(message.version), message.content_hash()
    return f"{BY_CONTENT}{_digest(topic, message.entity_key, version, content)}"


def is_by_content(event_id: str) -> bool:
    """Tell whether an identity stands for the content alone, and for no repetition of it."""
    return event_id.startswith(BY_CONTENT) and "@" not in event_id


def _bounded(*parts: str) -> str:
    """Join parts so that no others give the same; what is too long for an index is digested."""
    escaped = ":".join(part.replace("%", "%25").replace(":", "%3A") for part in parts)
    return escaped if len(escaped) <= LONGEST else f"{parts[0]}:{_digest(*parts[1:])}"


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def stored_body(message: CanonicalMessage) -> bytes:
    """Return a message as it is kept: the same bytes for the same content, decimals exact.

    What equals a default is left out, so that a field that a later version adds changes nothing.
    """
    content = message.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
