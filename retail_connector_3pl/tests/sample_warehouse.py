"""A third party's account that exists for tests only: it takes commands and remembers them."""

from odoo.addons.retail_connector_base.canonical import ROUTES
from odoo.addons.retail_connector_base.providers import (
    Capability,
    CommandResult,
    Direction,
    FlowSpec,
    Location,
    Provider,
    RejectedError,
    TransientError,
    UnknownOutcomeError,
    read_canonical,
)
from odoo.addons.retail_connector_base.providers.errors import AuthenticationError

ANNOUNCED = ("announce_receipt", "cancel_announcement", "announce_return", "cancel_return")
KINDS = (
    "warehouse_order",
    "shipment",
    "return",
    "receipt",
    "stock_snapshot",
    "tracking",
    "warehouse_invoice",
)


class SampleWarehouse(Provider):
    """Knows each command by its key: what is sent twice is refused, as most warehouses do.

    ``manners`` says how calls are answered, in their order (default ``accept``): ``lose`` (effect,
    then no answer), ``drop`` (neither), ``fail`` (a clear no for now), ``reject``. ``details`` are
    those of the results by kind of command, e.g. ``{"cancel_release": {"answer": "refused"}}``.
    All are the class's own: ``forget`` them before a test.
    """

    code = "sample_warehouse"
    label = "Sample Warehouse"
    capabilities = frozenset(
        {
            Capability.WAREHOUSES,
            Capability.RELEASE_ORDER,
            Capability.CHANGE_RELEASE,
            Capability.CANCEL_RELEASE,
            Capability.ANNOUNCE_RECEIPT,
            Capability.CANCEL_ANNOUNCEMENT,
            Capability.ANNOUNCE_RETURN,
            Capability.CANCEL_RETURN,
            Capability.TRACK_PARCEL,
            Capability.BUY_LABEL,
            Capability.WAREHOUSE_ORDERS_IN,
            Capability.SHIPMENTS_IN,
            Capability.RETURNS_IN,
            Capability.RECEIPTS_IN,
            Capability.SNAPSHOTS_IN,
            Capability.TRACKINGS_IN,
            Capability.INVOICES_IN,
        }
    )
    flows = (
        *(FlowSpec(model.kind) for model in ROUTES.values() if model.kind in KINDS),
        FlowSpec("release", Direction.OUT),
        FlowSpec("announcement", Direction.OUT),
        FlowSpec("parcel", Direction.OUT),
    )
    effects: dict[str, str] = {}
    sent: list[tuple[str, object]] = []
    manners: list[str] = []
    details: dict[str, dict[str, str]] = {}

    @classmethod
    def forget(cls):
        """Begin anew."""
        cls.effects, cls.sent, cls.manners, cls.details = {}, [], [], {}

    def verify(self, request):
        """Refuse: tests put messages into the inbox themselves."""
        raise AuthenticationError("The sample warehouse has no webhook.")

    def parse(self, message):
        """Read a canonical message."""
        return read_canonical(message)

    def warehouses(self):
        """Return the one warehouse of the account."""
        return (Location("W1", "Sample Warehouse 1"),)

    def send(self, command, key, known=None):
        """Answer as the next of ``manners`` says; note what was asked."""
        manner = self.manners.pop(0) if self.manners else "accept"
        self.sent.append((key, command))
        if key in self.effects:
            raise RejectedError("This reference is known already.")
        if manner in ("accept", "lose"):
            self.effects[key] = f"W-{len(self.effects) + 1}"
        if manner in ("lose", "drop"):
            raise UnknownOutcomeError("The connection broke.")
        if manner == "fail":
            raise TransientError("Come back later.")
        if manner == "reject":
            raise RejectedError("We do not take this.")
        return self._result(command, key)

    def look_up(self, command, key, known=()):
        """Return what a command made, ``None`` where it made nothing."""
        return self._result(command, key) if key in self.effects else None

    def _result(self, command, key):
        return CommandResult(
            external_ids=(self.effects[key],), details=self.details.get(command.kind, {})
        )


class BatchingWarehouse(SampleWarehouse):
    """Takes up to three releases in one request; ``calls`` are the keys of each."""

    batches = {"release_order": 3}
    calls: list[tuple[str, ...]] = []

    @classmethod
    def forget(cls):
        """Begin anew."""
        forgotten = super().forget()
        cls.calls = []
        return forgotten

    def send_many(self, commands):
        """Answer each as ``send`` does; what nobody can tell of one concerns them all."""
        self.calls.append(tuple(key for _command, key in commands))
        answers = []
        for command, key in commands:
            try:
                answers.append(self.send(command, key))
            except UnknownOutcomeError:
                raise
            except (RejectedError, TransientError) as error:
                answers.append(error)
        return answers
