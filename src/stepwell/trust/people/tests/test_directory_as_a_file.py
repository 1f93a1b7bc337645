"""Who was found by name, as a file: those of the page and nobody else."""

from django.urls import reverse

from stepwell.trust.accounts.roles import Role
from stepwell.trust.people.testing import Clinic, open_clinic


def test_a_file_has_who_was_found_and_nobody_else(clinic: Clinic):
    clinic.patient("Maya O'Brien-Núñez")
    clinic.patient("Tom Baker")
    with open_clinic("Elsewhere") as other:
        other.patient("Maya Elsewhere")
    client = clinic.client(clinic.user(Role.FRONT_DESK))
    page = client.get(reverse("people:people"), {"q": "maya"}).content.decode()
    assert "Download as CSV" in page and "?q=maya&amp;as=csv" in page
    file = client.get(reverse("people:people"), {"q": "maya", "as": "csv"}).content.decode()
    assert "Maya O'Brien-Núñez" in file
    assert "Tom" not in file and "Elsewhere" not in file
