"""A clinician-rated measure repeated by the clock: begun, its interval changed, ended."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from stepwell.care.measures import library
from stepwell.care.measures.models import TimedSeries
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Patient

#: Rated again and again within hours. The others are asked on days.
TIMED = ("cows", "ciwa_ar")


@transaction.atomic
def begin_series(
    patient: Patient, instrument_id: str, *, every_minutes: int, because: str = "", by: User, at: datetime
) -> TimedSeries:
    """Begin a series. Raises Refused while one of the same measure is open."""
    require(by, Permission.ASK_MEASURE, patient)
    if instrument_id not in TIMED:
        raise Refused(_("This measure is not rated by the clock."))
    _check(every_minutes)
    try:
        with transaction.atomic():
            series = TimedSeries.objects.create(
                patient=patient,
                instrument=instrument_id,
                every_minutes=every_minutes,
                because=because.strip(),
                started_at=at,
                recorded_by=by,
                recorded_at=at,
            )
    except IntegrityError as error:
        if "series_one_open_of_an_instrument" not in str(error):
            raise
        name = library.instrument(instrument_id).short_title
        raise Refused(_("A series of %(name)s is open already. Go on with it.") % {"name": name}) from error
    audit.record(by=by, did=audit.Did.CREATED, to=series)
    return series


@transaction.atomic
def change_interval(series: TimedSeries, *, every_minutes: int, by: User, at: datetime) -> TimedSeries:
    require(by, Permission.ASK_MEASURE, series.patient)
    series = _open(series)
    _check(every_minutes)
    series.every_minutes = every_minutes
    series.save(update_fields=["every_minutes"])
    audit.record(by=by, did=audit.Did.CHANGED, to=series, because="interval")
    return series


@transaction.atomic
def end_series(series: TimedSeries, *, because: str, by: User, at: datetime) -> TimedSeries:
    """No further reading is due. The readings stay."""
    require(by, Permission.ASK_MEASURE, series.patient)
    series = _open(series)
    if not because.strip():
        raise Refused(_("Say why the series ends."), field="because")
    series.ended_at, series.ended_by, series.ended_because = at, by, because.strip()
    series.save(update_fields=["ended_at", "ended_by", "ended_because"])
    audit.record(by=by, did=audit.Did.ENDED, to=series)
    return series


def _open(series: TimedSeries) -> TimedSeries:
    series = TimedSeries.objects.select_for_update(of=("self",)).select_related("patient").get(pk=series.pk)
    if not series.is_open:
        raise ChangedMeanwhile(_("This series has ended already."))
    return series


def _check(every_minutes: int) -> None:
    if not 5 <= every_minutes <= 1440:
        raise Refused(_("Choose an interval of 5 minutes to a day."), field="every_minutes")
