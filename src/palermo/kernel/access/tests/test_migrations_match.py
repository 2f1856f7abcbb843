"""The models and the migrations of access and organisations say the same."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db(databases=["default", "owner"])
def test_no_model_change_is_without_a_migration() -> None:
    call_command("makemigrations", "access", "organisations", check=True, dry_run=True, verbosity=0)
