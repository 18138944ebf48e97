"""The schema that queries are executed against.

The published introspection is used where the contracts folder exists (``RETAIL_CONTRACTS`` or
``../shared/contracts`` beside the checkout). Elsewhere a small schema of ours takes its place: it
covers what the connector asks for, and a test keeps it a true part of the published one.
"""

import gzip
import json
import os
from functools import lru_cache
from pathlib import Path

from graphql import GraphQLSchema, build_client_schema, build_schema

from ..settings import API_VERSION

OWN = Path(__file__).resolve().parent.parent / "shopify.graphql"


def contracts() -> Path:
    """Return where the published contracts are expected."""
    beside = Path(__file__).resolve().parents[4] / "shared" / "contracts"
    return Path(os.environ.get("RETAIL_CONTRACTS") or beside)


def published_path() -> Path:
    """Return the file of the published introspection, which may not exist."""
    return contracts() / "shopify" / "graphql" / f"admin_{API_VERSION}.introspection.json.gz"


@lru_cache(maxsize=1)
def published_schema() -> GraphQLSchema:
    """Build the schema from the published introspection."""
    with gzip.open(published_path(), "rb") as file:
        return build_client_schema(json.load(file)["data"], assume_valid=True)


@lru_cache(maxsize=1)
def own_schema() -> GraphQLSchema:
    """Build the small schema."""
    return build_schema(OWN.read_text(encoding="utf-8"), assume_valid=True)


def schema() -> GraphQLSchema:
    """Return the published schema, or ours without it."""
    return published_schema() if published_path().exists() else own_schema()
