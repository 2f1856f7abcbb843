"""The shell: base templates, components, charts, forms, errors and the pages that belong to no room."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import RoomConfig


class WebConfig(RoomConfig):
    name = "palermo.web"
    label = "web"
    verbose_name = _("Shell")
    permissions = (Permission("web.home.view", signed_in=True), Permission("web.public.view", public=True))
