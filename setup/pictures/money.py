"""Scenes of payments: gateways, their set-up, a payout, a reconciliation."""

from collections.abc import Callable

from .scenes import FORM, ROW, Stage

CARD = ".o_kanban_record:not(.o_kanban_ghost)"
FIGURES = ".o_retail_gateway_figures"


def gateways(stage: Stage) -> None:
    """The overview, one gateway, and the set-up of one that nobody has decided about."""
    camera = stage.camera
    camera.go("retail-gateways", f"{CARD} .o_retail_figure")
    camera.shoot("gateways")
    unset = f"{CARD} button[name=action_set_up]"
    if camera.page.locator(unset).count():
        camera.click(f"{unset} >> nth=0", ".modal [name=line_ids] .o_data_row")
        camera.shoot("gateway-set-up")
        camera.click(".modal footer button[special=cancel]")
    # One that has figures: what nobody paid by has none. Its name is no link, as its figures are.
    camera.click(f"{CARD} >> text=shopify_payments >> nth=0", f"{FORM} {FIGURES}")
    camera.shoot("gateway")


def payouts(stage: Stage) -> None:
    """The payouts and one of them."""
    camera = stage.camera
    camera.go("retail-payouts", ROW)
    camera.shoot("payouts")
    camera.click(f"{ROW} td >> nth=1", f"{FORM} .o_notebook")
    camera.shoot("payout")


def reconciliation(stage: Stage) -> None:
    """A run that can be worked through."""
    camera = stage.camera
    camera.go("retail-reconciliation", ROW)
    camera.click(f"{ROW} td >> nth=1", f"{FORM} .o_notebook")
    camera.shoot("reconciliation")


MONEY: dict[str, Callable[[Stage], None]] = {
    scene.__name__: scene for scene in (gateways, payouts, reconciliation)
}
