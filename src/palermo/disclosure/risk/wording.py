"""The fixed words of the report: titles, names of attacks and controls, what the file is not for."""

from __future__ import annotations

from palermo.saying import phrase

CONTENTS = phrase("What is in the file")
USE = phrase("What it must not be used for")
PROMISE = phrase("What is promised to each person")
EXPOSED = phrase("Who stands out in the records themselves")
ATTACKS = phrase("What attackers found")
LOSSES = phrase("What analysts lose")
UNRELIABLE = phrase("What is not reliable")
VERDICT = phrase("May it be published?")

NOT_FOR = (
    phrase(
        "Do not look for anybody in it. A row that fits somebody you know is chance, and its other values say "
        "nothing of them."
    ),
    phrase("Do not take a rare combination as proof that such a person exists."),
    phrase("Do not link it with other files about people."),
    phrase("Do not look at more columns together than the errors allow."),
)

# By test: its question, then what it found.
NAMES = {
    "membership": phrase("Who was in the data?"),
    "membership_rarest": phrase("Who was in the data, of those who stand out most?"),
    "membership_calibrated": phrase("Who was in the data, for somebody who knows many others of their kind?"),
    "unique_found": phrase("Is there a row that is somebody's very record?"),
    "singling_out": phrase("Is there a guess that fits one person alone?"),
    "attribute": phrase("Does it give away a value of somebody whose other values are known?"),
    "attribute_all_keys": phrase("Does it to somebody who knows all that outsiders can?"),
    "linkage": phrase("Do two files about the same people find each other through it?"),
}
FOUND = {
    "membership": phrase(
        "Of two people, one in the data and one not, an attacker who has both records picks the right one in "
        "{members:.1%} of cases, give or take {error:.1%}; a toss of a coin gives {holdout:.0%}."
    ),
    "membership_rarest": phrase(
        "Of two people who stand out, one in the data and one not, he picks the right one in {members:.1%} of "
        "cases, give or take {error:.1%}; {people} such people of each side were tried. If he wrongly names "
        "{alarms:.0%} of the others, he names {caught:.1%} of those in the data."
    ),
    "membership_calibrated": phrase(
        "Comparing with others of their kind whose records he also has, he picks the right one in {members:.1%} "
        "of cases, give or take {error:.1%}."
    ),
    "unique_found": phrase(
        "Of people in the data whose record nobody shares, {members:.1%} have an equal row in the file; of such "
        "people who are not in the data, {holdout:.1%}."
    ),
    "singling_out": phrase(
        "Of guesses read off the file, {members:.1%} fit exactly one person in the data; {holdout:.1%} fit "
        "exactly one among as many people who are not."
    ),
    "attribute": phrase(
        "Who knows {least} or more of these of somebody, {keys}, reads another value off the file, and rightly so, in "
        "{members:.1%} of cases; for people who are not in the data in {holdout:.1%}."
    ),
    "attribute_all_keys": phrase(
        "Who knows all of them reads another value off the file, and rightly so, in {members:.1%} of cases; for people "
        "who are not in the data in {holdout:.1%}."
    ),
    "linkage": phrase(
        "Two halves of a record, each in a file of its own, are joined through the file for {members:.1%} of "
        "people in the data and for {holdout:.1%} of others."
    ),
}
PASSED = phrase(
    "Passed: people in the data are hit at most {bar:.1%} more often than others, as far as so many tries can "
    "tell."
)
FAILED = phrase(
    "Failed: people in the data are hit more often than others, by more than the {bar:.1%} allowed."
)
UNSURE = phrase("Undecided: too few people to see an excess of {bar:.1%}.")

CONTROL_NAMES = {
    "bootstrap": phrase("a copy of the records with repetition"),
    "k-synthetic": phrase("records with their rare combinations blanked"),
}
CAUGHT = phrase("The attacks see: {n} of {of} succeed on {control}, a file known to leak.")
NOT_CAUGHT = phrase("The attacks are blind here: none of them succeeds on {control}, a file known to leak.")
NOT_TRIED = phrase("Whether the attacks see was not tried on files known to leak.")

NO_PROMISE = phrase("Nothing: this file was made by a method that promises nothing to anybody.")
WORST_CASE = phrase(
    "This is a proved limit, whatever else the reader knows; the attacks show what was gained in fact. What the "
    "file says of all people of a kind it says of each of them, whether they are in the data or not."
)
TOO_NEAR = phrase("The file is nearer to the records than such a copy: look for a leak before anything else.")

YES = phrase("Nothing found here speaks against it. Two persons decide who did not prepare it.")
NO_ATTACK = phrase("No, attacks succeed: {attacks}")
NOTHING_STANDS_OUT = phrase(
    "In these columns hardly anybody stands out. Files known to leak give nothing away here that attacks could catch: "
    "attacks show nothing, one way or the other. What protects is the promise alone."
)
NO_BLIND = phrase("No: the attacks could not be shown to see, so that a clean result says nothing.")
NO_METHOD = phrase("No: files made by this method are for comparison and are never published.")
NO_PROMISED = phrase("No: nobody is promised anything.")
CARE = phrase("Undecided attacks, for the reviewers to weigh: {attacks}")
