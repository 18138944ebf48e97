"""Whether requests and answers are those of ShipBob's published specification, field by field."""

import gzip
import json
import os
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from environment.paths import ROOT

JSON = "application/json"
VERSION = "2026-01"
Schema = Mapping[str, Any]
# Parameters that the addresses of next pages have: the specification calls them opaque.
LINKED = frozenset(("Cursor",))


@cache
def specification() -> dict[str, Any]:
    """Return the specification of 2026-01."""
    root = Path(os.environ.get("RETAIL_CONTRACTS") or ROOT.parent / "shared" / "contracts")
    with gzip.open(root / "3pl" / "shipbob" / f"openapi-{VERSION}.json.gz") as file:
        return json.load(file)


def request_problems(
    method: str, path: str, query: Mapping[str, str], body: Any, headers: Mapping[str, str]
) -> list[str]:
    """Return what of a request is not as the specification says."""
    operation = _operation(method, path)
    if operation is None:
        return [f"no operation {method} {path}"]
    parameters = operation.get("parameters", ())
    known = {one["name"]: one for one in parameters if one["in"] == "query"}
    found = [f"query.{name}: is not known" for name in query if name not in {*known, *LINKED}]
    found += [
        f"{one['in']}.{one['name']}: is missing"
        for one in parameters if one.get("required")
        and one["name"] not in {"query": query, "header": headers}.get(one["in"], [one["name"]])
    ]  # fmt: skip
    for name, value in query.items():
        if name in known:
            schema = known[name]["schema"]
            found += _wrong(f"query.{name}", _typed(value, schema), schema)
    wanted = operation.get("requestBody", {}).get("content", {}).get(JSON, {}).get("schema")
    if wanted is None:
        return [*found, "body: there should be none"] if body else found
    return [*found, *_wrong("body", body, wanted)]


def answer_problems(method: str, path: str, answer: Any) -> list[str]:
    """Return what of a successful answer is not as the specification says."""
    operation = _operation(method, path)
    if operation is None:
        return [f"no operation {method} {path}"]
    responses = operation["responses"]
    shown = next(responses[status] for status in ("200", "201", "204") if status in responses)
    content = shown.get("content", {})
    if not content:
        return []
    schema = content.get(JSON) or next(iter(content.values()))
    return list(_wrong("answer", answer, schema["schema"]))


def schema_problems(name: str, value: Any) -> list[str]:
    """Return what of a value is not as a schema says, which is named by the end of its name."""
    schemas = specification()["components"]["schemas"]
    full = next(one for one in schemas if re.fullmatch(rf"\w+\.{name}", one))
    return list(_wrong(name, value, {"$ref": f"#/components/schemas/{full}"}))


def _operation(method: str, path: str) -> dict[str, Any] | None:
    """Return the operation of a path: the one that names most of it."""
    fits = [
        (pattern.count("{"), operations)
        for pattern, operations in specification()["paths"].items()
        if re.fullmatch(re.sub(r"\{\w+\}", r"[^/:]+", pattern), path)
    ]
    return min(fits, key=lambda fit: fit[0])[1].get(method.lower()) if fits else None


def _resolved(schema: Schema) -> Schema:
    """Return a schema with what it refers to, and what it is made of, as one."""
    while "$ref" in schema:
        schema = specification()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "allOf" not in schema:
        return schema
    parts = [_resolved(part) for part in schema["allOf"]] + [
        {key: value for key, value in schema.items() if key != "allOf"}
    ]
    merged: dict[str, Any] = {}
    for part in parts:
        for key, value in part.items():
            if key == "properties":
                merged[key] = {**merged.get(key, {}), **value}
            elif key == "required":
                merged[key] = [*merged.get(key, ()), *value]
            else:
                merged[key] = value
    return merged


def _typed(value: str, schema: Schema) -> Any:
    """Return a parameter of a query as what it stands for."""
    kind = _resolved(schema).get("type")
    if kind in ("integer", "number") and re.fullmatch(r"-?\d+", value):
        return int(value)
    if kind == "boolean" and value in ("true", "false"):
        return value == "true"
    return value


def _wrong(name: str, value: Any, schema: Schema) -> Iterable[str]:
    nullable = schema.get("nullable")
    schema = _resolved(schema)
    if value is None:
        if not (nullable or schema.get("nullable")):
            yield f"{name}: is null"
        return
    choices = schema.get("oneOf") or schema.get("anyOf")
    if choices:
        each = [list(_wrong(name, value, choice)) for choice in choices]
        yield from min(each, key=len)
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{name}: {value} is none of the values"
    kind = schema.get("type") or ("object" if "properties" in schema else "")
    check = _CHECKS.get(kind)
    if check is not None:
        yield from check(name, value, schema)
    elif kind:
        yield f"{name}: cannot check {sorted(schema)}"


def _object(name: str, value: Any, schema: Schema) -> Iterable[str]:
    if not isinstance(value, dict):
        yield f"{name}: is no object"
        return
    properties, more = schema.get("properties"), schema.get("additionalProperties")
    yield from (f"{name}.{one}: is missing" for one in schema.get("required", ())
                if one not in value)  # fmt: skip
    for key, part in value.items() if properties else ():
        if key in properties:
            yield from _wrong(f"{name}.{key}", part, properties[key])
        elif isinstance(more, dict):
            yield from _wrong(f"{name}.{key}", part, more)
        elif more is False:
            yield f"{name}.{key}: is not known"


def _array(name: str, value: Any, schema: Schema) -> Iterable[str]:
    if not isinstance(value, list):
        yield f"{name}: is no list"
        return
    if len(value) < schema.get("minItems", 0):
        yield f"{name}: has too few"
    for index, part in enumerate(value):
        yield from _wrong(f"{name}[{index}]", part, schema["items"])


def _string(name: str, value: Any, schema: Schema) -> Iterable[str]:
    if not isinstance(value, str):
        yield f"{name}: is no text"
        return
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 100_000):
        yield f"{name}: is too long or too short"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{name}: is not of the pattern"
    if schema.get("format") == "date-time" and not re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d", value):
        yield f"{name}: is no time"


def _number(name: str, value: Any, schema: Schema) -> Iterable[str]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield f"{name}: is no number"
    elif not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{name}: is out of bounds"


def _integer(name: str, value: Any, schema: Schema) -> Iterable[str]:
    if isinstance(value, bool) or not isinstance(value, int):
        yield f"{name}: is no whole number"
    else:
        yield from _number(name, value, schema)


def _boolean(name: str, value: Any, schema: Schema) -> Iterable[str]:
    if not isinstance(value, bool):
        yield f"{name}: is neither true nor false"


_CHECKS = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
}
