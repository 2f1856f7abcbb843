from django.db import migrations, models

from palermo.kernel.database.rls import Protect

OPERATOR = "(SELECT access_kind()) = 'operator'"


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("access", "0010_grants_of_a_house"),
    ]

    operations = [
        migrations.CreateModel(
            name='Vector',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('room', models.CharField(max_length=30)),
                ('key', models.CharField(max_length=80)),
                ('language', models.CharField(max_length=20)),
                ('digest', models.CharField(max_length=32)),
                ('model', models.CharField(max_length=60)),
                ('vector', models.BinaryField()),
            ],
            options={
                'verbose_name': 'passage',
                'verbose_name_plural': 'passages',
                'constraints': [models.UniqueConstraint(fields=('room', 'key', 'language', 'digest'), name='a_passage_is_learned_once')],
            },
        ),
        Protect(
            "search_vector",
            read="true",
            insert=OPERATOR,
            delete=OPERATOR,
            reason="numbers made of public passages, for everybody; learned and forgotten by the operator, never changed",
        ),
    ]
