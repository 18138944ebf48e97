from odoo import api, fields, models

from odoo.addons.retail_connector_base.providers import Capability

# Commands that have not gone out, as far as anybody knows.
NOT_GONE = ("pending", "retry", "blocked")


class RetailRelease(models.Model):
    """How releases get to their warehouse, each once: by a command, or by being read."""

    _inherit = "retail.release"

    command_id = fields.Many2one(
        "retail.outbox.command",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="What tells the warehouse of it.",
    )

    def _send(self):
        """Owe the warehouse these releases (those that are ready), in their order.

        What it would refuse for sure is shown to a person instead. A warehouse that reads by itself
        finds them from now on.
        """
        for release in self.sudo().filtered(lambda one: one.state == "ready"):
            problem = release._problem_before_sending()
            if problem:
                release._hold_back(problem)
            elif release.warehouse_id._reads_by_itself():
                release._offer()
            elif release._exporter()._is_offered(release.backend_id):
                release._owe()

    @api.model
    def _exporter(self):
        return self.env["retail.exporter.release_order"]

    def _owe(self):
        """Write the command down. What was given up unsent before goes out under a new key."""
        commands = self.env["retail.outbox.command"]
        order = self._release_order()
        command = commands._put(self.backend_id, order, self._free_key(), self)
        self.write({"command_id": command.id, **self._told_of(order)})

    def _told_of(self, order):
        """Return the values that remember what the warehouse is told."""
        recipient = order.recipient.model_dump(mode="json")
        return {"recipient": recipient, "reason": False, "changed": False}

    def _free_key(self):
        """Return the key of the release, numbered on after commands that never had an effect."""
        base = f"release:{self.name}"
        tries = self.env["retail.outbox.command"].search_count(
            [
                ("backend_id", "=", self.backend_id.id),
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("kind", "=", "release_order"),
            ]
        )
        return f"{base}:{tries + 1}" if tries else base

    def _offer(self):
        """Let the warehouse read it from now on."""
        self.write(self._told_of(self._release_order()))
        self._take_state("sent")

    # What is wrong with it

    def _problem_before_sending(self):
        """Return why no warehouse could send it, "" when nothing is known against it."""
        address = self._recipient_now().address
        named = {
            self.env._("name"): address.name,
            self.env._("street"): address.street,
            self.env._("city"): address.city,
            self.env._("country"): address.country_code,
        }
        missing = [what for what, value in named.items() if not value]
        if missing:
            return self.env._("The address has no %(missing)s.", missing=", ".join(missing))
        items = self._items(self.line_ids.product_id)
        unnamed = [
            product.display_name
            for product, item in items.items()
            if not item and not self._sku(product, items)
        ]
        if unnamed:
            return self.env._(
                "The warehouse cannot know %(products)s: there is no SKU.",
                products=", ".join(unnamed),
            )
        return ""

    def _hold_back(self, problem):
        """Show why it is not sent; what is changed then is looked at again."""
        if self.reason != problem:
            self.reason = problem
            self._report_held_back(problem)

    # Taking it back before it has gone

    def _take_back(self):
        """Give a command up that has surely had no effect; return whether nothing is under way."""
        self.ensure_one()
        command = self.command_id._locked()
        gone = command and (
            command.state not in (*NOT_GONE, "cancelled")
            or command.in_doubt
            or self.state != "ready"
        )
        if gone:
            return False
        # First, so that the exporter does not take it for somebody's decision.
        self.command_id = False
        command._cancel(self.env._("The release changed before it was sent."))
        return True

    # What people decide

    def _send_again(self):
        """Send what was rejected, or given up, once more: with what Odoo holds now."""
        self.ensure_one()
        self.write({"state": "ready", "reason": False, "command_id": False, "answered_at": False})
        self._renew_lines()
        self._renew_promise()
        self._send()

    def _renew_lines(self):
        """Make the lines what the delivery holds now. The warehouse knows none of the old ones."""
        known = {line.move_id: line for line in self.line_ids if line.move_id}
        moves = self._moves_of(self.picking_id)
        numbers = [int(line.external_id) for line in self.line_ids if line.external_id.isdigit()]
        number = max(numbers, default=0)
        (self.line_ids - self.line_ids.union(*(known[m] for m in moves if m in known))).unlink()
        for move in moves:
            if move in known:
                known[move].write(self._line_values(known[move].external_id, move))
            else:
                number += 1
                values = self._line_values(str(number), move)
                self.env["retail.release.line"].create({**values, "release_id": self.id})

    def _renew_promise(self):
        cutoff_at, ship_by = self.warehouse_id._promise(fields.Datetime.now())
        self.write({"cutoff_at": cutoff_at, "ship_by": ship_by})

    def _can_ask(self, kind):
        """Tell whether the warehouse's system takes requests of a kind."""
        needed = Capability.CANCEL_RELEASE if kind == "cancel" else Capability.CHANGE_RELEASE
        return self.warehouse_id._offers(needed)
