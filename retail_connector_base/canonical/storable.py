"""What every text of a schema must be like to be stored."""

from typing import Any

# PostgreSQL holds no NUL.
WITHOUT_NUL = "^[^\\u0000]*$"
NAMED = {"enum", "const", "format", "pattern"}


def storable(schema: Any) -> Any:
    """Return a JSON Schema whose texts exclude what cannot be stored."""
    if isinstance(schema, list):
        return [storable(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    result = {
        key: value if key in ("enum", "const", "default", "examples") else storable(value)
        for key, value in schema.items()
    }
    if result.get("type") == "string" and not NAMED & result.keys():
        result["pattern"] = WITHOUT_NUL
    return result
