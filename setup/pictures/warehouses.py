"""Scenes of a third party's warehouse: releases, a count, returns, an invoice that is checked."""

from collections.abc import Callable

from .camera import SIZE
from .scenes import FORM, ROW, Stage
from .warehouses_world import COUNT, DAMAGED, REASON

CARD = ".o_kanban_record:not(.o_kanban_ghost)"
TALL = {**SIZE, "height": 1050}


def releases(stage: Stage) -> None:
    """The releases, the board of their states, and one that the warehouse does not take."""
    camera = stage.camera
    camera.go("retail-releases", ROW)
    camera.shoot("releases")
    camera.go("retail-releases?view_type=kanban", f"{CARD}:has-text('Late')")
    camera.shoot("releases-board")
    camera.click(f"{CARD}:has-text('{REASON}') .fw-bolder", f"{FORM} [name=line_ids] .o_data_row")
    camera.shoot("release")


def counts(stage: Stage) -> None:
    """A count with what is explained and what is not, and its approval."""
    camera = stage.camera
    camera.page.set_viewport_size(TALL)
    camera.go("retail-stock-counts", ROW)
    camera.click(f"{ROW}:has-text('{COUNT}') td[name=external_id]", f"{FORM} {ROW}")
    camera.shoot("stock-count")
    camera.page.set_viewport_size(SIZE)
    camera.click("button[name=action_approve]", ".modal [name=reason] input")
    camera.page.fill(".modal [name=reason] input", "Recounted with the warehouse on Tuesday")
    camera.shoot("stock-count-approve")
    camera.click(".modal footer button:has-text('Cancel')")


def warehouse_returns(stage: Stage) -> None:
    """The returns desk, and a return whose goods came back damaged."""
    camera = stage.camera
    camera.go("retail-returns", CARD)
    camera.shoot("returns-desk")
    camera.page.set_viewport_size(TALL)
    camera.click(f"{CARD}:has-text('{DAMAGED}') .fw-bold >> nth=0", f"{FORM} .o_notebook")
    camera.page.click(".o_notebook .nav-link[name=goods]")
    camera.page.wait_for_selector(f"{FORM} button[name=action_scrap]")
    camera.shoot("return")
    camera.page.set_viewport_size(SIZE)


def warehouse_invoices(stage: Stage) -> None:
    """An invoice with the charges that are not what was agreed, or not what was done."""
    camera = stage.camera
    camera.page.set_viewport_size(TALL)
    camera.go("retail-warehouse-invoices", ROW)
    camera.click(f"{ROW} td[name=number] >> nth=0", f"{FORM} .o_notebook")
    camera.page.click(".o_notebook .nav-link[name=differences]")
    camera.page.wait_for_selector(f"{FORM} [name=different_line_ids] .o_data_row")
    camera.shoot("warehouse-invoice")
    camera.page.set_viewport_size(SIZE)


WAREHOUSES: dict[str, Callable[[Stage], None]] = {
    scene.__name__.replace("_", "-"): scene
    for scene in (releases, counts, warehouse_returns, warehouse_invoices)
}
