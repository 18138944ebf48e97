"""Whether a request is one of a published specification: path, method, fields and their types."""

import gzip
import os
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from environment.paths import ROOT

FORM = "application/x-www-form-urlencoded"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def specification() -> dict[str, Any]:
    """Return the specification of 2023-08-16."""
    root = Path(os.environ.get("RETAIL_CONTRACTS") or ROOT.parent / "shared" / "contracts")
    path = root / "stripe" / "openapi" / "spec3_2023-09-12.yaml.gz"
    with gzip.open(path) as file:
        return yaml.load(file, LOADER)


def problems(
    method: str, path: str, query: Iterable[tuple[str, str]], form: Iterable[tuple[str, str]]
) -> list[str]:
    """Return what of a request is not as the specification says."""
    operation = _operation(method, path)
    if operation is None:
        return [f"no operation {method} {path}"]
    known = {one["name"]: one for one in operation.get("parameters", ()) if one["in"] == "query"}
    required = [name for name, one in known.items() if one.get("required")]
    schema = {
        "type": "object",
        "properties": {name: one["schema"] for name, one in known.items()},
        "required": required,
        "additionalProperties": False,
    }
    body = operation.get("requestBody", {}).get("content", {}).get(FORM, {}).get("schema", {})
    found = [*_wrong("query", _nested(query), schema)]
    return found + [*_wrong("form", _nested(form), {"type": "object", **body})]


def _operation(method: str, path: str) -> dict[str, Any] | None:
    """Return the operation of a path; names in braces stand for one part of it."""
    for pattern, operations in specification()["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", r"[^/]+", pattern), path):
            operation = operations.get(method.lower())
            if operation:
                return operation
    return None


def _nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the values of a form by their nested names, strictly."""
    root: dict[str, Any] = {}
    for name, value in pairs:
        assert re.fullmatch(r"\w+(\[\w*\])*", name), name
        *parents, last = re.findall(r"\w+", name)
        node = root
        for part in parents:
            node = node.setdefault(part, {})
        assert last not in node, f"{name} twice"
        node[last] = value
    return root


def _wrong(name: str, value: Any, schema: Mapping[str, Any]) -> Iterable[str]:
    if "anyOf" in schema:
        tries = [[*_wrong(name, value, one)] for one in schema["anyOf"]]
        if all(tries):
            yield from min(tries, key=len)
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{name}: {value} is none of the values"
    check = _CHECKS.get(schema.get("type", ""))
    if check is None:
        yield f"{name}: cannot check {schema}"
    else:
        yield from check(name, value, schema)


def _object(name: str, value: Any, schema: Mapping[str, Any]) -> Iterable[str]:
    if not isinstance(value, dict):
        yield f"{name}: is no object"
        return
    properties, more = schema.get("properties", {}), schema.get("additionalProperties", False)
    missing = [one for one in schema.get("required", ()) if one not in value]
    yield from (f"{name}.{one}: is missing" for one in missing)
    for key, part in value.items():
        if key in properties:
            yield from _wrong(f"{name}.{key}", part, properties[key])
        elif isinstance(more, dict):
            yield from _wrong(f"{name}.{key}", part, more)
        else:
            yield f"{name}.{key}: is not known"


def _array(name: str, value: Any, schema: Mapping[str, Any]) -> Iterable[str]:
    if not isinstance(value, dict) or sorted(value, key=int) != [str(n) for n in range(len(value))]:
        yield f"{name}: is no list"
        return
    for key, part in value.items():
        yield from _wrong(f"{name}[{key}]", part, schema["items"])


def _string(name: str, value: Any, schema: Mapping[str, Any]) -> Iterable[str]:
    if not isinstance(value, str) or len(value) > schema.get("maxLength", 5_000):
        yield f"{name}: is no text, or too long"


def _integer(name: str, value: Any, schema: Mapping[str, Any]) -> Iterable[str]:
    if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,15}", value, re.ASCII):
        yield f"{name}: is no whole number"


def _boolean(name: str, value: Any, schema: Mapping[str, Any]) -> Iterable[str]:
    if value not in ("true", "false"):
        yield f"{name}: is neither true nor false"


_CHECKS = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": _integer,
    "boolean": _boolean,
}
