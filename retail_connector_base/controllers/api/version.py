"""Which version of a schema a request speaks, and what it is told of old ones."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone

from werkzeug.http import http_date

from ...canonical.versions import Version, resolve
from ...decisions.api_problem import ApiError, refuse

HEADER = "Retail-Schema-Version"
DOCUMENTATION = "/retail/v1/openapi.json"


def version_of_request(kind: str, asked: str | None) -> Version:
    """Return the version that is asked for, the newest by default. Raises ``ApiError``: 400."""
    try:
        version = resolve(kind, asked)
    except KeyError:
        raise refuse("unknown-version", "Name one of the published versions, or none.") from None
    if version.is_over(datetime.now(timezone.utc)):
        raise ApiError(
            refuse("version-over", f"Version {version.version} of “{kind}” is over.").problem,
            version_headers([version]),
        )
    return version


def version_headers(versions: Iterable[Version]) -> Mapping[str, str]:
    """Return the headers that tell of the oldest version of a request.

    ``Deprecation`` is RFC 9745's, ``Sunset`` RFC 8594's.
    """
    oldest = min(versions, key=lambda each: [int(part) for part in each.version.split(".")])
    headers = {HEADER: oldest.version}
    if oldest.deprecated_at:
        headers["Deprecation"] = f"@{int(oldest.deprecated_at.timestamp())}"
        headers["Link"] = f'<{DOCUMENTATION}>; rel="deprecation"; type="application/json"'
    if oldest.sunset_at:
        headers["Sunset"] = http_date(oldest.sunset_at)
    return headers
