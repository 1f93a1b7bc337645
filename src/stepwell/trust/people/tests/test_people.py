"""Names, ages, and striking out what should not have been written."""

from datetime import date

import pytest

from stepwell.trust.people.models import Patient


@pytest.mark.parametrize(
    ("first", "last", "chosen", "short"),
    [
        ("Maya", "Reyes", "", "Maya R."),
        ("Séamus", "O'Brien-Núñez", "", "Séamus O."),
        ("Robert", "Lee", "Robin", "Robin L."),
        ("Ngoc", "", "", "Ngoc"),
    ],
)
def test_a_list_shows_what_a_person_is_called_and_one_letter(first, last, chosen, short):
    assert Patient(first_name=first, last_name=last, chosen_name=chosen).short_name == short


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(1992, 3, 8), date(2026, 3, 7), 33),
        (date(1992, 3, 8), date(2026, 3, 8), 34),
        (date(1996, 2, 29), date(2026, 2, 28), 29),
        (date(1996, 2, 29), date(2026, 3, 1), 30),
        (None, date(2026, 3, 1), None),
    ],
)
def test_age_turns_on_the_birthday(born, day, age):
    assert Patient(first_name="Maya", born_on=born).age_on(day) == age
