"""Jira: the CSV export (multi-value fields repeat their header) and connector tables."""

from themeloom.domain.records import Kind, Role
from themeloom.importers.profile import Profile, signs

PROFILE = Profile(
    name="jira",
    kind=Kind.TICKET,
    signs=signs(
        "Issue key, Issue id, Issue Type, Project key, Project name, Project type, Project lead, "
        "Reporter, Creator, Affects versions, Fix versions, Components, Work Ratio, Resolution, "
        "Status Category, Parent summary, Original estimate, status_category_changed"
    ),
    needed=4,
    roles={
        Role.TEXT: ("description",),
        Role.SUBJECT: ("summary",),
        Role.ID: ("issue key", "key", "issue id", "id"),
        Role.DATE: ("created",),
        Role.AUTHOR: ("reporter", "creator"),
    },
    updated=("updated",),
    bodies="Jira's export “CSV (all fields)” has the descriptions",
)
