"""The register as it stands: its tables, cells that follow the persons, doors, and the wall of every table."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from palermo.kernel.database.rls import Protect
from palermo.rooms.register.models import sql, sql_withdrawal

REASON = "persons without identity; for those who keep the register and the operator"
COUNTED = "persons in contact with justice without identity; for those who count"


class Migration(migrations.Migration):

    initial = True

    dependencies = [("access", "0002_walls")]

    operations = [
        migrations.CreateModel(
            name='Provenance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('import_run', models.UUIDField(editable=False, null=True, unique=True)),
                ('file_sha256', models.CharField(blank=True, max_length=64)),
                ('received_at', models.DateTimeField(auto_now_add=True, verbose_name='received')),
            ],
        ),
        migrations.CreateModel(
            name='SourceList',
            fields=[
                ('id', models.SmallAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='source')),
                ('format', models.CharField(max_length=40)),
                ('terms', models.TextField(blank=True, verbose_name='terms of use')),
            ],
            options={
                'verbose_name': 'source list',
                'verbose_name_plural': 'source lists',
            },
        ),
        migrations.CreateModel(
            name='AnswerCell',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('year', models.SmallIntegerField(null=True)),
                ('crime', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='')),
                ('status', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='')),
                ('sex', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='')),
                ('age_group', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='')),
                ('source_list_id', models.SmallIntegerField()),
                ('persons', models.BigIntegerField()),
                ('majority', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='')),
                ('yes', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('no', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('answered', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('year', 'crime', 'status', 'sex', 'age_group', 'source_list_id', 'majority'), name='one_cell_of_answers', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='Cell',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('year', models.SmallIntegerField(null=True)),
                ('crime', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='')),
                ('status', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='')),
                ('sex', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='')),
                ('age_group', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='')),
                ('source_list_id', models.SmallIntegerField()),
                ('persons', models.BigIntegerField()),
                ('majority', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='')),
                ('form_yes', models.IntegerField(default=0)),
                ('citizenship', models.CharField(blank=True, db_collation='C', default='', max_length=3, verbose_name='')),
                ('country', models.CharField(blank=True, db_collation='C', default='', max_length=3, verbose_name='')),
                ('area', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='')),
                ('age_band', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='')),
                ('source_kind', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('year', 'crime', 'status', 'sex', 'age_group', 'source_list_id', 'majority', 'form_yes', 'citizenship', 'country', 'area', 'age_band', 'source_kind'), name='one_cell_per_combination', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='FormCell',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('year', models.SmallIntegerField(null=True)),
                ('crime', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='')),
                ('status', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='')),
                ('sex', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='')),
                ('age_group', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='')),
                ('source_list_id', models.SmallIntegerField()),
                ('persons', models.BigIntegerField()),
                ('majority', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='')),
                ('form_yes', models.IntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('year', 'crime', 'status', 'sex', 'age_group', 'source_list_id', 'majority', 'form_yes'), name='one_cell_by_form', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='OriginCell',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('year', models.SmallIntegerField(null=True)),
                ('crime', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='')),
                ('status', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='')),
                ('sex', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='')),
                ('age_group', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='')),
                ('source_list_id', models.SmallIntegerField()),
                ('persons', models.BigIntegerField()),
                ('citizenship', models.CharField(blank=True, db_collation='C', default='', max_length=3, verbose_name='')),
                ('country', models.CharField(blank=True, db_collation='C', default='', max_length=3, verbose_name='')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('year', 'crime', 'status', 'sex', 'age_group', 'source_list_id', 'citizenship', 'country'), name='one_cell_by_origin', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('source_key', models.BinaryField(max_length=20)),
                ('row_hash', models.BinaryField(max_length=16)),
                ('year', models.SmallIntegerField(null=True, verbose_name='year')),
                ('crime', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='crime')),
                ('status', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='status')),
                ('sex', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='sex')),
                ('gender', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='gender')),
                ('age_band', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='age band')),
                ('age_group', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='age group')),
                ('majority', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='majority at registration')),
                ('majority_at_exploitation', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='majority when exploitation began')),
                ('majority_at_entry', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='majority at entry into the process')),
                ('citizenship', models.CharField(blank=True, db_collation='C', default='', max_length=3, verbose_name='citizenship')),
                ('other_citizenships', models.CharField(blank=True, db_collation='C', default='', max_length=40, verbose_name='other citizenships')),
                ('country', models.CharField(blank=True, db_collation='C', default='', max_length=3, verbose_name='country of exploitation')),
                ('area', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='area')),
                ('source_kind', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='kind of source')),
                ('form_recorded', models.IntegerField(default=0)),
                ('form_yes', models.IntegerField(default=0)),
                ('control_recorded', models.IntegerField(default=0)),
                ('control_yes', models.IntegerField(default=0)),
                ('labour_recorded', models.IntegerField(default=0)),
                ('labour_yes', models.IntegerField(default=0)),
                ('sexual_recorded', models.IntegerField(default=0)),
                ('sexual_yes', models.IntegerField(default=0)),
                ('recruiter_recorded', models.IntegerField(default=0)),
                ('recruiter_yes', models.IntegerField(default=0)),
                ('abducted', models.BooleanField(null=True, verbose_name='abducted')),
                ('provenance', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='register.provenance')),
                ('source_list', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='register.sourcelist')),
            ],
            options={
                'verbose_name': 'person in the register',
                'verbose_name_plural': 'persons in the register',
            },
        ),
        migrations.AddField(
            model_name='provenance',
            name='source_list',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='register.sourcelist'),
        ),
        migrations.CreateModel(
            name='Suspect',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('source_key', models.BinaryField(max_length=20)),
                ('sex', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='sex')),
                ('citizenship', models.CharField(blank=True, db_collation='C', default='', max_length=3, verbose_name='citizenship')),
                ('provenance', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='register.provenance')),
                ('source_list', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='register.sourcelist')),
            ],
            options={
                'verbose_name': 'suspected person',
                'verbose_name_plural': 'suspected persons',
            },
        ),
        migrations.CreateModel(
            name='JusticeEvent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('stage', models.CharField(choices=[('formal_contact', 'brought into formal contact'), ('prosecuted', 'prosecuted'), ('convicted', 'convicted'), ('acquitted', 'acquitted')], max_length=16, verbose_name='stage')),
                ('year', models.SmallIntegerField(verbose_name='year')),
                ('on', models.DateField(verbose_name='date')),
                ('precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], max_length=5)),
                ('crime', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='crime')),
                ('age_group', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='age group')),
                ('form_yes', models.IntegerField(default=0)),
                ('country', models.CharField(blank=True, db_collation='C', default='', max_length=3, verbose_name='country')),
                ('area', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='area')),
                ('provenance', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='register.provenance')),
                ('suspect', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='register.suspect')),
            ],
            options={
                'verbose_name': 'stage of proceedings',
                'verbose_name_plural': 'stages of proceedings',
            },
        ),
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.BigIntegerField(null=True)),
                ('source_key', models.BinaryField(max_length=20)),
                ('reason', models.CharField(choices=[('consent', 'consent for statistics withdrawn'), ('duplicate', 'the same person stands here twice'), ('mistake', 'registered by mistake'), ('erasure', 'erasure of the data was asked for')], max_length=12, verbose_name='reason')),
                ('kept', models.JSONField(null=True)),
                ('withdrawn_at', models.DateTimeField(auto_now_add=True, verbose_name='withdrawn')),
                ('undone_at', models.DateTimeField(null=True, verbose_name='undone')),
                ('provenance', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='register.provenance')),
                ('source_list', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='register.sourcelist')),
            ],
            options={
                'verbose_name': 'withdrawal',
                'verbose_name_plural': 'withdrawals',
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('reason', models.CharField(choices=[('source', 'the source says that its list was wrong'), ('reading', 'the list was read wrongly'), ('record', 'the record behind the row says otherwise')], max_length=12, verbose_name='reason')),
                ('before', models.JSONField()),
                ('after', models.JSONField()),
                ('corrected_at', models.DateTimeField(auto_now_add=True, verbose_name='corrected')),
                ('undone_at', models.DateTimeField(null=True, verbose_name='undone')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='register.person')),
            ],
            options={
                'verbose_name': 'correction',
                'verbose_name_plural': 'corrections',
                'constraints': [models.CheckConstraint(condition=models.Q(('reason__in', ['source', 'reading', 'record'])), name='a_correction_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('registered', 'registered'), ('screened', 'screened'), ('presumed', 'presumed victim'), ('reasonable_grounds', 'reasonable grounds'), ('identified', 'identified as a victim'), ('rejected', 'negative decision'), ('declined', 'declined formal identification'), ('case_opened', 'case opened'), ('referred', 'referred'), ('assisted', 'assisted'), ('returned', 'returned'), ('case_closed', 'case closed')], max_length=20, verbose_name='event')),
                ('on', models.DateField(verbose_name='date')),
                ('precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], max_length=5)),
                ('area', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='area')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='register.person')),
                ('provenance', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='register.provenance')),
            ],
            options={
                'verbose_name': 'event',
                'verbose_name_plural': 'events',
                'constraints': [models.UniqueConstraint(fields=('person', 'kind', 'on'), name='an_event_of_a_person_is_stored_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['registered', 'screened', 'presumed', 'reasonable_grounds', 'identified', 'rejected', 'declined', 'case_opened', 'referred', 'assisted', 'returned', 'case_closed'])), name='an_event_is_of_a_known_kind'), models.CheckConstraint(condition=models.Q(('precision__in', ['day', 'month', 'year'])), name='an_event_date_has_a_precision')],
            },
        ),
        migrations.CreateModel(
            name='Charge',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('offence', models.CharField(blank=True, db_collation='C', default='', max_length=16, verbose_name='offence')),
                ('article', models.CharField(blank=True, db_collation='C', default='', max_length=60, verbose_name='article of national law')),
                ('crime', models.CharField(blank=True, db_collation='C', default='', max_length=32, verbose_name='crime')),
                ('form_yes', models.IntegerField(default=0)),
                ('instance', models.CharField(blank=True, db_collation='C', default='', max_length=16, verbose_name='court instance')),
                ('sentence', models.CharField(blank=True, db_collation='C', default='', max_length=16, verbose_name='sentence')),
                ('sentence_months', models.SmallIntegerField(null=True, verbose_name='length of the sentence in months')),
                ('final', models.BooleanField(null=True, verbose_name='final')),
                ('authority', models.CharField(blank=True, db_collation='C', default='', max_length=16, verbose_name='recorded by')),
                ('event', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='charges', to='register.justiceevent')),
                ('provenance', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='register.provenance')),
            ],
            options={
                'verbose_name': 'charge',
                'verbose_name_plural': 'charges',
                'constraints': [models.UniqueConstraint(fields=('event', 'offence', 'article', 'crime'), name='an_offence_is_charged_once_a_stage'), models.CheckConstraint(condition=models.Q(('sentence_months', None), ('sentence__in', ('imprisonment', 'suspended')), _connector='OR'), name='only_a_sentence_of_time_has_a_length')],
            },
        ),
        migrations.AddConstraint(
            model_name='provenance',
            constraint=models.UniqueConstraint(condition=models.Q(('import_run', None)), fields=('source_list',), name='one_delivery_without_file_per_source'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['year', 'id'], name='register_person_by_year'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['citizenship', 'id'], name='register_person_by_citizen'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.UniqueConstraint(fields=('source_list', 'source_key'), name='a_row_of_a_source_is_one_person'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('year', None), ('year__range', (1900, 2200)), _connector='OR'), name='register_year_is_a_year'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('majority__in', ('child', 'adult', 'unknown', '')), ('majority_at_exploitation__in', ('child', 'adult', 'unknown', '')), ('majority_at_entry__in', ('child', 'adult', 'unknown', '')), ('age_group__in', ('child', 'adult', 'unknown', ''))), name='majority_is_child_adult_or_unknown'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('control_yes', django.db.models.expressions.CombinedExpression(models.F('control_yes'), '&', models.F('control_recorded'))), ('form_yes', django.db.models.expressions.CombinedExpression(models.F('form_yes'), '&', models.F('form_recorded'))), ('labour_yes', django.db.models.expressions.CombinedExpression(models.F('labour_yes'), '&', models.F('labour_recorded'))), ('recruiter_yes', django.db.models.expressions.CombinedExpression(models.F('recruiter_yes'), '&', models.F('recruiter_recorded'))), ('sexual_yes', django.db.models.expressions.CombinedExpression(models.F('sexual_yes'), '&', models.F('sexual_recorded')))), name='a_yes_is_always_recorded'),
        ),
        migrations.AddConstraint(
            model_name='suspect',
            constraint=models.UniqueConstraint(fields=('source_list', 'source_key'), name='a_row_of_a_source_is_one_suspect'),
        ),
        migrations.AddIndex(
            model_name='justiceevent',
            index=models.Index(fields=['stage', 'year'], name='justice_by_stage_and_year'),
        ),
        migrations.AddConstraint(
            model_name='justiceevent',
            constraint=models.UniqueConstraint(fields=('suspect', 'stage', 'year'), name='a_stage_counts_once_a_year'),
        ),
        migrations.AddConstraint(
            model_name='justiceevent',
            constraint=models.CheckConstraint(condition=models.Q(('stage__in', ['formal_contact', 'prosecuted', 'convicted', 'acquitted'])), name='a_stage_is_known'),
        ),
        migrations.AddConstraint(
            model_name='justiceevent',
            constraint=models.CheckConstraint(condition=models.Q(('year__range', (1900, 2200))), name='justice_year_is_a_year'),
        ),
        migrations.AddConstraint(
            model_name='justiceevent',
            constraint=models.CheckConstraint(condition=models.Q(('age_group__in', ('child', 'adult', 'unknown', ''))), name='an_accused_is_child_adult_or_unknown'),
        ),
        migrations.AddIndex(
            model_name='withdrawal',
            index=models.Index(fields=['number'], name='withdrawal_by_number'),
        ),
        migrations.AddConstraint(
            model_name='withdrawal',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('source_list', 'source_key'), name='a_person_is_withdrawn_once'),
        ),
        migrations.AddConstraint(
            model_name='withdrawal',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['consent', 'duplicate', 'mistake', 'erasure'])), name='a_withdrawal_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='withdrawal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', 'erasure'), _negated=True), ('kept__isnull', True), _connector='OR'), name='an_erasure_keeps_nothing'),
        ),
        *[
            migrations.RunSQL(statement, migrations.RunSQL.noop)
            for statement in (*sql.statements(), *sql_withdrawal.statements(), *sql.case_event())
        ],
        *[
            Protect(table, read=sql.READ_ROWS, insert=sql.WRITE, update=sql.WRITE, delete=sql.WRITE, reason=REASON)
            for table in ("register_person", "register_event")
        ],
        *[
            Protect(table, read=sql.READ, insert=sql.WRITE, update=sql.WRITE, delete=sql.WRITE, reason=COUNTED)
            for table in (
                "register_sourcelist",
                "register_provenance",
                "register_suspect",
                "register_justiceevent",
                "register_charge",
            )
        ],
        Protect("register_correction", read=sql.READ_ROWS, delete=sql.WRITE, reason="corrected rows, written by functions only"),
        Protect("register_withdrawal", read=sql.READ_ROWS, reason="withdrawn persons, written by functions only"),
        *[
            Protect(table, read=sql.READ, reason="counts of the register, written by its trigger only")
            for table in ("register_cell", "register_formcell", "register_origincell", "register_answercell")
        ],
    ]
