"""What a channel is to be told of goods that left, line by line and parcel by parcel."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

# Deliveries are counted in floats: 2.9999999 pieces are three.
TOLERANCE = 1e-6
PLACEHOLDER = "<shipmenttrackingnumber>"


@dataclass(frozen=True)
class Delivered:
    """A line of the channel's order: what left of it and what the channel wants, in units.

    ``at_most`` limits what one of several deliveries may tell of; ``None`` does not.
    """

    quantity: float
    wanted: float
    at_most: float | None = None


def left_to_tell(lines: Mapping[str, Delivered], told: Mapping[str, float]) -> dict[str, int]:
    """Return the whole units of each line that left and that the channel was not told of.

    The level counts, not the single movement: what came back is not taken back, and what was missed
    once is told with the next delivery.
    """
    found = {}
    for key, line in lines.items():
        level = _whole(min(line.quantity, line.wanted))
        quantity = level - _whole(told.get(key, 0.0))
        if line.at_most is not None:
            quantity = min(quantity, _whole(line.at_most))
        if quantity > 0:
            found[key] = quantity
    return found


def _whole(quantity: float) -> int:
    return math.floor(quantity + TOLERANCE)


def parcels_of(reference: str, link: str, template: str) -> list[tuple[str, str | None]]:
    """Return (number, address) of the parcels that a delivery's reference names.

    ``reference`` holds numbers divided by commas, semicolons or blanks. ``link`` is where Odoo says
    they are looked up: an address, or a JSON list of (number, address). ``template`` is the
    carrier's address with a placeholder, used where one link cannot stand for several parcels.
    """
    numbers = list(dict.fromkeys(part for part in re.split(r"[,;\s]+", reference or "") if part))
    links = _links(link)
    if len(numbers) == 1 and not links and link:
        links = {numbers[0]: link}
    if PLACEHOLDER in (template or ""):
        links = {number: template.replace(PLACEHOLDER, number) for number in numbers} | links
    return [(number, links.get(number)) for number in numbers]


def _links(link: str) -> dict[str, str]:
    try:
        return {str(number): str(address) for number, address in json.loads(link)}
    except (TypeError, ValueError):
        return {}
