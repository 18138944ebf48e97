"""Whether requests and answers are those of Square's published specification, field by field."""

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
Schema = Mapping[str, Any]


@cache
def specification() -> dict[str, Any]:
    """Return the specification of 2025-08-20."""
    root = Path(os.environ.get("RETAIL_CONTRACTS") or ROOT.parent / "shared" / "contracts")
    with gzip.open(root / "square" / "openapi" / "api.json.gz") as file:
        return json.load(file)


def request_problems(method: str, path: str, query: Mapping[str, str], body: Any) -> list[str]:
    """Return what of a request is not as the specification says."""
    operation = _operation(method, path)
    if operation is None:
        return [f"no operation {method} {path}"]
    known = {one["name"]: one for one in operation.get("parameters", ()) if one["in"] == "query"}
    found = [f"query.{name}: is not known" for name in query if name not in known]
    found += [
        f"query.{name}: is missing"
        for name, one in known.items()
        if one.get("required") and name not in query
    ]
    for name, value in query.items():
        if name in known:
            found += _wrong(f"query.{name}", _typed(value, known[name]["schema"]),
                            known[name]["schema"])  # fmt: skip
    wanted = operation.get("requestBody", {}).get("content", {}).get(JSON, {}).get("schema")
    if (wanted is None) != (body is None):
        return [*found, "body: is there, or not, against the specification"]
    return found if wanted is None else [*found, *_wrong("body", body, wanted)]


def answer_problems(method: str, path: str, answer: Any) -> list[str]:
    """Return what of a successful answer is not as the specification says."""
    operation = _operation(method, path)
    if operation is None:
        return [f"no operation {method} {path}"]
    schema = operation["responses"]["200"]["content"][JSON]["schema"]
    return list(_wrong("answer", answer, schema))


def schema_problems(name: str, value: Any) -> list[str]:
    """Return what of a value is not as a schema of the specification says."""
    return list(_wrong(name, value, {"$ref": f"#/components/schemas/{name}"}))


def _operation(method: str, path: str) -> dict[str, Any] | None:
    """Return the operation of a path: the one that names most of it."""
    fits = [
        (pattern.count("{"), operations)
        for pattern, operations in specification()["paths"].items()
        if re.fullmatch(re.sub(r"\{\w+\}", r"[^/]+", pattern), path)
    ]
    return min(fits, key=lambda fit: fit[0])[1].get(method.lower()) if fits else None


def _resolved(schema: Schema) -> Schema:
    while "$ref" in schema:
        schema = specification()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _typed(value: str, schema: Schema) -> Any:
    """Return a parameter of a query as what it stands for."""
    kind = _resolved(schema).get("type")
    if kind == "integer" and re.fullmatch(r"-?\d+", value):
        return int(value)
    if kind == "boolean" and value in ("true", "false"):
        return value == "true"
    return value


def _wrong(name: str, value: Any, schema: Schema) -> Iterable[str]:
    if value is None:
        if not schema.get("nullable"):
            yield f"{name}: is null"
        return
    schema = _resolved(schema)
    if "enum" in schema and value not in schema["enum"]:
        yield f"{name}: {value} is none of the values"
    check = _CHECKS.get(schema.get("type", ""))
    if check is None:
        yield f"{name}: cannot check {sorted(schema)}"
    else:
        yield from check(name, value, schema)


def _object(name: str, value: Any, schema: Schema) -> Iterable[str]:
    if not isinstance(value, dict):
        yield f"{name}: is no object"
        return
    properties, more = schema.get("properties", {}), schema.get("additionalProperties")
    yield from (f"{name}.{one}: is missing" for one in schema.get("required", ())
                if one not in value)  # fmt: skip
    for key, part in value.items():
        if key in properties:
            yield from _wrong(f"{name}.{key}", part, properties[key])
        elif isinstance(more, dict):
            yield from _wrong(f"{name}.{key}", part, more)
        else:
            yield f"{name}.{key}: is not known"


def _array(name: str, value: Any, schema: Schema) -> Iterable[str]:
    if not isinstance(value, list):
        yield f"{name}: is no list"
        return
    for index, part in enumerate(value):
        yield from _wrong(f"{name}[{index}]", part, schema["items"])


def _string(name: str, value: Any, schema: Schema) -> Iterable[str]:
    if not isinstance(value, str) or len(value) > schema.get("maxLength", 100_000):
        yield f"{name}: is no text, or too long"


def _integer(name: str, value: Any, schema: Schema) -> Iterable[str]:
    if isinstance(value, bool) or not isinstance(value, int):
        yield f"{name}: is no whole number"


def _number(name: str, value: Any, schema: Schema) -> Iterable[str]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield f"{name}: is no number"


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
