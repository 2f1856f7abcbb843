"""The library's codes in the words of the reader's language. What has no words here is shown as the library says it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.estimation import MSE, Caution

METHODS = {
    "main": gettext_lazy("Independent lists"),
    "stepwise": gettext_lazy("Pairs of lists added one by one"),
    "bic": gettext_lazy("The best of all models (BIC)"),
    "downhill": gettext_lazy("The best model found from many starts"),
    "average": gettext_lazy("All models, weighted"),
    "decomposable": gettext_lazy("Average over decomposable graphs"),
    "latent": gettext_lazy("Latent classes"),
    "hierarchical": gettext_lazy("Bayesian average over models"),
    "chao": gettext_lazy("Lower bound (Chao)"),
    "coverage": gettext_lazy("Sample coverage"),
    "closedp": gettext_lazy("Heterogeneity models"),
}
# What each needs of the table and of the reader's patience, in a few words beside its box.
HINTS = {
    "main": gettext_lazy("Believes that no list knows of another. A floor to compare with."),
    "stepwise": gettext_lazy("What UNODC and the Home Office used. Choice repeated in every replicate."),
    "bic": gettext_lazy("Looks at every model. Up to six lists."),
    "downhill": gettext_lazy("For seven lists and more, where not every model can be looked at."),
    "average": gettext_lazy("Does not choose: the spread between models is in the interval."),
    "decomposable": gettext_lazy("Bayesian; its prior is shown beside the answer. Three to six lists."),
    "latent": gettext_lazy("People differ in how easily they are seen. Refuses where its chains disagree."),
    "hierarchical": gettext_lazy("Bayesian; up to six lists."),
    "chao": gettext_lazy("At least so many: holds even where people differ."),
    "coverage": gettext_lazy("What share of the hidden the lists cover."),
    "closedp": gettext_lazy("A family of older models, side by side."),
}
VERDICTS = {
    "publish": gettext_lazy("Publish"),
    "publish with care": gettext_lazy("Publish with care"),
    "do not publish": gettext_lazy("Do not publish"),
}


def method_title(name: str) -> str:
    """A method's name for people; the library's own where there is none here."""
    return str(METHODS.get(name) or (MSE[name].title if name in MSE else name))


def method_choices(lists: int) -> list[tuple[str, str, str, str]]:
    """(name, title, hint, why not) of every registered method, for a table of so many lists."""
    found = []
    for name, estimator in MSE.items():
        fits = estimator.least <= lists <= estimator.most
        limits = _("Takes %(least)s to %(most)s lists.") % {"least": estimator.least, "most": estimator.most}
        found.append((name, method_title(name), str(HINTS.get(name, "")), "" if fits else limits))
    return found


def verdict_word(word: str | None) -> str:
    """One of the three words, or that none was given."""
    return str(VERDICTS[word]) if word in VERDICTS else _("No verdict")


def sentence(caution: Caution) -> str:
    """A warning in words."""
    return caution.message


def plain_settings(settings: dict[str, Any]) -> list[tuple[str, str]]:
    """The settings of a run as name and value."""
    names = {
        "order": _("Highest interaction"), "p": _("Threshold of the stepwise choice"),
        "bootstrap": _("Replicates"), "seed": _("Seed"), "level": _("Level of the interval"),
    }  # fmt: skip
    return [(names[key], str(value)) for key, value in settings.items() if key in names]


def drawn(text: str) -> str:
    """A word of a picture; those that have no translation stay as the library writes them."""
    return _(text) if text else text
