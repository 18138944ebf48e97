"""The adapters: two names of one API, and where each part of it is done.

Source: the OpenAPI specifications of “ShipEngine API” (paths ``/v1``) and “ShipStation API v2”
(paths ``/v2``). They differ in address and in that only the first follows parcels whose labels were
bought elsewhere.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import ClassVar

from odoo.addons.retail_connector_base.canonical import CanonicalMessage, Command
from odoo.addons.retail_connector_base.canonical.warehouse_command import BuyLabel, TrackParcel
from odoo.addons.retail_connector_base.providers import (
    Capability,
    CommandResult,
    ConnectionReport,
    CredentialSpec,
    Delivery,
    Direction,
    FlowSpec,
    Page,
    Provider,
    RawRequest,
    ReceivedMessage,
    RejectedError,
    SettingSpec,
    StoredMessage,
    SubscriptionReport,
)

from . import labels, polls
from .client import ShipStationClient, root
from .signature import require_signature
from .subscriptions import synchronise
from .webhook import EVENTS, KIND, parse, to_message

# Where the keys of both are published.
KEYS = "https://api.shipengine.com"


class ShipStationProvider(Provider):
    """One ShipStation account (API v2): sells labels, and tells where their parcels are."""

    code = "shipstation"
    label = "ShipStation"
    address: ClassVar[str] = "https://api.shipstation.com"
    version: ClassVar[str] = "v2"
    capabilities = frozenset(
        {
            Capability.WEBHOOKS,
            Capability.SUBSCRIPTIONS,
            Capability.TRACKINGS_IN,
            Capability.TRACKING_POLL,
            Capability.BUY_LABEL,
        }
    )
    credentials = (
        CredentialSpec("api_key", "API key", "From the settings of the account, under API."),
    )
    settings = (
        SettingSpec(
            "api_url",
            "API address",
            "Only for the simulator on this machine; leave it empty for ShipStation.",
            required=False,
        ),
    )
    flows = (
        FlowSpec(KIND, interval=360, topics=EVENTS),
        FlowSpec("parcel", Direction.OUT),
    )

    def verify(self, request: RawRequest) -> Delivery:
        """Check the signature, then make a message of the event, whatever it is."""
        keys = f"{root(self.context, KEYS)}/jwks"
        require_signature(request, self.context.http, keys)
        return Delivery((to_message(request.body),))

    def parse(self, message: StoredMessage) -> CanonicalMessage:
        """Read an event, or what was read from the API."""
        return parse(message)

    def fetch(self, kind: str, cursor: str, since: datetime | None = None) -> Iterator[Page]:
        """Yield where parcels are whose labels were bought here."""
        if kind != KIND:
            return super().fetch(kind, cursor, since)
        return polls.pages(self._client(), since, self.context.now(), cursor)

    def fetch_one(self, kind: str, external_id: str) -> ReceivedMessage | None:
        """Return where a parcel is now."""
        if kind != KIND:
            return super().fetch_one(kind, external_id)
        return polls.of_number(self._client(), external_id)

    def test_connection(self) -> ConnectionReport:
        """Ask which carriers are connected: the API says nothing else of an account."""
        rows = self._client().get("carriers").get("carriers") or []
        names = [str(row.get("friendly_name") or row.get("carrier_code")) for row in rows]
        problems = () if names else ("No carrier is connected: no label can be bought.",)
        return ConnectionReport(
            account=self.label, details=(("Carriers", ", ".join(names)),), problems=problems
        )

    def sync_subscriptions(self, url: str, without: Collection[str] = ()) -> SubscriptionReport:
        """Have news of parcels sent here."""
        return synchronise(self._client(), url, KIND not in without)

    def send(
        self, command: Command, key: str, known: Collection[str] | None = None
    ) -> CommandResult:
        """Buy a label."""
        if isinstance(command, BuyLabel):
            return labels.buy(self._client(), command)
        return super().send(command, key, known)

    def look_up(
        self, command: Command, key: str, known: Collection[str] = ()
    ) -> CommandResult | None:
        """Tell whether a label was bought."""
        if isinstance(command, BuyLabel):
            return labels.look_up(self._client(), command)
        return super().look_up(command, key, known)

    def _client(self) -> ShipStationClient:
        return ShipStationClient(self.context, self.address, self.version)


class ShipEngineProvider(ShipStationProvider):
    """One account of “ShipStation API”, formerly ShipEngine: follows other parcels as well."""

    code = "shipengine"
    label = "ShipStation API (ShipEngine)"
    address = "https://api.shipengine.com"
    version = "v1"
    capabilities = ShipStationProvider.capabilities | {Capability.TRACK_PARCEL}

    def send(
        self, command: Command, key: str, known: Collection[str] | None = None
    ) -> CommandResult:
        """Override: follow a parcel. Following it twice is following it."""
        if not isinstance(command, TrackParcel):
            return super().send(command, key, known)
        if not command.carrier:
            raise RejectedError("Say who carries it: map the carrier to ShipStation's code of it.")
        params = {"carrier_code": command.carrier, "tracking_number": command.number}
        self._client().tell("tracking", "start", **params)
        return CommandResult(external_ids=(command.number,))

    def look_up(
        self, command: Command, key: str, known: Collection[str] = ()
    ) -> CommandResult | None:
        """Override: nobody lists what is followed; asking again does no harm."""
        if isinstance(command, TrackParcel):
            return None
        return super().look_up(command, key, known)
