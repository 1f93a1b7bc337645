"""What the worker does: each paper that is asked for; and every few minutes what was left behind, and what is old."""

from uuid import UUID

from procrastinate.contrib.django import app

from stepwell.trust.printouts import making


@app.task(name="make_printout", queue="printouts")
def make_printout(organization: str, printout: str) -> None:
    making.make(UUID(organization), UUID(printout))


@app.periodic(cron="*/5 * * * *", periodic_id="look_after_printouts")
@app.task(name="look_after_printouts", queue="printouts", queueing_lock="look_after_printouts")
def look_after_printouts(timestamp: int = 0) -> int:
    return making.look_after()
