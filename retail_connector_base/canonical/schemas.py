"""The JSON Schema of every kind and version, generated from the models."""

import copy
from typing import Any

from .event import EVENTS, EventData
from .registry import KINDS
from .storable import storable
from .versions import EVERY, VERSIONS, Path, Version

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def address_of(kind: str, version: str) -> str:
    """Return where a schema is served."""
    return f"/retail/v1/schemas/{kind}/{version}.json"


def schema_of(version: Version) -> Schema:
    """Return the JSON Schema of one version of a kind."""
    model = KINDS[version.kind]
    schema = copy.deepcopy(model.model_json_schema())
    for path in version.later:
        _drop(schema, schema, path)
    head = {"$schema": DIALECT, "$id": address_of(version.kind, version.version)}
    end = {"deprecated": True} if version.deprecated_at else {}
    return {**head, "x-version": version.version, **end, **storable(schema)}


def schema_of_event(data: type[EventData]) -> Schema:
    """Return the JSON Schema of what an event of one type tells.

    It is open: receivers ignore what they do not know.
    """
    schema = _opened(data.model_json_schema(mode="serialization"))
    head = {"$schema": DIALECT, "$id": address_of(data.schema_name(), data.schema_version)}
    return {**head, "x-version": data.schema_version, **schema}


def all_schemas() -> dict[str, Schema]:
    """Return all schemas by ``<kind or type of event>/<version>``."""
    kinds = {
        f"{version.kind}/{version.version}": schema_of(version)
        for versions in VERSIONS.values()
        for version in versions
    }
    events = {
        f"{data.schema_name()}/{data.schema_version}": schema_of_event(data)
        for data in EVENTS.values()
    }
    return kinds | events


def _opened(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_opened(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = schema.get("additionalProperties") is False
    return {
        key: _opened(value)
        for key, value in schema.items()
        if not (closed and key == "additionalProperties")
    }


def _drop(root: Schema, node: Schema, path: Path) -> None:
    """Take a property out of a schema, wherever it is defined."""
    node = _object(root, node)
    if path[0] == EVERY:
        _drop(root, node["items"], path[1:])
    elif len(path) > 1:
        _drop(root, node["properties"][path[0]], path[1:])
    else:
        del node["properties"][path[0]]


def _object(root: Schema, node: Schema) -> Schema:
    """Follow a reference, or the one alternative that is not null."""
    for alternative in node.get("anyOf", ()):
        if alternative.get("type") != "null":
            return _object(root, alternative)
    if "$ref" in node:
        return _object(root, root["$defs"][node["$ref"].rpartition("/")[2]])
    return node
