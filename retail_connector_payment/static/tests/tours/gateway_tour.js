import {click, see} from "@retail_connector_base/../tests/tours/steps";
import {registry} from "@web/core/registry";

const CARD = ".o_kanban_record:contains(Tour Gateway)";
const LINES = ".modal .o_field_widget[name=line_ids] .o_data_row";

registry.category("web_tour.tours").add("retail_connector_payment.gateway_set_up", {
    steps: () => [
        click("set the gateway up", `${CARD} button[name=action_set_up]`),
        see("a clearing account is proposed", `${LINES}:contains(Clearing):contains(Will Be Made)`),
        see("nothing is missing", ".modal .alert-info:contains(Everything is there)"),
        click("make it", ".modal button[name=action_apply]"),
        see("it is booked", `body:not(:has(.modal)) ${CARD}:contains(Booked from These Reports)`),
        click("open its page", `${CARD} .fw-bold`),
        see("its figures are told", ".o_form_view .o_field_widget[name=figures]"),
        click("open the unsettled entries", "button[name=action_open_unsettled]"),
        see("they are listed", ".o_breadcrumb:contains(Unsettled)"),
    ],
});
