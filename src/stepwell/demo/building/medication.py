"""Orders, doses given and handed out, naloxone, and drug tests with each substance judged."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from stepwell.care.medication.models import (
    DrugTest,
    DrugTestResult,
    MedicationAdministration,
    MedicationRequest,
)
from stepwell.care.medication.rules.expectations import judge
from stepwell.care.medication.vocabulary import Medicine, Result, Substance
from stepwell.demo.building.people import admitted_at
from stepwell.demo.building.site import Site, write
from stepwell.demo.facts import Person, Product

#: Until the date printed on the spray.
KIT_LASTS_DAYS = 730
MONTHLY = {Product.BUPRENORPHINE_MONTHLY, Product.NALTREXONE_MONTHLY}


def medicine(site: Site) -> None:
    for person in site.story.people:
        for key, request in _requests(site, person):
            site.keep("request", f"{person.key}:{key}", request)
    write(row for (kind, _), row in site.made.items() if kind == "request")
    write(dose for person in site.story.people for dose in _doses(site, person))


def _requests(site: Site, person: Person) -> Iterator[tuple[str, MedicationRequest]]:
    if person.episode is None:
        return
    ended_on = person.episode.discharge.on if person.episode.discharge else None
    yield (
        "naloxone",
        _request(site, person, Medicine.NALOXONE_SPRAY, "4 mg spray", None, admitted_at(site, person), None),
    )
    given = person.injections or person.dispensed
    if person.medicine is None or not given:
        return
    last = person.injections[-1] if person.injections else None
    dose = f"{last.milligrams} mg" if last else f"{person.dispensed[-1].milligrams_a_day} mg a day"
    yield (
        "medicine",
        _request(
            site,
            person,
            Medicine(person.medicine),
            dose,
            28 if person.medicine in MONTHLY else None,
            given[0].at,
            ended_on,
        ),
    )


def _request(
    site: Site,
    person: Person,
    medicine: Medicine,
    dose: str,
    every_days: int | None,
    at: datetime,
    ended_on: date | None,
) -> MedicationRequest:
    return MedicationRequest(
        id=site.id_of("request", f"{person.key}:{medicine}"),
        patient=site.patients[person.key],
        episode=site.made["episode", person.key],
        medicine=medicine,
        dose=dose,
        every_days=every_days,
        prescriber=site.practitioners["osei"],
        starts_on=at.astimezone(site.story.sessions[0].starts_at.tzinfo).date(),
        ends_on=ended_on,
        recorded_by=site.users["osei"],
        recorded_at=site.written_at(at),
    )


def _doses(site: Site, person: Person) -> Iterator[MedicationAdministration]:
    if person.episode is None:
        return
    yield _dose(site, person, "naloxone", admitted_at(site, person), "4 mg spray, two doses", KIT_LASTS_DAYS)
    for shot in person.injections:
        yield _dose(site, person, "medicine", shot.at, f"{shot.milligrams} mg, {shot.site}", 28)
    for week in person.dispensed:
        yield _dose(
            site, person, "medicine", week.at, f"{week.milligrams_a_day} mg a day", week.days_supplied
        )


def _dose(
    site: Site, person: Person, request: str, at: datetime, dose: str, days_supplied: int
) -> MedicationAdministration:
    return MedicationAdministration(
        patient=site.patients[person.key],
        request=site.made["request", f"{person.key}:{request}"],
        given_at=at,
        dose=dose,
        days_supplied=days_supplied,
        given_by=site.practitioners["joel"],
        recorded_by=site.users["joel"],
        recorded_at=site.written_at(at + timedelta(minutes=2)),
    )


def drug_tests(site: Site) -> None:
    results = []
    tests = []
    for person in site.story.people:
        prescriptions = [
            site.made["request", f"{person.key}:{key}"].as_prescription
            for key in ("naloxone", "medicine")
            if ("request", f"{person.key}:{key}") in site.made
        ]
        for told in person.drug_tests:
            test = DrugTest(
                id=site.id_of("test", f"{person.key}:{told.course_week}"),
                patient=site.patients[person.key],
                episode=site.made["episode", person.key],
                collected_at=told.at,
                why=DrugTest.Why.RANDOM if told.course_week else DrugTest.Why.INTAKE,
                collected_by=site.practitioners[told.collected_by],
                recorded_by=site.users[told.collected_by],
                recorded_at=site.written_at(told.at + timedelta(minutes=6)),
            )
            tests.append(test)
            for analyte, is_positive in told.results.items():
                substance = Substance(analyte)
                result = Result.POSITIVE if is_positive else Result.NEGATIVE
                results.append(
                    DrugTestResult(
                        patient=test.patient,
                        test=test,
                        substance=substance,
                        result=result,
                        as_expected=judge(substance, result, prescriptions, on=told.at.date()).as_expected,
                        recorded_by=test.recorded_by,
                        recorded_at=test.recorded_at,
                    )
                )
    write(tests)
    write(results)
