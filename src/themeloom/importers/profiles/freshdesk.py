"""Freshdesk and Freshservice: ticket exports; the description is there only when it was ticked."""

from themeloom.domain.records import Kind, Role
from themeloom.importers.profile import Profile, signs

PROFILE = Profile(
    name="freshdesk",
    kind=Kind.TICKET,
    signs=signs(
        "Ticket ID, Source, Group, Agent, Created time, Due by Time, Resolved time, Closed time, "
        "Last update time, Initial response time, First response status, Agent interactions, "
        "Customer interactions, Resolution status, Survey results, Requester name, Requester email"
    ),
    needed=5,
    roles={
        Role.TEXT: ("description",),
        Role.SUBJECT: ("subject",),
        Role.ID: ("ticket id",),
        Role.DATE: ("created time",),
        Role.AUTHOR: ("requester name", "full name"),
        Role.EMAIL: ("requester email", "email"),
        Role.ACCOUNT: ("company", "company name"),
    },
    updated=("last update time",),
    bodies="a Freshdesk export has them when “Description” is ticked among the ticket fields",
)
