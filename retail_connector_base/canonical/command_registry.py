"""The commands by kind."""

from .command import (
    CancelFulfillment,
    CapturePayment,
    Command,
    DeliverEvent,
    Fulfill,
    RefundPayment,
    ReportDelivery,
    UpdateTracking,
    VoidPayment,
)
from .warehouse_command import WAREHOUSE_COMMANDS

COMMANDS: dict[str, type[Command]] = {
    model.kind: model
    for model in (
        Fulfill,
        UpdateTracking,
        CancelFulfillment,
        ReportDelivery,
        DeliverEvent,
        RefundPayment,
        CapturePayment,
        VoidPayment,
        *WAREHOUSE_COMMANDS,
    )
}
