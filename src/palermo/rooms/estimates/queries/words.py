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


# What a warning of the library is about. The sentence with the figures is the library's own (telling.py).
CAUTIONS = {
    "average_of_fewer_models": gettext_lazy("The interval rests on the heaviest models only"),
    "below_lower_bound": gettext_lazy("The range lies below the lower bound"),
    "best_not_proved": gettext_lazy("That no better model exists is not proved"),
    "led_by_unlikely_models": gettext_lazy("Unlikely models with very large numbers pull the average up"),
    "linkage_matters": gettext_lazy("The doubt about who is whom widens the range"),
    "methods_disagree": gettext_lazy("Another method answers differently"),
    "missing_values": gettext_lazy("Some people lack a value of the strata"),
    "model_held": gettext_lazy("The interval takes the chosen terms as given"),
    "prior_identified": gettext_lazy("The prior, not the lists, tells how many were never seen"),
    "thin_overlaps": gettext_lazy("Few people were seen by more than one list"),
    "two_lists": gettext_lazy("With two lists nothing shows whether they depend on each other"),
    "unequal_people": gettext_lazy("People seem to differ in how easily they are seen"),
    "uneven_draws": gettext_lazy("The draws miss much of the posterior"),
    "independence_believed": gettext_lazy("It is believed that no list knows of another"),
    "bca_undefined": gettext_lazy(
        "The interval is a plain one: the replicates are too lopsided for a better"
    ),
    "chains_disagree": gettext_lazy("The chains disagree: there is no answer"),
    "close_models": gettext_lazy("Several models explain the data about equally well"),
    "conditional_on_model": gettext_lazy("The interval is too narrow: it takes the model as known"),
    "duplicate_histories": gettext_lazy("Equal rows were added up: check that they are no copies"),
    "duplicated_list": gettext_lazy("Two lists are one list copied"),
    "empty_list": gettext_lazy("A list saw nobody; the estimate does without it"),
    "empty_overlap": gettext_lazy("Nobody is on some lists at once"),
    "empty_stratum": gettext_lazy("A stratum is empty"),
    "end_at_extreme": gettext_lazy("An end of the interval is uncertain"),
    "estimate_outside_replicates": gettext_lazy("The interval is a guess: all replicates lie to one side"),
    "few_overlaps": gettext_lazy("Few people were seen by two lists"),
    "few_replicates": gettext_lazy("Few replicates: the ends of the interval are unstable"),
    "inconsistent": gettext_lazy("Where the truth is known, the method misses it"),
    "jackknife_lost": gettext_lazy("The answer hangs on single people"),
    "lost_replicates": gettext_lazy("Too many replicates have no estimate"),
    "low_coverage": gettext_lazy("The lists cover too little of the population"),
    "lower_bound": gettext_lazy("This is a lower bound, not the whole number"),
    "models_disagree": gettext_lazy("Models that fit equally well give different answers"),
    "no_mle": gettext_lazy("These data have no estimate under this model"),
    "no_upper_end": gettext_lazy("The interval has no upper end"),
    "not_converged": gettext_lazy("The computation did not settle: there is no estimate"),
    "not_identifiable": gettext_lazy("These data cannot tell this model's number"),
    "often_refused": gettext_lazy("On tables like this one the method often has no answer"),
    "one_list_decides": gettext_lazy("One list decides the answer"),
    "pairs_disagree": gettext_lazy("Pairs of lists give different answers"),
    "poor_fit": gettext_lazy("The model does not fit the overlaps"),
    "posterior_without_end": gettext_lazy("The data do not rule out any number, however large"),
    "prior_carries_answer": gettext_lazy("The prior carries the answer"),
    "prior_sensitive": gettext_lazy("The answer depends on a prior that nobody can know"),
    "range_too_short": gettext_lazy("On tables like this one the range holds the truth too rarely"),
    "search_cut_short": gettext_lazy("Not every model was compared"),
    "still_climbing": gettext_lazy("The estimate still grows with the data"),
    "stratum_without_estimate": gettext_lazy("A stratum has no estimate"),
    "suppressed_as_counted": gettext_lazy("Hidden counts entered as if they were known"),
    "suppressed_counts": gettext_lazy("Some counts are known only to lie between two ends"),
    "suppressed_low": gettext_lazy("Hidden counts entered at their lowest"),
    "two_answers": gettext_lazy("The data allow two answers, far apart"),
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


def caution_title(caution: Caution) -> str:
    """What a warning is about; the sentence with its figures stands below (telling.py)."""
    return str(CAUTIONS.get(caution.code) or _("Something to know about this result"))


def plain_settings(settings: dict[str, Any]) -> list[tuple[str, str]]:
    """The settings of a run as name and value."""
    names = {
        "order": _("Highest interaction"), "p": _("Threshold of the stepwise choice"),
        "bootstrap": _("Replicates"), "checks": _("All checks"), "seed": _("Seed"), "level": _("Level of the interval"),
    }  # fmt: skip
    said = {True: _("yes"), False: _("no")}
    return [
        (names[key], said[value] if isinstance(value, bool) else str(value))
        for key, value in settings.items()
        if key in names
    ]


# The words that pictures are drawn with: gathered here for translation, asked for by `drawn`.
DRAWN = (
    gettext_lazy("How the lists overlap"),
    gettext_lazy("The estimate by method"),
    gettext_lazy("The estimate as its main belief is varied"),
    gettext_lazy("The estimate as the data grow"),
    gettext_lazy("Believed before and after the data"),
    gettext_lazy("people"),
    gettext_lazy("people on each list"),
    gettext_lazy("people on exactly these lists"),
    gettext_lazy("people estimated"),
    gettext_lazy("people seen so far"),
    gettext_lazy(
        "{people} people on {lists} lists, {overlap} of them on more than one; {columns} combinations are drawn."
    ),
    gettext_lazy(
        "From {low} people (those unseen {a} times as many as the model believes) to {high} ({b} times)."
    ),
    gettext_lazy("With {few} people seen the estimate is {first}, with {many} it is {last}."),
    gettext_lazy("Median before the data {a} people, after the data {b}."),
    gettext_lazy("not drawn: {more} rarer combinations (people: {people})"),
    gettext_lazy("{lists}: {people}"),
    gettext_lazy("{name}: {people}"),
    gettext_lazy("{people} seen"),
    gettext_lazy("{people} in question"),
    gettext_lazy("no estimate"),
    gettext_lazy("no answer"),
    gettext_lazy("as the model believes"),
    gettext_lazy("those unseen, as a multiple of what the model believes (xi)"),
    gettext_lazy("before: median {people}"),
    gettext_lazy("after: median {people}"),
    gettext_lazy("How the model was built"),
    gettext_lazy("independent lists"),
    gettext_lazy("The model against each combination of lists"),
    gettext_lazy("The model against each pair of lists"),
    gettext_lazy("seen by nobody: this is what is estimated"),
    gettext_lazy("none of them"),
    gettext_lazy("{name}: {seen} seen, {expected} expected"),
    gettext_lazy("No cell differs from the model by more than chance would."),
    gettext_lazy("fewer seen"),
    gettext_lazy("as expected"),
    gettext_lazy("more seen"),
    gettext_lazy("Keep the people who were on:"),
    gettext_lazy("on {lists}: {people} people in {columns} of the columns drawn"),
)


def drawn(text: str) -> str:
    """A word of a picture; those that have no translation stay as the library writes them."""
    return _(text) if text else text
