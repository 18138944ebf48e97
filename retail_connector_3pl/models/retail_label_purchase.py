import re
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.retail_connector_base.canonical import BuyLabel
from odoo.addons.retail_connector_base.canonical.address import Address
from odoo.addons.retail_connector_base.canonical.warehouse_command import Package, Recipient


class RetailLabelRequest(models.Model):
    """How a label is asked for."""

    _inherit = "retail.label.request"

    def _ask(self):
        """Owe the service these labels, each once; they are bought when it works."""
        exporter = self.env["retail.exporter.buy_label"]
        commands = self.env["retail.outbox.command"]
        for request in self.sudo().filtered(lambda request: request.state == "draft"):
            if not exporter._is_offered(request.backend_id):
                raise UserError(
                    self.env._("“%(name)s” sells no labels now.", name=request.backend_id.name)
                )
            request.write({"state": "waiting", "asked_at": fields.Datetime.now()})
            # The index tells at once whether the parcel has a label.
            request.flush_recordset()
            key = f"label:{request.name}"
            command = commands._put(request.backend_id, request._purchase(), key, request)
            request.command_id = command

    def _purchase(self):
        """Return what is asked of the service."""
        self.ensure_one()
        return BuyLabel(
            reference=self.name,
            sender=self._party(self._sender()),
            recipient=self._party(self.picking_id.partner_id),
            package=self._package(),
            carrier=self.carrier or None,
            service=self.service or None,
        )

    def _sender(self):
        warehouse = self.picking_id.picking_type_id.warehouse_id
        return warehouse.partner_id or self.company_id.partner_id

    def _party(self, partner):
        """Return a partner as sender or recipient. Raises ``UserError`` without an address."""
        if not (partner.street and partner.city and partner.country_id):
            raise UserError(
                self.env._(
                    "The address of “%(name)s” needs street, city and country for a label.",
                    name=partner.display_name or self.env._("nobody"),
                )
            )
        address = Address(
            name=partner.name or None,
            company=partner.commercial_company_name or None,
            street=partner.street,
            street2=partner.street2 or None,
            city=partner.city,
            zip=partner.zip or None,
            province=partner.state_id.name or None,
            province_code=partner.state_id.code or None,
            country_code=partner.country_id.code,
            phone=partner.phone or None,
        )
        return Recipient(address=address, email=partner.email or None, phone=partner.phone or None)

    def _package(self):
        names = ("length_mm", "width_mm", "height_mm")
        sizes = {name: Decimal(str(round(self[name], 1))) for name in names if self[name]}
        return Package(weight_grams=Decimal(str(round(self.weight, 1))), **sizes)

    # What became of it

    def _note_purchase(self, external_id, details):
        """Keep what was bought: number and cost at once, the document as soon as it is fetched."""
        self.ensure_one()
        # Deliveries name their parcels in one text, divided by commas or blanks.
        number = re.sub(r"[,;\s]+", "", details.get("tracking_number") or "")
        url = details.get("label_url")
        currencies = self.env["res.currency"].with_context(active_test=False)
        currency = currencies.search([("name", "=", details.get("currency") or "")], limit=1)
        self.write(
            {
                "state": "bought",
                "bought_at": fields.Datetime.now(),
                "external_id": external_id,
                "tracking_number": number or False,
                "cost": float(details.get("amount") or 0),
                "currency_id": (currency or self.company_id.currency_id).id,
                "url": url,
                "document_state": "waiting" if url else "none",
            }
        )
        self._put_number(number)
        if url:
            self.env["retail.label.fetcher"]._wake_after_commit(self.backend_id.id)

    def _put_number(self, number):
        """Give the delivery the parcel's number, beside those it has."""
        picking = self.picking_id
        known = [part for part in (picking.carrier_tracking_ref or "").split(",") if part.strip()]
        if number and number not in known:
            picking.carrier_tracking_ref = ",".join([*known, number])

    @api.model
    def _weight_of(self, picking):
        """Return the weight of a delivery in grams."""
        unit = self.env["product.template"]._get_weight_uom_id_from_ir_config_parameter()
        gram = self.env.ref("uom.product_uom_gram")
        return unit._compute_quantity(picking.shipping_weight or picking.weight, gram, round=False)
