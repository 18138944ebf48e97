"""The adapter of warehouses that read and write CSV files."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import ClassVar

from odoo.addons.retail_connector_base.canonical import CanonicalMessage, Command
from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    Capability,
    CommandResult,
    ConfigurationError,
    ConnectionReport,
    ConnectorError,
    Delivery,
    Direction,
    FlowSpec,
    Location,
    MalformedPayloadError,
    Page,
    Provider,
    RawRequest,
    StoredMessage,
)
from odoo.addons.retail_connector_base.providers.file_drop import (
    FOLDER_CREDENTIALS,
    FOLDER_SETTINGS,
    Store,
    address_of,
    matched,
    opened,
    token,
)

from .columns import NAMES
from .incoming import Incoming, canonical_of, topic_of
from .layout import SETTINGS, Layout, layout_of
from .outgoing import Outgoing

_COMMANDS = (
    "release_order", "change_release", "cancel_release",
    "announce_receipt", "announce_return", "cancel_announcement", "cancel_return",
)  # fmt: skip


class WarehouseCsvProvider(Provider):
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
    batches: ClassVar[dict[str, int]] = {"release_order": 100}

    # In

    def verify(self, request: RawRequest) -> Delivery:
        """Refuse: such a warehouse is read, it sends nothing here."""
        raise AuthenticationError("This warehouse drops files; it sends nothing.")

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
        with self._opened() as (store, layout):
            yield from Incoming(store, layout, kind, self.context.now).pages(cursor)

    # Out

    def send(
        self, command: Command, key: str, known: Collection[str] | None = None
    ) -> CommandResult:
        """Write a command as a file of its own."""
        if command.kind not in _COMMANDS:
            return super().send(command, key, known)
        (answer,) = self._do(lambda outgoing: outgoing.send([(command, key)]))
        if isinstance(answer, ConnectorError):
            raise answer
        return answer

    def send_many(
        self, commands: Sequence[tuple[Command, str]]
    ) -> list[CommandResult | ConnectorError]:
        """Write releases as one file."""
        return self._do(lambda outgoing: outgoing.send(commands))

    def look_up(
        self, command: Command, key: str, known: Collection[str] = ()
    ) -> CommandResult | None:
        """Tell whether a command's file was handed over; if not, it is withdrawn."""
        if command.kind not in _COMMANDS:
            return super().look_up(command, key, known)
        return self._do(lambda outgoing: outgoing.look_up(command, key))

    def _do(self, call: Callable[[Outgoing], object]) -> object:
        with self._opened() as (store, layout):
            return call(Outgoing(store, layout, self.context.now))

    # About it

    def warehouses(self) -> tuple[Location, ...]:
        """Return the warehouses that are set: files list none."""
        return self._layout().locations

    def test_connection(self) -> ConnectionReport:
        """Look into the folders, and try to write, rename and remove a file."""
        with self._opened() as (store, layout):
            names = [entry.name for entry in store.files(*layout.inbox.split("/"))]
            name = f".retail-{token(self.context.now())}.tmp"
            store.put(b"retail connector\n", name)
            store.move((name,), ("claimed", name))
            store.remove("claimed", name)
            details = tuple(
                (f"Files of {NAMES[kind]}", str(_count(names, pattern)))
                for kind, pattern in layout.patterns.items()
            )
        return ConnectionReport(address_of(self.context).shown(), details)

    @contextmanager
    def _opened(self) -> Iterator[tuple[Store, Layout]]:
        layout = self._layout()
        with opened(address_of(self.context)) as store:
            yield store, layout

    def _layout(self) -> Layout:
        return layout_of(self.context.settings)


def _count(names: list[str], pattern: str) -> int:
    return sum(matched(name, pattern) is not None for name in names)
