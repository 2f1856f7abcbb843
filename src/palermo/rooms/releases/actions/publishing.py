"""Publication: a number, an identifier, metadata, a changelog and a citation, written once and kept as files."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.database.locks import take_turns
from palermo.kernel.errors import Conflict
from palermo.kernel.exports.writers import json_bytes
from palermo.kernel.workflow.actions import transition
from palermo.rooms.releases import queries
from palermo.rooms.releases.actions.running import put_file
from palermo.rooms.releases.models import LedgerEntry, Product, Release, ReleaseFile
from palermo.standards.packs import pack
from palermo.web.releasable import public_tables

LICENCE = ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
TYPES = {
    Product.TABLES: "Aggregated counts",
    Product.ESTIMATE: "Estimate",
    Product.OBSERVATORY: "Indicators of a survey",
    Product.MICRODATA: "Synthetic microdata",
}


@transaction.atomic
def announce(*, actor: Viewer, release: Release) -> None:
    """Number a reviewed release and write what accompanies it. One publication at a time.

    Raises Conflict when other tables of the register came out since it was made: they were not attacked together.
    """
    # The same lock as the editions of statistics take: what comes out, comes out one after the other.
    take_turns("statistics.approve")
    run_at = release.run_at or release.created_at
    if release.tables and any(one.public_at > run_at for one in public_tables()):
        words = _(
            "Other tables came out after this one was made, and they were not attacked together. Make it anew."
        )
        raise Conflict(words, rule="releases.outdated", state="outdated")
    if release.product == Product.OBSERVATORY:
        rows = Release.objects.filter(product=release.product, source=release.source, published_at__gt=run_at)
        if rows.exclude(pk=release.pk).exists():
            words = _("Another release of this study came out after this one was made. Make it anew.")
            raise Conflict(words, rule="releases.outdated", state="outdated")
    same = Release.objects.filter(series=release.series, year=release.year)
    release.number = int(same.aggregate(last=Max("number"))["last"] or 0) + 1
    country = pack(settings.PALERMO_PACK).country
    release.identifier = f"PALERMO-{country}-{release.series}-{release.year}.{release.number}"
    release.published_at = timezone.now()
    Release.objects.filter(pk=release.pk).update(
        number=release.number, identifier=release.identifier, published_at=release.published_at
    )
    _accompany(release)


def _accompany(release: Release) -> None:
    with override("en"):
        files = list(queries.files(release))
        put_file(release, "metadata.json", "public", "application/json", json_bytes(metadata(release, files)))
        put_file(
            release, "changelog.md", "public", "text/markdown; charset=utf-8", changelog(release).encode()
        )
        put_file(
            release,
            "citation.txt",
            "public",
            "text/plain; charset=utf-8",
            (citation(release) + "\n").encode(),
        )


def citation(release: Release) -> str:
    """How to cite it: who, when, what, which version, under which address."""
    assert release.published_at is not None
    body = queries.publisher()
    return (
        f"{body} ({release.published_at.year}). {release.title}, {release.years} (version {release.number}) "
        f"[data set]. {release.identifier}. {address(release)}"
    )


def address(release: Release) -> str:
    """The address that it keeps; with the name of the server where the instance knows it."""
    path = reverse("releases:landing", args=[release.identifier])
    return f"{settings.PALERMO_ORIGIN}{path}"


def metadata(release: Release, files: list[ReleaseFile]) -> dict[str, Any]:
    """Metadata in the shape of DataCite 4.5, with the fingerprints of the files and what protects the persons."""
    assert release.published_at is not None
    body = queries.publisher()
    earlier = queries.version_before(release)
    related = [
        {"relatedIdentifier": earlier.identifier, "relatedIdentifierType": "Other", "relationType": "IsNewVersionOf"}
    ] if earlier else []  # fmt: skip
    return {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "identifiers": [{"identifier": release.identifier, "identifierType": "palermo"}],
        "titles": [{"title": release.title}],
        "creators": [{"name": body, "nameType": "Organizational"}],
        "publisher": body,
        "publicationYear": str(release.published_at.year),
        "version": f"{release.year}.{release.number}",
        "dates": [
            {"date": release.published_at.date().isoformat(), "dateType": "Issued"},
            {"date": f"{release.year_from}/{release.year_to}", "dateType": "Coverage"},
        ],
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": TYPES[Product(release.product)]},
        "subjects": [{"subject": "Trafficking in persons"}, {"subject": "Smuggling of migrants"}],
        "rightsList": [{"rights": LICENCE[0], "rightsUri": LICENCE[1]}],
        "descriptions": [
            {"description": release.purpose, "descriptionType": "Abstract"},
            *({"description": note, "descriptionType": "Methods"} for note in release.about.get("notes", [])),
        ],
        "relatedIdentifiers": related,
        "url": address(release),
        "formats": sorted({file.content_type.partition(";")[0] for file in files}),
        "files": [
            {"name": file.name, "bytes": file.size, "sha256": file.sha256}
            for file in files
            if file.kind == "public"
        ],
        "privacy": privacy(release),
    }


def privacy(release: Release) -> dict[str, Any]:
    """What protects the persons, and what was spent of their budget."""
    spent = LedgerEntry.objects.filter(release=release, revision=release.revision, kind="reserved")
    rows = list(spent.select_related("population").order_by("population__key"))
    if not rows:
        told = (
            "withheld counts, attacked before publication" if release.tables else "no data of single persons"
        )
        return {"protection": told}
    return {
        "protection": "differential privacy; the unit is the person",
        "mechanism": rows[0].mechanism, "epsilon": release.parameters["epsilon"],
        "delta": release.parameters["delta"], "rho": str(rows[0].rho),
        "populations": [row.population.key for row in rows],
    }  # fmt: skip


def changelog(release: Release) -> str:
    """What has changed from version to version, the newest first."""
    lines = [f"# {release.title}", ""]
    earlier = Release.objects.filter(series=release.series, year=release.year, number__lt=release.number)
    for one in [release, *earlier.order_by("-number")]:
        assert one.published_at is not None
        lines += [
            f"## {one.year}.{one.number} · {one.published_at.date().isoformat()} · {one.identifier}",
            "",
        ]
        lines += [one.changes or ("First version." if one.number == 1 else "No change was described."), ""]
    return "\n".join(lines)


def supersede_earlier(*, actor: Viewer, release: Release) -> None:
    """Versions of the same series and year that were the newest are so no more; their addresses stay."""
    rows = Release.objects.filter(
        series=release.series, year=release.year, state="published", number__lt=release.number
    )
    for one in rows.order_by("number"):
        transition(actor=actor, obj=one, event="supersede", expected_version=one.version)
