"""Typeform: one column for each question, the response's token under “#”."""

from themeloom.domain.records import Role
from themeloom.importers.profile import Profile, signs

PROFILE = Profile(
    name="typeform",
    signs=signs("Start Date (UTC), Submit Date (UTC), Network ID, Stage Date (UTC)"),
    needed=2,
    roles={Role.ID: ("#", "token"), Role.DATE: ("submit date utc",)},
)
