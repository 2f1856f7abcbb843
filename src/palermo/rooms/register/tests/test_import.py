import time
from pathlib import Path


def test_ctdc(transactional_db, shared):
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.imports.actions import run_import
    from palermo.rooms.register import queries
    from palermo.kernel.access.context import acting

    p = shared / "data/ctdc/ctdc_global_kanon_2017-11-27.csv"
    for i in range(2):
        t = time.time()
        c = time.process_time()
        o = run_import(actor=Viewer.operator(), path=p, format="ctdc", source="CTDC 2017")
        print(o, time.time() - t, time.process_time() - c)
    with acting(Viewer.operator()) as v:
        print(
            queries.tally(v, ["sex"]),
            queries.drift(v),
            queries.tally(v, ["form", "sex"], {"year": 2016}),
            queries.flag_tally(v, "control"),
        )
    assert 0
