from odoo import http
from odoo.http import request


class BareController(http.Controller):
    """The least that Odoo can do for a webhook: read the body and answer."""

    @http.route("/retail_bench/bare", type="http", auth="none", methods=["POST"], csrf=False,
                save_session=False, readonly=False)  # fmt: skip
    def bare(self):
        """Answer ``ok``."""
        request.httprequest.get_data()
        return "ok"
