"""The adapter of warehouses that read and write CSV files."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from odoo.addons.retail_connector_base.canonical import CanonicalMessage
from odoo.addons.retail_connector_base.providers import (
    Capability,
    ConfigurationError,
    ConnectionReport,
    Direction,
    FlowSpec,
    Location,
    MalformedPayloadError,
    Page,
    StoredMessage,
)
from odoo.addons.retail_connector_base.providers.file_drop import (
    FOLDER_CREDENTIALS,
    FOLDER_SETTINGS,
    FilePartner,
    Store,
    address_of,
    matched,
)

from .columns import NAMES
from .incoming import Incoming, canonical_of, topic_of
from .layout import SETTINGS, Layout, layout_of
from .outgoing import Outgoing


class WarehouseCsvProvider(FilePartner):
    """A warehouse that takes releases as CSV, and drops what it shipped, received and counted."""

    code = "warehouse_csv"
    label = "Warehouse by CSV Files"
    capabilities = frozenset(
        {
            Capability.WAREHOUSES,
            Capability.RELEASE_ORDER,
            Capability.CHANGE_RELEASE,
            Capability.CANCEL_RELEASE,
            Capability.ANNOUNCE_RECEIPT,
            Capability.ANNOUNCE_RETURN,
            Capability.CANCEL_ANNOUNCEMENT,
            Capability.CANCEL_RETURN,
            Capability.WAREHOUSE_ORDERS_IN,
            Capability.WAREHOUSE_ORDER_POLL,
            Capability.SHIPMENTS_IN,
            Capability.SHIPMENT_POLL,
            Capability.RECEIPTS_IN,
            Capability.RECEIPT_POLL,
            Capability.RETURNS_IN,
            Capability.RETURN_POLL,
            Capability.SNAPSHOTS_IN,
            Capability.SNAPSHOT_POLL,
        }
    )
    flows = (
        FlowSpec("shipment", tier=2, interval=5, topics=(topic_of("shipment"),)),
        FlowSpec("warehouse_order", tier=2, interval=5, topics=(topic_of("warehouse_order"),)),
        FlowSpec("receipt", tier=2, interval=15, topics=(topic_of("receipt"),)),
        FlowSpec("return", tier=2, interval=15, topics=(topic_of("return"),)),
        FlowSpec("stock_snapshot", tier=3, interval=30, topics=(topic_of("stock_snapshot"),)),
        FlowSpec("release", Direction.OUT),
        FlowSpec("announcement", Direction.OUT),
    )
    settings = (*FOLDER_SETTINGS, *SETTINGS)
    credentials = FOLDER_CREDENTIALS
    commands: ClassVar[frozenset[str]] = frozenset(
        (
            "release_order", "change_release", "cancel_release",
            "announce_receipt", "announce_return", "cancel_announcement", "cancel_return",
        )
    )  # fmt: skip
    batches: ClassVar[dict[str, int]] = {"release_order": 100}

    # In

    def parse(self, message: StoredMessage) -> CanonicalMessage:
        """Read rows by the present settings: what was quarantined is replayed after a change."""
        try:
            layout = self._layout()
        except ConfigurationError as error:
            raise MalformedPayloadError(str(error)) from None
        return canonical_of(layout, message.body)

    def fetch(self, kind: str, cursor: str, since: datetime | None = None) -> Iterator[Page]:
        """Yield the rows of the files of a kind that were dropped. Moments play no part in it."""
        if not self.can_fetch(kind):
            yield from super().fetch(kind, cursor, since)
            return
        layout = self._layout()
        with self.opened() as store:
            yield from Incoming(store, layout, kind, self.context.now).pages(cursor)

    # Out

    def outgoing(self, store: Store) -> Outgoing:
        """Override."""
        return Outgoing(store, self._layout(), self.context.now)

    # About it

    def warehouses(self) -> tuple[Location, ...]:
        """Return the warehouses that are set: files list none."""
        return self._layout().locations

    def test_connection(self) -> ConnectionReport:
        """Look into the folders, and try to write, rename and remove a file."""
        layout = self._layout()
        with self.opened() as store:
            names = [entry.name for entry in store.files(*layout.inbox.split("/"))]
            self.try_changes(store)
            details = tuple(
                (f"Files of {NAMES[kind]}", str(_count(names, pattern)))
                for kind, pattern in layout.patterns.items()
            )
        return ConnectionReport(address_of(self.context).shown(), details)

    def _layout(self) -> Layout:
        return layout_of(self.context.settings)


def _count(names: list[str], pattern: str) -> int:
    return sum(matched(name, pattern) is not None for name in names)
