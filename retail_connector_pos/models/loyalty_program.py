from odoo import api, models


class LoyaltyFedMixin(models.AbstractModel):
    """What promotions consist of: registers are told of changes."""

    _name = "retail.pos.fed.mixin"
    _description = "Retail Connector: what promotions consist of"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: tell of what is new."""
        records = super().create(vals_list)
        self._tell_registers()
        return records

    def write(self, vals):
        """Override: tell of what changed."""
        result = super().write(vals)
        if self and vals:
            self._tell_registers()
        return result

    def unlink(self):
        """Override: tell of what is gone."""
        result = super().unlink()
        self._tell_registers()
        return result

    def _tell_registers(self):
        """Compare what registers are told, soon. Free where none is fed."""
        backends = self.env["retail.change"].sudo()._backends_of("pos_item")
        if backends:
            self.env["retail.backend"].sudo().browse(backends)._compare_all("pos_item")


class LoyaltyProgram(models.Model):
    """Programs are told to registers."""

    _name = "loyalty.program"
    _inherit = ["loyalty.program", "retail.pos.fed.mixin"]


class LoyaltyRule(models.Model):
    """Conditions are told to registers."""

    _name = "loyalty.rule"
    _inherit = ["loyalty.rule", "retail.pos.fed.mixin"]


class LoyaltyReward(models.Model):
    """Discounts are told to registers."""

    _name = "loyalty.reward"
    _inherit = ["loyalty.reward", "retail.pos.fed.mixin"]
