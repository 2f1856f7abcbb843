"""What one person asks for and another must agree to; memberships are written by agreed proposals alone."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from palermo.kernel.database.rls import Protect
from palermo.kernel.organisations import sql


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0001_initial'),
        ('access', '0005_forget_counters'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('role', 'A role in an organisation'), ('unit', 'A team moves to another organisation'), ('reopen', 'A closed account is opened again'), ('recovery', 'A new way to sign in for somebody who lost it')], max_length=10)),
                ('state', models.CharField(choices=[('waiting', 'waits for a second person'), ('cooling', 'confirmed, waits out its day'), ('done', 'agreed and done'), ('refused', 'refused'), ('withdrawn', 'withdrawn'), ('stopped', 'stopped'), ('expired', 'lapsed after its time')], max_length=10)),
                ('role', models.CharField(blank=True, choices=[('first_responder', 'First responder'), ('case_manager', 'Case manager'), ('supervisor', 'Supervisor'), ('competent_authority', 'Competent authority'), ('child_protection', 'Child-protection authority'), ('prosecutor', 'Prosecutor or investigator'), ('coordinator', 'National coordinator or rapporteur'), ('analyst', 'Analyst'), ('editor', 'Knowledge editor or legal drafter'), ('programme_officer', 'Programme officer'), ('administrator', 'System administrator')], default='', max_length=30)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('asked_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision', models.CharField(blank=True, max_length=500)),
                ('ready_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('subject', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.unit')),
            ],
            options={
                'ordering': ['-asked_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'cooling'])), fields=('kind', 'subject', 'organisation', 'unit', 'role'), name='one_open_proposal_of_a_thing', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('kind__in', ['role', 'unit', 'reopen', 'recovery']), ('state__in', ['waiting', 'cooling', 'done', 'refused', 'withdrawn', 'stopped', 'expired'])), name='proposal_words_are_known'), models.CheckConstraint(condition=models.Q(('role', ''), ('role__in', ['first_responder', 'case_manager', 'supervisor', 'competent_authority', 'child_protection', 'prosecutor', 'coordinator', 'analyst', 'editor', 'programme_officer', 'administrator']), _connector='OR'), name='proposal_role_is_known'), models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(models.Q(('asked_by', None), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), models.Q(('subject', None), models.Q(('decided_by', models.F('subject')), _negated=True), _connector='OR')), _connector='OR'), name='a_proposal_is_decided_by_another_person')],
            },
        ),
        # The functions first: the policy asks one of them.
        migrations.RunSQL([(statement, None) for statement in sql.statements()], migrations.RunSQL.noop),
        Protect(
            "organisations_proposal",
            read=sql.MAY_READ,
            job=False,
            reason="who asked what for which colleague; written by the organisations_ functions alone",
        ),
    ]
