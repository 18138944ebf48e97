"""Places for uploads, and the images that are made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...fulfilment import RefusedError
from ...identifiers import number_of
from ..media import media_node
from ..money import Node
from ..mutation import Mutation, user_errors
from .inputs import Problems, only
from .registry import Mutations

if TYPE_CHECKING:
    from ..engine import Engine

Values = Mapping[str, Any]


def stage(engine: "Engine", input: Sequence[Values]) -> Node:
    """Make places for uploads: by PUT of the bytes, or by POST of a form."""
    targets = []
    for values in input:
        method = values.get("httpMethod") or "POST"
        place = engine.shop.uploads.stage(values["filename"], values["mimeType"], method)
        address = engine.shop.uploads.address(place)
        parameters = [{"name": "content_type", "value": place.mime_type}]
        if method == "POST":
            parameters.append({"name": "key", "value": f"tmp/{place.number}/{place.filename}"})
        targets.append({"url": address, "resourceUrl": address, "parameters": parameters})
    return {"stagedTargets": targets, "userErrors": []}


def create(engine: "Engine", files: Sequence[Values]) -> Node:
    """Make images that belong to no product yet."""
    made = []
    for values in files:
        only("FileCreateInput", values, ("originalSource", "alt", "filename", "contentType"))
        source, alt = values["originalSource"], values.get("alt") or ""
        made.append(engine.shop.uploads.make(source, alt, values.get("filename")))
    return {"files": [media_node(media) for media in made], "userErrors": []}


def update(engine: "Engine", files: Sequence[Values]) -> Node:
    """Change text, source and products of images: all of them, or none."""
    uploads, problems, changed = engine.shop.uploads, Problems(), []
    for index, values in enumerate(files):
        known = ("id", "alt", "originalSource", "filename", "referencesToAdd",
                 "referencesToRemove")  # fmt: skip
        only("FileUpdateInput", values, known)
        media = uploads.media(number_of(values["id"], "MediaImage"))
        if media is None:
            path = ("files", str(index), "id")
            problems.add("File does not exist.", path, "FILE_DOES_NOT_EXIST")
            continue
        given = {name: values[name] for name in ("alt", "filename") if values.get(name) is not None}
        if values.get("originalSource"):
            given |= {"source": values["originalSource"], "url": values["originalSource"]}
        changed.append((replace(media, **given), values))
    for _, values in changed:
        _check(engine, values)
    if problems.errors:
        return user_errors(*problems.errors)
    for media, values in changed:
        uploads.keep(media)
        _refer(engine, media.id, values)
    return {"files": [media_node(media) for media, _ in changed], "userErrors": []}


def _check(engine: "Engine", values: Values) -> None:
    for name in ("referencesToAdd", "referencesToRemove"):
        for one in values.get(name) or ():
            if engine.shop.assortment.product(number_of(one, "Product")) is None:
                text = "The reference target does not exist."
                raise RefusedError(text, ("files", name), "REFERENCE_TARGET_DOES_NOT_EXIST")


def _refer(engine: "Engine", number: int, values: Values) -> None:
    """Hang an image on products, or take it off them."""
    for name, add in (("referencesToAdd", True), ("referencesToRemove", False)):
        for one in values.get(name) or ():
            product = engine.shop.assortment.product(number_of(one, "Product"))
            others = tuple(media for media in product.media_ids if media != number)
            media_ids = (*others, number) if add else others
            engine.shop.keep_product(replace(product, media_ids=media_ids))


MUTATIONS: Mutations = {
    "stagedUploadsCreate": Mutation(stage),
    "fileCreate": Mutation(create),
    "fileUpdate": Mutation(update),
}
