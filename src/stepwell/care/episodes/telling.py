"""What the set-up of a center is told from here: how many people are in care there."""

from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.trust.organizations.models import Center


def people_in_care(center: Center) -> int:
    return EpisodeOfCare.objects.open().filter(center=center).values("patient").distinct().count()
