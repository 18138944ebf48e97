"""Whether requests are those of the published specifications of ShipStation's APIs."""

import gzip
import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from environment.paths import ROOT

FILES = {"v1": "shipengine/openapi.yaml.gz", "v2": "shipstation/openapi_v2.yaml.gz"}
Schema = Mapping[str, Any]
KINDS = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float),
         "boolean": bool}  # fmt: skip


@cache
def specification(version: str) -> dict[str, Any]:
    """Return the specification of an API."""
    root = Path(os.environ.get("RETAIL_CONTRACTS") or ROOT.parent / "shared" / "contracts")
    with gzip.open(root / "3pl" / FILES[version]) as file:
        return yaml.load(file, yaml.CSafeLoader)


def request_problems(version: str, method: str, path: str, query: Mapping[str, str],
                     body: Any) -> list[str]:  # fmt: skip
    """Return what of a request is not as the specification says."""
    spec = specification(version)
    fits = [
        (pattern.count("{"), item)
        for pattern, item in spec["paths"].items()
        if re.fullmatch(re.sub(r"\{\w+\}", r"[^/]+", pattern), path)
    ]
    operation = min(fits, key=lambda fit: fit[0])[1].get(method.lower()) if fits else None
    if operation is None:
        return [f"no operation {method} {path}"]
    named = [_resolved(spec, one) for one in operation.get("parameters", ())]
    known = {one["name"]: one for one in named if one["in"] == "query"}
    found = [f"query.{name}: is not known" for name in query if name not in known]
    wanted = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if (wanted is None) != (body is None):
        return [*found, "body: is there, or not, against the specification"]
    return found if wanted is None else [*found, *_wrong(spec, "body", body, wanted["schema"])]


def _resolved(spec: Schema, schema: Schema) -> Schema:
    while "$ref" in schema:
        found: Any = spec
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def _whole(spec: Schema, schema: Schema) -> dict[str, Any]:
    """Return a schema with all that it is made of: its parts do not say so of one another."""
    schema = dict(_resolved(spec, schema))
    parts = [_whole(spec, part) for part in schema.pop("allOf", ())]
    whole: dict[str, Any] = {}
    for part in [*parts, schema]:
        properties = {**whole.get("properties", {}), **part.get("properties", {})}
        required = [*whole.get("required", ()), *part.get("required", ())]
        whole |= part
        whole |= {"properties": properties, "required": required}
    return whole


def _wrong(spec: Schema, name: str, value: Any, schema: Schema) -> Iterator[str]:
    whole = _whole(spec, schema)
    kind = whole.get("type", "")
    if value is None:
        if not (whole.get("nullable") or whole.get("x-nullable")):
            yield f"{name}: is null"
        return
    if kind not in KINDS or not isinstance(value, KINDS[kind]):
        yield f"{name}: is no {kind}"
        return
    if "enum" in whole and value not in whole["enum"]:
        yield f"{name}: {value} is none of the values"
    if isinstance(value, str):
        yield from _wrong_text(name, value, whole)
    if isinstance(value, list):
        for index, part in enumerate(value):
            yield from _wrong(spec, f"{name}[{index}]", part, whole["items"])
    if isinstance(value, dict):
        yield from _wrong_object(spec, name, value, whole)


def _wrong_text(name: str, value: str, whole: Schema) -> Iterator[str]:
    if not whole.get("minLength", 0) <= len(value) <= whole.get("maxLength", 10_000):
        yield f"{name}: is too short or too long"
    if "pattern" in whole and not re.search(whole["pattern"], value):
        yield f"{name}: {value} does not fit {whole['pattern']}"


def _wrong_object(spec: Schema, name: str, value: Any, whole: Schema) -> Iterator[str]:
    properties = whole["properties"]
    for one in whole["required"]:
        # What only answers have is not asked of requests.
        part = _whole(spec, properties.get(one, {}))
        if one not in value and not part.get("readOnly"):
            yield f"{name}.{one}: is missing"
    for key, part in value.items():
        if key in properties:
            yield from _wrong(spec, f"{name}.{key}", part, properties[key])
        elif whole.get("additionalProperties") is False:
            yield f"{name}.{key}: is not known"
