"""What happened to objects and what is due for them, visible to those who hold the object."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from palermo.kernel.database.rls import Protect

HELD = "EXISTS (SELECT 1 FROM access_grant g WHERE g.object_id = {table}.object_id)"
OPERATOR = "(SELECT access_kind()) = 'operator'"
TRANSITION = HELD.format(table="workflow_transition")
DEADLINE = HELD.format(table="workflow_deadline")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0004_live_grants'),
        ('organisations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Deadline',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('object_id', models.UUIDField()),
                ('object_kind', models.CharField(max_length=40)),
                ('machine', models.CharField(max_length=40)),
                ('state', models.CharField(max_length=30)),
                ('rule', models.CharField(max_length=60, verbose_name='limit')),
                ('event', models.CharField(max_length=60, verbose_name='event that meets it')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), size=None)),
                ('started_at', models.DateTimeField(verbose_name='started')),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('paused_at', models.DateTimeField(null=True, verbose_name='paused')),
                ('met_at', models.DateTimeField(null=True, verbose_name='met')),
                ('cancelled_at', models.DateTimeField(null=True, verbose_name='cancelled')),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'deadline',
                'verbose_name_plural': 'deadlines',
                'indexes': [models.Index(condition=models.Q(('cancelled_at', None), ('met_at', None)), fields=['due_at'], name='deadline_running_by_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('cancelled_at', None), ('met_at', None)), fields=('object_id', 'machine', 'rule'), name='a_limit_of_an_object_runs_once'), models.CheckConstraint(condition=models.Q(('met_at', None), ('cancelled_at', None), _connector='OR'), name='a_deadline_is_not_both_met_and_cancelled')],
            },
        ),
        migrations.CreateModel(
            name='Transition',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('object_id', models.UUIDField()),
                ('object_kind', models.CharField(max_length=40)),
                ('machine', models.CharField(max_length=40)),
                ('machine_version', models.PositiveSmallIntegerField()),
                ('event', models.CharField(max_length=60, verbose_name='event')),
                ('from_state', models.CharField(blank=True, max_length=30, verbose_name='from')),
                ('to_state', models.CharField(max_length=30, verbose_name='to')),
                ('actor_kind', models.CharField(max_length=10)),
                ('at', models.DateTimeField(verbose_name='when')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('object_version', models.PositiveIntegerField()),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'change of state',
                'verbose_name_plural': 'changes of state',
                'indexes': [models.Index(fields=['object_id', '-at'], name='transition_of_an_object')],
                'constraints': [models.UniqueConstraint(fields=('object_id', 'machine', 'object_version'), name='one_change_of_state_for_one_version_of_an_object')],
            },
        ),
        # Append-only: no update and no delete for anybody but the owner of the database.
        Protect(
            "workflow_transition",
            read=TRANSITION,
            insert=f"{TRANSITION} OR {OPERATOR}",
            reason="who holds the object sees its history; reasons may speak of a person",
        ),
        Protect(
            "workflow_deadline",
            read=f"{DEADLINE} OR {OPERATOR} OR (SELECT access_has('coordinator'))",
            insert=f"{DEADLINE} OR {OPERATOR}",
            update=f"{DEADLINE} OR {OPERATOR}",
            reason="who holds the object sees what is due; coordinators count; no words, no identity",
        ),
    ]
