"""What of medicines and drug tests may be told outside."""

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from stepwell.care.medication.models import DrugTest, MedicationAdministration, MedicationRequest
from stepwell.trust.consent.segments import Content, Looking, day_in_words


def medication(looking: Looking) -> Content:
    """Each medicine prescribed here, its dose, from when to when, and when it was last given."""
    asked = MedicationRequest.objects.visible_to(looking.by).in_force().filter(patient=looking.patient)
    if looking.since:
        asked = asked.filter(Q(ends_on=None) | Q(ends_on__gte=looking.since))
    given = MedicationAdministration.objects.visible_to(looking.by).in_force().filter(request__in=asked)
    last = dict(given.values_list("request").annotate(Max("given_at")))
    rows = tuple(
        (
            str(one.get_medicine_display()),
            one.dose,
            day_in_words(one.starts_on),
            day_in_words(one.ends_on) if one.ends_on else _("now"),
            looking.on(last[one.pk]) if one.pk in last else "",
        )
        for one in asked.order_by("-starts_on")
    )
    return Content((_("Medicine"), _("Dose"), _("From"), _("Until"), _("Last given")), rows)


def drug_tests(looking: Looking) -> Content:
    """Each test and what it said of each substance, newest first."""
    tests = DrugTest.objects.visible_to(looking.by).in_force().filter(patient=looking.patient)
    rows = []
    for test in tests.filter(collected_at__gte=looking.from_moment).with_results().order_by("-collected_at"):
        said = "\n".join(
            f"{each.get_substance_display()}: {each.get_result_display()}, {_expected(each.as_expected)}"
            for each in test.results.all()
        )
        rows.append((looking.on(test.collected_at), str(test.get_specimen_display()), said))
    return Content((_("Day"), _("Sample"), _("Results")), tuple(rows))


def _expected(as_expected: bool | None) -> str:
    if as_expected is None:
        return _("could not be read")
    return _("as expected") if as_expected else _("not expected")
