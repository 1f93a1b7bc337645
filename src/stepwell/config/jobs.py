"""The jobs that nobody asks for: what a worker does by itself each day."""

from procrastinate.contrib.django import app


@app.periodic(cron="17 3 * * *", periodic_id="clear_expired_sessions")
@app.task(name="clear_expired_sessions", queueing_lock="clear_expired_sessions")
def clear_expired_sessions(timestamp: int) -> None:
    """A session that has ended is of use only to whoever steals it."""
    from django.core.management import call_command

    call_command("clearsessions")


@app.periodic(cron="27 3 * * *", periodic_id="forget_finished_jobs")
@app.task(name="forget_finished_jobs", queueing_lock="forget_finished_jobs")
async def forget_finished_jobs(timestamp: int) -> None:
    """Finished jobs are kept for thirty days."""
    await app.job_manager.delete_old_jobs(nb_hours=30 * 24, include_failed=True, include_cancelled=True)
