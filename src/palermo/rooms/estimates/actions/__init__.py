"""What people do with estimates: ask a question, run, stop, repeat, propose and agree."""

from palermo.rooms.estimates.actions.demo import demo_studies
from palermo.rooms.estimates.actions.files import export_run, export_table
from palermo.rooms.estimates.actions.headline import agree, propose, take_back
from palermo.rooms.estimates.actions.running import carry_out, repeat_run, start_run, stop_run
from palermo.rooms.estimates.actions.studies import Linked, change_study, from_links, open_study, read_tables

__all__ = [
    "Linked",
    "agree",
    "carry_out",
    "change_study",
    "demo_studies",
    "export_run",
    "export_table",
    "from_links",
    "open_study",
    "propose",
    "read_tables",
    "repeat_run",
    "start_run",
    "stop_run",
    "take_back",
]
