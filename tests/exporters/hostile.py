"""A project in which every text is a payload."""

import json

from tests.insights.story import frame, mask_name, tiny

from themeloom.domain.frames import ROSTER, SKIPPED, SOURCES
from themeloom.insights.model import BookData


def hostile(texts: tuple[str, ...]) -> BookData:
    """Return a project in which everything that customers can write is hostile."""
    # Lone surrogates cannot enter a frame; all else can.
    records = [
        {
            "record_id": f"r{number}",
            "text": text or "x",
            "author": text,
            "person_key": text,
            "account": text,
            "external_id": text,
            "sheet": text,
            "place": text,
            "subject": text,
            "segments_json": json.dumps({text: text}),
        }
        for number, text in enumerate(texts)
    ]
    themes = [
        {
            "theme_id": f"T-{number:03d}",
            "title": text,
            "definition": text,
            "key_phrases": [text],
            "quotes": [f"r{number}.0"],
        }
        for number, text in enumerate(texts)
    ]
    placed = {f"r{number}": [f"T-{number:03d}"] for number in range(len(texts))}
    return tiny(
        records,
        placed,
        themes,
        project_name="=HYPERLINK(1) & [x]:*?/\\",
        roster=frame([{"area": text, "pm": text} for text in texts], ROSTER),
        sources=frame([{"source_id": "s", "file": "=1+1.csv", "kind": "ticket"}], SOURCES),
        skipped=frame(
            [{"source_id": "s", "file": text, "row": 2, "reason": text} for text in texts], SKIPPED
        ),
        cleaning={"=1+1": 4},
        mask_name=mask_name,
    )
