from odoo import api, fields, models

IDENTITY = ("backend_id", "code")

BOOKING = [
    ("unset", "To Set Up"),
    ("here", "Booked from These Reports"),
    ("elsewhere", "Booked from Another Gateway's Reports"),
    ("none", "Not Booked"),
]


class RetailGateway(models.Model):
    """One clearing relationship of a backend: who holds our money between sale and bank.

    A gateway's own backend has one gateway; a shop has one for each tender that it reports. What
    a shop reports of a gateway that reports by itself is not booked twice: ``booking`` says so.
    """

    _name = "retail.gateway"
    _description = "Retail Gateway"
    _inherit = ["retail.once.mixin"]
    _order = "backend_id, name, id"
    _check_company_auto = True

    backend_id = fields.Many2one(
        "retail.backend", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="backend_id.company_id", store=True, index=True)
    code = fields.Char(required=True, readonly=True, help="As the channel calls it.")
    name = fields.Char(required=True)
    booking = fields.Selection(
        BOOKING,
        required=True,
        default="unset",
        readonly=True,
        help="Where the journal entries of its payments come from.",
    )
    booked_by_id = fields.Many2one(
        "retail.gateway",
        string="Booked by",
        readonly=True,
        ondelete="restrict",
        check_company=True,
        help="The gateway whose own reports are booked.",
    )
    active = fields.Boolean(default=True)
    payment_ids = fields.One2many("retail.payment", "gateway_id", readonly=True)

    _code_unique = models.UniqueIndex(
        "(backend_id, code)", "A channel has one gateway of each name."
    )

    @api.model
    def _of(self, backend, names):
        """Return the gateways of a backend by name as it was told, making those that are new.

        An empty name is the backend's own gateway, named like its provider.
        """
        codes = {name: self._code_of(backend, name) for name in names}
        known = self._by_code(backend, codes.values())
        new = {code: name for name, code in codes.items() if code not in known}
        if new:
            self.sudo()._insert_once(
                IDENTITY, [self._new_row(backend, code, name) for code, name in new.items()]
            )
            known = self._by_code(backend, codes.values())
        return {name: known[code] for name, code in codes.items()}

    @api.model
    def _code_of(self, backend, name):
        return (name or backend.provider).strip().lower()[:100]

    def _by_code(self, backend, codes):
        found = self.with_context(active_test=False).search(
            [("backend_id", "=", backend.id), ("code", "in", list(set(codes)))]
        )
        return {gateway.code: gateway for gateway in found}

    @api.model
    def _new_row(self, backend, code, name):
        return {
            "backend_id": backend.id,
            "company_id": backend.company_id.id,
            "code": code,
            "name": f"{backend.name}: {name}" if name else backend.name,
            "booking": "unset",
            "active": True,
        }
