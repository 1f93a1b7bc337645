"""What a cell of the paper needs."""

from django import template

from stepwell.trust.printouts import rules

register = template.Library()


@register.filter
def breakable(cell: object) -> str:
    """A cell whose long words may go on in the next line."""
    return rules.breakable(str(cell))
