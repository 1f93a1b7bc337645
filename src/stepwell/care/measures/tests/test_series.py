"""COWS and CIWA-Ar by the clock: the next reading, what changed, who rated, and the end with a reason."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from stepwell.care.measures import actions
from stepwell.care.measures.actions import series as acts
from stepwell.care.measures.library import instrument
from stepwell.care.measures.models import Response, TimedSeries
from stepwell.care.measures.rules.series import Due, asks_for, changes, next_reading
from stepwell.care.measures.tests.test_views import reads
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust.accounts.roles import Role
from stepwell.trust.people.testing import open_clinic

NINE = datetime(2026, 11, 23, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)


def reading(now, *taken, ended_at=None):
    return next_reading(started_at=NINE, every=HOUR, taken_at=taken, ended_at=ended_at, now=now)


def test_the_first_reading_is_due_at_once_and_the_next_an_hour_after_it_was_taken():
    assert reading(NINE).due is Due.NOW
    later = reading(NINE + timedelta(minutes=40), NINE + timedelta(minutes=10))
    assert (later.due, later.at, later.minutes) == (Due.LATER, NINE + timedelta(minutes=70), 30)
    assert reading(NINE + timedelta(minutes=70), NINE + timedelta(minutes=10)).due is Due.NOW
    assert reading(NINE + timedelta(minutes=90), NINE + timedelta(minutes=10)).due is Due.LATE
    assert reading(NINE + 5 * HOUR, NINE, ended_at=NINE + HOUR).due is Due.ENDED


def test_a_change_is_since_the_last_reading_that_has_a_score():
    assert changes([14, None, 8, 9]) == (None, None, -6, 1)
    assert changes([]) == ()


def test_advice_is_said_in_words():
    assert asks_for(instrument("cows"))[0][0] == "13 or more"
    assert "Question 10: 2 or more" in [reached for reached, _action in asks_for(instrument("ciwa_ar"))]


@pytest.fixture
def clinic(db):
    with open_clinic() as clinic:
        yield clinic


@pytest.fixture
def joel(clinic):
    return clinic.user(Role.NURSE, "Joel Price")


@pytest.fixture
def rosa(clinic, joel):
    return clinic.patient("Rosa Mendoza", team=(joel,))


COWS = (
    {"cows_1": 2, "cows_2": 3, "cows_3": 1, "cows_4": 2, "cows_5": 2, "cows_6": 1}
    | {f"cows_{n}": 2 for n in (7, 8)}
    | {"cows_9": 0, "cows_10": 2, "cows_11": 3}
)


def rate(series, values, by, at):
    return actions.record(
        series.patient,
        "cows",
        values,
        mode=Response.Mode.STAFF,
        taken_at=at,
        series=series,
        by=by,
        at=at,
    )


def test_a_series_is_begun_once_read_changed_and_ended_with_a_reason(rosa, joel):
    series = acts.begin_series(rosa, "cows", every_minutes=60, by=joel, at=NINE)
    with pytest.raises(Refused, match="open already"):
        acts.begin_series(rosa, "cows", every_minutes=30, by=joel, at=NINE)
    rate(series, COWS, joel, NINE)
    acts.change_interval(series, every_minutes=30, by=joel, at=NINE)
    with pytest.raises(Refused, match="Say why"):
        acts.end_series(series, because=" ", by=joel, at=NINE + HOUR)
    acts.end_series(series, because="Settled.", by=joel, at=NINE + HOUR)
    with pytest.raises(ChangedMeanwhile):
        acts.end_series(series, because="Again.", by=joel, at=NINE + HOUR)
    series.refresh_from_db()
    with pytest.raises(Refused, match="has ended"):
        rate(series, COWS, joel, NINE + HOUR)


def test_what_is_asked_on_days_is_no_series(rosa, joel):
    with pytest.raises(Refused, match="not rated by the clock"):
        acts.begin_series(rosa, "phq9", every_minutes=60, by=joel, at=NINE)


def test_a_nurse_reads_the_next_time_the_change_and_the_advice_with_its_source(clinic, rosa, joel):
    now = clock.now()
    series = acts.begin_series(
        rosa, "cows", every_minutes=60, because="First dose", by=joel, at=now - 2 * HOUR
    )
    rate(series, COWS, joel, now - 2 * HOUR)
    rate(series, COWS | {"cows_2": 0, "cows_11": 0, "cows_1": 0}, joel, now - timedelta(minutes=30))
    page = reads(clinic.client(joel).get(reverse("measures:series", args=[rosa.pk, "cows"])))
    assert "Next reading at 9:30 AM, in 30 minutes" in page
    assert "−8" in page
    assert "Joel Price" in page
    assert "Medical evaluation today" in page
    assert "From the definition of the measure" in page
    assert "Wesson DR, Ling W." in page


def test_begin_leads_to_the_first_reading_and_back_to_the_series(clinic, rosa, joel):
    browser = clinic.client(joel)
    address = reverse("measures:series", args=[rosa.pk, "cows"])
    begun = browser.post(address, {"every_minutes": "60", "because": ""})
    assert begun.url == reverse("measures:new", args=[rosa.pk, "cows"])
    answers = {item: str(value) for item, value in COWS.items()}
    saved = browser.post(begun.url, answers | {"taken_at": "2026-11-23T09:00", "version": "0"})
    assert saved.url == address
    assert Response.objects.get(patient=rosa).series == TimedSeries.objects.get(patient=rosa)


def test_a_double_click_begins_one_series(clinic, rosa, joel):
    browser = clinic.client(joel)
    address = reverse("measures:series", args=[rosa.pk, "ciwa_ar"])
    for _click in range(2):
        browser.post(address, {"every_minutes": "60"})
    assert TimedSeries.objects.filter(patient=rosa).count() == 1
    series = TimedSeries.objects.get(patient=rosa)
    browser.post(reverse("measures:end_series", args=[series.pk]), {"because": ""})
    assert TimedSeries.objects.get().is_open
    browser.post(reverse("measures:end_series", args=[series.pk]), {"because": "Sent to the hospital."})
    assert "Sent to the hospital." in reads(browser.get(address)) or not TimedSeries.objects.get().is_open


def test_a_series_of_another_measure_or_person_is_not_found(clinic, rosa, joel):
    browser = clinic.client(joel)
    assert browser.get(reverse("measures:series", args=[rosa.pk, "phq9"])).status_code == 404
    stranger = clinic.patient("Somebody Else")
    theirs = TimedSeries.objects.create(
        patient=stranger, instrument="cows", every_minutes=60, started_at=NINE, recorded_by=joel
    )
    assert browser.post(reverse("measures:end_series", args=[theirs.pk]), {"because": "x"}).status_code == 404
