"""What a person does to insights: each deed is one undo step, with the numbers that it rests on."""

from collections.abc import Mapping, Sequence

from themeloom.domain.changes import Deed
from themeloom.domain.insights import Field
from themeloom.services.insight_fields import WRITTEN, normal, value_of
from themeloom.services.insight_list import InsightItem
from themeloom.services.session import Session


def set_fields(
    session: Session,
    items: Sequence[InsightItem],
    values: Mapping[Field, str | None],
    *,
    name: str | None = None,
) -> Deed | None:
    """Set fields of insights, as one step; None, and what the data say anyway, is as drafted.

    Raises:
        ProjectError: no such theme any more, or it could not be written.
    """
    edits = {item.insight.theme_id: _stored(item, values) for item in items}
    return session.project.edit_insights(edits, name=name)


def mark_checked(session: Session, items: Sequence[InsightItem]) -> Deed | None:
    """Say that the words still hold with the numbers of now.

    Raises:
        ProjectError: no such theme any more, or it could not be written.
    """
    titles = [f"“{item.insight.title}”" for item in items]
    what = titles[0] if len(titles) == 1 else f"{len(titles)} insights"
    edits = {item.insight.theme_id: {Field.BASIS: item.basis} for item in items}
    return session.project.edit_insights(edits, name=f"check of {what}")


def choose_quotes(session: Session, item: InsightItem, excerpt_ids: Sequence[str]) -> Deed | None:
    """Choose the quotes of an insight: they are its theme's.

    Raises:
        ProjectError: no such theme or excerpt any more, or it could not be written.
    """
    return session.project.choose_quotes(item.insight.theme_id, list(excerpt_ids))


def choose_counter(session: Session, item: InsightItem, excerpt_id: str) -> Deed | None:
    """Choose what speaks against the claim, "" for nothing.

    Raises:
        ProjectError: no such theme any more, or it could not be written.
    """
    drafted = item.drafted_counter.excerpt_id if item.drafted_counter else ""
    stored = None if excerpt_id == drafted else excerpt_id
    return session.project.edit_insights(
        {item.insight.theme_id: {Field.COUNTER: stored}},
        name=f"choice of the counter-example of “{item.insight.title}”",
    )


def _stored(item: InsightItem, values: Mapping[Field, str | None]) -> dict[Field, str | None]:
    """Return what is stored for ``values``, with the numbers that written words rest on."""
    stored = {
        field: normal(field, text, value_of(item.drafted, field)) for field, text in values.items()
    }
    if all(item.own.get(field) == text for field, text in stored.items()):
        return {}
    if stored.keys() & WRITTEN:
        own = {field for field in item.own if field not in stored}
        own |= {field for field, text in stored.items() if text is not None}
        stored[Field.BASIS] = item.basis if own & WRITTEN else None
    return stored
