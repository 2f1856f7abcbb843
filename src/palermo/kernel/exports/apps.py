"""Exports: the one way out."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "palermo.kernel.exports"
    label = "exports"
