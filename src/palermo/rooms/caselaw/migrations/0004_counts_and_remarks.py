"""Counts of what is published, kept by statement; remarks of reviewers; searches that a person keeps."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from palermo.kernel.database.rls import Open, Protect
from palermo.rooms.caselaw.migrations._sql import EDITORS, START

OWN = "user_id = (SELECT access_viewer())"
# Rows are taken in the order of their codes, so that two who publish at once never wait in a circle.
ADD = """
  INSERT INTO caselaw_facetcount AS f (code, n)
  SELECT d.code, sum(d.n) FROM ({changes}) d GROUP BY d.code HAVING sum(d.n) <> 0 ORDER BY d.code
  ON CONFLICT (code) DO UPDATE SET n = f.n + excluded.n;
"""
ROWS = """
    SELECT unnest(c.codes || ARRAY['']) AS code, {sign}1 AS n FROM {of} c WHERE c.state = 'published'"""
CAME, WENT = ROWS.format(sign="", of="came"), ROWS.format(sign="-", of="went")
COUNTED = [
    f"CREATE FUNCTION caselaw_counted_{name}() RETURNS trigger {START}\nBEGIN{ADD.format(changes=changes)}"
    "  RETURN NULL;\nEND $$"
    for name, changes in (("insert", CAME), ("update", f"{CAME} UNION ALL {WENT}"))
]  # fmt: skip
TRIGGERS = [
    "CREATE TRIGGER caselaw_counted_insert AFTER INSERT ON caselaw_case REFERENCING NEW TABLE AS came "
    "FOR EACH STATEMENT EXECUTE FUNCTION caselaw_counted_insert()",
    "CREATE TRIGGER caselaw_counted_update AFTER UPDATE ON caselaw_case REFERENCING NEW TABLE AS came "
    "OLD TABLE AS went FOR EACH STATEMENT EXECUTE FUNCTION caselaw_counted_update()",
]
BEGUN = """
INSERT INTO caselaw_facetcount (code, n) SELECT code, count(*) FROM caselaw_case c, unnest(c.codes || ARRAY['']) code
WHERE c.state = 'published' GROUP BY code
"""
# Without a question and without a filter the counts stand ready; everything else is counted as before.
PAGE = """
CREATE OR REPLACE FUNCTION caselaw_page(q text, wanted text[], concepts text[], size integer, skip integer)
RETURNS TABLE (kind text, key text, why text, n bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
BEGIN
  IF q = '' THEN
    RETURN QUERY
    SELECT 'hit', c.id::text, '', row_number() OVER (ORDER BY c.decided DESC NULLS LAST, c.palermo_id)
      FROM caselaw_case c WHERE c.state = 'published' AND c.codes @> wanted
      ORDER BY c.decided DESC NULLS LAST, c.palermo_id LIMIT size OFFSET skip;
    IF cardinality(wanted) = 0 THEN
      RETURN QUERY
      SELECT 'total', '', '', coalesce(max(f.n), 0) FROM caselaw_facetcount f WHERE f.code = ''
      UNION ALL SELECT 'facet', f.code, '', f.n FROM caselaw_facetcount f WHERE f.code <> '' AND f.n > 0;
      RETURN;
    END IF;
    RETURN QUERY
    SELECT 'total', '', '', count(*) FROM caselaw_case c WHERE c.state = 'published' AND c.codes @> wanted
    UNION ALL (SELECT 'facet', code, '', count(*) FROM caselaw_case c, unnest(c.codes) code
       WHERE c.state = 'published' AND c.codes @> wanted GROUP BY code);
    RETURN;
  END IF;
  RETURN QUERY
  WITH found AS MATERIALIZED (SELECT f.id, f.rank, f.why, c.codes, c.palermo_id, c.decided
    FROM caselaw_find(q, wanted, concepts) f JOIN caselaw_case c ON c.id = f.id)
  (SELECT 'hit', id::text, f.why, row_number() OVER (ORDER BY rank DESC, decided DESC NULLS LAST, palermo_id)
     FROM found f ORDER BY rank DESC, decided DESC NULLS LAST, palermo_id LIMIT size OFFSET skip)
  UNION ALL SELECT 'total', '', '', count(*) FROM found
  UNION ALL (SELECT 'facet', code, '', count(*) FROM found, unnest(codes) code GROUP BY code);
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ("caselaw", "0003_a_page_of_the_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FacetCount",
            fields=[
                ("code", models.TextField(editable=False, primary_key=True, serialize=False)),
                ("n", models.BigIntegerField(editable=False)),
            ],
            options={"verbose_name": "count of a facet", "verbose_name_plural": "counts of facets"},
        ),
        migrations.CreateModel(
            name="CaseRemark",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(editable=False)),
                ("text", models.TextField(editable=False)),
                ("sends_back", models.BooleanField(default=False, editable=False)),
                ("by", models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("case", models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="remarks", to="caselaw.case")),
            ],
            options={"verbose_name": "remark", "verbose_name_plural": "remarks", "ordering": ("at", "id")},
        ),
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(editable=False, max_length=80)),
                ("query", models.CharField(blank=True, editable=False, max_length=300)),
                ("wanted", models.JSONField(default=dict, editable=False)),
                ("seen_at", models.DateTimeField(editable=False)),
                ("user", models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={"verbose_name": "saved search", "verbose_name_plural": "saved searches", "ordering": ("name", "id")},
        ),
        Open(
            "caselaw_facetcount", app="", job="",
            reason="how many published cases there are of each facet; written by a trigger, read through caselaw_page",
        ),
        Protect(
            "caselaw_caseremark", read=EDITORS, insert=f'{EDITORS} AND by_id = (SELECT access_viewer())', update=EDITORS,
            job=False, reason="what reviewers tell who writes; only names are taken out of it afterwards",
        ),
        Protect(
            "caselaw_savedsearch", read=OWN, insert=OWN, update=OWN, delete=OWN, job=False,
            reason="the searches that a person keeps, for nobody else",
        ),
        migrations.RunSQL(
            [
                *((text, None) for text in COUNTED),
                ("REVOKE ALL ON FUNCTION caselaw_counted_insert() FROM PUBLIC", None),
                ("REVOKE ALL ON FUNCTION caselaw_counted_update() FROM PUBLIC", None),
                (BEGUN.strip(), None), *((text, None) for text in TRIGGERS), (PAGE.strip(), None),
            ],
            migrations.RunSQL.noop,
        ),
    ]
