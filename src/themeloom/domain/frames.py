"""Schemas of the frames that travel between rooms, and between processes as Arrow.

Text positions (``start``, ``end``) are code points of the record's unmasked ``text``.
Columns ending in ``_json`` hold JSON text; the shape stands beside them.
"""

import polars as pl

Schema = dict[str, type[pl.DataType] | pl.DataType]

#: One row per ticket, survey response, interview or call.
RECORDS: Schema = {
    "record_id": pl.String,  # stable: hash of stream and external id (or content)
    "source_id": pl.String,
    "file": pl.String,  # name of the file it was read from: each note of a folder has its own
    "kind": pl.String,  # domain.records.Kind
    "external_id": pl.String,
    "date": pl.Datetime("us"),  # UTC where the file gives a zone, else as written
    "person_key": pl.String,  # e-mail (folded), else author id or name, else null = unknown
    "author": pl.String,
    "email": pl.String,
    "account": pl.String,
    "score": pl.Float64,
    "score_kind": pl.String,  # "nps", "csat", "ces", "rating" or null
    "subject": pl.String,
    "text": pl.String,  # what quotes are cut from: plain text, nothing removed but markup
    "raw_text": pl.String,  # as in the file, only where it differs from text (HTML)
    "sheet": pl.String,
    "row": pl.Int64,  # spreadsheet row; first paragraph or cue for documents
    "place": pl.String,  # locator for people: "row 812", "paragraph 12", "00:04:12"
    "language": pl.String,  # ISO 639-1 where it could be told, else null
    "non_answer": pl.Boolean,
    "duplicate_of": pl.String,  # record_id of the original
    "segments_json": pl.String,  # {"plan": "Team", …}
    "fields_json": pl.String,  # {header: value, …} custom fields
    "parts_json": pl.String,  # [[question, start, end], …] where there are several texts
    "noise_json": pl.String,  # [[start, end, what], …] set aside by cleaning: reversible
    "turns_json": pl.String,  # [[speaker, start, end, place, is_interviewer], …] for talks
    "content_hash": pl.String,  # of everything that an update can change
}

#: One row per piece of a record that can carry a theme.
EXCERPTS: Schema = {
    "excerpt_id": pl.String,  # f"{record_id}.{ordinal}"
    "record_id": pl.String,
    "ordinal": pl.Int64,  # stays with a text that an update of its record moves: order is by start
    "start": pl.Int64,
    "end": pl.Int64,
    "text": pl.String,  # record.text[start:end]
    "speaker": pl.String,
    "place": pl.String,  # finer locator than the record's, or null
    "context": pl.String,  # the record's subject: helps to understand, is never quoted
    "language": pl.String,
    "left_out": pl.String,  # domain.themes.Reason that keeps it from the engine, or null
}

#: Excerpt → theme. Several rows per excerpt are possible; one is primary.
ASSIGNMENTS: Schema = {
    "excerpt_id": pl.String,
    "theme_id": pl.String,
    "method": pl.String,  # domain.themes.Method
    "similarity": pl.Float64,  # cosine to the theme's centroid, 0…1
    "primary": pl.Boolean,
    "reviewed": pl.Boolean,
}

#: Excerpts without a theme, each with its reason.
UNSORTED: Schema = {
    "excerpt_id": pl.String,
    "reason": pl.String,  # domain.themes.Reason
    "nearest_theme_id": pl.String,
    "second_theme_id": pl.String,
    "similarity": pl.Float64,
}

#: Groups, themes and sub-themes (domain.themes.Theme as columns).
THEMES: Schema = {
    "theme_id": pl.String,
    "parent_id": pl.String,
    "level": pl.String,
    "title": pl.String,
    "definition": pl.String,
    "status": pl.String,
    "key_phrases": pl.List(pl.String),
    "quotes": pl.List(pl.String),  # excerpt ids, most central first
    "position": pl.Int64,
    "memo": pl.String,  # a person's own notes; "" without
}

#: One row per imported file, sheet or folder of notes.
SOURCES: Schema = {
    "source_id": pl.String,
    "file": pl.String,  # name for people
    "path": pl.String,  # where it was read
    "sheet": pl.String,
    "kind": pl.String,
    "profile": pl.String,
    "about": pl.String,  # "us" or "competitor"
    "imported_at": pl.String,  # ISO 8601, UTC
    "content_hash": pl.String,
    "report_json": pl.String,  # FileReport as a mapping
}

#: Rows that did not become records.
SKIPPED: Schema = {
    "source_id": pl.String,
    "file": pl.String,
    "sheet": pl.String,
    "row": pl.Int64,
    "reason": pl.String,
}

#: Customer companies, from an accounts sheet.
ACCOUNTS: Schema = {
    "account": pl.String,  # name as in the sheet; joins fold case and space
    "revenue": pl.Float64,  # yearly, in the sheet's currency
    "segments_json": pl.String,  # {"plan": …, "region": …}
    "owner": pl.String,  # who looks after the customer, "" or null where the sheet does not say
}

#: Product areas and who answers for them.
ROSTER: Schema = {
    "area": pl.String,
    "pm": pl.String,
    "email": pl.String,
    "covers": pl.String,  # themes, groups or words, separated by ";"
}

#: What a person set of insights: one row per field, see domain.insights.Field.
INSIGHT_FIELDS: Schema = {
    "theme_id": pl.String,
    "field": pl.String,
    "value": pl.String,
}

#: What is known of excerpts before others are sorted by them; several rows where a person chose
#: several themes.
STANCES: Schema = {
    "excerpt_id": pl.String,
    "theme_id": pl.String,  # the theme that it carries, null: none
    "origin": pl.String,  # the theme that it carried before a person decided, null: none
    "stance": pl.String,  # domain.themes.Stance
}

#: Excerpts that belong elsewhere by what a person reviewed.
MOVES: Schema = {
    "excerpt_id": pl.String,
    "theme_id": pl.String,  # where it is now, null: unsorted
    "to": pl.String,  # where it belongs, null: in no theme
    "similarity": pl.Float64,  # to the centre of where it belongs, 0 to 1, null: in no theme
    "sure": pl.Float64,  # 0 to 1
}

#: Nodes of the tree of cuts: what a run could propose instead, coarser and finer.
CUT_NODES: Schema = {
    "node": pl.Int32,
    "parent": pl.Int32,  # the node that it becomes part of in coarser cuts; −1 for none
    "born": pl.Int32,  # it is in the cuts into `dies` + 1 … `born` themes
    "dies": pl.Int32,
    "title": pl.String,  # null where no cut that is offered has it
    "definition": pl.String,
    "key_phrases": pl.List(pl.String),
    "quotes": pl.List(pl.String),  # excerpt ids
    "theme_id": pl.String,  # of the run's own theme that it is, else null
    "parent_id": pl.String,  # group of the project that it belongs to; null: groups are cut too
}

#: Excerpts in the tree, each with its finest node; "similarity <level>" columns follow.
CUT_TEXTS: Schema = {
    "excerpt_id": pl.String,
    "record": pl.UInt32,  # the same for excerpts of one record
    "atom": pl.Int32,
}

#: Further themes of excerpts, each with the finest node of what is said of it; "similarity <level>"
#: columns follow.
CUT_FURTHER: Schema = {
    "excerpt_id": pl.String,
    "record": pl.UInt32,  # as in CUT_TEXTS
    "atom": pl.Int32,
}

#: Excerpts without a theme at any cut.
CUT_UNSORTED: Schema = {
    "excerpt_id": pl.String,
    "nearest": pl.List(pl.Int32),  # finest nodes, nearest first
    "similarity": pl.Float32,
}


def empty(schema: Schema) -> pl.DataFrame:
    """Return a frame without rows that has all columns of ``schema``."""
    return pl.DataFrame(schema=schema)


def conform(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Return ``frame`` with exactly the columns of ``schema``, in order; missing ones are null."""
    columns = [
        pl.col(name).cast(kind) if name in frame.columns else pl.lit(None, kind).alias(name)
        for name, kind in schema.items()
    ]
    return frame.select(columns)
