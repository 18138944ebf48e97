"""The images that come with products."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...identifiers import number_of
from ...shop import Shop
from .inputs import Problems


def file_ids(shop: Shop, given: Sequence[Mapping[str, Any]], problems: Problems) -> tuple[int, ...]:
    """Return the numbers of images: known ones by id, new ones by where they come from.

    The same source makes one image, however often it is named.
    """
    numbers: list[int] = []
    known = {media.source: media for media in shop.uploads.all_media()}
    for index, values in enumerate(given):
        alt, number = values.get("alt"), number_of(values.get("id") or "", "MediaImage")
        media = shop.uploads.media(number) if number else known.get(values.get("originalSource"))
        if media is None and values.get("originalSource"):
            media = shop.uploads.make(values["originalSource"], alt or "", values.get("filename"))
            known[media.source] = media
        if media is None:
            path = ("input", "files", str(index), "id")
            problems.add("File does not exist.", path, "INVALID_INPUT")
            continue
        if alt is not None and alt != media.alt:
            shop.uploads.keep(replace(media, alt=alt))
        numbers.append(media.id)
    return tuple(dict.fromkeys(numbers))
