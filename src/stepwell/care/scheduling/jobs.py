"""Every night: lay down the sessions of the four weeks ahead, in every organization."""

from procrastinate.contrib.django import app

from stepwell.care.scheduling.models import GroupSeries
from stepwell.care.scheduling.sessions import horizon, plan_sessions
from stepwell.ground.kit import clock
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Organization


@app.periodic(cron="5 8 * * *", periodic_id="plan_sessions")
@app.task(name="plan_sessions", queueing_lock="plan_sessions")
def plan_ahead(timestamp: int = 0) -> int:
    """How many sessions were laid down. Each organization's stand or fall together; run again, it adds nothing."""
    laid = 0
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with acting_in(organization_id):
            for series in GroupSeries.objects.select_related("center").order_by("weekday", "starts"):
                today = clock.today(series.center.time_zone)
                laid += len(plan_sessions(series, horizon(today), at=clock.now()).sessions)
    return laid
