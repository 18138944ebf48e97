import {click, openPage, pick, see, write} from "@retail_connector_base/../tests/tours/steps";
import {registry} from "@web/core/registry";

const COLUMN = ".o_kanban_group:has(.o_kanban_header:contains(%))";
const card = (column) => `${COLUMN.replace("%", column)} .o_kanban_record`;
const CLOSED = "body:not(:has(.modal))";

registry.category("web_tour.tours").add("retail_connector_3pl.release_again", {
    steps: () => [
        see("what is late is red", ".o_list_view .o_data_row.text-danger:contains(Accepted)"),
        click("by state", ".o_switch_view.o_kanban"),
        see("the late one", `${card("Accepted")}:contains(Late)`),
        click("open the rejected one", `${card("Rejected")} .fw-bolder`),
        see("why", ".o_form_view .alert-warning:contains(We do not take this.)"),
        see("what to do", ".o_form_view .alert-info:contains(Send Again)"),
        click("send it again", ".o_form_view button[name=action_send]:contains(Send Again)"),
        see("it is on its way", ".o_form_view .alert-info:contains(on its way)"),
        see("it is ready", ".o_arrow_button_current:contains(Ready)"),
    ],
});

const DIFFERENCE = ".o_form_view .o_field_widget[name=line_ids] .o_data_row";

registry.category("web_tour.tours").add("retail_connector_3pl.count_approve", {
    steps: () => [
        click("open the count", ".o_list_view .o_data_row.text-warning td[name=external_id]"),
        see("three are missing", `${DIFFERENCE}:contains(Product A):contains(Unexplained)`),
        see("seven were on their way", `${DIFFERENCE}:contains(Product B)`),
        openPage("events"),
        see("what explains them", ".o_field_widget[name=event_ids] .o_data_row:contains(S-TOUR)"),
        click("approve", ".o_form_view button[name=action_approve]"),
        see("of one item", ".modal .o_field_widget[name=line_count]:contains(1)"),
        click("not without a reason", ".modal button[name=action_decide]"),
        see("it is asked for", ".modal .o_field_widget[name=reason].o_field_invalid"),
        write("reason", "Recounted with the warehouse", ".modal"),
        click("approve", ".modal button[name=action_decide]"),
        see("it is approved", `${CLOSED} .o_arrow_button_current:contains(Approved)`),
    ],
});

const ROW = ".modal .o_field_widget[name=line_ids] .o_data_row";
const CAME = `${CLOSED} .o_field_widget[name=goods_ids] .o_data_row`;

registry.category("web_tour.tours").add("retail_connector_3pl.return_came", {
    steps: () => [
        click("open the customer's return", `${card("Customer")}:contains(RMA-77) .fw-bold`),
        see("it is his turn", ".o_form_view .alert-info:contains(customer sends the goods)"),
        click("it came", ".o_form_view button[name=action_came]"),
        click("how many", `${ROW} td[name=quantity]`),
        write("quantity", "1", `${ROW}.o_selected_row`),
        pick("condition", "Damaged", `${ROW}.o_selected_row`),
        click("book it", ".modal button[name=action_enter]"),
        see("it is our turn", `${CLOSED} .alert-info:contains(what becomes of the goods)`),
        openPage("goods"),
        click("scrap it", `${CAME}:contains(Damaged) button[name=action_scrap]`),
        see("it is decided", `${CAME} td[name=disposition]:contains(Scrap)`),
    ],
});
