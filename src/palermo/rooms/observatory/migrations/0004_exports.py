import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from palermo.kernel.database.rls import Protect
from palermo.rooms.observatory.migrations._walls import HELD, LEADS, WORKER

OWN = f"({HELD} AND asked_by_id = (SELECT access_viewer()))"
MADE = f"({HELD} AND made_by_id = (SELECT access_viewer()))"
WALLS = [
    # What is in a file is what its asker may see: it is nobody else's, not even of the same study.
    Protect(
        "observatory_export",
        read=f"{WORKER} OR {OWN}",
        insert=OWN,
        update=f"{WORKER} OR {OWN}",
        reason="files on their way out, for their asker alone; their keys sealed",
    ),
    Protect(
        "observatory_readtoken",
        read=f"{WORKER} OR {MADE} OR ({HELD} AND {LEADS})",
        insert=MADE,
        update=f"{WORKER} OR {MADE} OR ({HELD} AND {LEADS})",
        reason="with what programs read coded answers, as hashes",
    ),
]

class Migration(migrations.Migration):

    dependencies = [
        ('observatory', '0003_webforms'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReadToken',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('label', models.CharField(max_length=60, verbose_name='what it is for')),
                ('username', models.CharField(max_length=40, unique=True)),
                ('secret_sha256', models.BinaryField(max_length=32, unique=True)),
                ('expires_at', models.DateTimeField(verbose_name='expires')),
                ('revoked_at', models.DateTimeField(null=True, verbose_name='revoked')),
                ('seen_at', models.DateTimeField(null=True, verbose_name='last used')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='observatory.study')),
            ],
            options={
                'ordering': ('-created_at',),
            },
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('format', models.CharField(choices=[('csv', 'CSV: a table for each repeat, in one zip'), ('xlsx', 'Excel: a sheet for each repeat'), ('spss', 'SPSS: CSV with a syntax file that has all labels'), ('geojson', 'GeoJSON: places as cells of a tenth of a degree')], max_length=8)),
                ('options', models.JSONField(default=dict)),
                ('recipients', models.JSONField(default=list)),
                ('state', models.CharField(choices=[('waiting', 'Under way'), ('done', 'Ready'), ('stopped', 'Stopped'), ('failed', 'Failed'), ('gone', 'Deleted')], default='waiting', max_length=8)),
                ('records', models.PositiveIntegerField(default=0)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('content', models.UUIDField(null=True)),
                ('sealed_key', models.BinaryField(default=b'')),
                ('problem', models.CharField(blank=True, default='', max_length=60)),
                ('ended_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField(verbose_name='deleted on')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='observatory.form')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='observatory.study')),
            ],
            options={
                'ordering': ('-created_at',),
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'done', 'stopped', 'failed', 'gone'])), name='an_export_is_in_a_known_state'), models.CheckConstraint(condition=models.Q(('format__in', ['csv', 'xlsx', 'spss', 'geojson'])), name='an_export_has_a_known_format'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('content__isnull', False), _connector='OR'), name='an_export_that_is_ready_is_somewhere')],
            },
        ),
        *WALLS,
    ]
