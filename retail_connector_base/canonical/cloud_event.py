"""The CloudEvents 1.0 envelope, as senders put it around a canonical message."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1)]
# CloudEvents 1.0.2, section 3.1
CONTENT_TYPE = "^application/json[ -~]*$"
NAMES = {"propertyNames": {"pattern": "^[a-z0-9]{1,100}$"}}


class CloudEvent(BaseModel):
    """One event. ``source`` and ``id`` together are its identity; ``time`` is UTC.

    ``dataschema`` may name the version of the schema that ``data`` follows. Extension attributes
    are allowed and not kept (CloudEvents 1.0.2, section 3).
    """

    model_config = ConfigDict(frozen=True, extra="allow", json_schema_extra=NAMES)
    __pydantic_extra__: dict[str, str | bool | int | None]

    specversion: Literal["1.0"]
    id: Text
    source: Text
    type: Text
    subject: Text | None = None
    time: AwareDatetime | None = None
    datacontenttype: Annotated[str, Field(pattern=CONTENT_TYPE)] | None = None
    dataschema: Text | None = None
    data: dict[str, Any]
