"""The name of a center in an address."""

from django.utils.text import slugify

from stepwell.trust.organizations.models import Center, PublishedCenter


def free_slug(name: str, among: type[Center] | type[PublishedCenter]) -> str:
    """One that no other has: of those that are called the same, a number tells them apart, and nothing else."""
    plain = slugify(name)[:40] or "center"
    taken = set(among.objects.filter(slug__startswith=plain).values_list("slug", flat=True))
    number = next(n for n in range(1, len(taken) + 2) if (f"{plain}-{n}" if n > 1 else plain) not in taken)
    return plain if number == 1 else f"{plain}-{number}"
