import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** Draws what a provider does, and what it openly does not do. */
export class CapabilitiesField extends Component {
    static template = "retail_connector_base.CapabilitiesField";
    static props = {...standardFieldProps};

    get capabilities() {
        return this.props.record.data[this.props.name] || [];
    }
}

export const capabilitiesField = {
    component: CapabilitiesField,
    displayName: _t("Capabilities"),
    supportedTypes: ["json"],
};

registry.category("fields").add("retail_capabilities", capabilitiesField);
