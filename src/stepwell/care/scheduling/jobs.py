"""Every night: lay down the sessions of the four weeks ahead. Every few minutes: bring the open times up to date."""

from uuid import UUID

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from stepwell.care.scheduling.first_visits import publish_open_times
from stepwell.care.scheduling.holding import forget_visitors
from stepwell.care.scheduling.models import GroupSeries
from stepwell.care.scheduling.sessions import horizon, plan_sessions
from stepwell.ground.kit import clock
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Center, Organization


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


@app.periodic(cron="*/5 * * * *", periodic_id="publish_open_times")
@app.task(name="publish_open_times", queueing_lock="publish_open_times")
def publish_everywhere(timestamp: int = 0) -> int:
    """How many open times there are: those of every center that lets people book, in every organization."""
    count = 0
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with acting_in(organization_id):
            forget_visitors(clock.now())
            bookable = list(Center.objects.filter(published__books_online=True))
        for center in bookable:
            with acting_in(organization_id):
                count += publish_open_times(center, at=clock.now())
    return count


@app.task(name="publish_open_times_of")
def publish_again(organization: str, center: str) -> int:
    with acting_in(UUID(organization)):
        one = Center.objects.filter(pk=UUID(center)).first()
        return publish_open_times(one, at=clock.now()) if one else 0


def look_again(organization_id: UUID, center_id: UUID) -> None:
    """Ask for that center's open times to be brought up to date; once, however often it is asked."""
    job = publish_again.configure(queueing_lock=f"publish_open_times_of {center_id}")
    try:
        job.defer(organization=str(organization_id), center=str(center_id))
    except AlreadyEnqueued:
        return
