from odoo import models
from odoo.exceptions import AccessError, UserError


class RetailListing(models.Model):
    """What people do with listings. They never write the record itself."""

    _inherit = "retail.listing"

    def action_publish(self):
        """Publish the products, or ask for approval where the backend's policy wants that.

        What the channel would not take stays as it is, with its problems named.
        """
        self._check_role("operator")
        offered = ("draft", "archived", "missing")
        ready = self.sudo().filtered(lambda listing: listing.state in offered)
        lost = ready.filtered(lambda found: found.state == "missing" or found._is_deleted())
        lost._forget_channel()
        fine = ready._check_rules()
        fine._request(self.env.user)
        if len(self) == 1 and self.problems:
            raise UserError("\n".join(self._problem_texts()))
        return self._notify(
            self.env._(
                "%(count)s of %(all)s products are published or wait for approval.",
                count=len(fine),
                all=len(self),
            )
        )

    def _request(self, user):
        for listing in self:
            to_approve = listing.backend_id.approve_publication
            listing.write(
                {
                    "state": "to_approve" if to_approve else "approved",
                    "requested_by_id": user.id,
                    "approved_by_id": False,
                }
            )
        self._solve_missing()
        self._audit("listing.requested")
        self.filtered(lambda listing: listing.state == "approved")._wake()

    def action_approve(self):
        """Let products be published that somebody else asked for."""
        self._check_role("administrator")
        waiting = self.filtered(lambda listing: listing.state == "to_approve")
        if not waiting:
            raise UserError(self.env._("Nothing here waits for approval."))
        if self.env.user in waiting.sudo().requested_by_id:
            raise UserError(
                self.env._("You asked for this publication: somebody else has to approve it.")
            )
        fine = waiting.sudo()._check_rules()
        if not fine:
            raise UserError("\n".join(waiting[0]._problem_texts()))
        fine.write({"state": "approved", "approved_by_id": self.env.uid})
        fine._audit("listing.approved")
        fine._wake()
        return self._notify(self.env._("%(count)s products are published now.", count=len(fine)))

    def action_refuse(self):
        """Send products back that somebody wants to publish."""
        self._check_role("administrator")
        waiting = self.sudo().filtered(lambda listing: listing.state == "to_approve")
        waiting.write({"state": "draft"})
        waiting._audit("listing.refused")

    def action_stop(self):
        """Take products off the channel: they are archived there."""
        self._check_role("operator")
        listings = self.sudo()
        there = listings.filtered(
            lambda found: found._is_perhaps_there() and found.state != "missing"
        )
        (listings - there).filtered(lambda found: found.state != "draft").write(
            {"state": "archived", "pending": False}
        )
        there.write({"state": "archived"})
        listings._solve_missing()
        listings._audit("listing.stopped")
        there._wake()

    def action_publish_again(self):
        """Publish products anew that the channel lost."""
        self._check_role("operator")
        lost = self.filtered(lambda listing: listing.state == "missing")
        if not lost:
            raise UserError(self.env._("The channel has all of these products."))
        return lost.action_publish()

    def _manage(self):
        """Let Odoo write products from now on that the channel has already."""
        for listing in self:
            external_ids = listing._bound_products()
            if len(external_ids) != 1:
                raise UserError(
                    self.env._(
                        "The variants of %(product)s belong to several products of the channel.",
                        product=listing.product_tmpl_id.display_name,
                    )
                )
            listing.external_id = external_ids.pop()

    def action_check(self):
        """Look for problems again."""
        self._check_role("operator")
        self.sudo()._check_rules()

    def action_compare(self):
        """Tell the channel everything again, whatever it acknowledged."""
        self._check_role("operator")
        listings = self.sudo()
        listings.write({"acknowledged": False, "verdict": "pending"})
        listings._audit("listing.told_again")
        listings._wake()
        return self._notify(self.env._("Everything is told to the channel again."))

    def action_open_product(self):
        """Open the product."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "product.template",
            "res_id": self.product_tmpl_id.id,
            "view_mode": "form",
        }

    # Helpers

    def _check_role(self, role):
        """Raise ``AccessError`` unless the user sees these listings and has a role of ours."""
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group(f"retail_connector_base.group_{role}")):
            raise AccessError(self.env._("Your role does not allow this."))

    def _audit(self, action):
        if self:
            self.env["retail.audit"]._log(action, self)
