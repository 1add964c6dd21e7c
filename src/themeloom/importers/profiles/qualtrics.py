"""Qualtrics: two or three header rows; previews are not answers."""

from themeloom.domain.records import Role
from themeloom.importers.profile import Profile, RowRule, signs

PROFILE = Profile(
    name="qualtrics",
    signs=signs(
        "StartDate, EndDate, RecordedDate, ResponseId, RecipientLastName, RecipientFirstName, "
        "RecipientEmail, ExternalReference, DistributionChannel, UserLanguage, ResponseSet, "
        "ExternalDataReference, Finished"
    ),
    needed=4,
    roles={
        Role.ID: ("responseid",),
        Role.DATE: ("recordeddate", "enddate"),
        Role.EMAIL: ("recipientemail", "emailaddress"),
    },
    internal=(
        RowRule(
            "status", frozenset({"1", "survey preview", "8", "spam"}), "a preview of the survey"
        ),
    ),
)
