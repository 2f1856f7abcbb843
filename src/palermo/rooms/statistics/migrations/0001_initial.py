
import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Observation',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('source', models.CharField(max_length=120, verbose_name='source')),
                ('area_code', models.CharField(max_length=40)),
                ('area_name', models.CharField(max_length=160)),
                ('region', models.CharField(max_length=80, verbose_name='region')),
                ('subregion', models.CharField(max_length=80, verbose_name='subregion')),
                ('is_country', models.BooleanField()),
                ('indicator', models.CharField(max_length=80, verbose_name='indicator')),
                ('dimension', models.CharField(max_length=60, verbose_name='dimension')),
                ('category', models.CharField(max_length=160, verbose_name='category')),
                ('sex', models.CharField(max_length=20, verbose_name='sex')),
                ('age', models.CharField(max_length=20, verbose_name='age')),
                ('year', models.SmallIntegerField(verbose_name='year')),
                ('occurrence', models.SmallIntegerField(default=1)),
                ('value', models.IntegerField(null=True, verbose_name='value')),
                ('below', models.SmallIntegerField(null=True)),
            ],
            options={
                'verbose_name': 'observation',
                'verbose_name_plural': 'observations',
                'indexes': [models.Index(fields=['indicator', 'dimension', 'year'], name='observation_by_what_and_when')],
                'constraints': [models.UniqueConstraint(fields=('source', 'area_code', 'area_name', 'indicator', 'dimension', 'category', 'sex', 'age', 'year', 'occurrence'), name='an_observation_has_one_key'), models.CheckConstraint(condition=models.Q(models.Q(('below', None), ('value__gte', 0)), models.Q(('below__gt', 0), ('value', None)), _connector='OR'), name='an_observation_is_a_count_or_below_one')],
            },
        ),
        migrations.CreateModel(
            name='Population',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('source', models.CharField(max_length=120, verbose_name='source')),
                ('area_code', models.CharField(max_length=40)),
                ('year', models.SmallIntegerField(verbose_name='year')),
                ('sex', models.CharField(default='Total', max_length=20, verbose_name='sex')),
                ('age', models.CharField(default='Total', max_length=20, verbose_name='age')),
                ('persons', models.BigIntegerField(verbose_name='persons')),
            ],
            options={
                'verbose_name': 'population',
                'verbose_name_plural': 'populations',
                'constraints': [models.UniqueConstraint(fields=('area_code', 'year', 'sex', 'age'), name='a_population_is_known_once'), models.CheckConstraint(condition=models.Q(('persons__gt', 0)), name='a_population_is_not_empty')],
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('table', models.CharField(max_length=40, verbose_name='table')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('content', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('approved_at', models.DateTimeField(null=True, verbose_name='approved')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='withdrawn')),
                ('withdrawn_why', models.CharField(blank=True, max_length=300, verbose_name='why it was withdrawn')),
                ('approved_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'publication',
                'verbose_name_plural': 'publications',
                'indexes': [models.Index(fields=['table', '-approved_at'], name='publication_latest_first')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('approved_by', None)), models.Q(('approved_at__isnull', False), models.Q(('approved_by', models.F('made_by')), _negated=True)), _connector='OR'), name='a_publication_is_approved_by_a_second_person')],
            },
        ),
    ]
