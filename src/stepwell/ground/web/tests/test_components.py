"""What the built-in tags draw, as a page would have it."""

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from stepwell.ground.web.charts import Came
from stepwell.ground.web.icons import ICONS
from stepwell.ground.web.navigation import DockItem, RailItem, Tab
from stepwell.ground.web.widgets import Scale, Segments, Tiles


class Visit(forms.Form):
    name = forms.CharField(label="Name", help_text="As <you> want to be called.")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    often = forms.ChoiceField(
        label="How often?",
        choices=[("day", "Every day"), ("week", "Every week")],
        widget=Tiles,
        error_messages={"required": "Choose how often."},
    )
    agreed = forms.BooleanField(label="I agree", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


def drawn(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


def test_a_field_has_its_label_its_hint_and_what_was_typed():
    page = drawn("{% field form.name %}", form=Visit({"name": "Maya <R.>"}))
    assert '<label for="id_name">Name</label>' in page
    assert 'id="id_name_helptext">As &lt;you&gt; want to be called.' in page
    assert 'value="Maya &lt;R.&gt;"' in page
    assert 'aria-describedby="id_name_helptext"' in page


def test_what_went_wrong_stands_beside_the_field_and_is_tied_to_it():
    page = drawn("{% field form.name %}", form=Visit({}))
    assert 'class="field  bad"' in page or 'class="field bad"' in page
    assert 'id="id_name_error"' in page
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'aria-invalid="true"' in page
    assert '<span class="vh">Error: </span>This field is required.' in page


def test_a_field_that_may_be_left_empty_says_so():
    assert "(optional)" in drawn("{% field form.note %}", form=Visit())
    assert "(optional)" not in drawn("{% field form.name %}", form=Visit())


def test_a_choice_is_a_group_with_a_legend_and_keeps_what_was_chosen():
    page = drawn("{% field form.often %}", form=Visit({"often": "week"}))
    assert "<legend" in page
    assert page.count('class="tile"') == 2
    assert 'value="week" id="id_often_1" required checked' in page


@pytest.mark.parametrize(("widget", "look"), [(Segments, "seg"), (Scale, "scale"), (Tiles, "tiles")])
def test_a_widget_says_how_its_choice_is_drawn(widget: type[forms.Widget], look: str):
    class Asked(forms.Form):
        choice = forms.ChoiceField(choices=[("a", "A")], widget=widget)

    assert f'<div class="{look}">' in drawn("{% field form.choice %}", form=Asked())


def test_the_label_of_a_question_page_is_its_heading():
    assert '<legend class="label"><h1>How often?</h1></legend>' in drawn(
        "{% field form.often heading=True %}", form=Visit()
    )


def test_every_error_is_a_link_to_its_field():
    page = drawn("{% error_summary form %}", form=Visit({}))
    assert "There is a problem" in page
    assert '<a href="#id_name">Name: This field is required.</a>' in page
    assert '<a href="#id_often_0">Choose how often.</a>' in page
    assert "#id_version" not in page


def test_errors_of_the_whole_form_are_said_without_a_link():
    form = Visit({"name": "Maya", "often": "day", "version": "1"})
    form.add_error(None, "Somebody else saved first.")
    assert '<span class="urgent-ink strong">Somebody else saved first.</span>' in drawn(
        "{% error_summary form %}", form=form
    )


def test_nothing_is_said_when_nothing_is_wrong():
    assert drawn("{% error_summary form other %}", form=Visit(), other=None).strip() == ""


def test_every_field_of_a_form_is_drawn_once():
    page = drawn("{% form_fields form %}", form=Visit())
    for name in ("name", "note", "often", "agreed", "version"):
        assert page.count(f'name="{name}"') == (2 if name == "often" else 1)


def test_the_title_begins_with_error_when_a_form_was_not_accepted():
    source = "{% page_title %}Visit{% endpage_title %}"
    assert drawn(source, form=Visit()) == "Visit"
    assert drawn(source, form=Visit({})) == "Error: Visit"
    assert drawn("{% page_title %}Error: Visit{% endpage_title %}", form=Visit({})) == "Error: Visit"
    with translation.override("es"):
        assert drawn(source, any_name=Visit({})) == "Error: Visit"


def test_words_from_people_are_escaped_everywhere():
    hostile = '<script>"x"</script>'
    tag_uses = (
        "{% tag h %}{% button h about=h name=h value=h href=h %}{% notice 'warn' h %}{{ h }}{% endnotice %}"
        "{% nothing h %}{{ h }}{% endnothing %}{% skeleton h %}{% kbd h %}{% spark v h %}{% dots m h %}"
        "{% meter 1 2 h 0 h %}"
        "{% toast %}{{ h }}{% endtoast %}{% progress 1 2 h %}{% facts f %}{% tabs t h h %}{% seg_links t h %}"
    )
    page = drawn(
        tag_uses, h=hostile, v=[1, 2], m=[Came.LATE], f=[(hostile, hostile)], t=[Tab(hostile, hostile)]
    )
    assert "<script" not in page
    assert '="<' not in page


def test_a_button_with_an_address_is_a_link_and_shows_its_key():
    page = drawn("{% button 'Call now' 'primary' icon_name='phone' key='c' href='/x/' about='Devon T.' %}")
    assert page.startswith('<a class="btn primary" href="/x/" data-key="c">')
    assert '<span class="vh"> Devon T.</span>' in page
    assert '<span class="kbd" aria-hidden="true">C</span>' in page
    assert page.endswith("</a>")


def test_attendance_is_said_in_words():
    page = drawn("{% dots marks %}", marks=["here", "late", "absent", "excused", "present"])
    assert 'aria-label="5 groups: came to 2, late to 1, did not come to 1, excused from 1"' in page
    assert [part.split('"')[0] for part in page.split('<b class="')[1:]] == [
        "present",
        "late",
        "absent",
        "excused",
        "present",
    ]


def test_no_groups_yet_is_said_as_well():
    assert 'aria-label="No groups yet"' in drawn("{% dots marks %}", marks=[])


def test_a_sparkline_of_nothing_draws_its_baseline_only():
    page = drawn("{% spark values 'No answers yet' %}", values=[None, None])
    assert 'class="grid"' in page
    assert 'class="ln"' not in page
    assert "<circle" not in page


def test_coordinates_have_a_point_in_every_language():
    with translation.override("es"):
        page = drawn("{% spark values 'x' %}", values=[1, 2.5, 4])
    assert "," not in page.split('d="')[2].split('"')[0]


def test_every_icon_is_ours_and_drawn_without_style():
    for name in ICONS:
        page = drawn("{% icon name %}", name=name)
        assert 'aria-hidden="true"' in page
        assert "style=" not in page
        assert "http" not in page


def test_a_rail_may_be_a_list_or_hold_one():
    item = RailItem("today", "Today", "sun", "/staff/today/")

    class Held:
        def __init__(self) -> None:
            self.items = [item]

    source = "{% for one in rail|places %}{{ one.label }}{% endfor %}"
    assert drawn(source, rail=[item]) == drawn(source, rail=Held()) == "Today"
    assert drawn(source, rail=None) == drawn(source) == ""


def test_the_dock_marks_the_place_we_are_in():
    request = RequestFactory().get("/me/")
    page = (
        engines["django"]
        .from_string(
            "{% for item in dock|places %}{% if item.key == here %}{{ item.label }}{% endif %}{% endfor %}"
        )
        .render(
            {
                "dock": [
                    DockItem("home", "Home", "home", "/me/"),
                    DockItem("week", "Week", "cal", "/me/week/"),
                ],
                "here": "week",
            },
            request,
        )
    )
    assert page == "Week"
