"""Every hour: look over who looked at what."""

from procrastinate.contrib.django import app

from stepwell.doors.staff.oversight.actions import look_over
from stepwell.ground.kit import clock
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Organization


@app.periodic(cron="13 * * * *", periodic_id="look_over_the_log")
@app.task(name="look_over_the_log", queueing_lock="look_over_the_log")
def look_over_the_log(timestamp: int = 0) -> int:
    """How many new findings there are, over all organizations. Each stands by itself; run again, it adds nothing."""
    found = 0
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with acting_in(organization_id):
            found += look_over(at=clock.now())
    return found
