"""A transfer asks whether the case is about a child when it changes its owner, not when its draft was begun."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("palermo.rooms.referral.migrations.0008_who_protects_the_child_stays")
HAND_OVER = BEFORE.HAND_OVER.replace("IF s.child IS DISTINCT FROM false", "IF c.child IS DISTINCT FROM false")
if HAND_OVER == BEFORE.HAND_OVER:
    raise AssertionError("the function that this builds on has changed")


class Migration(migrations.Migration):
    dependencies = [("referral", "0008_who_protects_the_child_stays")]

    operations = [migrations.RunSQL(HAND_OVER, BEFORE.HAND_OVER)]
