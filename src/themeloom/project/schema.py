"""Tables of the project file.

Version history (``PRAGMA user_version``):

1. Sources, records with their versions, excerpts, themes, runs, assignments, decisions, undo steps.
2. Curation: themes made by hand, merged and deleted ones, memos, chosen phrases and quotes, excerpts
   set aside, removed sources; steps hold what they changed in one form.
3. What people set of insights, choices for the whole project, what left it; the accounts' owners.

How rows become visible. Imports (batches) and runs have a state; their rows never change. A row is
seen when its batch or run is ``visible``, so that showing or hiding 100,000 rows means changing one.

* A record's newer version is a new row; ``replaced`` names the older row, and the batch and source
  that did it. Undoing the batch or removing the source brings the older version back.
* An excerpt's ``origin`` is the first excerpt row with the same id and the same text. Assignments
  refer to it: they stay when a record is updated and the excerpt's text is not.
* ``assignments`` and ``unsorted`` belong to a run; the newest visible run is the active one.
  ``decisions`` (by hand, by rule, reviewed) belong to the project and win over those of any run.
* ``decisions`` without a theme say that a person found that none fits.
* ``themes`` belong to the project; ``run`` is the one that proposed them, null for those made by hand.
  What a run found out about a theme lies in ``theme_evidence``, so that no run can touch a title or a
  status; ``chosen_…`` is what a person chose instead.
* ``insight_fields`` hold what a person set; everything else about an insight is drafted from the data.
  ``choices`` are JSON by key. ``deliveries`` are a log: what has left the house cannot be undone.
* A merge moves no rows: ``merged_into`` says where a theme's excerpts are seen (``resolving``). A
  run's ``retired`` themes are older proposals that it takes the place of, while it is visible.
"""

from enum import StrEnum

APPLICATION_ID = 0x4C6F6F6D  # "Loom"
VERSION = 3


class State(StrEnum):
    """Of a batch or a run."""

    STAGING = "staging"  # being written; swept when found on opening
    VISIBLE = "visible"
    HIDDEN = "hidden"  # undone, can be redone
    DISCARDED = "discarded"  # rows wait to be swept


class Fate(StrEnum):
    """Whether a theme is seen."""

    LIVING = "living"
    MERGED = "merged"
    DELETED = "deleted"
    UNMADE = "unmade"  # making it was undone


DDL = """
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE batches (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    label TEXT NOT NULL,
    created TEXT NOT NULL,
    state TEXT NOT NULL,
    records INTEGER NOT NULL DEFAULT 0,
    excerpts INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE sources (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    batch INTEGER NOT NULL REFERENCES batches,
    source_id TEXT NOT NULL UNIQUE,
    file TEXT,
    path TEXT,
    sheet TEXT,
    kind TEXT,
    profile TEXT,
    about TEXT,
    imported_at TEXT,
    content_hash TEXT,
    report_json TEXT,
    removed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX sources_batch ON sources (batch);

CREATE TABLE records (
    rid INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES sources,
    record_id TEXT NOT NULL,
    row INTEGER,
    file TEXT,
    kind TEXT,
    external_id TEXT,
    date INTEGER,
    person_key TEXT,
    author TEXT,
    email TEXT,
    account TEXT,
    score REAL,
    score_kind TEXT,
    subject TEXT,
    text TEXT,
    raw_text TEXT,
    sheet TEXT,
    place TEXT,
    language TEXT,
    non_answer INTEGER,
    duplicate_of TEXT,
    segments_json TEXT,
    fields_json TEXT,
    parts_json TEXT,
    noise_json TEXT,
    turns_json TEXT,
    content_hash TEXT
) STRICT;
CREATE INDEX records_source ON records (source);
CREATE INDEX records_record_id ON records (record_id);

CREATE TABLE replaced (
    batch INTEGER NOT NULL REFERENCES batches,
    rid INTEGER NOT NULL REFERENCES records,
    source INTEGER NOT NULL REFERENCES sources,
    PRIMARY KEY (batch, rid)
) STRICT, WITHOUT ROWID;
CREATE INDEX replaced_rid ON replaced (rid);
CREATE INDEX replaced_source ON replaced (source);

CREATE TABLE excerpts (
    eid INTEGER PRIMARY KEY,
    rid INTEGER NOT NULL REFERENCES records,
    origin INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    speaker TEXT,
    place TEXT,
    context TEXT,
    language TEXT,
    left_out TEXT
) STRICT;
CREATE UNIQUE INDEX excerpts_rid ON excerpts (rid, ordinal);

CREATE TABLE skipped (
    source INTEGER NOT NULL REFERENCES sources,
    position INTEGER NOT NULL,
    file TEXT,
    sheet TEXT,
    row INTEGER,
    reason TEXT,
    PRIMARY KEY (source, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
    batch INTEGER NOT NULL REFERENCES batches,
    position INTEGER NOT NULL,
    account TEXT,
    revenue REAL,
    segments_json TEXT,
    owner TEXT,
    PRIMARY KEY (batch, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE roster (
    batch INTEGER NOT NULL REFERENCES batches,
    position INTEGER NOT NULL,
    area TEXT,
    pm TEXT,
    email TEXT,
    covers TEXT,
    PRIMARY KEY (batch, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL,
    created TEXT NOT NULL,
    seed INTEGER NOT NULL,
    inputs_hash TEXT NOT NULL,
    parameters_json TEXT NOT NULL,
    versions_json TEXT NOT NULL,
    why TEXT NOT NULL,
    state TEXT NOT NULL,
    assignments INTEGER NOT NULL DEFAULT 0,
    unsorted INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE themes (
    tid INTEGER PRIMARY KEY,
    run INTEGER REFERENCES runs,
    theme_id TEXT NOT NULL,
    parent INTEGER REFERENCES themes DEFERRABLE INITIALLY DEFERRED,
    level TEXT NOT NULL,
    title TEXT NOT NULL,
    definition TEXT NOT NULL,
    memo TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL,
    position INTEGER NOT NULL,
    fate TEXT NOT NULL DEFAULT 'living',
    merged_into INTEGER REFERENCES themes DEFERRABLE INITIALLY DEFERRED,
    touched INTEGER NOT NULL DEFAULT 0,
    chosen_phrases_json TEXT,
    chosen_quotes_json TEXT,
    UNIQUE (run, theme_id)
) STRICT;

CREATE TABLE insight_fields (
    theme INTEGER NOT NULL REFERENCES themes,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (theme, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE choices (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery_id TEXT NOT NULL UNIQUE,
    created TEXT NOT NULL,
    kind TEXT NOT NULL,
    format TEXT NOT NULL,
    recipient TEXT NOT NULL,
    place TEXT NOT NULL,
    about_json TEXT NOT NULL,
    written BLOB NOT NULL
) STRICT;

CREATE TABLE retired (
    run INTEGER NOT NULL REFERENCES runs,
    theme INTEGER NOT NULL REFERENCES themes,
    PRIMARY KEY (run, theme)
) STRICT, WITHOUT ROWID;

CREATE TABLE theme_evidence (
    theme INTEGER NOT NULL REFERENCES themes,
    run INTEGER NOT NULL REFERENCES runs,
    key_phrases_json TEXT NOT NULL,
    quotes_json TEXT NOT NULL,
    PRIMARY KEY (theme, run)
) STRICT, WITHOUT ROWID;

CREATE TABLE assignments (
    run INTEGER NOT NULL REFERENCES runs,
    excerpt INTEGER NOT NULL REFERENCES excerpts,
    theme INTEGER NOT NULL REFERENCES themes,
    method TEXT NOT NULL,
    similarity REAL,
    "primary" INTEGER NOT NULL,
    reviewed INTEGER NOT NULL,
    PRIMARY KEY (run, excerpt, theme)
) STRICT, WITHOUT ROWID;
CREATE INDEX assignments_excerpt ON assignments (excerpt);
CREATE INDEX assignments_theme ON assignments (theme);

CREATE TABLE decisions (
    excerpt INTEGER NOT NULL REFERENCES excerpts,
    theme INTEGER REFERENCES themes,
    method TEXT NOT NULL,
    similarity REAL,
    "primary" INTEGER NOT NULL,
    reviewed INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX decisions_excerpt ON decisions (excerpt, theme);
CREATE INDEX decisions_theme ON decisions (theme);

CREATE TABLE unsorted (
    run INTEGER NOT NULL REFERENCES runs,
    excerpt INTEGER NOT NULL REFERENCES excerpts,
    reason TEXT NOT NULL,
    nearest INTEGER REFERENCES themes,
    second INTEGER REFERENCES themes,
    similarity REAL,
    PRIMARY KEY (run, excerpt)
) STRICT, WITHOUT ROWID;
CREATE INDEX unsorted_excerpt ON unsorted (excerpt);
CREATE INDEX unsorted_nearest ON unsorted (nearest);
CREATE INDEX unsorted_second ON unsorted (second);

CREATE TABLE steps (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    created TEXT NOT NULL,
    deed TEXT NOT NULL,
    payload BLOB NOT NULL,
    many BLOB,
    undone INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX steps_undone ON steps (seq) WHERE undone;
"""
