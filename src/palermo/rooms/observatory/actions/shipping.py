"""The surveys that come with palermo, as forms of a study; and forms from the command line."""

import csv
import io
from io import BytesIO

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.fieldwork.forms import codes, sheets, write
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import FieldProblem, Invalid, NotFound
from palermo.rooms.observatory.actions.publishing import add_form, add_media, publish_form
from palermo.rooms.observatory.models import FormVersion, Study

SITES = "sites.csv"


@transaction.atomic
def add_shipped(*, actor: Viewer, study: Study, code: str) -> FormVersion:
    """One of the shipped surveys as a draft form, with the sites of the study as its list of places. Raises Invalid."""
    require(actor, "observatory.form.publish", study.pk)
    if code not in codes():
        problem = FieldProblem("shipped", _("Choose one of the shipped surveys."), "choice")
        raise Invalid(problem.message, problems=[problem], rule="observatory.form")
    sites = list(study.sites.all())
    if not sites:
        words = _("Add a site first: the survey asks where the interview is held.")
        problem = FieldProblem("shipped", words, "sites")
        raise Invalid(words, problems=[problem], rule="observatory.form.sites")
    book = BytesIO()
    write(sheets(code), book)
    made = add_form(actor=actor, study=study, source=book.getvalue())
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(("name", "label"))
    rows.writerows((str(one.pk), one.name) for one in sites)
    add_media(actor=actor, version=made, name=SITES, content=table.getvalue().encode())
    return made


@transaction.atomic
def publish_file(*, actor: Viewer, study: str, source: bytes) -> FormVersion:
    """An XLSForm straight to the devices of the study with this code. Raises NotFound, Invalid, NoValidator."""
    found = Study.objects.filter(code=study).first()
    if found is None:
        raise NotFound()
    made = add_form(actor=actor, study=found, source=source)
    return publish_form(actor=actor, version=made, expected_version=made.version)
