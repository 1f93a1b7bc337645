"""`./stepwell bench public`: the public pages against their budget, with 1,000 more centers in the directory.

The centers stand all over Ohio with a day of open times each, and are gone afterwards. All are Alder Creek's: the
directory asks no organization, so it costs the same whosever they are.
"""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from stepwell.config.bench.arrivals import Form, Page, measure

CENTERS = 1_000
TIMES = 16
SLUG = "bench-center"
FIRST_KB = 50


def _public(name: str, path: str, sends: Callable[[], Form] | None = None) -> Page:
    return Page(name, "", 100, path, sends=sends, first_kb=FIRST_KB)


def _the_check(**more: str) -> Callable[[], Form]:
    """Everything answered, in the sealed form in which a page of the check carries it."""

    def sends() -> Form:
        from stepwell.care.intake.check.rules import read
        from stepwell.doors.public.check import state

        answers = read(
            {
                "now": ["none"],
                "use": ["alcohol", "benzodiazepine"],
                "often": ["daily"],
                "stopping": ["shaky", "seizure_before"],
                "health": ["leaving"],
                "mood": ["cannot"],
                "home": ["unsafe"],
                "week": ["work", "care", "medicine"],
            }
        )
        assert answers is not None
        return [("state", state.sealed(answers)), *more.items()]

    return sends


PAGES = (
    _public("public home", "/"),
    _public("kinds of care", "/levels/"),
    _public("one kind", "/levels/iop/"),
    _public("medicine", "/medicine/"),
    _public("families, es", "/es/families/"),
    _public("check", "/check/"),
    _public("check, question", "/check/4/", _the_check(of="often", then="continue", answer="most")),
    _public("check, answers", "/check/answers/", _the_check()),
    _public("check, result", "/check/result/", _the_check()),
    _public("check, es, near", "/es/check/result/", _the_check(near="45402")),
    _public("check, card", "/check/result/", _the_check(of="now", then="continue", answer="seizure")),
    _public("all centers", "/centers/"),
    _public("near a ZIP code", "/centers/?near=45402"),
    _public("near a town", "/centers/?near=Columbus%2C+OH"),
    _public("narrowed", "/centers/?near=45402&level=iop&evening=1&pay=medicaid&language=es"),
    _public("narrowed, es", "/es/centers/?near=45402&level=iop&evening=1"),
    _public("one center", "/centers/alder-creek/"),
)


def run(arguments: argparse.Namespace) -> int:
    return measure(PAGES, arguments, among=many_centers)


@contextmanager
def many_centers() -> Iterator[None]:
    from stepwell.ground.kit import clock
    from stepwell.trust.organizations.models import OpenTime, Organization, PublishedCenter

    now = clock.now().replace(minute=0, second=0, microsecond=0)
    organization = Organization.objects.get(slug="alder-creek")
    entries = [
        PublishedCenter(
            organization=organization,
            name=f"Center {n:04}",
            slug=f"{SLUG}-{n}-{uuid4().hex[:6]}",
            city="Dayton",
            state="OH",
            postal_code="45402",
            latitude=38.6 + (n % 37) * 0.08,
            longitude=-84.6 + (n % 53) * 0.07,
            phone="+19375550100",
            hours_text="Monday to Friday 9 AM to 5 PM",
            languages=["en", "es"] if n % 3 else ["en"],
            services=["iop", "evening", "medication", "wheelchair"][: 1 + n % 4],
            plans=["medicaid", "private"],
            books_online=True,
            confirmed_on=now.date(),
        )
        for n in range(CENTERS)
    ]
    times = [
        OpenTime(
            id=uuid4(),
            organization=entry.organization,
            center=entry,
            practitioner=uuid4(),
            starts_at=now + timedelta(hours=2 + n),
            ends_at=now + timedelta(hours=3 + n),
        )
        for entry in entries
        for n in range(TIMES)
    ]
    try:
        PublishedCenter.objects.bulk_create(entries)
        OpenTime.objects.bulk_create(times, batch_size=4000)
        print(f"{CENTERS} centers with {len(times)} open times are in the directory besides Alder Creek\n")
        yield
    finally:
        PublishedCenter.objects.filter(slug__startswith=SLUG).delete()
