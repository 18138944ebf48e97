"""Scenes of the open doors: API clients, subscriptions, ownership, privacy, configuration."""

import json
from collections.abc import Callable

from .camera import Camera
from .doors_world import CLUB, HUB, PIM
from .scenes import FORM, ROW, Stage

DIALOG = ".modal .o_form_view"


def api_clients(stage: Stage) -> None:
    """The clients, one of them, and a token that is shown once."""
    camera = stage.camera
    camera.go("retail-api-clients", ROW)
    camera.shoot("api-clients")
    camera.click(f"{ROW}:has-text('Bazaar') td[name=name]", f"{FORM} [name=token_ids]")
    camera.shoot("api-client")
    camera.page.click(".o_notebook .nav-link[name=example]")
    camera.shoot("api-client-example")
    camera.page.click(".o_notebook .nav-link[name=tokens]")
    camera.click("button[name=action_rotate] >> nth=0", ".modal button[name=action_create]")
    camera.click(".modal button[name=action_create]", ".modal [name=token]")
    camera.shoot("token-shown")
    camera.click(".modal footer button")


def subscriptions(stage: Stage) -> None:
    """The subscriptions, one of them, its events, its secret, and what was delivered."""
    camera, page = stage.camera, stage.camera.page
    camera.go("retail-subscriptions", ROW)
    camera.shoot("subscriptions")
    camera.click(f"{ROW}:has-text('Points') td[name=name]", f"{FORM} [name=event_type_ids]")
    camera.shoot("subscription")
    camera.go("retail-subscriptions/new", f"{FORM} [name=url]")
    page.fill(f"{FORM} [name=name] input", "Newsletter")
    page.fill(f"{FORM} [name=url] input", "https://news.example.com/events")
    page.click(f"{FORM} [name=backend_id] input")
    page.click(f".o-autocomplete--dropdown-item:has-text('{CLUB}')")
    page.click(f"{FORM} [name=event_type_ids] .o-checkbox input >> nth=0")
    page.click(".o_form_button_save")
    camera.settle()
    camera.click("button[name=action_new_secret]:visible", ".modal [name=secret_input]")
    camera.shoot("subscription-secret")
    camera.click(".modal footer button")


def deliveries(stage: Stage) -> None:
    """What was delivered, and one delivery."""
    camera = stage.camera
    camera.go("retail-deliveries", ROW)
    camera.shoot("deliveries")
    camera.click(f"{ROW} td[name=event_subject] >> nth=0", f"{FORM} .ace_content")
    camera.shoot("delivery-of-event")


def _backend(camera: Camera, name: str, tab: str) -> None:
    camera.go("retail-backends", ROW)
    camera.click(f"{ROW}:has-text('{name}') td[name=name] >> nth=0", f"{FORM} .o_notebook")
    camera.page.click(f".o_notebook .nav-link[name={tab}]")


def ownership(stage: Stage) -> None:
    """Who owns what, and what a preset would change."""
    camera = stage.camera
    _backend(camera, PIM, "ownership")
    camera.shoot("ownership")
    _backend(camera, HUB, "ownership")
    camera.click("button[name=action_open_presets]", f"{DIALOG} [name=preset]")
    camera.page.click(f"{DIALOG} [name=preset] input")
    camera.page.click(".o_select_menu_item:has-text('Marketplace')")
    camera.shoot("ownership-preset")
    camera.click(".modal footer button:has-text('Close')")


def refusals(stage: Stage) -> None:
    """What was told and not taken."""
    camera = stage.camera
    camera.go("retail-refusals", ROW)
    camera.shoot("refusals")
    camera.click(f"{ROW} td[name=label] >> nth=0", f"{FORM} [name=comparison_html]")
    camera.shoot("refusal")


def privacy(stage: Stage) -> None:
    """How long data is kept, the requests, one of them, and a new one."""
    camera = stage.camera
    camera.go("retail-retention", ROW)
    camera.shoot("retention")
    camera.go("retail-privacy", ROW)
    camera.click(".o_control_panel button:has-text('New Request')", DIALOG)
    camera.shoot("privacy-new-request")
    camera.click(".modal footer button:has-text('Cancel')")
    camera.click(f"{ROW}:has-text('Erase') td[name=name]", f"{FORM} [name=subject_masked]")
    camera.shoot("privacy-request")


def configuration(stage: Stage) -> None:
    """The versions, a change that waits, and what a file would change."""
    camera, page = stage.camera, stage.camera.page
    camera.go("retail-config-versions", ROW)
    camera.shoot("config-versions")
    camera.click(f"{ROW}:has-text('Ready') td[name=reason]", f"{FORM} [name=changes_html]")
    camera.shoot("config-version")
    camera.go("retail-config-changes", ROW)
    camera.click(f"{ROW} td[name=reason] >> nth=0", f"{FORM} [name=changes_html]")
    camera.shoot("config-change")
    _backend(camera, HUB, "operation")
    with page.expect_download() as download:
        page.click("button[name=action_export_config]")
    content = json.loads(download.value.path().read_text())
    for item, values in content["items"].items():
        if item.startswith("policy/"):
            values |= {"stock_buffer": 5}
        if item.startswith("mapping/unit"):
            values |= {"ignored": True}
    camera.click("button[name=action_import_config]", f"{DIALOG} [name=file]")
    file = {"name": "bazaar.json", "mimeType": "application/json"}
    page.set_input_files(
        ".modal input[type=file]", {**file, "buffer": json.dumps(content).encode()}
    )
    camera.settle()
    camera.click(".modal button[name=action_compare]", ".modal [name=line_ids]")
    camera.shoot("config-import-difference")
    camera.click(".modal footer button:has-text('Cancel')")


def api_docs(stage: Stage) -> None:
    """The documentation that the API serves."""
    camera = stage.camera
    camera.page.goto(f"{camera.url}/retail/v1/docs")
    camera.page.wait_for_selector(".opblock")
    camera.shoot("api-docs")


DOORS: dict[str, Callable[[Stage], None]] = {
    scene.__name__.replace("_", "-"): scene
    for scene in (
        api_clients, subscriptions, deliveries, ownership, refusals, privacy, configuration,
        api_docs,
    )
}  # fmt: skip
