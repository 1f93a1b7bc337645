"""Asking who may see costs no question to the database for each row: ten people or many, a page asks as often."""

import pytest
from django.test import override_settings

from stepwell.config.bench.access import grow, pages_of, questions

FEW, MORE = 10, 120


@pytest.mark.django_db
def test_a_page_asks_as_often_for_many_people_as_for_few(clinic):
    grow(clinic, FEW)
    pages = pages_of(clinic)
    with override_settings(STEPWELL_DEMO=True):
        few = {page.name: questions(page) for page in pages}
        grow(clinic, MORE - FEW)
        many = {page.name: questions(page) for page in pages}
    assert many == few
