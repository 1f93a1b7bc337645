"""The pages of a center, as an administrator uses them on the first day."""

from datetime import date, time

import pytest
from django.test import Client
from django.urls import reverse

from stepwell.care.care_plans.testing import in_care
from stepwell.care.scheduling.testing import weekly_group
from stepwell.ground.kit import clock
from stepwell.trust.access import Forbidden
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.organizations.models import Center, Closure, OpeningHours, PublishedCenter, Room
from stepwell.trust.people.testing import Clinic
from stepwell.trust.setup.actions.centers import close_center, open_center
from stepwell.trust.setup.checklist import steps

ADDRESS = {
    "name": "Alder Creek North",
    "street": "2 Example Road",
    "city": "Troy",
    "state": "OH",
    "postal_code": "45373",
    "phone": "(937) 555-0199",
    "time_zone": "America/New_York",
}


@pytest.fixture
def page(clinic: Clinic, noor: User) -> Client:
    return clinic.client(noor)


def said(page: Client, route: str, *args: object) -> str:
    response = page.get(reverse(route, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_the_first_page_says_what_is_missing(page: Client, clinic: Clinic):
    words = said(page, "setup:front")
    assert "Before the first patient" in words
    assert "Alder Creek has no whole address and phone yet." in words
    assert "Alder Creek has no hours yet." in words
    assert "Nobody who gives care is here yet." in words
    assert "1 of 5 done" in words


def test_every_step_done_is_seen(page: Client, clinic: Clinic, dana: User):
    page.post(reverse("setup:center", args=[clinic.center.pk]), ADDRESS | {"name": "Alder Creek"})
    page.post(reverse("setup:hours", args=[clinic.center.pk]), {"opens_0_0": "09:00", "closes_0_0": "17:00"})
    page.post(
        reverse("setup:directory", args=[clinic.center.pk]),
        {"publish": "1", "services": ["iop"], "languages": ["en", "es"], "hours_text": "Monday 9 to 5"},
    )
    words = said(page, "setup:front")
    assert "Everything is ready for the first patient" in words
    assert "5 of 5 done" in words


def test_a_step_that_is_done_leads_to_what_was_done(clinic: Clinic, noor: User):
    Center.objects.exclude(pk=clinic.center.pk).update(closed_on=clinic.today)
    with_address = {"street": "12 Creek Road", "city": "Dayton", "state": "OH", "postal_code": "45402"}
    Center.objects.filter(pk=clinic.center.pk).update(**with_address, phone="+19375550100")
    first = steps(noor)[0]
    assert first.done
    assert first.url == reverse("setup:center", args=[clinic.center.pk])


def test_an_organization_without_a_center_is_told_to_begin_there(page: Client, clinic: Clinic):
    Room.objects.update(retired_on=clinic.today)
    Center.objects.update(closed_on=clinic.today)
    words = said(page, "setup:front")
    assert "There is no center yet." in words
    assert words.count("A center comes first.") == 3


def test_a_center_is_added_with_its_phone_as_it_is_dialed(page: Client):
    response = page.post(reverse("setup:new_center"), ADDRESS)
    north = Center.objects.get(name="Alder Creek North")
    assert response["Location"] == reverse("setup:hours", args=[north.pk])
    assert (north.slug, north.phone) == ("alder-creek-north", "+19375550199")
    assert AuditEvent.objects.filter(to_id=north.pk, did="created").count() == 1


@pytest.mark.parametrize(
    ("field", "typed", "said_of_it"),
    [
        ("name", "", "Give the center a name."),
        ("name", "ALDER CREEK", "Another center has this name."),
        ("phone", "12", "Write a phone number with its area code"),
        ("postal_code", "4540", "Write a ZIP code of five digits"),
        ("time_zone", "Dayton", "Choose a time zone from the list."),
        ("state", "ZZ", "Select a valid choice"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_the_rest_is_kept(
    page: Client, field: str, typed: str, said_of_it: str
):
    response = page.post(reverse("setup:new_center"), ADDRESS | {field: typed})
    assert response.status_code == 422
    assert said_of_it in response.content.decode()
    assert "2 Example Road" in response.content.decode()
    assert Center.objects.count() == 1


def test_a_name_in_hostile_letters_is_shown_as_it_is(page: Client):
    page.post(reverse("setup:new_center"), ADDRESS | {"name": "<script>alert(1)</script> O'Brien-Núñez"})
    words = said(page, "setup:front")
    assert "<script>alert" not in words
    assert "O&#x27;Brien-Núñez" in words


def test_a_new_time_zone_is_not_saved_before_its_effect_is_read(page: Client, clinic: Clinic):
    address = reverse("setup:center", args=[clinic.center.pk])
    changed = ADDRESS | {"name": "Alder Creek", "time_zone": "America/Chicago"}
    response = page.post(address, changed)
    assert response.status_code == 422
    words = response.content.decode()
    assert "Sessions and appointments that stand already keep their moment." in words
    clinic.center.refresh_from_db()
    assert clinic.center.time_zone == "America/New_York"
    page.post(address, changed | {"zone_understood": "on"})
    clinic.center.refresh_from_db()
    assert clinic.center.time_zone == "America/Chicago"
    event = AuditEvent.objects.filter(to_id=clinic.center.pk).latest("at")
    assert "America/New_York to America/Chicago" in event.because


def test_another_organizations_center_is_not_found(page: Client, clinic: Clinic):
    from stepwell.trust.people.testing import open_clinic

    with open_clinic("Birch Road") as other:
        elsewhere = other.center.pk
    for route in ("center", "hours", "closed_days", "rooms", "directory", "closing"):
        assert page.get(reverse(f"setup:{route}", args=[elsewhere])).status_code == 404


def test_who_runs_one_center_sets_up_only_that_one(clinic: Clinic):
    local = clinic.user(Role.ADMINISTRATOR, "Local Administrator")
    north = Center.objects.create(name="North", slug="north")
    page = clinic.client(local)
    assert page.get(reverse("setup:hours", args=[clinic.center.pk])).status_code == 200
    assert page.get(reverse("setup:hours", args=[north.pk])).status_code == 404
    added = page.post(reverse("setup:new_center"), ADDRESS, follow=True)
    assert "Only who administers every center adds one." in added.content.decode()
    closed = page.post(reverse("setup:closing", args=[clinic.center.pk]), follow=True)
    assert "Only who administers every center closes one." in closed.content.decode()
    assert set(Center.objects.values_list("name", "closed_on")) == {("Alder Creek", None), ("North", None)}
    with pytest.raises(Forbidden):
        open_center(ADDRESS, by=local, at=clock.now())
    with pytest.raises(Forbidden):
        close_center(clinic.center, by=local, at=clock.now())


# Hours


def test_hours_are_saved_by_weekday(page: Client, clinic: Clinic):
    address = reverse("setup:hours", args=[clinic.center.pk])
    page.post(
        address,
        {
            "opens_0_0": "08:30",
            "closes_0_0": "12:00",
            "opens_0_1": "13:00",
            "closes_0_1": "20:30",
            "opens_5_0": "09:00",
            "closes_5_0": "14:00",
        },
    )
    assert [str(one) for one in clinic.center.hours.all()] == [
        "Monday 08:30 to 12:00",
        "Monday 13:00 to 20:30",
        "Saturday 09:00 to 14:00",
    ]
    page.post(address, {"opens_5_0": "09:00", "closes_5_0": "14:00"})
    assert [str(one) for one in clinic.center.hours.all()] == ["Saturday 09:00 to 14:00"]
    assert AuditEvent.objects.filter(to_id=clinic.center.pk, because="hours").count() == 2


@pytest.mark.parametrize(
    ("typed", "said_of_it"),
    [
        ({"opens_0_0": "09:00"}, "Write both times, or leave both empty."),
        ({"opens_0_0": "17:00", "closes_0_0": "09:00"}, "Let it close after it opens."),
        ({"opens_0_0": "nine", "closes_0_0": "17:00"}, "Write the time, such as 8:30 AM."),
        (
            {"opens_0_0": "09:00", "closes_0_0": "13:00", "opens_0_1": "12:00", "closes_0_1": "17:00"},
            "This overlaps the other stretch of that day.",
        ),
    ],
)
def test_hours_that_cannot_be_are_refused(
    page: Client, clinic: Clinic, typed: dict[str, str], said_of_it: str
):
    response = page.post(reverse("setup:hours", args=[clinic.center.pk]), typed)
    assert response.status_code == 422
    assert said_of_it in response.content.decode()
    assert not OpeningHours.objects.exists()


def test_monday_is_used_for_the_other_workdays_and_nothing_is_saved_yet(page: Client, clinic: Clinic):
    address = reverse("setup:hours", args=[clinic.center.pk])
    response = page.post(address, {"opens_0_0": "08:30", "closes_0_0": "20:30", "like_monday": "1"})
    assert response.content.decode().count('value="08:30"') == 5
    assert not OpeningHours.objects.exists()


def test_saving_twice_is_harmless(page: Client, clinic: Clinic):
    for _time in range(2):
        page.post(
            reverse("setup:hours", args=[clinic.center.pk]), {"opens_0_0": "09:00", "closes_0_0": "17:00"}
        )
    assert OpeningHours.objects.get().opens == time(9)


# Closed days


def test_the_federal_holidays_to_come_are_added_by_one_click_and_only_once(page: Client, clinic: Clinic):
    for _time in range(2):
        page.post(reverse("setup:holidays", args=[clinic.center.pk, 2026]))
    assert list(Closure.objects.order_by("on").values_list("on", flat=True)) == [
        date(2026, 11, 26),
        date(2026, 12, 25),
    ]
    christmas = Closure.objects.get(on=date(2026, 12, 25))
    page.post(reverse("setup:closure_removal", args=[christmas.pk]))
    assert not Closure.objects.filter(on=date(2026, 12, 25)).exists()
    assert AuditEvent.objects.filter(to_id=christmas.pk, did="ended").count() == 1
    assert page.post(reverse("setup:holidays", args=[clinic.center.pk, 2031])).status_code == 404


def test_a_closed_day_says_what_stands_on_it_and_where_it_is_called_off(
    page: Client, clinic: Clinic, dana: User
):
    group = weekly_group(clinic, leader=dana, by=dana)
    address = reverse("setup:closed_days", args=[clinic.center.pk])
    response = page.post(address, {"on": "2026-11-30", "reason": "Staff training"}, follow=True)
    words = response.content.decode()
    assert "1 session or appointment stands on Monday, November 30. It is not called off by itself." in words
    assert reverse("scheduling:series", args=[group.pk]) in words
    assert group.sessions.meeting().filter(starts_at__date=date(2026, 11, 30)).exists()


@pytest.mark.parametrize(
    ("typed", "said_of_it"),
    [
        ({"on": "", "reason": "x"}, "Choose a day."),
        ({"on": "2026-11-22", "reason": "x"}, "Choose today or a later day."),
        ({"on": "2036-11-22", "reason": "x"}, "Choose a day within three years."),
        ({"on": "2026-11-30", "reason": " "}, "Say why the center is closed."),
        ({"on": "2026-12-24", "reason": "Again"}, "This day is closed already."),
    ],
)
def test_a_closed_day_that_cannot_be_is_refused(
    page: Client, clinic: Clinic, typed: dict[str, str], said_of_it: str
):
    Closure.objects.create(center=clinic.center, on=date(2026, 12, 24), reason="Christmas Eve")
    response = page.post(reverse("setup:closed_days", args=[clinic.center.pk]), typed)
    assert response.status_code == 422
    assert said_of_it in response.content.decode()
    assert Closure.objects.count() == 1


# Rooms


def test_a_room_is_added_renamed_retired_and_used_again(page: Client, clinic: Clinic, dana: User):
    address = reverse("setup:rooms", args=[clinic.center.pk])
    page.post(address, {"name": "Video 1", "seats": "20", "is_virtual": "on"})
    room = Room.objects.get(name="Video 1")
    assert (room.seats, room.is_virtual) == (20, True)
    page.post(
        reverse("setup:room", args=[room.pk]), {"name": "Video room", "seats": "24", "is_virtual": "on"}
    )
    room.refresh_from_db()
    assert (room.name, room.seats) == ("Video room", 24)
    page.post(reverse("setup:room_retirement", args=[room.pk]))
    room.refresh_from_db()
    assert room.retired_on == clinic.today
    assert "Video room" not in clinic.client(dana).get(reverse("scheduling:new_series")).content.decode()
    page.post(reverse("setup:room_retirement", args=[room.pk]))
    room.refresh_from_db()
    assert room.retired_on is None


@pytest.mark.parametrize(
    ("typed", "said_of_it"),
    [
        ({"name": "", "seats": "3"}, "Give the room a name."),
        ({"name": "Room 2", "seats": "3"}, "Another room of this center has this name."),
        ({"name": "Room 3", "seats": "0"}, "Write a number from 1 to 500."),
        ({"name": "Room 3", "seats": "9" * 40}, "Write a number from 1 to 500."),
    ],
)
def test_a_room_that_cannot_be_is_refused(
    page: Client, clinic: Clinic, typed: dict[str, str], said_of_it: str
):
    response = page.post(reverse("setup:rooms", args=[clinic.center.pk]), typed)
    assert response.status_code == 422
    assert said_of_it in response.content.decode()
    assert Room.objects.count() == 1


# Closing


def test_a_center_with_people_in_care_is_not_closed(page: Client, clinic: Clinic, dana: User):
    maya = clinic.patient("Maya Reyes", team=(dana,))
    in_care(maya, by=dana)
    address = reverse("setup:closing", args=[clinic.center.pk])
    assert "1 person is in care here." in page.get(address).content.decode()
    response = page.post(address, follow=True)
    assert "1 person is in care here." in response.content.decode()
    clinic.center.refresh_from_db()
    assert clinic.center.closed_on is None


def test_closing_a_center_withdraws_its_public_entry_and_can_be_taken_back(page: Client, clinic: Clinic):
    Center.objects.filter(pk=clinic.center.pk).update(postal_code="45402", phone="+19375550100")
    page.post(
        reverse("setup:directory", args=[clinic.center.pk]),
        {"publish": "1", "services": ["iop"], "languages": ["en"]},
    )
    assert PublishedCenter.objects.filter(center=clinic.center).exists()
    page.post(reverse("setup:closing", args=[clinic.center.pk]))
    clinic.center.refresh_from_db()
    assert clinic.center.closed_on == clinic.today
    assert not PublishedCenter.objects.filter(center=clinic.center).exists()
    page.post(reverse("setup:closing", args=[clinic.center.pk]))
    clinic.center.refresh_from_db()
    assert clinic.center.closed_on is None


def test_a_counselor_finds_no_setup(clinic: Clinic, dana: User):
    page = clinic.client(dana)
    assert page.get(reverse("setup:front")).status_code == 403
    assert page.post(reverse("setup:new_center"), ADDRESS).status_code == 403
    assert Membership.objects.filter(user=dana).count() == 1


# The public entry


def test_only_what_is_published_is_public(page: Client, clinic: Clinic):
    Center.objects.filter(pk=clinic.center.pk).update(
        postal_code="45402", phone="+19375550100", street="100 Example Street"
    )
    page.post(reverse("setup:hours", args=[clinic.center.pk]), {"opens_0_0": "08:30", "closes_0_0": "20:30"})
    address = reverse("setup:directory", args=[clinic.center.pk])
    form = page.get(address).content.decode()
    assert "Monday 8:30 AM to 8:30 PM" in form
    assert "Lunes de 8:30 a. m. a 8:30 p. m." in form
    entry = {
        "hours_text": "Monday 8:30 AM to 8:30 PM",
        "hours_text_es": "Lunes de 8:30 a. m. a 8:30 p. m.",
        "services": ["iop", "medication"],
        "languages": ["en", "es"],
    }
    preview = page.post(address, entry | {"preview": "1"}).content.decode()
    assert "Medicamento para el consumo de opioides o alcohol" in preview
    visitor = Client()
    assert "100 Example Street" not in visitor.get(reverse("public:centers")).content.decode()
    page.post(address, entry | {"publish": "1"})
    assert "100 Example Street" in visitor.get(reverse("public:centers")).content.decode()
    published = PublishedCenter.objects.get(center=clinic.center)
    assert published.confirmed_on == clinic.today
    assert AuditEvent.objects.filter(to_id=published.pk, did="created").count() == 1
    Center.objects.filter(pk=clinic.center.pk).update(phone="+19375550111")
    assert "These have changed since it was published: the phone." in page.get(address).content.decode()
    assert "555-0111" not in visitor.get(reverse("public:centers")).content.decode()
    page.post(address, entry | {"publish": "1"})
    assert "555-0111" in visitor.get(reverse("public:centers")).content.decode()
    page.post(reverse("setup:withdrawal", args=[clinic.center.pk]))
    assert "100 Example Street" not in visitor.get(reverse("public:centers")).content.decode()
    assert AuditEvent.objects.filter(to_id=published.pk, did="ended").count() == 1


def test_a_center_that_says_too_little_is_not_published(page: Client, clinic: Clinic):
    response = page.post(
        reverse("setup:directory", args=[clinic.center.pk]),
        {"publish": "1", "services": ["iop"], "languages": ["en"]},
    )
    assert response.status_code == 422
    assert "the ZIP code, a phone number" in response.content.decode()
    assert not PublishedCenter.objects.exists()
