import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** Draws a gateway's figures as a table: one row a currency, what differs in red. */
export class GatewayFiguresField extends Component {
    static template = "retail_connector_payment.GatewayFiguresField";
    static props = {...standardFieldProps};

    get columns() {
        return [
            ["available", _t("At the gateway: available")],
            ["pending", _t("At the gateway: pending")],
            ["clearing", _t("Clearing account")],
            ["unsettled", _t("Unsettled entries")],
            ["difference", _t("Difference")],
            ["to_post", _t("Waiting to be posted")],
            ["in_transit", _t("In transit to the bank")],
        ];
    }

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }

    /** All amounts of a currency have as many places as the most exact one. */
    places(row) {
        const amounts = this.columns.map(([name]) => String(row[name] ?? ""));
        return Math.max(...amounts.map((text) => (text.split(".")[1] || "").length));
    }

    text(row, name) {
        const value = row[name];
        if (value === null || value === undefined) {
            return "–";
        }
        const places = this.places(row);
        return formatFloat(Number(value), {digits: [16, places]});
    }

    differs(column, value) {
        return column === "difference" && Number(value) !== 0;
    }
}

export const gatewayFiguresField = {
    component: GatewayFiguresField,
    displayName: _t("Figures of a Gateway"),
    supportedTypes: ["json"],
};

registry.category("fields").add("retail_gateway_figures", gatewayFiguresField);
