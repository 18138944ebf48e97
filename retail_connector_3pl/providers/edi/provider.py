"""The adapter of warehouses that speak X12 over files."""

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
)

from .content import unpacked
from .incoming import Incoming
from .outgoing import Outgoing
from .profile import SETTINGS, Profile, profile_of
from .understand import canonical_of


class X12Provider(FilePartner):
    """A warehouse that takes 940 and 943, and answers with 997, 945 (or 856), 944 and 846."""

    code = "x12"
    label = "Warehouse by X12 Files"
    capabilities = frozenset(
        {
            Capability.WAREHOUSES,
            Capability.RELEASE_ORDER,
            Capability.CHANGE_RELEASE,
            Capability.CANCEL_RELEASE,
            Capability.ANNOUNCE_RECEIPT,
            Capability.ANNOUNCE_RETURN,
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
    # Whichever flow is polled, all files are read: one of them is enough.
    flows = (
        FlowSpec("shipment", tier=2, interval=5, topics=("x12/945", "x12/856")),
        FlowSpec("warehouse_order", tier=2, interval=5, topics=("x12/997",)),
        FlowSpec("receipt", tier=2, interval=15, topics=("x12/944",)),
        FlowSpec("return", tier=2, interval=15, topics=("x12/944",)),
        FlowSpec("stock_snapshot", tier=3, interval=30, topics=("x12/846",)),
        FlowSpec("release", Direction.OUT),
        FlowSpec("announcement", Direction.OUT),
    )
    settings = (*FOLDER_SETTINGS, *SETTINGS)
    credentials = FOLDER_CREDENTIALS
    commands: ClassVar[frozenset[str]] = frozenset(
        (
            "release_order", "change_release", "cancel_release",
            "announce_receipt", "announce_return",
        )
    )  # fmt: skip
    batches: ClassVar[dict[str, int]] = {"release_order": 50}

    # In

    def parse(self, message: StoredMessage) -> CanonicalMessage:
        """Read a set by the present settings: what was quarantined is replayed after a change."""
        try:
            profile = self._profile()
        except ConfigurationError as error:
            raise MalformedPayloadError(str(error)) from None
        return canonical_of(unpacked(message.body), profile)

    def fetch(self, kind: str, cursor: str, since: datetime | None = None) -> Iterator[Page]:
        """Yield the sets of the files that were dropped. Moments play no part in it."""
        if not self.can_fetch(kind):
            yield from super().fetch(kind, cursor, since)
            return
        profile = self._profile()
        with self.opened() as store:
            incoming = Incoming(store, profile, kind, self.context.now)
            yield from incoming.pages(cursor)
            if kind == "warehouse_order":
                incoming.complain()

    # Out

    def outgoing(self, store: Store) -> Outgoing:
        """Override."""
        return Outgoing(store, self._profile(), self.context.now)

    # About it

    def warehouses(self) -> tuple[Location, ...]:
        """Return the warehouses that are set: X12 lists none."""
        return self._profile().locations

    def test_connection(self) -> ConnectionReport:
        """Look into the folders, and try to write, rename and remove a file."""
        profile = self._profile()
        with self.opened() as store:
            waiting = store.files(*profile.inbox.split("/"))
            self.try_changes(store)
            details = (
                ("Sender", ":".join(profile.sender)),
                ("Receiver", ":".join(profile.receiver)),
                ("Files to read", str(len(waiting))),
            )
        test = ("Usage is “test”: what comes as production is put aside.",)
        warnings = test if profile.usage == "T" else ()
        return ConnectionReport(address_of(self.context).shown(), details, warnings)

    def _profile(self) -> Profile:
        return profile_of(self.context.settings)
