"""Reading a request's items: from bytes to messages that can be stored, or problems."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone

from pydantic import ValidationError

from ...canonical import ROUTES, version_of
from ...canonical.reading import read
from ...canonical.versions import Version
from ...decisions.api_items import Item, identity, media_of, split, stored_body, version_asked
from ...decisions.api_problem import ApiError, FieldError, Problem, field_errors, refuse
from ...providers import MalformedPayloadError, ReceivedMessage
from ...providers.strict_json import loads
from ..body import read_body
from .version import HEADER, version_of_request


@dataclass(frozen=True)
class Parcel:
    """A request as it was read: nothing is validated yet but the form."""

    route: str
    body: bytes
    media: str
    items: list[Item]
    is_batch: bool
    version: Version

    @property
    def kind(self) -> str:
        """The canonical kind that the route takes."""
        return ROUTES[self.route].kind


@dataclass(frozen=True)
class Checked:
    """An item that is valid, or its problem, and the schema's version that it was checked by."""

    version: Version
    message: ReceivedMessage | None = None
    problem: Problem | None = None


def read_parcel(httprequest, route: str) -> Parcel:
    """Return what a request holds. Raises ``ApiError`` and werkzeug's exceptions."""
    headers = {name.lower(): value for name, value in httprequest.headers.items()}
    media = media_of(httprequest.mimetype, httprequest.mimetype_params.get("charset"), headers)
    version = version_of_request(ROUTES[route].kind, headers.get(HEADER.lower()))
    body = read_body(httprequest, accepts_forms=False)
    try:
        items, is_batch = split(loads(body), media, headers)
    except MalformedPayloadError as error:
        raise refuse("malformed", str(error)) from error
    return Parcel(route, body, media.value, items, is_batch, version)


def check_items(parcel: Parcel, client_id: int, key: str) -> list[Checked]:
    """Return each item as a message or its problem: a bad one never sinks the others."""
    now = version_of(datetime.now(timezone.utc))
    return [
        _check(parcel, item, index, client_id, key, now + index)
        for index, item in enumerate(parcel.items)
    ]


def _check(parcel: Parcel, item: Item, index: int, client_id: int, key: str, now: int) -> Checked:
    version = parcel.version
    try:
        if item.problem:
            return Checked(version, problem=item.problem)
        version = _version_of(parcel, item)
        return Checked(version, _message(parcel, item, version, index, client_id, key, now))
    except ValidationError as error:
        problem = Problem("invalid", errors=field_errors(error, item.pointer))
    except RecursionError:
        problem = Problem("invalid", errors=(FieldError(item.pointer, "Nested too deeply."),))
    except ApiError as error:
        problem = error.problem
    return Checked(version, problem=problem)


def _version_of(parcel: Parcel, item: Item) -> Version:
    """Return the version that an event's ``dataschema`` names, else the request's."""
    try:
        asked = version_asked(item.event and item.event.schema, parcel.kind)
    except KeyError:
        error = FieldError("/dataschema", "This is the schema of another kind.")
        raise ApiError(Problem("invalid", errors=(error,))) from None
    return version_of_request(parcel.kind, asked) if asked else parcel.version


def _message(parcel, item, version, index, client_id, key, now) -> ReceivedMessage:
    later = version.check(item.data)
    if later:
        word = f"Version {version.version} does not have this field."
        errors = tuple(FieldError(item.pointer + pointer, word) for pointer in later)
        raise ApiError(Problem("invalid", errors=errors))
    model = ROUTES[parcel.route]
    content = read(model, item.data)
    topic = f"api/{parcel.route}"
    return ReceivedMessage(
        event_id=identity(item, content, topic, client_id, key, index),
        topic=topic,
        kind=model.kind,
        body=stored_body(content),
        entity_key=content.entity_key,
        version=content.version,
        # Nobody but the sender knows when he took this state: else it counts when it came.
        observed_at=(item.event and item.event.time) or now,
        headers=_kept_headers(item, version, client_id),
    )


def _kept_headers(item: Item, version: Version, client_id: int) -> Mapping[str, str]:
    kept = {"api-client": str(client_id), "schema-version": version.version}
    if item.event:
        kept |= {
            "ce-id": item.event.id,
            "ce-source": item.event.source,
            "ce-type": item.event.type,
        }
    return kept
