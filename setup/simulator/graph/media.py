"""Images as nodes."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..identifiers import gid
from ..settings import utc
from ..uploads import Media
from .live import Live
from .money import Node

if TYPE_CHECKING:
    from ..shop import Shop


def media_node(media: Media) -> Node:
    """Return a MediaImage, which is both a Media and a File."""
    failed = media.status != "ready"
    image = None if failed else image_node(media)
    errors = [{"code": "INVALID_IMAGE_FILE_SIZE", "details": "Nothing was uploaded.",
               "message": "The file could not be processed."}] if failed else []  # fmt: skip
    status = media.status.upper()
    return {
        "__typename": "MediaImage",
        "id": gid("MediaImage", media.id),
        "alt": media.alt or None,
        "createdAt": utc(media.created_at),
        "fileErrors": errors,
        "fileStatus": status,
        "image": image,
        "mediaContentType": "IMAGE",
        "mediaErrors": errors,
        "mediaWarnings": [],
        "mimeType": media.mime_type,
        "originalSource": {"fileSize": None, "url": media.source},
        "preview": {"image": image, "status": status},
        "status": status,
        "updatedAt": utc(media.created_at),
    }


def image_node(media: Media) -> Node:
    """Return an Image."""
    return {
        "__typename": "Image",
        "id": gid("ImageSource", media.id),
        "altText": media.alt or None,
        "height": None,
        "originalSrc": media.url,
        "src": media.url,
        "transformedSrc": Live(lambda shop, **_: media.url),
        "url": Live(lambda shop, **_: media.url),
        "width": None,
    }


def media_of(shop: "Shop", numbers: Iterable[int], images: bool = False) -> list[Node]:
    """Return media by their numbers, or the images of those that are ready."""
    found = [media for number in numbers if (media := shop.uploads.media(number))]
    if images:
        return [image_node(media) for media in found if media.status == "ready"]
    return [media_node(media) for media in found]
