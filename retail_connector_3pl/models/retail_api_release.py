from datetime import timezone

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.retail_connector_base.canonical import Recipient
from odoo.addons.retail_connector_base.canonical.release_answer import (
    ReleaseRequestStatus,
    ReleaseStatus,
)

from ..decisions.release_progress import AT_WAREHOUSE


class RetailApiReader(models.AbstractModel):
    """What a warehouse that fetches its orders by itself may read."""

    _inherit = "retail.api.reader"

    @api.model
    def _read_releases(self, backend, filters, after=0, limit=1000):
        """Override: the releases of this backend that its warehouses were told of."""
        domain = Domain(
            [("backend_id", "=", backend.id), ("id", ">", after), ("sent_at", "!=", False)]
        )
        if places := filters.get("location"):
            domain &= Domain("warehouse_id.external_id", "in", list(places))
        if names := filters.get("order"):
            domain &= Domain("name", "in", list(names))
        since = filters.get("updated_since")
        domain &= self._changed_since(since) if since else Domain("state", "in", list(AT_WAREHOUSE))
        found = self.env["retail.release"].search(domain, order="id", limit=limit)
        last = found[-1].id if len(found) == limit else None
        return tuple(map(self._release_status, found)), last

    def _changed_since(self, since):
        """Return releases that changed since, or that something was asked of."""
        moment = since.astimezone(timezone.utc).replace(tzinfo=None)
        own = Domain("write_date", ">=", moment) | Domain("request_ids.write_date", ">=", moment)
        return own & Domain("state", "!=", "ready")

    def _release_status(self, release):
        told = release._release_order()
        return ReleaseStatus(
            order_external_id=release.name,
            external_id=release.external_id or None,
            location_external_id=told.location_external_id,
            order_name=told.order_name,
            state=release.state,
            recipient=Recipient.model_validate(release.recipient or told.recipient.model_dump()),
            lines=told.lines,
            priority=told.priority,
            ordered_at=told.ordered_at,
            released_at=_utc(release.sent_at),
            ship_by=told.ship_by,
            carrier=told.carrier,
            note=told.note,
            tags=told.tags,
            requests=tuple(
                self._request_status(release, request)
                for request in release.request_ids.sorted("id")
                if request.state == "asked"
            ),
            updated_at=_utc(max([release.write_date, *release.request_ids.mapped("write_date")])),
        )

    def _request_status(self, release, request):
        change = release._change_release(request)
        return ReleaseRequestStatus(
            request_reference=request.name,
            kind=request.kind,
            asked_at=_utc(request.asked_at),
            reason=request.reason or None,
            recipient=change.recipient,
            lines=change.lines,
        )


def _utc(moment):
    return moment.replace(tzinfo=timezone.utc) if moment else None
