from psycopg2.extras import execute_values

from odoo import models

from odoo.addons.retail_connector_base.decisions.price_display import ShownPrice, in_minor_units
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.models import retail_projection
from odoo.addons.retail_connector_base.providers import Capability, ErrorClass, PriceChange

from .retail_price_state import JUDGE

# What is sold under its own name. The products of special lines get their prices from the channel.
PRICED = """
    SELECT bound.id, bound.odoo_id
      FROM retail_product_binding bound
      JOIN product_product product ON product.id = bound.odoo_id AND product.active
      JOIN product_template template ON template.id = product.product_tmpl_id AND template.active
     WHERE bound.backend_id = %(backend)s AND bound.odoo_id <> ALL(%(special)s)
       AND (%(products)s::int[] IS NULL OR bound.odoo_id = ANY(%(products)s))
       AND NOT EXISTS (
           SELECT FROM retail_tombstone dead
            WHERE dead.backend_id = bound.backend_id AND dead.kind = 'product'
              AND dead.external_id = bound.product_external_id)
     ORDER BY bound.odoo_id
"""

# Prices are not read: what may have been changed is told anew.
TELL_ALL = """
    UPDATE retail_price_state
       SET acknowledged_at = NULL,
           verdict = CASE WHEN %(forgive)s AND verdict IN ('refused', 'missing') THEN 'pending'
                          ELSE verdict END
     WHERE backend_id = %(backend_id)s AND attempt_key IS NULL AND desired_price > 0
       AND (%(forgive)s OR verdict <> 'missing')
 RETURNING id
"""

# What is not sold any more is told nothing.
FORGET = """
    UPDATE retail_price_state state SET desired_price = 0, pending = false, error = NULL
     WHERE backend_id = %(backend)s AND binding_id NOT IN (SELECT unnest(%(bindings)s::int[]))
       AND (%(products)s::int[] IS NULL OR product_id = ANY(%(products)s))
       AND (desired_price <> 0 OR pending)
"""

DESIRE = """
    INSERT INTO retail_price_state
           (backend_id, company_id, binding_id, product_id, desired_price, desired_compare_at,
            currency_id, error, checked_at, pending, verdict, attempts,
            create_uid, write_uid, create_date, write_date)
    VALUES %s
    ON CONFLICT (binding_id) DO UPDATE
       SET product_id = EXCLUDED.product_id, desired_price = EXCLUDED.desired_price,
           desired_compare_at = EXCLUDED.desired_compare_at, currency_id = EXCLUDED.currency_id,
           error = EXCLUDED.error, checked_at = EXCLUDED.checked_at,
           write_date = EXCLUDED.write_date
     WHERE (retail_price_state.product_id, retail_price_state.desired_price,
            retail_price_state.desired_compare_at, retail_price_state.currency_id)
           IS DISTINCT FROM (EXCLUDED.product_id, EXCLUDED.desired_price,
            EXCLUDED.desired_compare_at, EXCLUDED.currency_id)
"""


class RetailProjectionPrice(models.AbstractModel):
    """Publishes prices: of one unit, today, as the shop shows them."""

    _name = "retail.projection.price"
    _description = "Retail Connector: publishing prices"
    _inherit = ["retail.projection"]

    _flow_kind = "price"
    _state_model = "retail.price.state"

    def _batch_of(self, provider_class):
        return provider_class.price_batch

    def _call(self, provider, changes, key):
        return provider.change_prices(changes, key)

    def _changes(self, rows):
        """Override: what was attempted, from the rows alone: the same each time it is sent."""
        return [self._change(row) for row in rows]

    def _change(self, row):
        currency = row.attempted_currency_id.name
        compare_at = in_minor_units(row.attempted_compare_at, currency)
        return PriceChange(
            variant=row.binding_id.external_id,
            product=row.binding_id.product_external_id or "",
            price=in_minor_units(row.attempted_price, currency),
            currency=currency,
            compare_at=compare_at or None,
        )

    # Comparing

    def _compare(self, backend, product_ids):
        """Override: prices in batches, compared in a statement for each."""
        if not self._is_configured(backend):
            return
        self.env.flush_all()
        scope = {
            "backend": backend.id,
            "products": product_ids,
            "special": backend._special_products().ids,
        }
        self.env.cr.execute(PRICED, scope)
        bound = self.env.cr.fetchall()
        bindings = [binding_id for binding_id, _product_id in bound]
        self.env.cr.execute(FORGET, {**scope, "bindings": bindings})
        if len(bound) > retail_projection.AT_ONCE and product_ids is None:
            self._compare_later(
                backend, dict.fromkeys(product_id for _binding, product_id in bound)
            )
        else:
            self._compare_bound(backend, bound)
        self.env[self._state_model].invalidate_model()
        self._report_unpriced(backend, product_ids is None)

    def _compare_bound(self, backend, bound):
        """Compare the prices of (binding, product) pairs."""
        products = self.env["product.product"].browse(product_id for _binding, product_id in bound)
        prices = self.env["retail.price"]._of(backend, products.exists())
        currency, compares = backend._shop_currency(), self._takes_compare_at(backend)
        rows = [self._desired(backend, currency, compares, ids, prices[ids[1]]) for ids in bound]
        execute_values(self.env.cr._obj, DESIRE, rows, page_size=1000)
        self.env.cr.execute(
            "SELECT id FROM retail_price_state WHERE binding_id = ANY(%s)",
            [[binding_id for binding_id, _product_id in bound]],
        )
        self.env.cr.execute(JUDGE, [[row[0] for row in self.env.cr.fetchall()]])

    def _desired(self, backend, currency, compares, ids, price: ShownPrice):
        """Return the row of (binding, product) ``ids``, in the order of the statement's columns."""
        error = None if price.is_given else self.env._("The price list gives no price.")
        uid, now = self.env.uid, self.env.cr.now()
        return (
            backend.id,
            backend.company_id.id,
            *ids,
            price.price,
            (price.compare_at or 0) if compares else 0,
            currency.id,
            error,
            now,
            *(False, "ok", 0, uid, uid, now, now),
        )

    def _takes_compare_at(self, backend):
        return Capability.COMPARE_AT_PRICES in backend._provider_class().capabilities

    def _read_again(self, backend, forgive=False):
        """Override: tell all prices once more."""
        states = self.env[self._state_model]
        states.flush_model()
        self.env.cr.execute(TELL_ALL, {"backend_id": backend.id, "forgive": forgive})
        self.env.cr.execute(JUDGE, [[row[0] for row in self.env.cr.fetchall()]])
        states.invalidate_model()

    # Problems

    def _is_configured(self, backend):
        """Tell whether prices can be computed; show a person why not."""
        text = backend._find_price_problem()
        exceptions = self.env["retail.exception"]
        problem = Problem(
            error_class=ErrorClass.CONFIGURATION,
            code="price_configuration",
            subject="price",
            title=self.env._("Prices of %(backend)s cannot be published", backend=backend.name),
            cause=text or "",
            fix="open_backend",
        )
        if text:
            exceptions._report(backend, problem, record=backend)
        else:
            exceptions._solved(backend, [problem.fingerprint])
        return not text

    def _report_unpriced(self, backend, again):
        """Show how many products have no price, in one exception; count it ``again`` if so."""
        domain = [
            ("backend_id", "=", backend.id),
            ("desired_price", "=", 0),
            ("error", "!=", False),
        ]
        states = self.env[self._state_model]
        count = states.search_count(domain)
        some = states.search(domain, limit=5).mapped("product_id.display_name")
        problem = Problem(
            error_class=ErrorClass.DATA,
            code="no_price",
            subject="price",
            title=self.env._("Products of %(backend)s without a price", backend=backend.name),
            cause=self.env._(
                "%(count)s products are not told a price, since Odoo gives them none: "
                "%(products)s. Correct the price list.",
                count=count,
                products=", ".join(some),
            ),
        )
        exceptions = self.env["retail.exception"]
        known = exceptions._by_fingerprint(backend, [problem.fingerprint]).values()
        is_open = any(exception.state == "open" for exception in known)
        if count and (again or not is_open):
            exceptions._report(backend, problem, record=backend)
        elif is_open and not count:
            exceptions._solved(backend, [problem.fingerprint])

    # Sending

    def _attempt(self, backend, rows):
        """Override: what is desired is sent, unless it cannot be computed any more."""
        if backend._find_price_problem():
            rows.pending = False
            return rows.browse()
        rows._copy("desired", "attempted")
        rows.verdict = "pending"
        return rows

    def _acknowledge(self, row, answer):
        """Override: the channel has the price that was sent; another may be desired by now."""
        row._copy("attempted", "acknowledged")
        row.write(row._acknowledged_values())
        row._judge()
