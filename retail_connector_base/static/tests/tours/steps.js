/** What the tours of this addon share. They wait for what is shown, never for a fixed time. */

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Wait until a function gives something true; return that. */
export async function until(found, what) {
    for (let attempt = 0; attempt < 100; attempt++) {
        const value = await found();
        if (value) {
            return value;
        }
        await wait(100);
    }
    throw new Error(`${what}: this did not come`);
}

const field = (name, within) => `${within} .o_field_widget[name=${name}]`;

export function click(content, trigger) {
    return {content, trigger, run: "click"};
}

export function see(content, trigger) {
    return {content, trigger};
}

export function write(name, value, within = ".o_form_view") {
    return {
        content: `write “${value}” into “${name}”`,
        trigger: `${field(name, within)} :is(input, textarea)`,
        run: `edit ${value}`,
    };
}

export function openPage(name) {
    return click(`open the page “${name}”`, `.o_notebook .nav-link[name=${name}]`);
}

/** Choose until the choice stays: a list may be drawn anew between its opening and the click. */
async function choose(selector, value, open, items) {
    const input = () => document.querySelector(`${selector} input`);
    await until(async () => {
        open(input());
        await wait(300);
        const found = [...document.querySelectorAll(items)];
        const item = found.find((each) => each.textContent.includes(value));
        item?.click();
        await wait(300);
        return item && input().value.includes(value) && !document.querySelector(items);
    }, `choosing “${value}” in ${selector}`);
}

/** Choose in a selection. */
export function pick(name, value, within = ".o_form_view") {
    const selector = field(name, within);
    return {
        content: `choose “${value}” in “${name}”`,
        trigger: `${selector} input`,
        run: () => choose(selector, value, (input) => input.click(), ".o_select_menu_item"),
    };
}

/** Choose a record. */
export function link(name, value, within = ".o_form_view") {
    const selector = field(name, within);
    const type = (input) => {
        input.focus();
        input.value = value;
        input.dispatchEvent(new InputEvent("input", {bubbles: true}));
    };
    return {
        content: `choose the record “${value}” in “${name}”`,
        trigger: `${selector} input`,
        run: () => choose(selector, value, type, ".o-autocomplete--dropdown-item a"),
    };
}

export function save() {
    return [click("save", ".o_form_button_save"), see("it is saved", ".o_form_saved")];
}

/** Fail if a secret is anywhere in the page, or in what the browser keeps of it. */
export function assertForgotten(secret) {
    const places = {
        page: document.documentElement.outerHTML,
        inputs: [...document.querySelectorAll("input, textarea")]
            .map((input) => input.value)
            .join(),
        address: document.location.href,
        history: JSON.stringify(history.state),
        session: JSON.stringify({...sessionStorage}),
        local: JSON.stringify({...localStorage}),
        cookie: document.cookie,
    };
    for (const [place, text] of Object.entries(places)) {
        if (!secret || text?.includes(secret)) {
            throw new Error(`The secret is still in: ${place}`);
        }
    }
}
