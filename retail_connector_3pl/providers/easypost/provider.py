"""The EasyPost adapter: what it offers, and where each part of it is done."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

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
    SettingSpec,
    StoredMessage,
    SubscriptionReport,
)

from . import labels, polls
from .client import EasyPostClient
from .signature import HEADER, require_signature
from .subscriptions import synchronise
from .webhook import EVENTS, KIND, parse, to_message

# What may have been bought was bought within these days.
LOOKED_BACK = timedelta(days=10)


class EasyPostProvider(Provider):
    """One EasyPost account: follows parcels of many carriers, and sells labels."""

    code = "easypost"
    label = "EasyPost"
    capabilities = frozenset(
        {
            Capability.WEBHOOKS,
            Capability.SUBSCRIPTIONS,
            Capability.TRACKINGS_IN,
            Capability.TRACKING_POLL,
            Capability.TRACK_PARCEL,
            Capability.BUY_LABEL,
        }
    )
    credentials = (
        CredentialSpec(
            "api_key", "API key", "From the dashboard under Account Settings, API Keys."
        ),
        CredentialSpec(
            "webhook_secret",
            "Webhook secret",
            "Any long random text: it is given to EasyPost when the subscriptions are set up, and "
            "signs what EasyPost sends. Until it is set, events are refused.",
        ),
    )
    settings = (
        SettingSpec(
            "api_url",
            "API address",
            "Only for the simulator on this machine; leave it empty for EasyPost.",
            required=False,
        ),
    )
    flows = (
        FlowSpec(KIND, interval=360, topics=EVENTS),
        FlowSpec("parcel", Direction.OUT),
    )

    def verify(self, request: RawRequest) -> Delivery:
        """Check the signature, then make a message of the event, whatever it is."""
        secrets = self.context.secrets.get("webhook_secret", ())
        require_signature(request.header(HEADER), secrets, request.body)
        return Delivery((to_message(request.body),))

    def parse(self, message: StoredMessage) -> CanonicalMessage:
        """Read an event, or a tracker that was read from the API."""
        return parse(message)

    def fetch(self, kind: str, cursor: str, since: datetime | None = None) -> Iterator[Page]:
        """Yield trackers that changed since a moment."""
        if kind != KIND:
            return super().fetch(kind, cursor, since)
        return polls.pages(self._client(), since, self.context.now(), cursor)

    def fetch_one(self, kind: str, external_id: str) -> ReceivedMessage | None:
        """Return a tracker as EasyPost holds it now."""
        if kind != KIND:
            return super().fetch_one(kind, external_id)
        return polls.one(self._client(), external_id)

    def test_connection(self) -> ConnectionReport:
        """Ask EasyPost who we are."""
        client = self._client()
        user = client.get("users")
        warnings = []
        if not self.context.secrets.get("webhook_secret"):
            warnings.append("No webhook secret is set: events are refused.")
        return ConnectionReport(
            account=str(user.get("name") or user.get("email") or user.get("id") or self.label),
            details=(("Account", str(user.get("id") or "")),),
            warnings=tuple(warnings),
        )

    def sync_subscriptions(self, url: str, without: Collection[str] = ()) -> SubscriptionReport:
        """Have EasyPost send its events here, signed with our secret."""
        secret = self.context.secret("webhook_secret")
        return synchronise(self._client(), url, self.topics(without), secret)

    def send(
        self, command: Command, key: str, known: Collection[str] | None = None
    ) -> CommandResult:
        """Follow a parcel, or buy a label."""
        if isinstance(command, TrackParcel):
            return self._follow(command)
        if isinstance(command, BuyLabel):
            return labels.buy(self._client(), command)
        return super().send(command, key, known)

    def look_up(
        self, command: Command, key: str, known: Collection[str] = ()
    ) -> CommandResult | None:
        """Tell whether a parcel is followed, or a label was bought."""
        if isinstance(command, TrackParcel):
            found = polls.tracker_of(self._client(), command.number, command.carrier)
            return CommandResult(external_ids=(str(found["id"]),)) if found else None
        if isinstance(command, BuyLabel):
            since = (self.context.now() - LOOKED_BACK).isoformat().replace("+00:00", "Z")
            return labels.look_up(self._client(), command, since)
        return super().look_up(command, key, known)

    def _follow(self, command: TrackParcel) -> CommandResult:
        """Make a tracker; the same number and carrier within three months is the same tracker."""
        wanted = {"tracking_code": command.number}
        if command.carrier:
            wanted["carrier"] = command.carrier
        made = self._client().post("trackers", body={"tracker": wanted}, harmless=True)
        return CommandResult(external_ids=(str(made.get("id") or command.number),))

    def _client(self) -> EasyPostClient:
        return EasyPostClient(self.context)
