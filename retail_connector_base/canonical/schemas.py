"""The JSON Schema of every kind and version, generated from the models."""

import copy
from typing import Any

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


def all_schemas() -> dict[str, Schema]:
    """Return all schemas by ``<kind>/<version>``."""
    return {
        f"{version.kind}/{version.version}": schema_of(version)
        for versions in VERSIONS.values()
        for version in versions
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
