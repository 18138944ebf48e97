import {click, openPage, see} from "@retail_connector_base/../tests/tours/steps";
import {registry} from "@web/core/registry";

const LIST = ["S1;Berlin;R1;Till 1", "S1;Berlin;R2;Till 2", "S2;Hamburg;R1;Till 1"];
const rows = (name) => `.modal .o_field_widget[name=${name}] .o_data_row`;

registry.category("web_tour.tours").add("retail_connector_pos.stores_set_up", {
    steps: () => [
        openPage("stores"),
        click("set the stores up", ".o_form_view button[name=action_set_up_stores]"),
        click("paste a list", ".modal .o_notebook .nav-link[name=list]"),
        {
            content: "two stores with two tills each",
            trigger: ".modal .o_field_widget[name=pasted] textarea",
            run: (helpers) => helpers.edit(LIST.join("\n")),
        },
        click("read it", ".modal button[name=action_propose]:contains(Read the List)"),
        see("nothing is missing", ".modal .alert-info:contains(Nothing is missing)"),
        click("look at the stores", ".modal .o_notebook .nav-link[name=stores]"),
        see("Berlin is found", `${rows("store_ids")}:contains(Berlin):contains(Take)`),
        see("Hamburg is made", `${rows("store_ids")}:contains(Hamburg):contains(Make)`),
        click("look at the registers", ".modal .o_notebook .nav-link[name=registers]"),
        see("three of them", `${rows("register_ids")}:nth-child(3)`),
        click("look at the tenders", ".modal .o_notebook .nav-link[name=tenders]"),
        see("its own drawer", `${rows("tender_ids")}:contains(BAR):contains(Drawer)`),
        click("make it", ".modal button[name=action_apply]"),
        see("it is done", "body:not(:has(.modal)) .o_form_view"),
    ],
});

const CARD = ".o_kanban_record:contains(Store S1)";

registry.category("web_tour.tours").add("retail_connector_pos.stores_look", {
    steps: () => [
        see("a register's day is drawn", `${CARD} .badge[data-state=open]`),
        click("open the store", `${CARD} .fw-bold`),
        see("its registers", ".o_form_view .o_field_widget[name=register_ids] .o_data_row"),
        click("open its tickets", "button[name=action_open_tickets]"),
        click("open one", ".o_list_view .o_data_row td[name=number]"),
        see("what the register told", ".o_field_widget[name=told_html] table:contains(Thing A)"),
    ],
});
