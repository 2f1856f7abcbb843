"""The WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palermo.settings")
application = get_wsgi_application()
# Read every view now, once and before the workers are forked: else each worker's first visitor waits seconds for it.
get_resolver().url_patterns  # noqa: B018
