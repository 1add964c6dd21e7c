"""Intercom: one row per message, and tables of warehouse connectors (several versions per id)."""

from themeloom.domain.records import Kind, Role
from themeloom.importers.profile import Profile, RowRule, signs

_EVENTS = frozenset(
    "note assignment close snoozed unsnoozed open assign and reopen timer unsnooze".split()
)

PROFILE = Profile(
    name="intercom",
    kind=Kind.TICKET,
    signs=signs(
        "message_id, message_body, message_type, message_author_type, conversation_id, "
        "conversation_state, conversation_tags, part_type, author_type, source_body, "
        "source_subject, source_author_type, source_type, conversation_rating_value, waiting_since"
    ),
    needed=3,
    roles={
        Role.TEXT: ("message body", "source body", "body"),
        Role.SUBJECT: ("source subject",),
        Role.ID: ("message id", "id"),
        Role.DATE: ("message created at", "created at"),
        Role.AUTHOR: ("message author name", "source author id", "author id"),
        Role.EMAIL: ("message author email",),
        Role.ACCOUNT: ("message author companies",),
        Role.SCORE: ("conversation rating value",),
    },
    updated=("updated at",),
    internal=(
        RowRule("message type", _EVENTS - {"open"}, "an internal note or event"),
        RowRule("part type", _EVENTS - {"open"}, "an internal note or event"),
        RowRule("message author type", frozenset({"admin", "bot"}), "written by an agent"),
        RowRule("author type", frozenset({"admin", "bot"}), "written by an agent"),
        RowRule("source author type", frozenset({"admin", "bot"}), "written by an agent"),
    ),
)
