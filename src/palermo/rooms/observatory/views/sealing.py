"""Encryption of a study: its keys, forms that demand it, and the records that wait for a key."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from palermo.kernel.access.policy import can, require
from palermo.kernel.errors import Invalid
from palermo.rooms.observatory import actions, queries
from palermo.rooms.observatory.forms import KeyForm, OpenForm
from palermo.rooms.observatory.models import Study
from palermo.rooms.observatory.views.listing import put
from palermo.web.commands import keep_nothing


@never_cache
@require_GET
def encryption(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """The keys of a study, and what waits for one of them."""
    return _page(request, queries.study(request.viewer, study_id))


def _page(
    request: HttpRequest, study: Study, *, key_form: KeyForm | None = None, open_form: OpenForm | None = None
) -> HttpResponse:
    may_use = can(request.viewer, "observatory.form.publish", study.pk)
    kept = [(str(one.pk), one.label) for one in queries.study_keys(request.viewer, study) if one.on_server]
    context = {
        "study": study, "keys": queries.study_keys(request.viewer, study), "may_use": may_use,
        "waiting": queries.locked(request.viewer, study), "key_form": key_form or KeyForm(),
        "open_form": open_form or OpenForm(kept=kept),
    }  # fmt: skip
    return render(request, "observatory/encryption.html", context)


@never_cache
@require_POST
def make_key(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Make a pair and hand its private half out, once: the answer to this form is the file."""
    study = queries.study(request.viewer, study_id)
    require(request.viewer, "observatory.key.make", study.pk)
    form = KeyForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            made = actions.make_key(
                actor=request.viewer, study=study, label=values["label"], passphrase=values["passphrase"],
                on_server=values["on_server"],
            )  # fmt: skip
        except Invalid as error:
            put(form, error)
        else:
            keep_nothing(request)
            response = HttpResponse(made.pem, content_type="application/x-pem-file")
            name = f"palermo-{study.code}-{made.key.fingerprint[:8]}.pem"
            response["Content-Disposition"] = f'attachment; filename="{name}"'
            response["X-Content-Type-Options"] = "nosniff"
            return response
    return _page(request, study, key_form=form)


@never_cache
@require_POST
def open_records(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Open what waits, with a key that is in memory for this request alone."""
    study = queries.study(request.viewer, study_id)
    require(request.viewer, "observatory.key.use", study.pk)
    keys = queries.study_keys(request.viewer, study)
    form = OpenForm(request.POST, request.FILES, kept=[(str(k.pk), k.label) for k in keys if k.on_server])
    if form.is_valid():
        given, values = form.cleaned_data["pem"], form.cleaned_data
        try:
            run = actions.open_records(
                actor=request.viewer, study=study, passphrase=values["passphrase"],
                pem=given.read(actions.MOST_PEM + 1) if given else b"",
                key=next((one for one in keys if str(one.pk) == values["kept"]), None),
            )  # fmt: skip
        except Invalid as error:
            put(form, error)
        else:
            keep_nothing(request)
            messages.success(request, _("Opened: %(number)s.") % {"number": run.opened})
            if run.failed:
                messages.warning(
                    request, _("Not opened: %(number)s. The list says why.") % {"number": run.failed}
                )
            if run.left:
                messages.info(
                    request, _("Still waiting for this key: %(number)s. Open again.") % {"number": run.left}
                )
            return redirect("observatory:encryption", study.pk)
    return _page(request, study, open_form=form)


@require_POST
def encrypt(request: HttpRequest, study_id: UUID, version_id: UUID) -> HttpResponse:
    """Ask the devices to encrypt what they fill with this draft."""
    study = queries.study(request.viewer, study_id)
    version = queries.version(request.viewer, study, version_id)
    require(request.viewer, "observatory.form.publish", study.pk)
    key = next(
        (k for k in queries.study_keys(request.viewer, study) if str(k.pk) == request.POST.get("key")), None
    )
    if key is None:
        messages.error(request, _("Choose a key. Without one, make a key first."))
        return redirect("observatory:encryption", study.pk)
    made = actions.encrypt_draft(actor=request.viewer, version=version, key=key)
    messages.success(
        request, _("Devices will encrypt what they fill with this version. Publish it to offer it.")
    )
    return redirect("observatory:version", study.pk, made.pk)
