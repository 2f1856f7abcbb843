"""Risk, safety and plan as records: written once, words sealed apart, approved by a second person."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from palermo.kernel.database.rls import Protect

# The codes are for whoever holds the case; the words lie in a table of their own, for those who hold its notes.
HELD = "coalesce((SELECT true FROM access_grant g WHERE g.object_id = {0}.case_id AND 'case' = ANY (g.scopes) LIMIT 1), false)"
NOTES = "coalesce((SELECT true FROM access_grant g WHERE g.object_id = {0}.case_id AND 'notes' = ANY (g.scopes) LIMIT 1), false)"
MINE = "{0}.{1} = (SELECT access_viewer())"
DRAFT = (
    "EXISTS (SELECT 1 FROM cases_plan p WHERE p.id = {0}.plan_id AND p.case_id = {0}.case_id AND p.approved_at IS NULL)"
)
# A plan knows who wrote in it, whatever the program says, and none of them approves it. What is approved stays.
PLAN_RULES = """
CREATE FUNCTION cases_plan_rules() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE me uuid := access_viewer();
BEGIN
  IF current_user = 'palermo_owner' THEN RETURN NEW; END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.approved_at IS NOT NULL OR me IS NULL THEN
      RAISE EXCEPTION 'a plan begins as a draft' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'a_plan_begins_as_a_draft';
    END IF;
    NEW.authors := ARRAY[me];
    RETURN NEW;
  END IF;
  IF OLD.approved_at IS NOT NULL THEN
    RAISE EXCEPTION 'an approved plan is not changed' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'an_approved_plan_is_not_changed';
  END IF;
  IF ROW(NEW.id, NEW.case_id, NEW.number, NEW.created_at) IS DISTINCT FROM ROW(OLD.id, OLD.case_id, OLD.number, OLD.created_at)
  THEN
    RAISE EXCEPTION 'a plan stays with its case' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_plan_stays_with_its_case';
  END IF;
  NEW.authors := OLD.authors;
  IF NEW.approved_at IS NULL THEN
    IF NOT (me = ANY (NEW.authors)) THEN NEW.authors := NEW.authors || me; END IF;
    RETURN NEW;
  END IF;
  IF me IS NULL OR NEW.approved_by_id IS DISTINCT FROM me OR me = ANY (OLD.authors) OR NOT access_has('supervisor')
     OR ROW(NEW.agreed_at, NEW.agreed_language, NEW.evidence_id)
        IS DISTINCT FROM ROW(OLD.agreed_at, OLD.agreed_language, OLD.evidence_id) THEN
    RAISE EXCEPTION 'a second person approves a plan' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'a_second_person_approves_a_plan';
  END IF;
  RETURN NEW;
END $$
"""
HAPPENING_RULES = """
CREATE FUNCTION cases_happening_rules() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF OLD.met_by_id IS NOT NULL OR to_jsonb(NEW) - 'met_by_id' IS DISTINCT FROM to_jsonb(OLD) - 'met_by_id' THEN
    RAISE EXCEPTION 'what happened is not rewritten' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'what_happened_is_not_rewritten';
  END IF;
  RETURN NEW;
END $$
"""
TRIGGERS = (
    ("cases_plan", "BEFORE INSERT OR UPDATE", "cases_plan_rules"),
    ("cases_happening", "BEFORE UPDATE", "cases_happening_rules"),
)


def rules():
    """The functions, and the triggers that call them."""
    yield migrations.RunSQL(PLAN_RULES, "DROP FUNCTION cases_plan_rules()")
    yield migrations.RunSQL(HAPPENING_RULES, "DROP FUNCTION cases_happening_rules()")
    for table, when, function in TRIGGERS:
        yield migrations.RunSQL(f"REVOKE ALL ON FUNCTION {function}() FROM PUBLIC", migrations.RunSQL.noop)
        yield migrations.RunSQL(
            f"CREATE TRIGGER {function} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()",
            f"DROP TRIGGER {function} ON {table}",
        )


def wall(table, author="made_by_id", reason="", **more):
    """Read by whoever holds the case, written by whoever holds its notes, in his own name."""
    mine = f" AND {MINE.format(table, author)}" if author else ""
    return Protect(
        table,
        read=HELD.format(table),
        insert=NOTES.format(table) + mine,
        reason=f"{reason}: by grant on the case; written by those who hold its notes",
        **{name: NOTES.format(table) + text.format(table) for name, text in more.items()},
    )


def walls():
    yield Protect(
        "cases_words",
        read=NOTES.format("cases_words"),
        insert=f"{NOTES.format('cases_words')} AND {MINE.format('cases_words', 'written_by_id')}",
        reason="sealed words of risk, safety and plan: by grant of scope notes, in one's own name; written once",
    )
    yield wall("cases_riskassessment", reason="risk, written once")
    yield wall("cases_happening", reason="what forces a look at the risk", update="")
    yield wall("cases_assessment", reason="the four levels, written once")
    yield wall("cases_safetyplan", reason="safety plans, written once")
    yield wall("cases_safetyreview", reason="reviews of safety plans, written once")
    yield wall("cases_conference", reason="case conferences, written once")
    yield wall("cases_result", reason="what became of actions, written once")
    yield wall("cases_takenover", reason="screenings taken over, written once")
    yield wall("cases_plan", author="", reason="versions of the plan; the trigger guards who approves", update="")
    yield Protect(
        "cases_goal",
        read=HELD.format("cases_goal"),
        insert=f"{NOTES.format('cases_goal')} AND {DRAFT.format('cases_goal')}",
        delete=f"{NOTES.format('cases_goal')} AND {DRAFT.format('cases_goal')}",
        reason="goals: by grant on the case; changed in a draft alone",
    )
    yield Protect(
        "cases_action",
        read=HELD.format("cases_action"),
        insert=f"{NOTES.format('cases_action')} AND {DRAFT.format('cases_action')}",
        delete=f"{NOTES.format('cases_action')} AND {DRAFT.format('cases_action')}",
        reason="actions: by grant on the case; changed in a draft alone",
    )


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0003_sealed_notes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('authors', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, editable=False, size=None)),
                ('agreed_at', models.DateTimeField(blank=True, null=True, verbose_name='the person agreed')),
                ('agreed_language', models.CharField(blank=True, max_length=10, verbose_name='language')),
                ('evidence_id', models.UUIDField(blank=True, null=True, verbose_name='signed paper')),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved')),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='cases.case')),
            ],
            options={
                'verbose_name': 'assistance plan',
                'verbose_name_plural': 'assistance plans',
            },
        ),
        migrations.CreateModel(
            name='SafetyPlan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('items', models.JSONField(default=list)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'safety plan',
                'verbose_name_plural': 'safety plans',
            },
        ),
        migrations.CreateModel(
            name='SafetyReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='cases.safetyplan')),
            ],
            options={
                'verbose_name': 'review of a safety plan',
                'verbose_name_plural': 'reviews of safety plans',
            },
        ),
        migrations.CreateModel(
            name='TakenOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('screening_id', models.UUIDField()),
                ('screening_code', models.CharField(max_length=12)),
                ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'screening taken over',
                'verbose_name_plural': 'screenings taken over',
                'ordering': ('-made_at',),
            },
        ),
        migrations.CreateModel(
            name='Words',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
                ('written_at', models.DateTimeField(auto_now_add=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'sealed words',
                'verbose_name_plural': 'sealed words',
            },
        ),
        migrations.AddField(
            model_name='safetyplan',
            name='words',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.words'),
        ),
        migrations.CreateModel(
            name='RiskAssessment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('level', models.CharField(choices=[('high', 'High'), ('medium', 'Medium'), ('low', 'Low')], max_length=15, verbose_name='risk')),
                ('cause', models.CharField(max_length=20, verbose_name='why now')),
                ('factors', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('words', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.words')),
            ],
            options={
                'verbose_name': 'risk assessment',
                'verbose_name_plural': 'risk assessments',
            },
        ),
        migrations.CreateModel(
            name='Result',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('key', models.UUIDField()),
                ('result', models.CharField(max_length=20, verbose_name='result')),
                ('why', models.CharField(blank=True, max_length=20, verbose_name='why not')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('words', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.words')),
            ],
            options={
                'verbose_name': 'result of an action',
                'verbose_name_plural': 'results of actions',
            },
        ),
        migrations.CreateModel(
            name='Happening',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('kind', models.CharField(max_length=20, verbose_name='what happened')),
                ('due_at', models.DateTimeField(verbose_name='risk to be assessed by')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('met_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.riskassessment')),
                ('words', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.words')),
            ],
            options={
                'verbose_name': 'happening',
                'verbose_name_plural': 'happenings',
            },
        ),
        migrations.CreateModel(
            name='Goal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.UUIDField(default=uuid.uuid4)),
                ('kind', models.CharField(max_length=30, verbose_name='area of help')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='goals', to='cases.plan')),
                ('words', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.words')),
            ],
            options={
                'verbose_name': 'goal',
                'verbose_name_plural': 'goals',
            },
        ),
        migrations.CreateModel(
            name='Conference',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('held_on', models.DateField(verbose_name='held on')),
                ('participants', models.JSONField(default=list)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('words', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.words')),
            ],
            options={
                'verbose_name': 'case conference',
                'verbose_name_plural': 'case conferences',
            },
        ),
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('risks', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('protective', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('needs_recorded', models.BooleanField(default=False, verbose_name='the needs were asked and recorded')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('words', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.words')),
            ],
            options={
                'verbose_name': 'assessment',
                'verbose_name_plural': 'assessments',
            },
        ),
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.UUIDField(default=uuid.uuid4)),
                ('kind', models.CharField(max_length=30, verbose_name='area of help')),
                ('goal_key', models.UUIDField(blank=True, null=True)),
                ('doer', models.CharField(max_length=20, verbose_name='who does it')),
                ('due_on', models.DateField(verbose_name='by when')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('conference', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.conference')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='cases.plan')),
                ('words', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.words')),
            ],
            options={
                'verbose_name': 'action of a plan',
                'verbose_name_plural': 'actions of a plan',
                'ordering': ('due_on', 'id'),
            },
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.UniqueConstraint(fields=('case', 'number'), name='plans_are_numbered'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.UniqueConstraint(condition=models.Q(('approved_at', None)), fields=('case',), name='one_draft_of_a_plan'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('approved_by', None)), models.Q(('agreed_at__isnull', False), ('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='a_plan_is_agreed_before_it_is_approved'),
        ),
        migrations.AddIndex(
            model_name='safetyreview',
            index=models.Index(fields=['case', '-made_at'], name='safety_review_newest_first'),
        ),
        migrations.AddConstraint(
            model_name='takenover',
            constraint=models.UniqueConstraint(fields=('case', 'screening_id'), name='a_screening_is_taken_over_once'),
        ),
        migrations.AddConstraint(
            model_name='words',
            constraint=models.CheckConstraint(condition=models.Q(('sealed', b''), _negated=True), name='words_are_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='safetyplan',
            constraint=models.UniqueConstraint(fields=('case', 'number'), name='safety_plans_are_numbered'),
        ),
        migrations.AddIndex(
            model_name='riskassessment',
            index=models.Index(fields=['case', '-made_at'], name='risk_newest_first'),
        ),
        migrations.AddConstraint(
            model_name='riskassessment',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ('high', 'medium', 'low'))), name='risk_level_is_known'),
        ),
        migrations.AddIndex(
            model_name='result',
            index=models.Index(fields=['case', 'key', '-made_at'], name='result_newest_first'),
        ),
        migrations.AddConstraint(
            model_name='result',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('result', 'not_done'), models.Q(('why', ''), _negated=True)), models.Q(models.Q(('result', 'not_done'), _negated=True), ('why', '')), _connector='OR'), name='what_is_not_done_has_a_reason'),
        ),
        migrations.AddIndex(
            model_name='happening',
            index=models.Index(condition=models.Q(('met_by', None)), fields=['case'], name='happening_open'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.UniqueConstraint(fields=('plan', 'key'), name='a_goal_stands_once_in_a_plan'),
        ),
        migrations.AddIndex(
            model_name='assessment',
            index=models.Index(fields=['case', '-made_at'], name='assessment_newest_first'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.UniqueConstraint(fields=('plan', 'key'), name='an_action_stands_once_in_a_plan'),
        ),
        *rules(),
        *walls(),
    ]
