"""A file that belongs to a person or a case: what is known about it without opening it is as little as can be."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record


class File(Record):
    """An encrypted file. Name, size in bytes and digest are sealed with the file's own key."""

    object_kind = models.CharField(max_length=40)
    object_id = models.UUIDField()
    scope = models.CharField(max_length=20)
    holder = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    media_type = models.CharField(_("type"), max_length=40)
    sealed_name = models.BinaryField()
    sealed_digest = models.BinaryField()
    size = models.PositiveBigIntegerField(_("size"))
    wrapped_key = models.BinaryField()
    key_number = models.PositiveIntegerField()
    uploaded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    erased_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("-created_at",)
        indexes = (
            models.Index(fields=["object_id"], name="file_by_object"),
            models.Index(fields=["holder", "key_number"], name="file_by_key"),
        )

    def __str__(self) -> str:
        return f"{self.media_type} {self.id}"
