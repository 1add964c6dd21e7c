"""Any table: names and content of the columns decide."""

from themeloom.importers.profile import Profile

PROFILE = Profile(name="generic")
