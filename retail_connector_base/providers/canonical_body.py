"""Reading canonical messages that were stored as they are."""

from pydantic import ValidationError

from ..canonical import CanonicalMessage, model_of
from ..canonical.reading import read
from .errors import MalformedPayloadError
from .request import StoredMessage
from .strict_json import loads


def read_canonical(message: StoredMessage) -> CanonicalMessage:
    """Return a stored canonical message of the kind it was stored as.

    Raises ``MalformedPayloadError``, naming the first field that is wrong.
    """
    model = model_of(message.kind or "")
    if model is None:
        raise MalformedPayloadError(f"There is no canonical kind “{message.kind}”.")
    try:
        return read(model, loads(message.body))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise MalformedPayloadError(f"{where}: {first['msg']}") from None
