"""Who wants reminders by e-mail too, and where."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from palermo.kernel.database.rls import Protect

OWN = "user_id = (SELECT access_viewer())"


class Migration(migrations.Migration):
    dependencies = [("access", "0008_grants_name_roles")]

    operations = [
        migrations.CreateModel(
            name="MailWish",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("address", models.EmailField(max_length=254, verbose_name="e-mail")),
                ("since", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        Protect(
            "access_mailwish",
            read=f"{OWN} OR (SELECT access_kind()) = 'operator'",
            insert=OWN,
            update=OWN,
            delete=OWN,
            reason="one's own wish and address; the worker reads it to send",
        ),
    ]
