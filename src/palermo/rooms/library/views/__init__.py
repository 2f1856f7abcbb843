"""The pages of the library: for its readers, for those who write and judge, and the directory."""

from palermo.rooms.library.views.directory import (
    authorities,
    authority,
    authority_step,
    contacts,
    edit_authority,
    new_authority,
)
from palermo.rooms.library.views.public import as_bibtex, as_json, as_ris, download, item, public
from palermo.rooms.library.views.working import (
    add_file,
    draft,
    draft_file,
    edit,
    items,
    new,
    remove_file,
    step,
)

__all__ = [
    "add_file",
    "as_bibtex",
    "as_json",
    "as_ris",
    "authorities",
    "authority",
    "authority_step",
    "contacts",
    "download",
    "draft",
    "draft_file",
    "edit",
    "edit_authority",
    "item",
    "items",
    "new",
    "new_authority",
    "public",
    "remove_file",
    "step",
]
