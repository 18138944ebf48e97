"""Lists of the API: filters, order and pages."""

from collections.abc import Iterable, Mapping
from typing import Any

ORDERS_BY = {"modified": "date_modified_gmt", "date": "date_created_gmt", "id": "id"}


class BadRequest(Exception):
    """The request is refused with status 400."""


def page_of(
    rows: Iterable[dict[str, Any]], query: Mapping[str, str]
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Return a page of rows and the headers that tell how many there are.

    ``modified_after`` is exclusive, and read in the shop's time zone unless ``dates_are_gmt``.
    """
    found = [row for row in rows if _wanted(row, query)]
    key = ORDERS_BY.get(query.get("orderby", "date"))
    if key is None:
        raise BadRequest("orderby")
    # Ties come in any order: here the newest first, which is no order to rely upon.
    found.sort(key=lambda row: -row["id"])
    found.sort(key=lambda row: row[key], reverse=query.get("order", "desc") == "desc")
    size, number = int(query.get("per_page", "10")), int(query.get("page", "1"))
    if not (1 <= size <= 100 and number >= 1):
        raise BadRequest("per_page")
    headers = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(-(-len(found) // size))}
    return found[(number - 1) * size : number * size], headers


def _wanted(row: dict[str, Any], query: Mapping[str, str]) -> bool:
    if query.get("include") and str(row["id"]) not in query["include"].split(","):
        return False
    name = "date_modified_gmt" if query.get("dates_are_gmt") == "true" else "date_modified"
    return "modified_after" not in query or row[name] > query["modified_after"]
