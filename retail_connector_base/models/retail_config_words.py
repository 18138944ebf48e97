from odoo import api, models

from ..decisions.config_difference import shown
from ..decisions.ownership_table import BY_KEY, DOMAINS


class RetailConfig(models.AbstractModel):
    """Changes of configuration in the words of the screens, not of the file."""

    _inherit = "retail.config"

    @api.model
    def _in_words(self, change):
        """Return what is changed, its field, and its values before and after.

        What is not known here (any more) keeps its technical name.
        """
        prefix, *parts = change.item.split("/")
        model = self._model_of(prefix)
        if model is None:
            return change.item, change.field, shown(change.before), shown(change.after)
        if not change.field:
            return model._governed_title(parts), self.env._("No longer there"), "–", "–"
        known = model.fields_get([change.field], ["string", "selection"]).get(change.field, {})
        words = dict(known.get("selection") or ())
        before, after = (
            self._value_in_words(words, each) for each in (change.before, change.after)
        )
        return model._governed_title(parts), known.get("string", change.field), before, after

    def _value_in_words(self, words, value):
        if isinstance(value, bool):
            return self.env._("Yes") if value else self.env._("No")
        return words.get(value, shown(value)) if isinstance(value, str) else shown(value)

    def _model_of(self, prefix):
        models_ = (self.env[name].sudo() for name in self._models())
        return next((each for each in models_ if each._governed_prefix() == prefix), None)


class RetailGovernedMixin(models.AbstractModel):
    """How an item is called."""

    _inherit = "retail.governed.mixin"

    @api.model
    def _governed_title(self, parts):
        """Return what people call the item whose name has these parts after its prefix."""
        return "/".join(parts)

    def _word_of(self, field, value):
        return dict(self._fields[field]._description_selection(self.env)).get(value, value)


class RetailBackend(models.Model):
    """The backend's own policies."""

    _inherit = "retail.backend"

    @api.model
    def _governed_title(self, parts):
        """Override."""
        return self.env._("Backend")


class RetailMapping(models.Model):
    """Mappings are called by what the channel says."""

    _inherit = "retail.mapping"

    @api.model
    def _governed_title(self, parts):
        """Override."""
        kind, *key = parts
        return self.env._("%(kind)s “%(key)s”", kind=self._word_of("kind", kind), key="/".join(key))


class RetailFlow(models.Model):
    """Flows are called by what flows, and which way."""

    _inherit = "retail.flow"

    @api.model
    def _governed_title(self, parts):
        """Override."""
        kind, way = (*parts, "")[:2]
        words = {
            "kind": self.env["retail.kind"]._word(kind),
            "way": self._word_of("direction", way),
        }
        return self.env._("Flow %(kind)s (%(way)s)", **words)


class RetailSetting(models.Model):
    """Settings are called as their provider labels them."""

    _inherit = "retail.setting"

    @api.model
    def _governed_title(self, parts):
        """Override."""
        name = "/".join(parts)
        found = self.search([("name", "=", name)], limit=1)
        return self.env._("Connection: %(setting)s", setting=found.label or name)


class RetailOwnership(models.Model):
    """Who owns what is called by its group of fields."""

    _inherit = "retail.ownership"

    @api.model
    def _governed_title(self, parts):
        """Override."""
        domain, group, field = (*parts, "", "")[:3]
        known = BY_KEY.get((domain, group))
        if not known:
            return "/".join(parts)
        label = known.fields.get(field) or known.label
        return self.env._("Owner of %(what)s", what=f"{DOMAINS[domain]}: {label}")
