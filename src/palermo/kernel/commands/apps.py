"""Commands that may be sent twice, because a bad link lost the answer, and are carried out once."""

from django.apps import AppConfig


class CommandsConfig(AppConfig):
    name = "palermo.kernel.commands"
    label = "commands"
