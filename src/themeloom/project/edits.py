"""What a person changes about themes one by one: titles, standing, wording, quotes."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import apsw

from themeloom.domain.changes import Deed
from themeloom.domain.errors import ProjectError
from themeloom.domain.themes import Status
from themeloom.project.changes import Changes
from themeloom.project.journal import do
from themeloom.project.lookups import (
    ExcerptKey,
    ThemeRow,
    count_of,
    excerpt_names,
    excerpt_numbers,
    living,
    living_all,
    titles,
)
from themeloom.project.schema import State
from themeloom.project.sql import execute, rows

_STANDING = {
    Status.PROPOSED: "return of {} to the proposals",
    Status.ACTIVE: "acceptance of {}",
    Status.LOCKED: "lock of {}",
    Status.DORMANT: "retirement of {}",
}

#: What a removed source had replaced must not be seen beside what has replaced the source's version:
#: that stands for the older ones, too. These rows say nothing wrong when the source comes back.
_BRIDGE = (
    "INSERT OR IGNORE INTO replaced (batch, rid, source) SELECT n.batch, p.rid, n.source"
    " FROM replaced p JOIN records o USING (rid)"
    " JOIN records v ON v.record_id = o.record_id AND v.source = p.source"
    " JOIN replaced n ON n.rid = v.rid WHERE p.source = ?"
)


def rename_theme(connection: apsw.Connection, theme_id: str, title: str) -> Deed | None:
    """Give a theme another title.

    Raises:
        ProjectError: no such theme, or an empty title.
    """
    new = require_title(title)
    theme = living(connection, theme_id)
    name = f"rename of “{theme.title}” to “{new}”"
    return do(connection, name, Changes(themes=differences([(theme, {"title": new})])))


def set_theme_status(
    connection: apsw.Connection, theme_ids: Sequence[str], status: Status
) -> Deed | None:
    """Give themes another status, in one step.

    Raises:
        ProjectError: no such theme.
    """
    themes = [theme for theme in living_all(connection, theme_ids) if theme.status != status]
    changes = Changes(themes=differences((theme, {"status": status.value}) for theme in themes))
    unlocked = status == Status.ACTIVE and all(theme.status == Status.LOCKED for theme in themes)
    name = "unlocking of {}" if unlocked else _STANDING[status]
    return do(connection, name.format(titles(themes)), changes)


def describe_theme(
    connection: apsw.Connection,
    theme_id: str,
    *,
    definition: str | None = None,
    memo: str | None = None,
    key_phrases: Sequence[str] | None = None,
) -> Deed | None:
    """Change a theme's wording; what is None stays.

    Raises:
        ProjectError: no such theme.
    """
    theme = living(connection, theme_id)
    new: dict[str, Any] = {}
    if definition is not None:
        new["definition"] = definition.strip()
    if memo is not None:
        new["memo"] = memo.strip()
    if key_phrases is not None:
        chosen = list(
            dict.fromkeys(stripped for phrase in key_phrases if (stripped := phrase.strip()))
        )
        new["chosen_phrases_json"] = json.dumps(chosen, ensure_ascii=False)
    words = {"definition": "definition", "memo": "memo", "chosen_phrases_json": "key phrases"}
    changed = [
        word for key, word in words.items() if key in new and new[key] != getattr(theme, key)
    ]
    name = f"change of {' and '.join(changed)} of “{theme.title}”"
    return do(connection, name, Changes(themes=differences([(theme, new)])))


def choose_quotes(
    connection: apsw.Connection, theme_id: str, excerpts: Sequence[ExcerptKey]
) -> Deed | None:
    """Choose what stands for a theme, best first; runs leave it so.

    Raises:
        ProjectError: no such theme or excerpt.
    """
    theme = living(connection, theme_id)
    names = excerpt_names(connection, excerpt_numbers(connection, excerpts))
    new = {"chosen_quotes_json": json.dumps(names)}
    name = f"choice of {count_of(len(names), 'quote')} for “{theme.title}”"
    return do(connection, name, Changes(themes=differences([(theme, new)])))


def remove_sources(connection: apsw.Connection, source_ids: Sequence[str]) -> Deed | None:
    """Hide sources and their records; what their records replaced is seen again.

    Raises:
        ProjectError: no such source, or an import or a run is being written.
    """
    found: dict[int, str] = {}
    for source_id in dict.fromkeys(source_ids):
        sql = (
            "SELECT s.seq, coalesce(s.file, s.source_id) FROM sources s JOIN batches b"
            f" ON b.seq = s.batch WHERE s.source_id = ? AND b.state = '{State.VISIBLE}'"
            " AND NOT s.removed"
        )
        one = dict(map(tuple, rows(connection, sql, (source_id,))))
        if not one:
            raise ProjectError(f"There is no source {source_id} in this project.")
        found |= one
    for number in found:
        execute(connection, _BRIDGE, (number,))
    what = next(iter(found.values())) if len(found) == 1 else count_of(len(found), "source")
    return do(connection, f"removal of {what}", Changes(removed=tuple(found)))


def require_title(title: str) -> str:
    """Return the title as it is kept.

    Raises:
        ProjectError: it is empty.
    """
    new = " ".join(title.split())
    if not new:
        raise ProjectError("A theme needs a title.", hint="Type a title.")
    return new


def differences(
    wanted: Iterable[tuple[ThemeRow, Mapping[str, Any]]],
) -> dict[int, dict[str, tuple[Any, Any]]]:
    """Return the columns that differ from what themes are, for ``Changes.themes``.

    A theme that anything changes counts as touched: runs that renew proposals leave it alone.

    Args:
        wanted: pairs of a ThemeRow and its new values by column.
    """
    changed: dict[int, dict[str, tuple[Any, Any]]] = {}
    for theme, new in wanted:
        found = {
            column: (old, value)
            for column, value in new.items()
            if (old := getattr(theme, column)) != value
        }
        if found:
            if not theme.touched:
                found["touched"] = (0, 1)
            changed[theme.tid] = found
    return changed
