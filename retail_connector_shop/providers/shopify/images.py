"""Pictures of products: each is uploaded once, and known again by its name.

A picture's file name holds the first digits of its content's digest, and the shop keeps the name in
the picture's address. So unchanged pictures stay untouched, also when an answer was lost, and
pictures of others, whose names hold no such mark, are kept.
Source: shopify.dev, ``stagedUploadsCreate``, "Manage media for products" (2026-04).
"""

import mimetypes
import re
import secrets
from collections.abc import Callable, Sequence
from typing import Any

from odoo.addons.retail_connector_base.canonical import ListingImage
from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    HttpClient,
    TransientError,
)

from . import documents_listing as documents
from .client import ShopifyClient
from .listing_read import ListedMedia
from .user_errors import payload_of, require_none, user_errors

_MARK = re.compile(r"-rc([0-9a-f]{20})(?![0-9a-f]{4,}\b)", re.ASCII)
_IN_WORK = frozenset({"UPLOADED", "PROCESSING"})
_UNSAFE = re.compile(r"[^a-z0-9]+")


def files_input(
    client: ShopifyClient,
    http: HttpClient,
    images: Sequence[ListingImage],
    media: Sequence[ListedMedia],
    content: Callable[[str], bytes],
) -> list[dict[str, Any]]:
    """Return the product's files: our pictures in our order, then what others put there.

    Raises ``TransientError`` while the shop still works on pictures: they cannot be told apart yet.
    """
    if any(one.status in _IN_WORK for one in media):
        raise TransientError("The shop still works on the product's pictures.", retry_after=5.0)
    media = [one for one in media if one.status != "FAILED"]
    images = list({_digits(image): image for image in images}.values())
    known = {mark: one for one in media if (mark := mark_of(one.url))}
    others = [one for one in media if not mark_of(one.url)]
    new = [image for image in images if _digits(image) not in known]
    sources = dict(zip(map(_digits, new), _upload(client, http, new, content), strict=True))
    files = []
    for image in images:
        digits = _digits(image)
        if digits in known:
            same = known[digits].alt == image.alt
            files.append({"id": known[digits].gid} | ({} if same else {"alt": image.alt}))
        else:
            files.append(
                {
                    "originalSource": sources[digits],
                    "filename": file_name(image),
                    "contentType": "IMAGE",
                    "alt": image.alt,
                }
            )
    return files + [{"id": one.gid} for one in others]


def file_name(image: ListingImage) -> str:
    """Return a picture's name in the shop: readable, with the mark of its content."""
    stem, _dot, ending = image.filename.rpartition(".")
    plain = _UNSAFE.sub("-", (stem or ending).lower()).strip("-")[:60] or "picture"
    return f"{plain}-rc{_digits(image)}.{_UNSAFE.sub('', ending.lower()) if stem else 'jpg'}"


def mark_of(url: str) -> str | None:
    """Return the mark in a picture's address, if it has one."""
    found = _MARK.search(url.rpartition("/")[2])
    return found[1] if found else None


def _digits(image: ListingImage) -> str:
    return image.digest[:20].lower()


def _upload(
    client: ShopifyClient,
    http: HttpClient,
    images: Sequence[ListingImage],
    content: Callable[[str], bytes],
) -> list[str]:
    """Upload pictures to the shop's storage; return the addresses to refer to them by."""
    if not images:
        return []
    asked = [
        {
            "resource": "IMAGE",
            "filename": file_name(image),
            "mimeType": _type_of(image),
            "httpMethod": "POST",
        }
        for image in images
    ]
    data = client.execute(documents.STAGE_UPLOADS, {"input": asked})
    payload = payload_of(data, "stagedUploadsCreate")
    require_none(user_errors(payload))
    targets = payload.get("stagedTargets") or ()
    if len(targets) != len(images):
        raise TransientError("The shop did not name a place for every picture.")
    for image, target in zip(images, targets, strict=True):
        _post(http, image, target, content(image.digest))
    return [str(target["resourceUrl"]) for target in targets]


def _post(http: HttpClient, image: ListingImage, target: dict[str, Any], body: bytes) -> None:
    """Send a form whose last field is the file; no token of ours goes to the storage."""
    fields = [(str(one["name"]), str(one["value"])) for one in target.get("parameters") or ()]
    boundary = secrets.token_hex(16)
    try:
        http.request(
            "POST",
            str(target["url"]),
            headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
            data=_form(fields, file_name(image), _type_of(image), body, boundary),
            idempotent=True,
        )
    except AuthenticationError as error:
        # The permit for one upload has expired: our own credentials are not concerned.
        raise TransientError("The shop's storage did not take a picture.") from error


def _form(
    fields: Sequence[tuple[str, str]], name: str, kind: str, body: bytes, boundary: str
) -> bytes:
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields
    ]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        f"Content-Type: {kind}\r\n\r\n"
    )
    return b"".join([*parts, head.encode(), body, f"\r\n--{boundary}--\r\n".encode()])


def _type_of(image: ListingImage) -> str:
    return mimetypes.guess_type(file_name(image))[0] or "image/jpeg"
