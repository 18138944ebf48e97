import {registry} from "@web/core/registry";

const READING = 1500;

/** What the test tells the tours: where the simulated shop is and how to log in to it. */
function shop(name) {
    const found = document.cookie.match(new RegExp(`(?:^|; )retail_${name}=([^;]*)`));
    return decodeURIComponent(found[1]);
}

function settingStep(label, value) {
    const row = `.o_field_widget[name=setting_ids] .o_data_row:contains(${label})`;
    return [
        {
            content: `click the value of “${label}”`,
            trigger: `${row} td[name=value]`,
            run: "click",
        },
        {
            content: `enter “${label}”`,
            trigger: `${row} td[name=value] input`,
            run: ({anchor}) => {
                anchor.value = value();
                anchor.dispatchEvent(new InputEvent("input", {bubbles: true}));
                anchor.dispatchEvent(new Event("change", {bubbles: true}));
            },
        },
    ];
}

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Choose until the choice stays: the list may be drawn anew between its opening and the click. */
async function chooseVendor(name) {
    for (let attempt = 0; attempt < 10; attempt++) {
        const input = document.querySelector(".o_field_widget[name=provider] input");
        if (input.value.includes(name)) {
            return;
        }
        input.click();
        await wait(200);
        const items = [...document.querySelectorAll(".o_select_menu_item")];
        items.find((item) => item.textContent.includes(name))?.click();
        await wait(300);
    }
    throw new Error(`“${name}” could not be chosen`);
}

function checklistStep(code) {
    return [
        {
            content: `do the step “${code}” by its button`,
            trigger: `.o_retail_checklist [data-step=${code}] button:enabled`,
            run: "click",
        },
    ];
}

registry.category("web_tour.tours").add("retail_connector_shop.set_up", {
    steps: () => [
        {
            content: "name the backend",
            trigger: ".o_form_view .o_field_widget[name=name] input",
            run: "edit Tour Shop",
        },
        {
            content: "choose the vendor",
            trigger: ".o_field_widget[name=provider] input",
            run: () => chooseVendor("Shopify"),
        },
        {
            content: "go on",
            trigger: "button[name=action_prepare]",
            run: "click",
        },
        {
            content: "the checklist says what is next",
            trigger: "[data-step=settings].o_retail_step_current",
            // The form is read once more after its button; what was typed before would be lost.
            run: () => wait(READING),
        },
        ...settingStep("Shop domain", () => shop("domain")),
        ...settingStep("Client ID", () => shop("client_id")),
        ...settingStep("API address", () => shop("api_url")),
        {
            content: "save the settings",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "the secrets are next",
            trigger: ".o_retail_checklist [data-step=secrets].o_retail_step_current",
        },
        {
            content: "enter the client secret",
            trigger:
                ".o_field_widget[name=credential_ids] .o_data_row:contains(Client secret) button[name=action_rotate]",
            run: "click",
        },
        {
            content: "paste it",
            trigger: ".modal .o_field_widget[name=secret_input] input[type=password]",
            run: ({anchor}) => {
                anchor.value = shop("secret");
                anchor.dispatchEvent(new InputEvent("input", {bubbles: true}));
                anchor.dispatchEvent(new Event("change", {bubbles: true}));
            },
        },
        {
            content: "save it",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "only its end is shown",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=credential_ids] .o_data_row:contains(Client secret) td[name=masked]:contains(••••)",
        },
        {
            content: "the test is next",
            trigger: ".o_retail_checklist [data-step=test].o_retail_step_current",
        },
        ...checklistStep("test"),
        {
            content: "the report says who the shop is",
            trigger: ".o_retail_report:contains(Account)",
        },
        {
            content: "the backend is connected",
            trigger: ".o_retail_checklist [data-step=test].o_retail_step_done",
        },
        ...checklistStep("webhooks"),
        {
            content: "the subscriptions are there",
            trigger: ".o_retail_checklist [data-step=webhooks].o_retail_step_done",
        },
        ...checklistStep("start"),
        {
            content: "it runs, and the checklist is gone",
            trigger:
                ".o_form_view:not(:has(.o_retail_checklist)) .o_arrow_button_current:contains(Running)",
        },
    ],
});

registry.category("web_tour.tours").add("retail_connector_shop.fix_exception", {
    steps: () => [
        {
            content: "the overview counts the order and the exception",
            trigger:
                ".o_kanban_record:contains(Tour Shop) a[name=action_open_exceptions]:contains(1)",
            run: "click",
        },
        {
            content: "open the exception",
            trigger: ".o_data_row td[name=title]:contains(No product for)",
            run: "click",
        },
        {
            content: "it says what is at risk, and offers the fix",
            trigger: ".o_retail_cause button[name=action_fix]:contains(Find the Product)",
            run: "click",
        },
        {
            content: "search the product",
            trigger: ".modal .o_field_widget[name=product_id] input",
            run: "edit Tour Surprise Box",
        },
        {
            content: "choose it",
            trigger: ".o-autocomplete--dropdown-item a:contains(Tour Surprise Box)",
            run: "click",
        },
        {
            content: "bind it",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "its message is in the queue again",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=inbox_message_ids] .o_data_row .badge:contains(Received)",
        },
    ],
});

registry.category("web_tour.tours").add("retail_connector_shop.see_order", {
    steps: () => [
        {
            content: "nothing needs a person any more",
            trigger:
                ".o_kanban_record:contains(Tour Shop) a[name=action_open_exceptions]:contains(0)",
        },
        {
            content: "open the orders",
            trigger: ".o_kanban_record:contains(Tour Shop) a[name=action_open_orders]:contains(2)",
            run: "click",
        },
        {
            content: "open the newest",
            trigger: ".o_data_row td[name=name]",
            run: "click",
        },
        {
            content: "its process is shown",
            trigger: ".o_retail_process .o_retail_process_done:contains(Validated)",
        },
        {
            content: "open the sale order",
            trigger: "button[name=action_open_sale_order]",
            run: "click",
        },
        {
            content: "which leads back to the channel's order",
            trigger: "button[name=action_open_retail_binding]",
            run: "click",
        },
        {
            content: "and we are there",
            trigger: ".o_form_view .o_retail_process",
        },
    ],
});
