from werkzeug.exceptions import HTTPException

from odoo import models
from odoo.http import request

OURS = "/retail/v1/"


class IrHttp(models.AbstractModel):
    """Keeps the promise of the API where Odoo answers before or instead of its controllers."""

    _inherit = "ir.http"

    @classmethod
    def _dispatch(cls, endpoint):
        """Override: no name in a query may stand for the controller itself."""
        if request.httprequest.path.startswith(OURS):
            request.params.pop("self", None)
        return super()._dispatch(endpoint)

    @classmethod
    def _handle_error(cls, exception):
        """Override: what Odoo refuses below our address is told as problem details too."""
        ours = request.httprequest.path.startswith(OURS)
        if ours and isinstance(exception, HTTPException) and (exception.code or 0) >= 400:
            # Models are loaded before controllers.
            from ..controllers.api.problems import problem_response

            return problem_response(exception)
        return super()._handle_error(exception)
