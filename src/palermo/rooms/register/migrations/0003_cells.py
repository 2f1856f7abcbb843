"""Smaller tables of cells for the counts that are asked for most, and one for the answers."""

import django.contrib.postgres.fields
from django.db import migrations, models

from palermo.kernel.database.rls import Protect
from palermo.rooms.register.models import sql


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0002_walls'),
    ]

    operations = [
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
        ),
        migrations.RemoveConstraint(
            model_name='cell',
            name='one_cell_per_combination',
        ),
        migrations.AddConstraint(
            model_name='cell',
            constraint=models.UniqueConstraint(fields=('year', 'crime', 'status', 'sex', 'age_group', 'source_list_id', 'majority', 'form_yes', 'citizenship', 'country', 'area', 'age_band', 'source_kind'), name='one_cell_per_combination', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='answercell',
            constraint=models.UniqueConstraint(fields=('year', 'crime', 'status', 'sex', 'age_group', 'source_list_id', 'majority'), name='one_cell_of_answers', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='formcell',
            constraint=models.UniqueConstraint(fields=('year', 'crime', 'status', 'sex', 'age_group', 'source_list_id', 'majority', 'form_yes'), name='one_cell_by_form', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='origincell',
            constraint=models.UniqueConstraint(fields=('year', 'crime', 'status', 'sex', 'age_group', 'source_list_id', 'citizenship', 'country'), name='one_cell_by_origin', nulls_distinct=False),
        ),
        *[
            migrations.RunSQL(statement, migrations.RunSQL.noop)
            for statement in (sql.ADD_ARRAYS, sql.CELLS_FOLLOW, *sql.recount())
        ],
        *[
            Protect(table, read=sql.READ, reason="counts of the register, written by its trigger only")
            for table in ("register_formcell", "register_origincell", "register_answercell")
        ],
    ]
