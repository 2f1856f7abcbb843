"""A draft that asks the devices to encrypt: the same form with the public key of the study in it."""

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict
from palermo.rooms.observatory.actions.converting import validate
from palermo.rooms.observatory.actions.opening import KIND
from palermo.rooms.observatory.actions.publishing import fingerprint
from palermo.rooms.observatory.actions.schema import read_schema
from palermo.rooms.observatory.models import FormMedia, FormVersion, StudyKey, VersionState


@transaction.atomic
def encrypt_draft(*, actor: Viewer, version: FormVersion, key: StudyKey) -> FormVersion:
    """Put the key into a draft. A version stays byte for byte, so a new draft takes the place of the old one.

    The new text is judged like any other. Raises Conflict for what is no draft or brings a key already.
    """
    require(actor, "observatory.form.publish", version.study_id)
    if version.state != VersionState.DRAFT or key.study_id != version.study_id:
        words = _("This version was published already. Upload it under a new version to encrypt it.")
        raise Conflict(words, rule="observatory.form", state=version.state)
    if version.schema.get("encrypted"):
        raise Conflict(_("This form brings a key already."), rule="observatory.form", state=version.state)
    xml = with_key(bytes(version.xml), key.public)
    engine = validate(xml)
    values = {
        "form_id": version.form_id, "study_id": version.study_id, "label": version.label, "source": version.source,
        "source_kind": version.source_kind, "warnings": version.warnings, "made_by_id": actor.user_id,
    }  # fmt: skip
    files = list(version.media.all())
    version.media.all().delete()
    FormVersion.objects.filter(pk=version.pk).delete()
    made = FormVersion.objects.create(
        xml=xml, md5=fingerprint(xml), schema=read_schema(xml), validator=engine, **values
    )
    for one in files:
        FormMedia.objects.create(
            form_version=made, study_id=made.study_id, name=one.name, md5=one.md5, size=one.size, content=one.content
        )  # fmt: skip
    detail = {"form": made.form.form_id, "version": made.label, "fingerprint": key.fingerprint}
    record(
        actor=actor,
        action="observatory.form.encrypt",
        object_kind=KIND,
        object_id=made.study_id,
        detail=detail,
    )
    return made


def with_key(xml: bytes, public: str) -> bytes:
    """The form's XML with the element that asks for encryption, first in its model.

    Without an address: clients then send where they got the form, and no key of a device gets into a file.
    """
    before, found, after = xml.partition(b"<model")
    rest, closed, inside = after.partition(b">")
    if not found or not closed:
        raise ValueError("no model")
    asked = f'<submission method="post" base64RsaPublicKey="{public}"/>'.encode()
    return before + found + rest + closed + asked + inside
