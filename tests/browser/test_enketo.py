"""Every shipped survey is read by Enketo's transformer as well: what it makes of a form asks each of our questions."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pyxform.xls2xform import convert

from palermo.fieldwork import forms as shipped
from palermo.rooms.observatory.actions.schema import read_schema
from tools.frontend import CannotBuild, find_node

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
TRANSFORM = """async (xform) => {
  const made = await transformForm({ xform });
  return { form: made.form, languages: Object.keys(made.languageMap) };
}"""


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its build for browsers, in one file. On Node it would need a library in C, which is left out."""
    if not (ROOT / "node_modules" / "enketo-transformer").exists():
        pytest.skip("enketo-transformer is not installed: run python tools/frontend.py")
    try:
        node, _npm = find_node()
    except CannotBuild as problem:
        pytest.skip(str(problem))
    folder = tmp_path_factory.mktemp("enketo")
    code = (
        'import { buildSync } from "esbuild"; buildSync({ stdin: { contents: '
        "'import { transform } from \"enketo-transformer/web\"; globalThis.transformForm = transform;', "
        f"resolveDir: {str(ROOT)!r} }}, bundle: true, format: 'iife', minify: true, external: ['libxslt'], "
        f"logLevel: 'error', outfile: {str(folder / 'enketo.js')!r} }});"
    )
    done = subprocess.run(
        [node, "--input-type=module", "-e", code], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return folder / "enketo.js"


@pytest.mark.parametrize("code", shipped.codes())
def test_a_shipped_survey_is_usable_by_enketo(code: str, script: Path, chromium: Any, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    shipped.write(shipped.sheets(code), path)
    with path.open("rb") as source:
        xml = str(convert(xlsform=source, file_type=".xlsx", validate=False).xform)
    asked = {field["path"] for field in read_schema(xml.encode())["fields"] if field["control"]}
    page = chromium.new_page()
    try:
        page.add_script_tag(path=script)
        made = page.evaluate(TRANSFORM, xml)
    finally:
        page.close()
    there = {"/" + name.split("/", 2)[2] for name in re.findall(r'name="(/[^/"]+/[^"]+)"', made["form"])}
    assert len(asked) > 20
    assert asked - there == set()
    assert made["languages"] == list(shipped.LANGUAGES.values())
