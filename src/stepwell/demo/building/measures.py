"""Answers to instruments, scored by the same engine as on the phone; and daily check-ins."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from stepwell.care.measures import library
from stepwell.care.measures.models import CheckIn, Response, TimedSeries
from stepwell.care.measures.rules import asking, schedule
from stepwell.care.measures.rules.safety import Deed
from stepwell.care.measures.scoring import Definition, Scored, Status, score
from stepwell.demo import facts
from stepwell.demo.building.site import Site, write
from stepwell.demo.facts import InstrumentKey, Person, Used

AT_INTAKE = "Went through it together at intake. It is in the plan."
FOLLOWED_UP = {
    InstrumentKey.PHQ9: "Spoke in person the same day and went over the safety plan. Safe tonight.",
    InstrumentKey.BAM_IOP: "Went over the answers together in the next session. Naloxone is at home.",
    InstrumentKey.COWS: "Seen by the prescriber. First dose given here, second reading an hour later.",
}
FOLLOWED_UP_WITH = {
    InstrumentKey.PHQ9: [Deed.REACHED, Deed.PLAN],
    InstrumentKey.BAM_IOP: [Deed.REACHED, Deed.NALOXONE],
    InstrumentKey.COWS: [Deed.REACHED, Deed.PRESCRIBER],
}
DAYS_UNTIL_FOLLOWED_UP = 3


def responses(site: Site) -> None:
    write(filter(None, (_series(site, person) for person in site.story.people)))
    write(_response(site, person, told) for person in site.story.people for told in person.responses)
    write(row for person in site.story.people for row in _next_asked(site, person))


def _series(site: Site, person: Person) -> TimedSeries | None:
    """The readings around the first dose: begun before it, ended when the last one was calm."""
    readings = [told for told in person.responses if told.instrument is InstrumentKey.COWS]
    if not readings:
        return None
    began, ended = site.written_at(readings[0].at), site.written_at(readings[-1].at)
    nurse = site.users[readings[0].by or person.key]
    series = TimedSeries(
        id=site.id_of("series", person.key),
        patient=site.patients[person.key],
        instrument=InstrumentKey.COWS,
        every_minutes=60,
        because="First dose",
        started_at=began,
        ended_at=ended,
        ended_by=nurse,
        ended_because="Settled after the first dose.",
        recorded_by=nurse,
        recorded_at=began,
    )
    return site.keep("series", person.key, series)  # type: ignore[no-any-return]


def _response(site: Site, person: Person, told: facts.Response) -> Response:
    definition = library.instrument(told.instrument)
    scored = score(definition, told.answers, {})
    if scored.status is Status.INVALID:
        raise ValueError(f"{person.key} gave an answer {told.instrument} does not have: {scored.problems}")
    by = site.users[told.by or person.key]
    total = scored.scores.get(definition.scores[0].id) if len(definition.scores) == 1 else None
    flags = [flag.code for flag in scored.flags]
    at = site.written_at(told.at)
    response = Response(
        id=site.id_of("response", f"{person.key}:{told.instrument}:{told.at:%Y-%m-%dT%H%M}"),
        patient=site.patients[person.key],
        instrument=definition.id,
        instrument_version=definition.version,
        mode=Response.Mode.STAFF if told.by else Response.Mode.SELF,
        status=Response.Status.COMPLETED,
        answers=dict(told.answers),
        result=_result(definition, scored),
        total=None if total is None else Decimal(total),
        flags=flags,
        series=site.made.get(("series", person.key)) if told.instrument is InstrumentKey.COWS else None,
        taken_at=at,
        completed_at=at,
        answered_by=by,
        version=2,
        recorded_by=by,
        recorded_at=at,
    )
    # At intake the counselor sits beside the person; later it may take a day or three.
    is_intake = person.episode is not None and told.at.date() == person.episode.admitted_on
    is_seen_to = is_intake or told.by is not None  # Rated by staff, who act on it there and then.
    if flags and (is_seen_to or (site.story.today - told.at.date()).days > DAYS_UNTIL_FOLLOWED_UP):
        response.followed_up_at = at + timedelta(hours=3)
        response.followed_up_by = site.users[told.by or person.plans[0].author]
        response.followed_up_note = FOLLOWED_UP.get(told.instrument, AT_INTAKE)
        response.followed_up_with = FOLLOWED_UP_WITH.get(told.instrument, [Deed.REACHED])
    return response


def _result(definition: Definition, scored: Scored) -> dict[str, object]:
    return scored.to_dict() | {"definition": {"version": definition.version, "sha256": definition.sha256}}


def _next_asked(site: Site, person: Person) -> Iterator[Response]:
    """What this week's schedule put on the phone of everyone in the program."""
    today = site.story.today
    level = person.episode.level_on(today) if person.episode else None
    if person.episode is None or level is None or not person.responses:
        return
    on = schedule.monday(today)
    asked = schedule.due(
        schedule.DEFAULT,
        (),
        [
            schedule.Asked(told.instrument, told.at.date(), told.at.date())
            for told in person.responses
            if told.at.date() < on
        ],
        schedule.Stay(person.episode.admitted_on, level),
        today=on,
        takes=lambda instrument: asking.seconds(library.instrument(instrument)),
        rated_by_staff=[each.id for each in library.instruments().values() if each.rated_by_clinician],
    )
    since = {told.instrument for told in person.responses if told.at.date() >= on}
    for instrument in asked:
        if instrument in since:
            continue
        definition = library.instrument(instrument)
        yield Response(
            id=site.id_of("response", f"{person.key}:asked:{instrument}"),
            patient=site.patients[person.key],
            instrument=definition.id,
            instrument_version=definition.version,
            mode=Response.Mode.SELF,
            due_on=on + timedelta(days=6),
            scheduled_on=on,
            recorded_by=site.users[person.plans[-1].author],
            recorded_at=site.written_at(facts.monday_morning(today)),
        )


def check_ins(site: Site) -> None:
    write(_check_in(site, person, told) for person in site.story.people for told in person.check_ins)


USED = {Used.YES: True, Used.NO: False, Used.SKIPPED: None}


def _check_in(site: Site, person: Person, told: facts.CheckIn) -> CheckIn:
    return CheckIn(
        id=site.id_of("check-in", f"{person.key}:{told.at:%Y-%m-%d}"),
        patient=site.patients[person.key],
        on=told.at.date(),
        craving=told.craving,
        mood=told.mood,
        slept_hours=Decimal(str(told.slept_hours)),
        used=USED[told.used],
        note=told.note,
        recorded_by=site.users[person.key],
        recorded_at=site.written_at(told.at),
    )
