import json
from functools import lru_cache
from importlib.resources import files

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import Response

from ..canonical.openapi import document, events_document
from ..canonical.schemas import all_schemas
from .problem import problem_response

# What the page needs of the library's files.
ASSETS = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
}
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Retail Connector API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" href="docs/favicon-32x32.png">
</head>
<body>
<main id="api"></main>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
# The token stays in the reader's memory: it is not kept in the browser.
START = """window.ui = SwaggerUIBundle({
    url: "openapi.json",
    dom_id: "#api",
    deepLinking: true,
    defaultModelsExpandDepth: 0,
    docExpansion: "list",
    persistAuthorization: false,
    tryItOutEnabled: true,
    validatorUrl: null,
});
"""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"
)
PUBLIC = {"auth": "none", "methods": ["GET"], "csrf": False, "save_session": False}
HOUR = 3600


class ContractController(http.Controller):
    """Serves what a channel's developer needs to know: generated, public, without any data."""

    @http.route("/retail/v1/openapi.json", type="http", **PUBLIC)
    def openapi(self):
        """Return the OpenAPI document."""
        return _answer(_document(), "application/json")

    @http.route("/retail/v1/openapi-cloudevents.json", type="http", **PUBLIC)
    def openapi_events(self):
        """Return the OpenAPI document of the same routes for CloudEvents."""
        return _answer(_events_document(), "application/json")

    @http.route("/retail/v1/schemas/<string:kind>/<string:version>.json", type="http", **PUBLIC)
    def schema(self, kind, version):
        """Return the JSON Schema of a kind in one version."""
        body = _schemas().get(f"{kind}/{version}")
        if body is None:
            return problem_response(NotFound())
        return _answer(body, "application/schema+json")

    @http.route("/retail/v1/docs", type="http", **PUBLIC)
    def docs(self):
        """Return the page on which the API can be read and tried out."""
        return _answer(PAGE, "text/html")

    @http.route("/retail/v1/docs/start.js", type="http", **PUBLIC)
    def start(self):
        """Return what starts the page."""
        return _answer(START, "text/javascript")

    @http.route("/retail/v1/docs/<string:name>", type="http", **PUBLIC)
    def asset(self, name):
        """Return a file of the library that draws the page."""
        if name not in ASSETS:
            return problem_response(NotFound())
        content = files("swagger_ui").joinpath("static", name).read_bytes()
        return _answer(content, ASSETS[name])


def _answer(body, content_type):
    headers = {
        "Cache-Control": f"public, max-age={HOUR}",
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
    }
    return Response(body, content_type=content_type, headers=headers)


@lru_cache(maxsize=1)
def _document():
    return json.dumps(document(), separators=(",", ":"))


@lru_cache(maxsize=1)
def _events_document():
    return json.dumps(events_document(), separators=(",", ":"))


@lru_cache(maxsize=1)
def _schemas():
    return {name: json.dumps(schema, indent=2) for name, schema in all_schemas().items()}
