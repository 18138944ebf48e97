"""The claims of a layout: nobody else reads what was claimed under its key."""

from collections.abc import Callable
from datetime import datetime

from odoo.addons.retail_connector_base.providers.file_drop import Claims as FileClaims
from odoo.addons.retail_connector_base.providers.file_drop import Store

from ...decisions.legacy_layout import Layout


class Claims(FileClaims):
    """The claimed deliveries of one layout."""

    def __init__(self, store: Store, layout: Layout, clock: Callable[[], datetime]) -> None:
        super().__init__(
            store, layout.key or layout.kind, clock, done_suffix=layout.files.done_suffix
        )
