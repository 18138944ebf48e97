"""The part of an adapter that is the same for tables and files."""

from abc import abstractmethod
from typing import ClassVar

from odoo.addons.retail_connector_base.canonical import CanonicalMessage
from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    Capability,
    ConfigurationError,
    Delivery,
    FlowSpec,
    MalformedPayloadError,
    Provider,
    RawRequest,
    SettingSpec,
    StoredMessage,
)

from ...decisions.legacy_check import problems_of
from ...decisions.legacy_layout import Layout, layout_of
from .messages import read_message, topic_of
from .sample import Sample

LAYOUT_HELP = "Written by the layout that is in use (Stores / Layouts); better not by hand."


class LayoutProvider(Provider):
    """A system whose records are read by a declared layout, one for each kind."""

    # What a layout declares of such a system: ``tables`` or ``files``.
    medium: ClassVar[str]
    # The setting that holds the layout of each kind.
    layout_settings: ClassVar[dict[str, str]] = {
        "pos_ticket": "ticket_layout",
        "pos_closing": "closing_layout",
    }
    # Whether a poll starts where the last one ended, by its cursor, instead of at a moment.
    keeps_position: ClassVar[bool] = False
    capabilities = frozenset(
        {
            Capability.TICKETS_IN,
            Capability.TICKET_POLL,
            Capability.CLOSINGS_IN,
            Capability.CLOSING_POLL,
        }
    )
    layout_specs: ClassVar[tuple[SettingSpec, ...]] = (
        SettingSpec("ticket_layout", "Layout of tickets", LAYOUT_HELP, required=False),
        SettingSpec("closing_layout", "Layout of day reports", LAYOUT_HELP, required=False),
    )
    poll_flows: ClassVar[tuple[FlowSpec, ...]] = (
        FlowSpec("pos_ticket", tier=2, interval=5, topics=(topic_of("pos_ticket"),)),
        FlowSpec("pos_closing", tier=2, interval=15, topics=(topic_of("pos_closing"),)),
    )

    def verify(self, request: RawRequest) -> Delivery:
        """Refuse: such a system is read, it sends nothing."""
        raise AuthenticationError("This system is read; it sends nothing.")

    def parse(self, message: StoredMessage) -> CanonicalMessage:
        """Read a record by the present layout: what was quarantined is replayed after a change."""
        try:
            layout = self.layout(message.kind or "")
        except ConfigurationError as error:
            raise MalformedPayloadError(str(error)) from None
        return read_message(layout, message)

    def layout(self, kind: str) -> Layout:
        """Return the layout in use. Raises ``ConfigurationError`` without a usable one."""
        name = self.layout_settings.get(kind)
        text = self.context.settings.get(name or "")
        if not text:
            raise ConfigurationError(f"No layout of “{kind}” is in use.")
        try:
            layout = layout_of(text)
        except ValueError as error:
            raise ConfigurationError(str(error)) from None
        return self.checked(layout, kind)

    def checked(self, layout: Layout, kind: str) -> Layout:
        """Return a layout that fits. Raises ``ConfigurationError`` for one that cannot be used."""
        problems = problems_of(layout)
        if layout.kind != kind or getattr(layout, self.medium) is None:
            problems.append("The layout is of another kind.")
        if problems:
            raise ConfigurationError("The layout cannot be used: " + " ".join(problems[:3]))
        return layout

    def has_layout(self, kind: str) -> bool:
        """Tell whether a layout of a kind is in use."""
        return bool(self.context.settings.get(self.layout_settings.get(kind, "")))

    @classmethod
    def first_cursor(cls, position: str, back: bool) -> str:
        """Return the cursor of a run's start: behind ``position``, or ``back`` at its moment."""
        return ""

    @abstractmethod
    def sample(self, layout: Layout, limit: int) -> list[Sample]:
        """Return what a layout makes of a few records. Nothing is changed at the other side."""

    @abstractmethod
    def columns(self, layout: Layout, part: str) -> list[str]:
        """Return the names of the columns that a part's rows have."""
