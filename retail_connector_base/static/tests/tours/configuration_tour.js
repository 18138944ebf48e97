import {click, link, openPage, pick, save, see, write} from "./steps";
import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("retail_connector_base.second_person", {
    steps: () => [
        openPage("operation"),
        pick("config_policy", "Approved by a Second Person"),
        write("change_reason", "We go live"),
        ...save(),
    ],
});

registry.category("web_tour.tours").add("retail_connector_base.change_mapping", {
    steps: () => [
        click("map the word", ".o_data_row:contains(DZ-TOUR) button[name=action_map]"),
        link("uom_id", "Dozen", ".modal"),
        write("reason", "They count in dozens", ".modal"),
        click("map it", ".modal button[name=action_apply]"),
        see("it is still unmapped", "body:not(:has(.modal)) .o_data_row:contains(DZ-TOUR)"),
    ],
});

registry.category("web_tour.tours").add("retail_connector_base.approve_change", {
    steps: () => [
        click("open the change", ".o_data_row td[name=reason]:contains(They count in dozens)"),
        see("what it changes is shown", ".o_form_view [name=changes_html]:contains(Dozen)"),
        click("approve it", "button[name=action_approve]"),
        see("it is applied", ".o_arrow_button_current:contains(Applied)"),
    ],
});
