"""SurveyMonkey: a question in the first header row, its options in the second."""

from themeloom.domain.records import Role
from themeloom.importers.profile import Profile, signs

PROFILE = Profile(
    name="surveymonkey",
    signs=signs("Respondent ID, RespondentID, Collector ID, Custom Data 1"),
    needed=1,
    roles={
        Role.ID: ("respondent id", "respondentid"),
        Role.DATE: ("end date", "start date", "date created"),
        Role.EMAIL: ("email address",),
    },
)
