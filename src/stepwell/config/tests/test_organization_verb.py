"""`./stepwell organization new`, as whoever installs Stepwell types it: the first organization, and the way in."""

import re
import subprocess

import pytest

from stepwell.config.tests.test_verbs import Stepwell, owner, scans, stepwell
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Center, Organization

__all__ = ["owner", "scans", "stepwell"]

GIVEN = {
    "--name": "O'Brien-Núñez Recovery",
    "--center": "Main Street",
    "--time-zone": "America/Chicago",
    "--email": "noor@example.org",
    "--administrator": "Noor Haddad",
}


def begin(stepwell: Stepwell, **change: str) -> subprocess.CompletedProcess[str]:
    given = GIVEN | {f"--{name.replace('_', '-')}": value for name, value in change.items()}
    return stepwell("organization", "new", *(word for pair in given.items() for word in pair))


def test_it_makes_an_organization_and_prints_the_way_in_once(stepwell: Stepwell):
    done = begin(stepwell)
    assert done.returncode == 0, done.stderr
    assert "O'Brien-Núñez Recovery stands, with its first center." in done.stdout
    found = re.search(r"https://care\.example\.org/welcome/([\w-]+)/([\w-]+)/", done.stdout)
    assert found, done.stdout
    organization = Organization.objects.get()
    noor = User.objects.get(email="noor@example.org")
    assert not noor.has_usable_password()
    assert [(one.role, one.center_id) for one in Membership.objects.all()] == [("administrator", None)]
    with acting_in(organization.pk):
        center = Center.objects.get()
        assert (center.name, center.time_zone) == ("Main Street", "America/Chicago")
    asked = f"from stepwell.trust.accounts.welcome import user_of; print(user_of{found[1], found[2]})"
    assert "Noor Haddad" in stepwell("shell", "-c", asked).stdout

    again = begin(stepwell, name="o'brien-núñez  RECOVERY", email="other@example.org")
    assert again.returncode == 2
    assert "stands already" in again.stderr
    assert Organization.objects.count() == 1
    assert not User.objects.filter(email="other@example.org").exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"time_zone": "Dayton"}, "--time-zone: 'Dayton' is not the name of a time zone"),
        ({"email": "noor"}, "--email: 'noor' is not a whole e-mail address"),
        ({"name": " "}, "--name: it is empty"),
        ({"administrator": ""}, "--administrator: it is empty"),
        ({"center": "x" * 300}, "--center: it is longer than 200 letters"),
    ],
)
def test_what_is_wrong_is_named_with_its_reason(stepwell: Stepwell, change: dict[str, str], sentence: str):
    done = begin(stepwell, **change)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not Organization.objects.exists()


def test_what_is_left_out_is_named(stepwell: Stepwell):
    done = stepwell("organization", "new", "--name", "Alder Creek")
    assert done.returncode == 2
    assert "--administrator, --email, --time-zone" in done.stderr
