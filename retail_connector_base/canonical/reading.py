"""Reading canonical messages that others wrote, strictly: nothing is converted by a guess."""

import json
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import BaseModel

Model = TypeVar("Model", bound=BaseModel)
# Places of a fraction that are written out; what has more is no amount and is refused as a text.
PLACES = 20


def read(model: type[Model], data: Any) -> Model:
    """Return decoded JSON (fractions as ``Decimal``) as a model.

    Raises ``pydantic.ValidationError``. A text is no truth value here, and a number no moment.
    """
    return model.model_validate_json(json.dumps(data, default=_written), strict=True)


def _written(value: Any) -> str | float:
    """Write a fraction as text, so that it stays exact; beyond what amounts have, as a float."""
    if not isinstance(value, Decimal):
        raise TypeError(type(value).__name__)
    short = -PLACES <= value.as_tuple().exponent <= PLACES
    return format(value, "f") if short else float(value)
