"""A few written consents, as they would have been given and answered; and one disclosure under one of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from uuid import UUID

from stepwell.demo.building.site import Site
from stepwell.demo.facts import DAYTON, Language, Person
from stepwell.ground.kit import clock
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.consent import actions
from stepwell.trust.consent.actions import Given, Terms
from stepwell.trust.consent.disclosing import Request, disclose
from stepwell.trust.consent.models import Consent, Disclosure
from stepwell.trust.consent.rules.vocabulary import Expiry, Purpose, RecipientKind, Segment
from stepwell.trust.people.models import Patient

PLAN_AND_PAYER = "Valley Health Plan"
DOCTOR = "Dr. Lena Brandt, Riverbend Family Medicine"
SOME = 6  # How many people have said yes to their health plan.


def consents(site: Site) -> None:
    """In force: a doctor and a health plan of Maya's, and the plans of a few others. One ended, one waiting."""
    people = [one for one in site.story.people if one.episode and not one.episode.discharge][:SOME]
    for person in people:
        _signed(site, person, _to_a_payer(_on(site, person, 1)), on=_on(site, person, 1))
    maya = people[0]
    doctor = _signed(site, maya, _to_a_doctor(), on=_on(site, maya, 2))
    _told(site, maya, doctor, on=_on(site, maya, 9))
    partner = _signed(site, maya, _to_a_friend(_on(site, maya, 3)), on=_on(site, maya, 3))
    with _at(_on(site, maya, 12), time(18, 5)) as at:
        actions.revoke(partner, how=Consent.Ending.ONLINE, by=site.users[maya.key], at=at)
    for person in people[1:3]:
        _prepared(site, person, _to_a_friend(site.story.today), on=site.story.today - timedelta(days=3))
    _prepared(site, maya, _to_an_employer(site.story.today), on=site.story.today - timedelta(days=3))


def _on(site: Site, person: Person, day: int) -> date:
    """That day of care; the day before yesterday for somebody who is not there yet."""
    assert person.episode is not None
    return min(person.episode.admitted_on + timedelta(days=day), site.story.today - timedelta(days=2))


@contextmanager
def _at(day: date, at: time) -> Iterator[datetime]:
    """Done then, by every clock: the record, the event log and the history agree."""
    with clock.stand_still(datetime.combine(day, at, DAYTON)):
        yield clock.now()


def _prepared(site: Site, person: Person, terms: Terms, *, on: date) -> Consent:
    with _at(on, time(11, 20)) as at:
        return actions.prepare(_patient(site, person), terms, by=_counselor(site, person), at=at)


def _signed(site: Site, person: Person, terms: Terms, *, on: date) -> Consent:
    consent = _prepared(site, person, terms, on=on)
    language = "es" if person.language is Language.SPANISH else "en"
    segments = frozenset(map(Segment, consent.segments))
    with _at(on, time(12, 40)) as at:
        given = Given(
            name=person.name,
            read=consent.wording_in(language, segments).fingerprint,
            language=language,
            segments=segments,
            how=Consent.How.OWN_PHONE,
            on=on,
        )
        return actions.sign_own(consent, given, by=site.users[person.key], at=at)


def _told(site: Site, person: Person, consent: Consent, *, on: date) -> None:
    request = Request(
        to=DOCTOR,
        kind=RecipientKind.TREATING_PROVIDER,
        purpose=Purpose.TREATMENT,
        segments=frozenset({Segment.EPISODE, Segment.MEDICATION}),
        address=consent.recipient_address,
    )
    key: UUID = site.id_of("disclosure", person.key)
    with _at(on, time(15, 10)) as at:
        counselor = _counselor(site, person)
        disclose(_patient(site, person), request, how=Disclosure.How.PRINTED, key=key, by=counselor, at=at)


def _patient(site: Site, person: Person) -> Patient:
    patient = site.patients[person.key]
    return Patient.objects.select_related("center").get(pk=patient.pk)


def _counselor(site: Site, person: Person) -> User:
    now = (one for one in person.team if one.role is Role.COUNSELOR and one.until_on is None)
    return site.users[next(now).staff]


def _to_a_payer(day: date) -> Terms:
    return Terms(
        recipient_kind=RecipientKind.PAYER,
        recipients=(PLAN_AND_PAYER,),
        recipient_address="PO Box 100, Columbus, OH 43215",
        segments=frozenset({Segment.ATTENDANCE, Segment.EPISODE, Segment.BILLING}),
        purposes=frozenset({Purpose.PAYMENT}),
        expiry=Expiry.ON_DATE,
        expires_on=day + timedelta(days=365),
    )


def _to_a_doctor() -> Terms:
    return Terms(
        recipient_kind=RecipientKind.TREATING_PROVIDER,
        recipients=(DOCTOR,),
        recipient_address="20 Example Avenue, Dayton, OH 45402",
        segments=frozenset({Segment.EPISODE, Segment.PLAN, Segment.MEDICATION}),
        purposes=frozenset({Purpose.TREATMENT}),
        expiry=Expiry.END_OF_TREATMENT,
    )


def _to_a_friend(day: date) -> Terms:
    return Terms(
        recipient_kind=RecipientKind.PERSON,
        recipients=("Jordan Ames",),
        segments=frozenset({Segment.ATTENDANCE}),
        purposes=frozenset({Purpose.SUPPORT}),
        expiry=Expiry.ON_DATE,
        expires_on=day + timedelta(days=90),
    )


def _to_an_employer(day: date) -> Terms:
    return Terms(
        recipient_kind=RecipientKind.PERSON,
        recipients=("Paula Stern, Miller Bakery",),
        segments=frozenset({Segment.ATTENDANCE, Segment.EPISODE}),
        purposes=frozenset({Purpose.LIFE}),
        expiry=Expiry.ON_DATE,
        expires_on=day + timedelta(days=30),
    )
