import {registry} from "@web/core/registry";

const PLACES = ".o_field_widget[name=location_binding_ids]";
const FLOW =
    ".o_field_widget[name=flow_ids] .o_data_row:contains(Stock):has(td[name=direction]:contains(Out))";

function openPage(name) {
    return {
        content: `open the page “${name}”`,
        trigger: `.o_notebook .nav-link[name=${name}]`,
        run: "click",
    };
}

registry.category("web_tour.tours").add("retail_connector_shop.publish_stock", {
    steps: () => [
        openPage("stock"),
        {
            content: "ask the shop where it keeps stock",
            trigger: "button[name=action_fetch_locations]",
            run: "click",
        },
        {
            content: "its places are listed",
            trigger: `${PLACES} .o_data_row:contains(Annex)`,
        },
        {
            content: "choose whose stock is offered in one of them",
            trigger: `${PLACES} .o_data_row:contains(Main) td[name=odoo_id]`,
            run: "click",
        },
        {
            content: "search it",
            trigger: `${PLACES} .o_data_row td[name=odoo_id] input`,
            run: "edit WH/Stock",
        },
        {
            content: "take it",
            trigger: ".o-autocomplete--dropdown-item a:contains(/^WH/Stock$/)",
            run: "click",
        },
        {
            content: "save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "it is saved",
            trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_dirty))",
        },
        openPage("flows"),
        {
            content: "start to publish stock",
            trigger: `${FLOW} button[name=action_resume]`,
            run: "click",
        },
        {
            content: "it runs",
            trigger: `${FLOW} button[name=action_pause]`,
        },
    ],
});

registry.category("web_tour.tours").add("retail_connector_shop.see_stock_and_pause_gate", {
    steps: () => [
        {
            content: "nothing differs; open what was told",
            trigger: "button[name=action_open_stock]:contains(0)",
            run: "click",
        },
        {
            content: "the shop acknowledged it",
            trigger: ".o_data_row:contains(Main) td[name=acknowledged]:contains(37)",
        },
        {
            content: "open it",
            trigger: ".o_data_row:contains(Main):contains(In Step) td[name=desired]",
            run: "click",
        },
        {
            content: "go back to the backend",
            trigger: ".o_form_view .o_field_widget[name=backend_id]",
        },
        {
            content: "by the breadcrumb",
            trigger: ".breadcrumb-item a:contains(Way Out Shop), .o_back_button a",
            run: "click",
        },
        openPage("operation"),
        {
            content: "hold requests back",
            trigger: ".o_field_widget[name=gate_ids] button[name=action_pause]",
            run: "click",
        },
        {
            content: "the backend says so",
            trigger: ".alert:contains(Requests are held back)",
        },
    ],
});

registry.category("web_tour.tours").add("retail_connector_shop.resume_gate", {
    steps: () => [
        {
            content: "the gate is paused; let requests leave again",
            trigger:
                ".o_data_row:contains(Way Out Shop):contains(Paused) button[name=action_resume]",
            run: "click",
        },
        {
            content: "it flows",
            trigger: ".o_data_row:contains(Way Out Shop):contains(Flowing)",
        },
    ],
});

registry.category("web_tour.tours").add("retail_connector_shop.publish_product", {
    steps: () => [
        {
            content: "look for the product",
            trigger: ".o_searchview_input",
            run: "edit Way Out Lamp",
        },
        {
            content: "search",
            trigger: ".o_searchview_autocomplete .o-dropdown-item:first-child",
            run: "click",
        },
        {
            content: "as a list",
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            content: "select it",
            trigger:
                ".o_list_view:not(:has(.o_data_row:nth-child(2))) .o_data_row:contains(Way Out Lamp) .o_list_record_selector input",
            run: "click",
        },
        {
            content: "open the actions",
            trigger: ".o_control_panel .o_cp_action_menus button:has(.fa-cog)",
            run: "click",
        },
        {
            content: "publish it",
            trigger: ".o-dropdown-item:contains(Publish to a Channel)",
            run: "click",
        },
        {
            content: "the only shop is chosen; check",
            trigger: ".modal button[name=action_preview]",
            run: "click",
        },
        {
            content: "nothing speaks against it",
            trigger: ".modal .o_retail_ready:contains(1)",
        },
        {
            content: "publish",
            trigger: ".modal button[name=action_publish]",
            run: "click",
        },
        {
            content: "it is on its way",
            trigger: "body:not(:has(.modal)) .o_list_view",
        },
    ],
});

registry.category("web_tour.tours").add("retail_connector_shop.see_published", {
    steps: () => [
        {
            content: "the shop acknowledged it",
            trigger: ".o_data_row:contains(Way Out Lamp):contains(In Step) td[name=backend_id]",
            run: "click",
        },
        {
            content: "nothing differs",
            trigger: ".o_retail_listing_form .o_field_widget[name=difference_html]",
        },
    ],
});
