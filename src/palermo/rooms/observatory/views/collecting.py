"""Where and with what a study collects: sites and the accounts of devices."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from palermo.kernel.access.policy import require
from palermo.kernel.errors import Invalid
from palermo.rooms.observatory import actions, queries
from palermo.rooms.observatory.forms import DeviceForm, SiteForm
from palermo.rooms.observatory.views.listing import put
from palermo.web.commands import keep_nothing


@never_cache
@require_http_methods(["GET", "POST"])
def add_site(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Name a place of interviews."""
    found = queries.study(request.viewer, study_id)
    require(request.viewer, "observatory.study.change", found.pk)
    form = SiteForm(request.POST or None, units=queries.units(request.viewer, found))
    if request.method == "POST" and form.is_valid():
        unit = form.cleaned_data["unit"]
        try:
            actions.add_site(
                actor=request.viewer,
                study=found,
                name=form.cleaned_data["name"],
                unit_id=UUID(unit) if unit else None,
            )
        except Invalid as error:
            put(form, error)
        else:
            messages.success(request, _("The site was added."))
            return redirect("observatory:study", found.pk)
    return render(request, "observatory/add_site.html", {"study": found, "form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def add_device(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Make an account. Its secret is on the answer to this form and nowhere else: a reload does not show it again."""
    found = queries.study(request.viewer, study_id)
    require(request.viewer, "observatory.device.make", found.pk)
    sites = [(str(one.pk), one.name) for one in queries.sites(request.viewer, found)]
    form = DeviceForm(request.POST or None, sites=sites)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            issued = actions.make_device(
                actor=request.viewer, study=found, label=values["label"], days=values["days"],
                site=queries.site(request.viewer, found, values["site"]), in_address=values["in_address"],
            )  # fmt: skip
        except Invalid as error:
            put(form, error)
        else:
            keep_nothing(request)
            root = request.build_absolute_uri("/").rstrip("/")
            picture = actions.drawn(actions.settings_text(issued, root))
            context = {
                "study": found, "issued": issued, "picture": picture, "address": actions.address(issued, root),
            }  # fmt: skip
            return render(request, "observatory/device.html", context)
    return render(request, "observatory/add_device.html", {"study": found, "form": form})


@require_POST
def revoke(request: HttpRequest, study_id: UUID, device_id: UUID) -> HttpResponse:
    """End an account."""
    found = queries.study(request.viewer, study_id)
    one = queries.device(request.viewer, found, device_id)
    actions.revoke_device(actor=request.viewer, device=one)
    messages.success(request, _("Revoked. The device's next request is refused."))
    return redirect("observatory:study", found.pk)
