"""The OpenAPI 3.1 documents of the canonical API, generated from routes and models.

CloudEvents have a document of their own: generators of clients tell two forms of one request apart
by their classes, which arrays do not have.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from .answers import Problem, Receipt, Refusal
from .cloud_event import CloudEvent
from .openapi_text import (
    DESCRIPTION,
    ERRORS,
    EVENTS_DESCRIPTION,
    HEADERS,
    KEY_HEADER,
    VERSION_HEADER,
)
from .routes import (
    LARGEST_BATCH,
    LARGEST_PAGE,
    READ_ROUTES,
    WRITE_ROUTES,
    Parameter,
    ReadRoute,
    WriteRoute,
)
from .storable import storable
from .versions import VERSIONS

Schema = dict[str, Any]
References = dict[type[BaseModel], Schema]
Forms = Callable[[Schema, References], Schema]
REFERENCE = "#/components/schemas/{model}"
WRITE_ERRORS = (400, 401, 403, 404, 405, 408, 409, 411, 413, 415, 422, 429, 503)
READ_ERRORS = (400, 401, 403, 404, 405, 414, 429, 503)
ERROR_HEADERS = (
    ("Retry-After", "integer", (409, 429, 503)),
    ("WWW-Authenticate", "string", (401, 403)),
    ("Allow", "string", (405,)),
)
QUOTA = ("RateLimit", "RateLimit-Policy")
# What is answered to a message leads to where its state is read.
LINKS = {
    "state": {
        "operationId": "readMessage",
        "parameters": {"id": "$response.body#/items/0/id"},
        "description": "What became of the first item.",
    }
}
# The HTTP server answers it, before anybody looks at the request.
PAGES = (414,)


def document(server: str = "/") -> Schema:
    """Return the document; ``server`` is the address that its paths are below."""
    references, schemas = _schemas(READ_ROUTES)
    paths = _paths(references, _plain, READ_ROUTES)
    for route in WRITE_ROUTES:
        for status in ("200", "202"):
            paths[route.path]["post"]["responses"][status]["links"] = LINKS
    return _document("Retail Connector", DESCRIPTION, server, paths, schemas)


def events_document(server: str = "/") -> Schema:
    """Return the document of the routes that take messages, for CloudEvents."""
    taking = {route.path for route in WRITE_ROUTES}
    reads = [route for route in READ_ROUTES if route.path in taking]
    references, schemas = _schemas(reads)
    paths = _paths(references, _enveloped, reads)
    title = "Retail Connector: CloudEvents"
    return _document(title, EVENTS_DESCRIPTION, server, paths, schemas)


def _paths(references: References, forms: Forms, reads: Iterable[ReadRoute]) -> Schema:
    """Return the operations by address: some addresses can be both sent to and read."""
    paths: dict[str, Schema] = defaultdict(dict)
    for route in WRITE_ROUTES:
        paths[route.path]["post"] = _write(route, references, forms)
    for read in reads:
        paths[read.path]["get"] = _read(read, references)
    return dict(paths)


def _document(title: str, text: str, server: str, paths: Schema, schemas: Schema) -> Schema:
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1.1", "description": text},
        "servers": [{"url": server}],
        "security": [{"token": []}],
        "tags": [{"name": "Send"}, {"name": "Read"}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "headers": HEADERS,
            "parameters": {"IdempotencyKey": KEY_HEADER},
            "responses": {f"E{status}": _problem(status) for status in ERRORS},
            "schemas": schemas,
        },
    }


def _schemas(reads: Iterable[ReadRoute]) -> tuple[References, Schema]:
    """Return how each model is referred to, and the definitions of all."""
    told: list[type[BaseModel]] = [Problem, Refusal, Receipt, *(route.answer for route in reads)]
    taken = [(route.model, "validation") for route in WRITE_ROUTES]
    wanted = [*taken, (CloudEvent, "validation"), *((model, "serialization") for model in told)]
    references, definitions = models_json_schema(wanted, ref_template=REFERENCE)
    by_model = {model: _named(reference) for (model, _mode), reference in references.items()}
    return by_model, {name: storable(s) for name, s in _named(definitions["$defs"]).items()}


def _named(schema: Any) -> Any:
    """Return a schema whose models have names for programs.

    What is taken and told in different forms is two models: pydantic's ``X-Input`` keeps its name,
    ``X-Output`` is ``XTold``.
    """
    text = json.dumps(schema).replace('-Input"', '"').replace('-Output"', 'Told"')
    named = json.loads(text)
    for name, definition in named.items():
        if name.endswith("Told"):
            definition["title"] = name
    return named


# Sending


def _plain(item: Schema, references: References) -> Schema:
    return {"application/json": {"schema": {"anyOf": [item, _many(item)]}}}


def _enveloped(item: Schema, references: References) -> Schema:
    event = {"allOf": [references[CloudEvent], {"type": "object", "properties": {"data": item}}]}
    return {
        "application/cloudevents+json": {"schema": event},
        "application/cloudevents-batch+json": {"schema": _many(event)},
    }


def _write(route: WriteRoute, references: References, forms: Forms) -> Schema:
    return {
        "operationId": f"send{route.model.__name__}",
        "tags": ["Send"],
        "summary": f"Send {route.name.replace('-', ' ')}",
        "description": f"Scope `{route.scope}`. {route.model.__doc__}",
        "parameters": [
            {"$ref": "#/components/parameters/IdempotencyKey"},
            _version(route.model.kind),
        ],
        "requestBody": {
            "required": True,
            "content": forms(references[route.model], references),
        },
        "responses": {
            "200": _receipt("Known already, or kept without being worked on.", references),
            "202": _receipt("Stored; it is worked on in a moment.", references),
            "207": _receipt("The items fared differently.", references),
            **_errors(WRITE_ERRORS),
            "400": _unusable(ERRORS[400], references),
            "422": _unusable(ERRORS[422], references),
        },
    }


def _version(kind: str) -> Schema:
    """Return the header that names one of the versions of a kind."""
    known = [version.version for version in VERSIONS[kind]]
    return {**VERSION_HEADER, "schema": {"type": "string", "enum": known}}


def _many(item: Schema) -> Schema:
    return {"type": "array", "items": item, "minItems": 1, "maxItems": LARGEST_BATCH}


def _receipt(description: str, references: References) -> Schema:
    return {
        "description": description,
        "headers": _headers(HEADERS),
        "content": {"application/json": {"schema": references[Receipt]}},
    }


def _headers(names: Iterable[str]) -> Schema:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _unusable(description: str, references: References) -> Schema:
    """All items refused, or the whole request."""
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": references[Refusal]}},
    }


# Reading


def _read(route: ReadRoute, references: References) -> Schema:
    content = {"application/json": {"schema": references[route.answer]}}
    return {
        "operationId": route.operation,
        "tags": ["Read"],
        "summary": route.summary,
        "description": f"Scope `{route.scope}`.",
        "parameters": [
            *(_parameter(each, "path") for each in route.variables),
            *(_parameter(each, "query") for each in route.parameters),
        ],
        "responses": {
            "200": {"description": route.summary, "headers": _headers(QUOTA), "content": content},
            **_errors(READ_ERRORS),
        },
    }


def _parameter(parameter: Parameter, where: str) -> Schema:
    schema: Schema = {"type": parameter.type}
    if parameter.type == "integer":
        schema |= {"minimum": 1, "maximum": LARGEST_PAGE}
    elif parameter.format:
        schema |= {"format": parameter.format}
    else:
        schema = storable({**schema, "minLength": 1, "maxLength": 255})
    if parameter.many:
        schema = {"type": "array", "items": schema, "maxItems": LARGEST_PAGE}
    return {
        "name": parameter.name,
        "in": where,
        "required": where == "path",
        "description": parameter.meaning,
        "schema": schema,
    }


# Errors


def _errors(statuses: Iterable[int]) -> Schema:
    return {str(status): {"$ref": f"#/components/responses/E{status}"} for status in statuses}


def _problem(status: int) -> Schema:
    if status in PAGES:
        return {"description": ERRORS[status], "content": {"text/html": {}}}
    reference = {"$ref": REFERENCE.format(model="Problem")}
    headers = {
        name: {"schema": {"type": type_}}
        for name, type_, statuses in ERROR_HEADERS
        if status in statuses
    }
    return {
        "description": ERRORS[status],
        **({"headers": headers} if headers else {}),
        "content": {"application/problem+json": {"schema": reference}},
    }
