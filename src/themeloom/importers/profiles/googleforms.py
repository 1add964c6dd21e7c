"""Google Forms: a time stamp, then whole questions as headers."""

from themeloom.domain.records import Role
from themeloom.importers.profile import Profile, signs

PROFILE = Profile(
    name="googleforms",
    signs=signs("Timestamp, Zeitstempel, Horodateur, Marca temporal, Tijdstempel, Carimbo de data"),
    needed=1,
    questions=1,
    roles={
        Role.DATE: ("timestamp", "zeitstempel", "horodateur", "marca temporal", "tijdstempel"),
        Role.EMAIL: ("email address", "e mail adresse"),
    },
)
