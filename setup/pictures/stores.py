"""Scenes of stores: the estate, its days, a day that does not tie, a ticket, the set-up."""

from collections.abc import Callable

from .scenes import FORM, ROW, Stage
from .stores_world import ESTATE, LIST, NEW_ESTATE

CARD = ".o_kanban_record:not(.o_kanban_ghost)"


def estate(stage: Stage) -> None:
    """The stores with the day of each register, one of them, and its tickets."""
    camera = stage.camera
    camera.go("retail-stores", f"{CARD} .o_retail_pos_registers .badge")
    camera.shoot("stores")
    camera.click(f"{CARD} .fw-bold >> nth=0", f"{FORM} [name=register_ids] .o_data_row")
    camera.shoot("store")
    camera.go("retail-tickets", ROW)
    camera.shoot("tickets")
    camera.click(f"{ROW} td[name=number] >> nth=3", f"{FORM} [name=told_html] table")
    camera.shoot("ticket")


def days(stage: Stage) -> None:
    """The business days, one that does not tie, and its signature."""
    camera = stage.camera
    camera.go("retail-days", ".o_list_renderer .o_group_header")
    for header in (".o_group_header >> nth=0",):
        camera.page.click(header)
    camera.settle()
    camera.shoot("days")
    camera.go("retail-days?view_type=kanban", f"{CARD}:has-text('Differs'), {CARD}")
    camera.shoot("days-board")
    camera.go("retail-exceptions", ROW)
    camera.click(f"{ROW}:has-text('does not tie') td[name=title] >> nth=0", f"{FORM} [name=cause]")
    camera.click("button[name=action_open_document]", f"{FORM} [name=differences_html]")
    camera.shoot("day-different")


def stores_set_up(stage: Stage) -> None:
    """The wizard with a pasted list; what it proposes for stores, registers and tenders."""
    camera, page = stage.camera, stage.camera.page
    camera.go("retail-backends", ROW)
    camera.click(f"{ROW}:has-text('{NEW_ESTATE}') td[name=name] >> nth=0", f"{FORM} .o_notebook")
    page.click(".o_notebook .nav-link[name=stores]")
    page.click("button[name=action_set_up_stores] >> visible=true >> nth=0")
    page.click(".modal .o_notebook .nav-link[name=list]")
    page.fill(".modal [name=pasted] textarea", LIST)
    page.click(".modal button[name=action_propose]:has-text('Read the List')")
    page.wait_for_selector(".modal .alert-info")
    page.click(".modal .o_notebook .nav-link[name=stores]")
    camera.shoot("stores-set-up")
    page.click(".modal .o_notebook .nav-link[name=registers]")
    page.mouse.move(0, 0)
    camera.shoot("stores-set-up-registers")
    camera.click(".modal footer button[special=cancel]")


def stores_page(stage: Stage) -> None:
    """The backend's page."""
    camera = stage.camera
    camera.go("retail-backends", ROW)
    camera.click(f"{ROW}:has-text('{ESTATE}') td[name=name] >> nth=0", f"{FORM} .o_notebook")
    camera.page.click(".o_notebook .nav-link[name=stores]")
    camera.shoot("backend-stores")


STORES: dict[str, Callable[[Stage], None]] = {
    scene.__name__: scene for scene in (estate, days, stores_page, stores_set_up)
}
