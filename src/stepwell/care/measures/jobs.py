"""Every morning: put on the phones what each person's schedule asks for that day."""

from procrastinate.contrib.django import app

from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.care.measures.actions.schedules import ask_what_is_due
from stepwell.ground.kit import clock
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Organization


@app.periodic(cron="20 11 * * *", periodic_id="ask_what_is_due")
@app.task(name="ask_what_is_due", queueing_lock="ask_what_is_due")
def ask_everybody(timestamp: int = 0) -> int:
    """How many were asked, in every organization. A person's stand or fall together; run again, it adds nothing."""
    asked = 0
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with acting_in(organization_id):
            in_care = list(EpisodeOfCare.objects.open().values_list("pk", flat=True))
        for pk in in_care:
            with acting_in(organization_id):
                episode = (
                    EpisodeOfCare.objects.open()
                    .with_levels()
                    .select_related("patient__center", "recorded_by")
                    .filter(pk=pk)
                    .first()
                )
                if episode is not None:
                    asked += len(ask_what_is_due(episode, at=clock.now()))
    return asked
