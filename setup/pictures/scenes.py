"""What is shown in the documentation: a scene by name, each with one or several pictures."""

from collections.abc import Callable
from dataclasses import dataclass

from simulator import ShopifySimulator

from .camera import Camera

ROW = ".o_list_renderer .o_data_row"
FORM = ".o_form_view"
STEP = ".o_retail_checklist [data-step={}]"


@dataclass(frozen=True)
class Stage:
    """The camera, and a shop that is not connected yet."""

    camera: Camera
    shop: ShopifySimulator


def set_up(stage: Stage) -> None:
    """A new backend: the vendor, the checklist, the secret, the tested connection."""
    camera, page = stage.camera, stage.camera.page
    with stage.shop as shop:
        camera.go("retail-backends/new", f"{FORM} [name=provider]")
        page.fill(f"{FORM} [name=name] input", "Sunset Outlet")
        page.click(f"{FORM} [name=provider] input")
        page.click(".o_select_menu_item:has-text('Shopify')")
        camera.shoot("set-up-vendor")
        camera.click("button[name=action_prepare]", STEP.format("settings"))
        camera.settle()
        camera.shoot("set-up-checklist")
        for label, value in (
            ("Shop domain", shop.shop.domain),
            ("Client ID", shop.app.client_id),
            ("API address", shop.base_url),
        ):
            row = f"[name=setting_ids] {ROW}:has-text('{label}') td[name=value]"
            page.click(row)
            page.fill(f"{row} input", value)
        page.click(".o_form_button_save")
        camera.settle()
        page.click(f"[name=credential_ids] {ROW}:has-text('Client secret') button")
        page.fill(".modal [name=secret_input] input", shop.app.client_secret)
        camera.shoot("set-up-secret")
        camera.click(".modal .o_form_button_save", f"{STEP.format('test')}.o_retail_step_current")
        page.wait_for_selector(".modal", state="detached")
        page.click(f"{STEP.format('test')} button")
        page.wait_for_selector(f"{STEP.format('test')}.o_retail_step_done")
        camera.shoot("set-up-tested")
        page.locator(".o_retail_report").scroll_into_view_if_needed()
        camera.shoot("connection-report")


def overview(stage: Stage) -> None:
    """The backends and how they are."""
    stage.camera.go("retail", ".o_kanban_record .o_dashboard_graph canvas")
    stage.camera.shoot("overview")


def exceptions(stage: Stage) -> None:
    """The list, one exception, and the dialog of its fix."""
    camera = stage.camera
    camera.go("retail-exceptions", ROW)
    camera.shoot("exceptions")
    camera.click(f"{ROW} td[name=title]", f"{FORM} .o_retail_cause")
    camera.shoot("exception")
    camera.go("retail-exceptions", ROW)
    camera.page.click(f"{ROW}:has-text('is not mapped') button[name=action_fix] >> nth=0")
    camera.page.wait_for_selector(".modal .o_form_view")
    camera.shoot("map-tax")
    camera.go("retail-exceptions", ROW)
    camera.page.click(f"{ROW}:has-text('No product') button[name=action_fix] >> nth=0")
    camera.page.wait_for_selector(".modal .o_form_view")
    camera.shoot("find-product")


def messages(stage: Stage) -> None:
    """The inbox and one message."""
    camera = stage.camera
    camera.go("retail-messages", ROW)
    camera.shoot("messages")
    camera.click(f"{ROW} td[name=topic] >> nth=0", f"{FORM} .ace_content")
    camera.shoot("message")


def orders(stage: Stage) -> None:
    """What channels said about orders, and the sale order."""
    camera = stage.camera
    camera.go("retail-orders", ROW)
    camera.shoot("orders")
    camera.click(f"{ROW} td[name=name] >> nth=0", f"{FORM} .o_retail_process")
    camera.shoot("order")
    camera.go("retail-held-orders", ROW)
    camera.click(f"{ROW} td[name=name] >> nth=0", f"{FORM} .o_retail_process")
    camera.shoot("held-order")
    camera.click("button[name=action_open_sale_order]", f"{FORM} [name=order_line]")
    camera.shoot("sale-order")


def backend(stage: Stage) -> None:
    """A running backend, page by page."""
    camera = stage.camera
    camera.go("retail-backends", ROW)
    camera.click(f"{ROW}:has-text('Nordlicht') td[name=name] >> nth=0", f"{FORM} .o_notebook")
    camera.shoot("backend")
    for page in ("flows", "orders", "special_products", "capabilities", "operation"):
        camera.page.click(f".o_notebook .nav-link[name={page}]")
        camera.shoot(f"backend-{page.replace('_', '-')}")


def credentials(stage: Stage) -> None:
    """Rotating a secret."""
    camera = stage.camera
    camera.go("retail-credentials", ROW)
    camera.click(f"{ROW} button[name=action_rotate] >> nth=0", ".modal [name=secret_input] input")
    camera.shoot("rotate-secret")


def mappings(stage: Stage) -> None:
    """The mapping tables."""
    stage.camera.go("retail-mappings", ROW)
    stage.camera.shoot("mappings")


def flows(stage: Stage) -> None:
    """The flows with their health, and the backfill."""
    camera = stage.camera
    camera.go("retail-flows", ROW)
    camera.shoot("flows")
    orders_in = f"{ROW}:has(td[name=kind]:text-is('order')):has(td[name=direction]:text-is('In'))"
    camera.click(f"{orders_in} td[name=kind] >> nth=0", f"{FORM} [name=health]")
    camera.click(".o_statusbar_buttons button:has-text('Backfill')", ".modal [name=since]")
    camera.shoot("backfill")


def stock(stage: Stage) -> None:
    """Where the channel keeps stock, what it was told of it, and why something differs."""
    camera = stage.camera
    camera.go("retail-backends", ROW)
    camera.click(f"{ROW}:has-text('Sunset') td[name=name] >> nth=0", f"{FORM} .o_notebook")
    camera.page.click(".o_notebook .nav-link[name=stock]")
    camera.shoot("backend-stock")
    camera.click(".o-form-buttonbox button:has-text('More')", "button[name=action_open_stock]")
    camera.click("button[name=action_open_stock]", f"{ROW} td[name=acknowledged]")
    camera.shoot("stock-differences")
    camera.go("retail-flows", ROW)
    stock_out = f"{ROW}:has-text('Stock'):has-text('Out')"
    camera.click(f"{stock_out} td[name=kind] >> nth=0", f"{FORM} [name=health]")
    camera.shoot("stock-flow")
    camera.go("retail-products", ROW)
    camera.click(f"{ROW} td[name=title] >> nth=0", f"{FORM} [name=stock_state_ids]")
    camera.shoot("bound-product")


def prices(stage: Stage) -> None:
    """The published prices."""
    stage.camera.go("retail-prices", ROW)
    stage.camera.shoot("prices")


def listing(stage: Stage) -> None:
    """The published products, and one of them."""
    camera = stage.camera
    camera.go("retail-listings", ROW)
    camera.click(f"{ROW} td[name=product_tmpl_id] >> nth=0", f"{FORM} [name=difference_html]")
    camera.shoot("listing")


def outbox(stage: Stage) -> None:
    """The commands, one of them, and the delivery it is about."""
    camera = stage.camera
    camera.go("retail-commands", ROW)
    camera.shoot("commands")
    camera.click(f"{ROW} td[name=subject] >> nth=0", f"{FORM} .ace_content")
    camera.shoot("command")
    camera.click(
        "button[name=action_open_record]", f"{FORM} button[name=action_open_retail_commands]"
    )
    camera.page.mouse.move(0, 0)
    camera.shoot("delivery")


def gates(stage: Stage) -> None:
    """The gates of the connected systems."""
    camera = stage.camera
    camera.go("retail-gates", ROW)
    row = f"{ROW}:has-text('Outlet')"
    camera.click(f"{row} button[name=action_pause]", f"{row} button[name=action_resume]")
    camera.shoot("gates")
    camera.click(f"{row} button[name=action_resume]", f"{row} button[name=action_pause]")


def audit(stage: Stage) -> None:
    """Who did what."""
    stage.camera.go("retail-audit", ROW)
    stage.camera.shoot("audit")


SCENES: dict[str, Callable[[Stage], None]] = {
    scene.__name__.replace("_", "-"): scene
    for scene in (
        overview, exceptions, messages, orders, backend, credentials, mappings, flows, stock,
        prices, listing, outbox, gates, audit, set_up,
    )
}  # fmt: skip
