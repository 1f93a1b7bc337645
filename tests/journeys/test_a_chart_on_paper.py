"""I am a counselor. Maya asks for a copy of her record, and I hand her the pages before she leaves."""

import io
from collections.abc import Callable

from pypdf import PdfReader

from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Organization
from stepwell.trust.people.models import Patient
from stepwell.trust.printouts.making import look_after
from tests.journeys.people import Person

DANA = "dana.whitfield@aldercreek.example"


def test_maya_takes_a_copy_home(someone: Callable[..., Person]) -> None:
    organization = Organization.objects.get(slug="alder-creek").pk
    with acting_in(organization):
        maya = Patient.objects.get(user__email="maya.reyes@aldercreek.example")
    dana = someone(DANA).goes_to(f"/staff/people/{maya.pk}/")
    dana.sees("Who may see this record").leaves_pictures("chart").finds_no_barrier()
    dana.follows("Print this chart").sees("Private counseling notes are kept apart")
    dana.leaves_pictures("print").finds_no_barrier()
    dana.ticks("The patient, who asked for it").presses("Make PDF")
    dana.sees("Your paper is being made").leaves_pictures("print-waits").finds_no_barrier()
    # The worker, meanwhile; and the page that waits shows it by itself.
    look_after()
    dana.sees("Your paper is ready").leaves_pictures("print-ready").finds_no_barrier()
    with dana.page.expect_download() as download:
        dana.follows("Download PDF")
    data = download.value.path().read_bytes()
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(data)).pages]
    assert "This is your own copy. You decide who sees it." in pages[0]
    for number, page in enumerate(pages, 1):
        assert "Maya Reyes, born March 8, 1992" in page
        assert f"Page {number} of {len(pages)}" in page
        assert "42 CFR part 2 prohibits unauthorized use or disclosure of these records." in page
    dana.follows("Print from the page").sees("Copy of the record of Maya Reyes")
    dana.leaves_pictures("print-page").finds_no_barrier()
