from odoo.tests import tagged

from odoo.addons.retail_connector_base.tests import sweep_cost


@tagged("post_install", "-at_install")
class TestSweepCost(sweep_cost.SweepCostCase):
    """What a sweep costs with what is done for gateways."""
