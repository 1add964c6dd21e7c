"""Zendesk: the CSV of a ticket view (subjects only), and tables of warehouse connectors."""

from themeloom.domain.records import Kind, Role
from themeloom.importers.profile import Profile, signs

PROFILE = Profile(
    name="zendesk",
    kind=Kind.TICKET,
    signs=signs(
        "Summation column, Requester id, Requester external id, Requester domain, Submitter, "
        "Group stations, Assignee stations, Satisfaction Score, Reopens, Replies, Via, Ticket type, "
        "Initially assigned at, Assigned at, Solved at, First reply time in minutes, "
        "allow_channelback, brand_id, ticket_form_id, via_channel, forum_topic_id, submitter_id, "
        "has_incidents, ticket_id, voice_comment, facebook_comment, tweet"
    ),
    needed=4,
    roles={
        Role.TEXT: ("description", "body", "plain body"),
        Role.SUBJECT: ("subject", "raw subject"),
        Role.ID: ("id",),
        Role.DATE: ("created at", "created"),
        Role.AUTHOR: ("requester", "requester id", "user id"),
        Role.ACCOUNT: ("organization", "organization id"),
    },
    updated=("updated at",),
    bodies="Zendesk's JSON export (Admin Center, Account, Tools, Reports, Export) has them",
)
