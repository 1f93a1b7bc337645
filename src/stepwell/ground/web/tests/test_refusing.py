"""A refusal stands beside its field, or at the top."""

from django import forms

from stepwell.ground.kit.refusals import Refused
from stepwell.ground.web.refusing import refuse


class Booking(forms.Form):
    on = forms.DateField()


def test_it_stands_beside_the_field_it_is_about():
    form = Booking({"on": "2026-11-23"})
    refuse(form, Refused("The center is closed that day.", field="on"))
    assert form.errors == {"on": ["The center is closed that day."]}


def test_about_a_field_that_the_form_does_not_have_it_stands_at_the_top():
    form = Booking({"on": "2026-11-23"})
    refuse(form, Refused("This room is taken.", field="room"))
    assert form.errors == {"__all__": ["This room is taken."]}


def test_about_no_field_it_stands_at_the_top():
    form = Booking({"on": "2026-11-23"})
    refuse(form, Refused("This time has come."))
    assert form.errors == {"__all__": ["This time has come."]}
