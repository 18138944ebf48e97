import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * Draws the steps of a set-up, each with its state and the button that does it.
 *
 * A step is `{code, label, hint, done, current, failed, optional, ready, button, button_label}`;
 * `button` is a method of the record.
 */
export class ChecklistField extends Component {
    static template = "retail_connector_base.ChecklistField";
    static props = {...standardFieldProps};

    get steps() {
        return this.props.record.data[this.props.name] || [];
    }

    get doneCount() {
        return this.steps.filter((step) => step.done).length;
    }

    get percent() {
        return this.steps.length ? Math.round((100 * this.doneCount) / this.steps.length) : 0;
    }

    icon(step) {
        if (step.done) {
            return "fa-check-circle text-success";
        }
        if (step.failed) {
            return "fa-times-circle text-danger";
        }
        return step.current ? "fa-arrow-circle-right text-primary" : "fa-circle-o text-muted";
    }

    status(step) {
        if (step.done) {
            return _t("Done");
        }
        if (step.failed) {
            return _t("Failed");
        }
        return step.current ? _t("Next") : _t("To do");
    }

    async onClick(step) {
        const {record} = this.props;
        await this.env.onClickViewButton({
            clickParams: {type: "object", name: step.button},
            getResParams: () => ({
                context: record.context,
                evalContext: record.evalContext,
                resModel: record.resModel,
                resId: record.resId,
                resIds: record.resIds,
            }),
        });
    }
}

export const checklistField = {
    component: ChecklistField,
    displayName: _t("Checklist"),
    supportedTypes: ["json"],
};

registry.category("fields").add("retail_checklist", checklistField);
