"""The workflow engine."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "palermo.kernel.workflow"
    label = "workflow"
