"""The vault: identities, sealed and apart from cases."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission

MEETS_PERSONS = ("first_responder", "case_manager", "supervisor", "child_protection", "competent_authority")


class VaultConfig(AppConfig):
    name = "palermo.kernel.vault"
    label = "vault"
    permissions = (
        Permission("vault.person.register", roles=MEETS_PERSONS, operator=True),
        Permission("vault.person.search", roles=MEETS_PERSONS),
        Permission("vault.person.view", grant="case"),
        Permission("vault.identity.reveal", grant="identity", step_up=True),
        Permission("vault.identity.update", grant="identity", step_up=True),
        Permission("vault.person.erase", roles=("supervisor",), grant="identity", step_up=True),
        # Whether two persons are one. Who may answer stands in the database: it depends on who holds which of the two.
        Permission("vault.same.view", roles=MEETS_PERSONS, grant="case"),
        Permission("vault.same.look", roles=MEETS_PERSONS, grant="identity"),
        Permission("vault.same.propose", roles=MEETS_PERSONS, grant="case"),
        Permission("vault.same.answer", roles=MEETS_PERSONS),
        Permission("vault.notice.list", roles=MEETS_PERSONS),
        Permission("vault.keys.rotate", operator=True),
    )
    jobs = {"vault.settle": "palermo.kernel.vault.actions.settle"}
    # What the notices of the vault are called.
    notices = {"many_searches": _("Somebody in your organisation searched for persons unusually often")}

    def ready(self) -> None:
        from palermo.kernel.access.notices import TITLES

        TITLES.update(self.notices)
