"""The adapter of warehouses that speak X12 over files."""

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
    opened,
    token,
)

from .content import unpacked
from .incoming import Incoming
from .outgoing import Outgoing
from .profile import SETTINGS, Profile, profile_of
from .understand import canonical_of

_COMMANDS = (
    "release_order", "change_release", "cancel_release", "announce_receipt", "announce_return",
)  # fmt: skip


class X12Provider(Provider):
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
    batches: ClassVar[dict[str, int]] = {"release_order": 50}

    # In

    def verify(self, request: RawRequest) -> Delivery:
        """Refuse: such a warehouse is read, it sends nothing here."""
        raise AuthenticationError("This warehouse drops files; it sends nothing.")

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
        with self._opened() as (store, profile):
            incoming = Incoming(store, profile, kind, self.context.now)
            yield from incoming.pages(cursor)
            if kind == "warehouse_order":
                incoming.complain()

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
        """Write releases as one file, a set each."""
        return self._do(lambda outgoing: outgoing.send(commands))

    def look_up(
        self, command: Command, key: str, known: Collection[str] = ()
    ) -> CommandResult | None:
        """Tell whether a command's file was handed over; if not, it is withdrawn."""
        if command.kind not in _COMMANDS:
            return super().look_up(command, key, known)
        return self._do(lambda outgoing: outgoing.look_up(command, key))

    def _do(self, call: Callable[[Outgoing], object]) -> object:
        with self._opened() as (store, profile):
            return call(Outgoing(store, profile, self.context.now))

    # About it

    def warehouses(self) -> tuple[Location, ...]:
        """Return the warehouses that are set: X12 lists none."""
        return self._profile().locations

    def test_connection(self) -> ConnectionReport:
        """Look into the folders, and try to write, rename and remove a file."""
        with self._opened() as (store, profile):
            waiting = store.files(*profile.inbox.split("/"))
            name = f".retail-{token(self.context.now())}.tmp"
            store.put(b"retail connector\n", name)
            store.move((name,), ("claimed", name))
            store.remove("claimed", name)
            details = (
                ("Sender", ":".join(profile.sender)),
                ("Receiver", ":".join(profile.receiver)),
                ("Files to read", str(len(waiting))),
            )
        test = ("Usage is “test”: what comes as production is put aside.",)
        warnings = test if profile.usage == "T" else ()
        return ConnectionReport(address_of(self.context).shown(), details, warnings)

    @contextmanager
    def _opened(self) -> Iterator[tuple[Store, Profile]]:
        profile = self._profile()
        with opened(address_of(self.context)) as store:
            yield store, profile

    def _profile(self) -> Profile:
        return profile_of(self.context.settings)
