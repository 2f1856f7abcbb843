"""Learn what is shipped of a model: centres of six languages and a vector a concept (retrieval/data/MODEL.json).

To be run again when the thesaurus changes: python tools/learn_meaning.py
"""

import json
from pathlib import Path

import numpy as np

from palermo.retrieval.embedding import embedder
from palermo.retrieval.meaning import packed, unit
from palermo.standards.countries import LANGUAGES
from palermo.standards.thesaurus import concepts
from palermo.standards.thesaurus_files import fingerprint, told_of

DATA = Path(__file__).resolve().parents[1] / "src" / "palermo" / "retrieval" / "data"


def main() -> None:
    model = embedder()
    assert model is not None, "pip install palermo[meaning]"
    ground = json.loads((DATA / "ground.json").read_text("utf-8"))
    kept = list(concepts().values())
    passages, queries, concept = {}, {}, np.zeros((len(kept), 384))
    for language in LANGUAGES:
        texts = [one[language] for one in ground]
        labels = [one.labels[language] for one in kept]
        passages[language] = packed(model.passages(texts).mean(axis=0))
        queries[language] = packed(
            (model.queries(texts).mean(axis=0) + model.queries(labels).mean(axis=0)) / 2
        )
        told = model.passages([told_of(one, language) for one in kept])
        concept += unit(told - told.mean(axis=0))
        print(language)
    vectors = unit(np.asarray(concept, np.float32))
    found = {
        "model": model.model, "source": fingerprint(), "passages": passages, "queries": queries,
        "concepts": {one.code: packed(vector) for one, vector in zip(kept, vectors, strict=True)},
    }  # fmt: skip
    (DATA / f"{model.model}.json").write_text(json.dumps(found, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main()
