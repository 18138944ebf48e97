from odoo import fields, models
from odoo.tools import float_compare

from odoo.addons.retail_connector_base.canonical import Recipient

from ..decisions.release_change import Held, changes_of
from ..decisions.release_progress import AT_WAREHOUSE
from .retail_release_line import unit_quantity

MARK = """
    UPDATE retail_release SET changed = true
     WHERE picking_id = ANY(%s) AND NOT coalesce(changed, false)
       AND state IN ('ready', 'sent', 'accepted', 'on_hold', 'partly_shipped', 'rejected')
 RETURNING id, warehouse_id
"""


class RetailRelease(models.Model):
    """Deliveries that change in Odoo after their release: the warehouse is asked to follow.

    Whatever changed them: who wrote it marks the release, and its lane compares what Odoo holds
    with what the warehouse was told. So several edits of one moment are one request.
    """

    _inherit = "retail.release"

    changed = fields.Boolean(
        readonly=True, copy=False, help="The delivery changed and has yet to be compared."
    )

    _changed_index = models.Index("(warehouse_id) WHERE changed")

    def _mark_changed(self, pickings):
        """Have the releases of deliveries compared, once this is committed."""
        if not pickings:
            return
        self.env["retail.release"].flush_model(["picking_id", "state", "changed"])
        self.env.cr.execute(MARK, [pickings.ids])
        self._wake_marked(self.env.cr.fetchall())

    def _compare(self):
        """Ask the warehouses for what differs between Odoo and what they were told."""
        self.write({"changed": False})
        for release in self:
            if release.state in AT_WAREHOUSE:
                release._ask_for_changes()
            elif release.state == "ready":
                release._follow_changes()

    def _follow_changes(self):
        """Renew a release that no warehouse can have.

        One that may be under way is compared again as soon as the warehouse has it.
        """
        if not self._moves_of(self.picking_id):
            self._stop(self._why_nothing_is_left())
        elif self._take_back():
            self.reason = False
            self._renew_lines()
            if not self._problem_before_sending():
                self._solve_problems(["release_held_back"])

    def _why_nothing_is_left(self):
        if self.picking_id.state == "done":
            return self.env._("Its delivery was validated by hand.")
        return self.env._("The delivery was cancelled.")

    def _ask_for_changes(self):
        wanted = self._quantities_now()
        if not any(wanted.values()):
            self._stop(self.env._("Its delivery was cancelled in Odoo."))
            return
        self._ask_for_lines(wanted)
        self._ask_for_address()
        now = self._recipient_now().model_dump(mode="json")
        if self._same(self._quantities_told(), wanted) and now == self.recipient:
            self._solve_problems(["release_change_refused"])

    # Lines

    def _quantities_now(self):
        """Return ``{line reference: quantity}`` of what Odoo wants sent in all, new lines too.

        More than was told counts as far as there is stock for it.
        """
        moves = self._moves_of(self.picking_id)
        held = [
            Held(
                key=line.external_id,
                told=line.quantity,
                shipped=line.shipped_quantity + self._left_unsaid(line),
                open=unit_quantity(line.move_id) if line.move_id in moves else 0.0,
                reserved=self._reserved(line.move_id) if line.move_id in moves else 0.0,
            )
            for line in self.line_ids
        ]
        wanted = changes_of(held)
        for move in moves - self.line_ids.move_id:
            if move.state == "assigned":
                wanted[self._new_line(move).external_id] = unit_quantity(move)
        return wanted

    def _left_unsaid(self, line):
        """Return what somebody delivered by hand of a line, without a word of the warehouse.

        Of several lines for the same thing the first stands for it.
        """
        sold, product = line.move_id.sale_line_id, line.product_id
        same = self.line_ids.filtered(
            lambda one: one.product_id == product and one.move_id.sale_line_id == sold
        )
        since = self.create_date.replace(microsecond=0)
        moves = self._deliveries().move_ids.filtered(
            lambda move: (
                move.state == "done"
                and (move.product_id, move.sale_line_id) == (product, sold)
                and move.picking_id.date_done >= since
            )
        )
        said = sum(moves.retail_move_binding_ids.mapped("quantity"))
        left = sum(map(self._reserved, moves))
        return max(left - said, 0.0) if line == same[:1] else 0.0

    def _reserved(self, move):
        return move.product_uom._compute_quantity(
            move.quantity, move.product_id.uom_id, rounding_method="HALF-UP"
        )

    def _new_line(self, move):
        """Return a line for goods that came to the delivery; the warehouse knows none of it yet."""
        numbers = [int(line.external_id) for line in self.line_ids if line.external_id.isdigit()]
        values = self._line_values(str(max(numbers, default=0) + 1), move)
        lines = self.env["retail.release.line"]
        return lines.create({**values, "quantity": 0, "release_id": self.id})

    def _ask_for_lines(self, wanted):
        asked = self.request_ids.filtered(
            lambda one: one.state == "asked" and one.kind in ("lines", "cancel")
        )
        if asked and (asked[0].kind == "cancel" or self._same(asked[0].wanted["lines"], wanted)):
            return
        if not asked and self._same(self._quantities_told(), wanted):
            return
        if self._was_refused("lines", lambda former: self._same(former["lines"], wanted)):
            return
        asked._drop(self.env._("It changed again."))
        if not self._can_ask("lines") and not self.warehouse_id._reads_by_itself():
            wanted = self._without_more(wanted)
            if self._same(self._quantities_told(), wanted):
                return
        self._ask("lines", self._reason_of_change(wanted), wanted={"lines": wanted})

    def _was_refused(self, kind, is_same):
        """Tell whether the latest wish of a kind was refused, and is the same as now."""
        latest = self.request_ids.filtered(lambda one: one.kind == kind).sorted("id")[-1:]
        again = self.env.context.get("retail_ask_again")
        return latest.state == "refused" and not again and is_same(latest.wanted)

    def _quantities_told(self):
        return {line.external_id: line.quantity for line in self.line_ids}

    def _same(self, left, right):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return all(
            not float_compare(left.get(key, 0), right.get(key, 0), precision_digits=digits)
            for key in {*left, *right}
        )

    def _reason_of_change(self, wanted):
        return "; ".join(f"{what}: {told} → {now}" for what, told, now in self._line_rows(wanted))

    def _line_rows(self, wanted):
        """Return rows of (what, at the warehouse, in Odoo) of lines that differ."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return [
            (
                line.product_id.display_name,
                f"{line.quantity:g}",
                f"{wanted.get(line.external_id, 0):g}",
            )
            for line in self.line_ids
            if float_compare(
                line.quantity, wanted.get(line.external_id, 0), precision_digits=digits
            )
        ]

    def _take_quantities(self, wanted):
        """Note what the warehouse agreed to send."""
        for line in self.line_ids:
            line.quantity = wanted.get(line.external_id, 0)

    def _left_as(self, wanted):
        """Tell whether just these quantities have left."""
        left = {line.external_id: line.shipped_quantity for line in self.line_ids}
        return self._same(left, wanted)

    def _without_more(self, wanted):
        """Put what exceeds the release into a delivery of its own; return the rest of the wish."""
        rest = {}
        moves = self.env["stock.move"]
        for line in self.line_ids:
            more = wanted.get(line.external_id, 0) - line.quantity
            rest[line.external_id] = min(wanted.get(line.external_id, 0), line.quantity)
            if more > 0 and line.move_id in self._moves_of(self.picking_id):
                moves |= self._split_off(line.move_id, more)
        if moves:
            self.picking_id._create_backorder(moves)
        self.line_ids.filtered(lambda line: not line.quantity and line.move_id in moves).unlink()
        return {key: units for key, units in rest.items() if key in self._quantities_told()}

    def _split_off(self, move, units):
        """Return a move of these units (of the product) that is the delivery's no more."""
        if (
            float_compare(units, unit_quantity(move), precision_rounding=move.product_uom.rounding)
            >= 0
        ):
            return move
        move._do_unreserve()
        made = self.env["stock.move"].create(move._split(units))
        made._action_confirm(merge=False)
        move._action_assign()
        return made

    # Address

    def _ask_for_address(self):
        now = self._recipient_now().model_dump(mode="json")
        asked = self.request_ids.filtered(lambda one: one.state == "asked")
        address = asked.filtered(lambda one: one.kind == "address")
        told = address[:1].wanted["recipient"] if address else self.recipient
        if not told or now == told or asked.filtered(lambda one: one.kind == "cancel"):
            return
        address._drop(self.env._("It changed again."))
        if now == self.recipient:
            return
        if not self._was_refused("address", lambda former: former["recipient"] == now):
            self._ask("address", self._one_line(now), wanted={"recipient": now})

    def _address_rows(self, wanted):
        before = self.recipient or {}
        return [
            (self.env._("Address"), self._one_line(before), self._one_line(wanted)),
        ]

    def _one_line(self, recipient):
        address = Recipient.model_validate(recipient).address if recipient else None
        parts = address and (address.name, address.street, address.zip, address.city)
        return ", ".join(part for part in parts or () if part) or "–"
