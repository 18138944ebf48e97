from odoo import api, fields, models
from odoo.tools import SQL, ormcache

NOTED = "retail_change"


class RetailChange(models.Model):
    """A product whose desired state at a channel may differ from now on.

    Rows are written with the change they tell of and deleted by the projection that compared: the
    table holds what is owed. A lost row costs time, not truth: full comparisons find everything.
    """

    _name = "retail.change"
    _description = "Retail Change"
    _order = "id"
    _log_access = False
    _rec_name = "kind"

    backend_id = fields.Many2one("retail.backend", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="backend_id.company_id")
    kind = fields.Char(required=True, help="The domain of the outgoing flow.")
    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")

    # What bears upon what

    @api.model
    def _bearing(self):
        """Return the fields of products that bear upon what flows tell, by kind. Addons add."""
        return {}

    @api.model
    def _priced_kinds(self):
        """Return the kinds of flows that tell prices. Addons add."""
        return ()

    @api.model
    def _stock_kinds(self):
        """Return the kinds of flows that tell what can be sold. Addons add."""
        return ("stock_level",)

    @api.model
    def _any_wants(self, kinds):
        """Tell whether a running flow is of one of these kinds."""
        return any(map(self._backends_of, kinds))

    @api.model
    def _note_changed(self, records, names):
        """Note the variants of changed products for who is told of these fields. Free elsewhere."""
        told = self._bearing()
        kinds = [kind for kind, of in told.items() if of & names and self._backends_of(kind)]
        if not kinds:
            return
        products = records.sudo().with_context(active_test=False)
        if products._name == "product.template":
            products = products.product_variant_ids
        for kind in kinds:
            self._note(kind, products.ids)

    @api.model
    def _note_prices(self, product_ids):
        for kind in self._priced_kinds():
            self._note(kind, product_ids)

    @api.model
    def _note_stock(self, product_ids):
        for kind in self._stock_kinds():
            self._note(kind, product_ids)

    # Noting

    @api.model
    def _note(self, kind, product_ids):
        """Note products for every backend whose flow of this kind runs.

        Free where none does; otherwise one statement per transaction, just before its commit.
        """
        if not product_ids or not self._backends_of(kind):
            return
        noted = self.env.cr.precommit.data.setdefault(NOTED, {})
        if not noted:
            self.env.cr.precommit.add(self.sudo()._write_noted)
        noted.setdefault(kind, set()).update(product_ids)

    def _write_noted(self):
        noted = self.env.cr.precommit.data.pop(NOTED, {})
        rows = [
            (backend_id, kind, product_id)
            for kind, product_ids in noted.items()
            for backend_id in self._backends_of(kind)
            for product_id in sorted(product_ids)
        ]
        if not rows:
            return
        # A product may have been deleted since it was noted.
        self.env.cr.execute(
            """
            INSERT INTO retail_change (backend_id, kind, product_id)
            SELECT noted.* FROM unnest(%s::int[], %s::varchar[], %s::int[])
                                AS noted (backend_id, kind, product_id)
              JOIN product_product product ON product.id = noted.product_id
            """,
            list(map(list, zip(*rows, strict=True))),
        )
        for kind in noted:
            projection = self.env[self.env["retail.projection"]._model_of(kind)]
            for backend_id in self._backends_of(kind):
                projection._wake_after_commit(backend_id)

    @api.model
    @ormcache("kind")
    def _backends_of(self, kind):
        """Return the backends whose outgoing flow of a kind runs, cached until flows change."""
        if kind not in self.env["retail.projection"]._models():
            return ()
        flows = self.env["retail.flow"].sudo()._running_out(kind)
        return tuple(flows.backend_id.ids)

    @api.model
    def _take(self, backend_id, kind, limit):
        """Delete and return the noted products of a backend, in the order they were noted."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM retail_change WHERE id IN (
                    SELECT id FROM retail_change WHERE backend_id = %s AND kind = %s
                     ORDER BY id LIMIT %s)
                RETURNING product_id
                """,
                backend_id,
                kind,
                limit,
            )
        )
        return sorted({row[0] for row in self.env.cr.fetchall()})

    _taken_index = models.Index("(backend_id, kind, id)")
