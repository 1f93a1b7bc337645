"""Answers to instruments, scored by the same engine as on the phone; and daily check-ins."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from stepwell.care.measures import library
from stepwell.care.measures.models import CheckIn, Response
from stepwell.care.measures.scoring import Definition, Scored, Status, score
from stepwell.demo import facts
from stepwell.demo.building.site import Site, write
from stepwell.demo.facts import InstrumentKey, Person, Used

FOLLOWED_UP = {
    InstrumentKey.PHQ9: "Spoke in person the same day and went over the safety plan. Safe tonight.",
    InstrumentKey.BAM_IOP: "Went over the answers together in the next session. Naloxone is at home.",
    InstrumentKey.COWS: "Seen by the prescriber. First dose given here, second reading an hour later.",
}
DAYS_UNTIL_FOLLOWED_UP = 3


def responses(site: Site) -> None:
    write(_response(site, person, told) for person in site.story.people for told in person.responses)
    write(row for person in site.story.people for row in _next_asked(site, person))


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
        response.followed_up_note = FOLLOWED_UP[told.instrument]
    return response


def _result(definition: Definition, scored: Scored) -> dict[str, object]:
    return scored.to_dict() | {"definition": {"version": definition.version, "sha256": definition.sha256}}


def _next_asked(site: Site, person: Person) -> Iterator[Response]:
    """The weekly questions that wait on the phone of everyone in the program."""
    if not person.in_program_on(site.story.today) or not person.responses:
        return
    definition = library.instrument(InstrumentKey.BAM_IOP)
    asked_at = site.written_at(facts.monday_morning(site.story.today))
    yield Response(
        id=site.id_of("response", f"{person.key}:asked"),
        patient=site.patients[person.key],
        instrument=definition.id,
        instrument_version=definition.version,
        mode=Response.Mode.SELF,
        due_on=site.story.today + timedelta(days=2),
        recorded_by=site.users[person.plans[-1].author],
        recorded_at=asked_at,
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
