"""What public texts mean, as vectors. No text is kept: what a document says is asked of its room, each time."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Vector(models.Model):
    """One passage of a public document. Never changed: a passage that changed is forgotten and learned anew.

    digest: the fingerprint of the passage's text; model: the id of the model; vector: its numbers as float16.
    """

    room = models.CharField(max_length=30)
    key = models.CharField(max_length=80)
    language = models.CharField(max_length=20)
    digest = models.CharField(max_length=32)
    model = models.CharField(max_length=60)
    vector = models.BinaryField()

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        constraints = (
            models.UniqueConstraint(
                fields=("room", "key", "language", "digest"), name="a_passage_is_learned_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.room} {self.key}"
