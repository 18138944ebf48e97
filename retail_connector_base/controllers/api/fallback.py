"""Addresses below ours that nobody offers: problem details, not a page."""

from odoo import http

from .methods import FALLBACK, METHODS, refused_method
from .problems import problem_response


class ApiFallbackController(http.Controller):
    """Answers what no other route of ours takes."""

    @http.route(
        ["/retail/v1", "/retail/v1/<path:rest>"],
        type="retail",
        auth="none",
        methods=[*METHODS, "OPTIONS", "TRACE"],
        csrf=False,
        save_session=False,
        **{FALLBACK: True},
    )
    def refuse(self, **_params):
        """Answer 405 where another method is offered, else 404."""
        return problem_response(refused_method())
