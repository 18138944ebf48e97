import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const LOOKS = {
    setup: ["text-bg-warning", "fa-wrench"],
    none: ["text-bg-light border", "fa-minus"],
    open: ["text-bg-info", "fa-shopping-cart"],
    reported: ["text-bg-info", "fa-file-text-o"],
    closing: ["text-bg-info", "fa-spinner"],
    different: ["text-bg-danger", "fa-exclamation-triangle"],
    closed: ["text-bg-success", "fa-check"],
};

/** Draws the registers of a store: one mark each, told by colour, sign and words. */
export class RegistersField extends Component {
    static template = "retail_connector_pos.RegistersField";
    static props = {...standardFieldProps};

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }

    get closedShare() {
        const days = this.rows.filter((row) => !["setup", "none"].includes(row.state));
        const closed = days.filter((row) => row.state === "closed");
        return days.length ? Math.round((100 * closed.length) / days.length) : 0;
    }

    get hasDays() {
        return this.rows.some((row) => !["setup", "none"].includes(row.state));
    }

    color(row) {
        return (LOOKS[row.state] || LOOKS.none)[0];
    }

    icon(row) {
        return (LOOKS[row.state] || LOOKS.none)[1];
    }

    title(row) {
        return `${row.name}: ${row.said}`;
    }
}

export const registersField = {
    component: RegistersField,
    displayName: _t("Registers of a Store"),
    supportedTypes: ["json"],
};

registry.category("fields").add("retail_pos_registers", registersField);
