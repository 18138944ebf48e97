"""A sender's word that something changed, without saying what: the entity has to be asked for.

It never leaves this addon: clients of the canonical API send whole entities.
"""

from typing import ClassVar

from odoo.addons.retail_connector_base.canonical import CanonicalMessage


class Notice(CanonicalMessage):
    """An entity changed. ``whole_list`` says that nobody told which one of its kind.

    ``is_partial`` says that what came along shows this state, but not all of it.
    """

    kind: ClassVar[str] = "notice"

    entity_kind: str
    whole_list: bool = False
    is_partial: bool = False

    @property
    def entity_key(self) -> str:
        """The entity's own key: what is fetched goes to the same queue."""
        return f"{self.entity_kind}:{self.external_id}"
