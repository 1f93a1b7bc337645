"""Two records of one person are found, made one, and taken apart again when they turn out to be cousins."""

import re
from collections.abc import Callable
from datetime import date

from stepwell.care.episodes.models import Referral
from stepwell.trust.accounts.models import User
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Organization
from stepwell.trust.people.models import Patient
from tests.journeys.people import Person

MARCUS, TESS = (f"{name}@aldercreek.example" for name in ("marcus.bell", "tess.nguyen"))
MAYA = "maya.reyes@aldercreek.example"


def test_two_records_are_merged_and_taken_apart_again(someone: Callable[..., Person]) -> None:
    organization = Organization.objects.get(slug="alder-creek").pk
    with acting_in(organization):
        maya = Patient.objects.get(user__email=MAYA)
        second = maya_was_written_down_twice(maya)
    the_front_desk_keeps_her_particulars(someone(TESS), maya)
    marcus = someone(MARCUS)
    i_find_the_second_record(marcus, maya)
    i_make_them_one(marcus)
    its_address_leads_to_the_one_that_stays(marcus, maya, second)
    with acting_in(organization):
        assert Referral.objects.get(asked_for="For my cousin.").patient == maya
    i_take_them_apart(marcus)
    with acting_in(organization):
        assert Referral.objects.get(asked_for="For my cousin.").patient == second
        assert Patient.objects.get(pk=second.pk).merged_into is None


def maya_was_written_down_twice(maya: Patient) -> Patient:
    tess = User.objects.get(email=TESS)
    second = Patient.objects.create(
        center=maya.center,
        record_number="20999",
        first_name="Mya",
        last_name=maya.last_name,
        born_on=maya.born_on or date(1992, 3, 8),
    )
    Referral.objects.create(
        patient=second,
        source="family",
        asked_for="For my cousin.",
        status="closed",
        closed_because="Could not be reached.",
        recorded_by=tess,
    )
    return second


def the_front_desk_keeps_her_particulars(tess: Person, maya: Patient) -> None:
    tess.goes_to(f"/staff/people/{maya.pk}/particulars/").reads_as_heading(maya.short_name)
    tess.leaves_pictures("particulars").finds_no_barrier()
    tess.types("ZIP code", "454").presses("Save particulars").sees("Write five digits, such as 45402.")
    tess.types("ZIP code", "45402").presses("Save particulars").sees("Saved.")
    tess.follows("Add person").sees("That takes a written consent.").finds_no_barrier()
    tess.types("Name", "Inés O'Brien-Núñez").chooses("Who they are to the patient", "Sister")
    tess.types("Phone", "937-555-0188").ticks("Emergency contact").leaves_pictures("related-person")
    tess.presses("Save person").sees("Inés O'Brien-Núñez").sees("Does not know that they come here.")
    tess.leaves_pictures("particulars-related").finds_no_barrier()


def i_find_the_second_record(marcus: Person, maya: Patient) -> None:
    marcus.goes_to(f"/staff/people/{maya.pk}/team/").sees("Whoever is on it may open this chart.")
    marcus.leaves_pictures("team").finds_no_barrier()
    marcus.follows("Particulars").follows("Another record of this person")
    marcus.sees("Mya").sees("same date of birth").leaves_pictures("duplicates").finds_no_barrier()
    marcus.follows(re.compile("Look side by side"))


def i_make_them_one(marcus: Person) -> None:
    marcus.sees("Two records side by side").leaves_pictures("merging").finds_no_barrier()
    marcus.presses("Merge these records").sees("Say how you know that this is one person.")
    marcus.types("How do you know", "She says that the desk wrote it down wrong.")
    marcus.presses("Merge these records").sees("Merged. It can be taken apart again.").sees("Referral: 1")


def its_address_leads_to_the_one_that_stays(marcus: Person, maya: Patient, second: Patient) -> None:
    here = marcus.page.url
    marcus.goes_to(f"/staff/people/{second.pk}/")
    assert marcus.page.url.endswith(f"/staff/people/{maya.pk}/")
    marcus.page.goto(here)


def i_take_them_apart(marcus: Person) -> None:
    marcus.leaves_pictures("merge").finds_no_barrier()
    marcus.types("How do you know that these are two people?", "Mya came to the door. She is a cousin.")
    marcus.presses("Take records apart").sees("Taken apart. Both records are as they were.")
