"""How minutes are said."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def in_hours(minutes: int) -> str:
    """`9 h`, `1 h 30 min`, `45 min`, `0 h`."""
    hours, rest = divmod(minutes, 60)
    if hours and rest:
        return _("%(hours)s h %(rest)s min") % {"hours": hours, "rest": rest}
    if rest:
        return ngettext("%(rest)s min", "%(rest)s min", rest) % {"rest": rest}
    return _("%(hours)s h") % {"hours": hours}
