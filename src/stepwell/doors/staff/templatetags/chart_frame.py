"""The frame of a chart page, for its template."""

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from stepwell.doors.staff.chart_frame import ChartFrame

register = template.Library()


@register.simple_block_tag(takes_context=True)
def chart_header(context: Context, content: str) -> SafeString:
    """Who this is, how to reach them, and the tabs. What stands inside is the key of the open tab."""
    request = context["request"]
    patient = getattr(request, "chart_patient", None) or context.get("patient")
    if patient is None:
        return SafeString("")
    frame = ChartFrame.of(request, patient)
    return render_to_string(
        "staff/chart_header.html",
        {"frame": frame, "patient": frame.patient, "tabs": frame.tabs(content.strip())},
        request=request,
    )
