"""The OpenAPI 3.1 document of the canonical API, generated from routes and models."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from .answers import Problem, Receipt
from .cloud_event import CloudEvent
from .openapi_text import DESCRIPTION, ERRORS, HEADERS, KEY_HEADER, VERSION_HEADER
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

Schema = dict[str, Any]
REFERENCE = "#/components/schemas/{model}"
WRITE_ERRORS = (400, 401, 403, 404, 405, 408, 409, 411, 413, 415, 422, 429, 503)
READ_ERRORS = (400, 401, 403, 404, 405, 429, 503)


def document(server: str = "/") -> Schema:
    """Return the document; ``server`` is the address that its paths are below."""
    references, schemas = _schemas()
    return {
        "openapi": "3.1.0",
        "info": {"title": "Retail Connector", "version": "1.1", "description": DESCRIPTION},
        "servers": [{"url": server}],
        "security": [{"token": []}],
        "tags": [{"name": "Send"}, {"name": "Read"}],
        "paths": {
            **{route.path: {"post": _write(route, references)} for route in WRITE_ROUTES},
            **_reads(references),
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "headers": HEADERS,
            "parameters": {"IdempotencyKey": KEY_HEADER, "SchemaVersion": VERSION_HEADER},
            "responses": {f"E{status}": _problem(status) for status in ERRORS},
            "schemas": schemas,
        },
    }


def _schemas() -> tuple[dict[type[BaseModel], Schema], Schema]:
    """Return how each model is referred to, and the definitions of all."""
    taken = [(route.model, "validation") for route in WRITE_ROUTES]
    told: list[type[BaseModel]] = [Receipt, Problem, *(route.answer for route in READ_ROUTES)]
    wanted = [*taken, (CloudEvent, "validation"), *((model, "serialization") for model in told)]
    references, definitions = models_json_schema(wanted, ref_template=REFERENCE)
    by_model = {model: reference for (model, _mode), reference in references.items()}
    return by_model, {name: storable(s) for name, s in definitions["$defs"].items()}


# Sending


def _write(route: WriteRoute, references: dict[type[BaseModel], Schema]) -> Schema:
    item = references[route.model]
    event = {
        "allOf": [references[CloudEvent], {"type": "object", "properties": {"data": item}}],
    }
    return {
        "operationId": f"send{route.model.__name__}",
        "tags": ["Send"],
        "summary": f"Send {route.name.replace('-', ' ')}",
        "description": f"Scope `{route.scope}`. {route.model.__doc__}",
        "parameters": [
            {"$ref": "#/components/parameters/IdempotencyKey"},
            {"$ref": "#/components/parameters/SchemaVersion"},
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"anyOf": [item, _many(item)]}},
                "application/cloudevents+json": {"schema": event},
                "application/cloudevents-batch+json": {"schema": _many(event)},
            },
        },
        "responses": {
            "200": _receipt("Known already, or kept without being worked on.", references),
            "202": _receipt("Stored; it is worked on in a moment.", references),
            "207": _receipt("The items fared differently.", references),
            **_errors(WRITE_ERRORS),
            "422": _unusable(references),
        },
    }


def _many(item: Schema) -> Schema:
    return {"type": "array", "items": item, "minItems": 1, "maxItems": LARGEST_BATCH}


def _receipt(description: str, references: dict[type[BaseModel], Schema]) -> Schema:
    return {
        "description": description,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS},
        "content": {"application/json": {"schema": references[Receipt]}},
    }


def _unusable(references: dict[type[BaseModel], Schema]) -> Schema:
    """All items refused, or the whole request."""
    return {
        "description": "Nothing of it can be used; fields are named.",
        "content": {
            "application/json": {"schema": references[Receipt]},
            "application/problem+json": {"schema": references[Problem]},
        },
    }


# Reading


def _reads(references: dict[type[BaseModel], Schema]) -> Schema:
    return {route.path: {"get": _read(route, references)} for route in READ_ROUTES}


def _read(route: ReadRoute, references: dict[type[BaseModel], Schema]) -> Schema:
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
            "200": {"description": route.summary, "content": content},
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
    reference = {"$ref": REFERENCE.format(model="Problem")}
    headers = {"Retry-After": {"schema": {"type": "integer"}}} if status in (409, 429, 503) else {}
    return {
        "description": ERRORS[status],
        **({"headers": headers} if headers else {}),
        "content": {"application/problem+json": {"schema": reference}},
    }
