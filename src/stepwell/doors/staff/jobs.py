"""Every hour: look over who looked at what. Every night: forget what the lists were sorted by on days gone by."""

from datetime import timedelta

from procrastinate.contrib.django import app

from stepwell.doors.staff.models import Summary
from stepwell.doors.staff.oversight.actions import look_over
from stepwell.ground.kit import clock
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Organization
from stepwell.trust.people.models import Touched

#: What is kept for the lists holds for one day, so no mark older than this is asked for; a day more, for the clocks.
KEPT_FOR = timedelta(days=2)


@app.periodic(cron="13 * * * *", periodic_id="look_over_the_log")
@app.task(name="look_over_the_log", queueing_lock="look_over_the_log")
def look_over_the_log(timestamp: int = 0) -> int:
    """How many new findings there are, over all organizations. Each stands by itself; run again, it adds nothing."""
    found = 0
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with acting_in(organization_id):
            found += look_over(at=clock.now())
    return found


@app.periodic(cron="47 3 * * *", periodic_id="forget_summaries")
@app.task(name="forget_summaries", queueing_lock="forget_summaries")
def forget_summaries(timestamp: int = 0) -> None:
    """What ``summaries`` keeps holds for one day; and a mark is asked for no longer than what it speaks of."""
    before = clock.now() - KEPT_FOR
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with acting_in(organization_id):
            Summary.objects.filter(on__lt=before.date()).delete()
            Touched.objects.filter(written_at__lt=before).delete()
