"""What an outbound HTTP call answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import strict_json
from .errors import MalformedPayloadError, TransientError


@dataclass(frozen=True)
class HttpResponse:
    """A successful answer: headers by lower-case name, the body bounded in size."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the decoded body, fractions as ``Decimal``.

        Raises ``TransientError`` when it is no JSON: a proxy's page, or an answer cut short.
        """
        try:
            return strict_json.loads(self.body)
        except MalformedPayloadError as error:
            raise TransientError(f"The answer cannot be read. {error}") from error
