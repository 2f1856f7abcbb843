"""The workflow engine."""

from typing import ClassVar

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "palermo.kernel.workflow"
    label = "workflow"
    jobs: ClassVar[dict[str, str]] = {"workflow.reminder": "palermo.kernel.workflow.timer.mail_readers"}
