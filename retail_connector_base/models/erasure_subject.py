"""Whose data is erased: what was asked for, and what was found to be his."""

import json
import re
from dataclasses import dataclass, field

from ..decisions.erasure import Trace, normal_email, normal_phone

SHORTEST_NAME = 6
SHORTEST_STREET = 8
SHORTEST_PHONE = 8


@dataclass
class Subject:
    """Records by id, words by kind. ``backend_ids`` are where it is looked for."""

    backend_ids: list[int]
    partner_ids: list[int] = field(default_factory=list)
    address_ids: list[int] = field(default_factory=list)
    binding_ids: list[int] = field(default_factory=list)
    order_binding_ids: list[int] = field(default_factory=list)
    order_ids: list[int] = field(default_factory=list)
    customers: list[tuple[int, str]] = field(default_factory=list)  # (backend, external id)
    orders: list[tuple[int, str]] = field(default_factory=list)
    words: set[tuple[str, str]] = field(default_factory=set)  # (kind, text)

    def dump(self) -> dict[str, list[object]]:
        """Return it as JSON can hold it."""
        return {name: [*map(_plain, value)] for name, value in vars(self).items()}

    def merge(self, known: dict[str, list] | None) -> "Subject":
        """Return it together with what was found before, as ``dump`` gave it."""
        for name, values in (known or {}).items():
            ours = getattr(self, name)
            before = [tuple(each) if isinstance(each, list) else each for each in values]
            merged = [*before, *(each for each in ours if each not in before)]
            setattr(self, name, set(merged) if isinstance(ours, set) else merged)
        return self

    def say(self, kind: str, text: object) -> None:
        """Add a word that tells who he is, unless it is too short to be searched for."""
        plain = str(text or "").strip()
        fits = {
            "email": "@" in plain,
            "phone": len(plain) >= SHORTEST_PHONE,
            "name": len(plain) >= SHORTEST_NAME and " " in plain,
            "street": len(plain) >= SHORTEST_STREET and any(c.isdigit() for c in plain),
        }
        if plain and fits.get(kind):
            self.words.add((kind, plain))

    def needles(self, *kinds: str) -> list[str]:
        """Return the words of these kinds (all without any) in every spelling they are kept in."""
        found: set[str] = set()
        for kind, text in self.words:
            if kinds and kind not in kinds:
                continue
            variants = {text, normal_phone(text) or text if kind == "phone" else text}
            for each in variants:
                found |= {
                    each,
                    json.dumps(each)[1:-1],
                    json.dumps(each, ensure_ascii=False)[1:-1],
                    each.replace("@", "%40"),
                    each.replace("/", "\\/"),
                }
        return sorted(found, key=lambda each: (-len(each), each))

    def strong(self) -> list[str]:
        """Return what identifies on its own."""
        return self.needles("email", "phone")

    def pattern(self, *kinds: str) -> str | None:
        """Return a PostgreSQL pattern that finds any needle, ``None`` when there is none."""
        found = self.needles(*kinds)
        return "|".join(re.sub(r"([^\w\s])", r"\\\1", each) for each in found) or None

    def byte_needles(self, *kinds: str) -> list[str]:
        """Return the needles as ``encode(bytes, 'escape')`` of PostgreSQL spells them, small."""
        return [_escaped(each).lower() for each in self.needles(*kinds)]

    def traces(self) -> dict[int | None, set[Trace]]:
        """Return what is marked: by backend, e-mail and telephone under ``None``."""
        found: dict[int | None, set[Trace]] = {None: set()}
        for kind, text in self.words:
            value = {"email": normal_email, "phone": normal_phone}.get(kind, lambda _: None)(text)
            if value:
                found[None].add(Trace(kind, value))
        for backend, external_id in self.customers:
            found.setdefault(backend, set()).add(Trace("customer", external_id))
        for backend, external_id in self.orders:
            found.setdefault(backend, set()).add(Trace("order", external_id))
        return found


def _escaped(text: str) -> str:
    parts = []
    for byte in text.encode("utf-8", "replace"):
        if byte == 0x5C:
            parts.append("\\\\")
        else:
            parts.append(chr(byte) if 0 < byte < 0x80 else f"\\{byte:03o}")
    return "".join(parts)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
