import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from palermo.kernel.database.rls import Protect
from palermo.kernel.exchange.sql import ARRIVAL_STAYS, DISPATCH_STAYS, PARTNER_BY_TWO, PLACE

OPERATOR = "(SELECT access_kind()) = 'operator'"
STAFF = "(SELECT access_kind()) IN ('operator', 'person')"
COORDINATOR = "(SELECT access_has('coordinator'))"
PINS = f"{OPERATOR} OR {COORDINATOR}"
MINE = "asked_by_id = (SELECT access_viewer())"


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OwnCard',
            fields=[
                ('version', models.PositiveIntegerField(editable=False, primary_key=True, serialize=False)),
                ('data', models.BinaryField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='OwnKey',
            fields=[
                ('id', models.CharField(editable=False, max_length=32, primary_key=True, serialize=False)),
                ('use', models.CharField(editable=False, max_length=6)),
                ('public', models.BinaryField()),
                ('wrapped', models.BinaryField()),
                ('since', models.DateTimeField(editable=False)),
                ('until', models.DateTimeField(editable=False)),
            ],
        ),
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('issuer', models.CharField(editable=False, max_length=100, unique=True)),
                ('name', models.CharField(editable=False, max_length=200)),
                ('card', models.BinaryField()),
                ('earlier', models.JSONField(default=list, editable=False)),
                ('endpoint', models.CharField(blank=True, editable=False, max_length=500)),
                ('least', models.PositiveSmallIntegerField(default=2, editable=False)),
                ('state', models.CharField(choices=[('proposed', 'Waits for the thumbprint'), ('active', 'Active'), ('revoked', 'Revoked')], default='proposed', editable=False, max_length=8)),
                ('readers', models.JSONField(default=list, editable=False)),
                ('why', models.CharField(blank=True, editable=False, max_length=300)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('pinned_at', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'verbose_name': 'partner instance',
                'verbose_name_plural': 'partner instances',
                'ordering': ('name', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Dispatch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(editable=False, max_length=60)),
                ('subject', models.UUIDField(editable=False, null=True)),
                ('conversation', models.UUIDField(editable=False, null=True)),
                ('sequence', models.PositiveIntegerField(default=0, editable=False)),
                ('sealed', models.BinaryField()),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('expires', models.DateTimeField(editable=False)),
                ('fate', models.CharField(default='waiting', editable=False, max_length=9)),
                ('stage', models.CharField(blank=True, editable=False, max_length=9)),
                ('attempts', models.PositiveIntegerField(default=0, editable=False)),
                ('next_at', models.DateTimeField(editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('settled_at', models.DateTimeField(editable=False, null=True)),
                ('asked_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exchange.partner')),
            ],
        ),
        migrations.CreateModel(
            name='Arrival',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('letter_id', models.CharField(editable=False, max_length=100)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('receipt', models.BinaryField()),
                ('kind', models.CharField(editable=False, max_length=60)),
                ('conversation', models.CharField(editable=False, max_length=100)),
                ('sequence', models.PositiveIntegerField(editable=False)),
                ('sealed', models.BinaryField()),
                ('expires', models.DateTimeField(editable=False)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('handled', 'Handed over'), ('refused', 'Not understood'), ('late', 'Came too late')], default='waiting', editable=False, max_length=8)),
                ('received_at', models.DateTimeField(auto_now_add=True)),
                ('handled_at', models.DateTimeField(editable=False, null=True)),
                ('partner', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exchange.partner')),
            ],
        ),
        migrations.CreateModel(
            name='Refused',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.DateTimeField(editable=False)),
                ('cause', models.CharField(editable=False, max_length=20)),
                ('times', models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('hour', 'cause'), name='one_count_an_hour_and_cause')],
            },
        ),
        migrations.CreateModel(
            name='Told',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(editable=False, max_length=9)),
                ('reason', models.CharField(blank=True, editable=False, max_length=500)),
                ('at', models.DateTimeField(editable=False)),
                ('signed', models.BinaryField()),
                ('dispatch', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='told', to='exchange.dispatch')),
            ],
            options={
                'ordering': ('at', 'pk'),
            },
        ),
        migrations.AddIndex(
            model_name='dispatch',
            index=models.Index(condition=models.Q(('settled_at', None)), fields=['next_at'], name='dispatches_to_attempt'),
        ),
        migrations.AddIndex(
            model_name='dispatch',
            index=models.Index(fields=['conversation', 'sequence'], name='dispatches_in_their_order'),
        ),
        migrations.AddIndex(
            model_name='dispatch',
            index=models.Index(fields=['subject'], name='dispatches_about'),
        ),
        migrations.AddConstraint(
            model_name='dispatch',
            constraint=models.CheckConstraint(condition=models.Q(('fate__in', ['waiting', 'tried', 'stored', 'unsure', 'late', 'refused', 'cancelled'])), name='a_dispatch_has_a_known_fate'),
        ),
        migrations.AddConstraint(
            model_name='dispatch',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('kind', 'receipt'), _negated=True), models.Q(('fate', 'cancelled'), _negated=True)), fields=('conversation', 'sequence'), name='one_dispatch_a_place_in_a_conversation'),
        ),
        migrations.AddIndex(
            model_name='arrival',
            index=models.Index(fields=['conversation', 'sequence'], name='arrivals_in_their_order'),
        ),
        migrations.AddConstraint(
            model_name='arrival',
            constraint=models.UniqueConstraint(fields=('partner', 'letter_id'), name='a_letter_arrives_once'),
        ),
        migrations.AddConstraint(
            model_name='arrival',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'handled', 'refused', 'late'])), name='an_arrival_has_a_known_state'),
        ),
        migrations.AddConstraint(
            model_name='told',
            constraint=models.UniqueConstraint(fields=('dispatch', 'stage'), name='a_stage_is_told_once'),
        ),
        *(migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in (*PLACE, *DISPATCH_STAYS, *ARRIVAL_STAYS, *PARTNER_BY_TWO)),
        Protect(
            "exchange_ownkey", read=STAFF, insert=OPERATOR, update=OPERATOR,
            reason="public halves, and private ones under a key that is not in the database",
        ),
        Protect("exchange_owncard", read=STAFF, insert=OPERATOR, reason="signed cards, for partners to see"),
        Protect(
            "exchange_partner", read=STAFF, insert=PINS, update=PINS,
            reason="names, addresses and public keys of partner instances",
        ),
        Protect(
            "exchange_dispatch", read=f"{OPERATOR} OR {MINE} OR {COORDINATOR}", insert=f"{OPERATOR} OR {MINE}",
            update=f"{OPERATOR} OR {MINE}",
            reason="that a letter of a kind was sent, and its sealed form; who let it go sees what became of it",
        ),
        Protect(
            "exchange_arrival", read=OPERATOR, insert=OPERATOR, update=OPERATOR,
            reason="sealed letters of partners: the worker hands them to their rooms",
        ),
        Protect(
            "exchange_told", read="EXISTS (SELECT 1 FROM exchange_dispatch d WHERE d.id = dispatch_id)", insert=OPERATOR,
            reason="receipts, as their letter",
        ),
        Protect(
            "exchange_refused", read=f"{OPERATOR} OR (SELECT access_has('administrator'))", insert=OPERATOR,
            update=OPERATOR, reason="counts by hour and cause",
        ),
    ]
