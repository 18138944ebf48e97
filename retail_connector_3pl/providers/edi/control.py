"""What is remembered of interchanges, as small files in the partner's folder.

``numbers`` whose each control number of ours is; ``sent`` what a command was written as, by its
key; ``groups`` the commands of each group that we sent: whom a 997 is about; ``orders`` the last
content of each release: a change is written with all of it; ``waiting`` interchanges that are not
acknowledged yet; ``read`` the digest of each set that was read.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from odoo.addons.retail_connector_base.providers.file_drop import Records, Store

ROOT = "control"
NUMBERS, GROUPS = "numbers", "groups"
ORDERS, WAITING, READ = "orders", "waiting", "read"
# ISA13 has nine digits, and 0 is no number.
HIGHEST = 999_999_999


class Control(Records):
    """The control files of one partner."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, ROOT)

    def number(self, key: str) -> int:
        """Return the control number of a key, the same for ever; no other key has it."""
        return self.draw(NUMBERS, key, HIGHEST)

    def overdue(self, before: datetime) -> Iterator[dict[str, Any]]:
        """Yield the interchanges that were sent before a moment and not acknowledged."""
        for content in self.all(WAITING):
            if datetime.fromisoformat(content["at"]) <= before:
                yield content

    def seen(self, interchange: str) -> dict[str, str]:
        """Return the digests of the sets of a partner's interchange, by their numbers."""
        return dict((self.kept(READ, interchange) or {}).get("sets", {}))

    def note_seen(self, interchange: str, sets: Mapping[str, str]) -> None:
        """Keep the digests of the sets of an interchange."""
        self.keep(READ, interchange, {"interchange": interchange, "sets": dict(sets)})
