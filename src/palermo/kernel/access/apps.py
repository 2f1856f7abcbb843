"""Who may do what: users, sessions, database context, grants, and the one policy function."""

from typing import ClassVar

from django.apps import AppConfig

from palermo.kernel.access.permissions import Permission

ADMINISTRATOR = ("administrator",)
CASE_ROLES = ("case_manager", "supervisor", "child_protection")


class AccessConfig(AppConfig):
    name = "palermo.kernel.access"
    label = "access"
    permissions = (
        Permission("access.session.end", signed_in=True),
        Permission("access.notice.read", signed_in=True),
        Permission("access.mail.ask", signed_in=True),
        Permission("access.break_glass", roles=CASE_ROLES, step_up=True),
        Permission("access.emergency.view", roles=("supervisor",)),
        Permission("access.emergency.end", roles=("supervisor",)),
        Permission("access.user.list", roles=ADMINISTRATOR, operator=True),
        Permission("access.user.create", roles=ADMINISTRATOR, operator=True, step_up=True),
        Permission("access.user.deactivate", roles=ADMINISTRATOR, operator=True, step_up=True),
        Permission("access.user.reset", roles=ADMINISTRATOR, operator=True, step_up=True),
    )

    jobs: ClassVar[dict[str, str]] = {"access.reminder_mail": "palermo.kernel.access.mail.send_reminder"}

    def ready(self) -> None:
        from allauth.mfa.signals import authentication_failed

        from palermo.kernel.access.factors import teach
        from palermo.kernel.access.failures import note_factor

        teach()
        authentication_failed.connect(note_factor, dispatch_uid="palermo.failures")
