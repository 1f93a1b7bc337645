"""The components of a page. Built in: a template needs no ``{% load %}`` for them.

`docs/reference/components.md` has a usage line for each, and `/styleguide/` shows each in every state.
Pictures come from `ground/web/charts.py`; the tags here only turn them into markup.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms, template
from django.template.context import Context
from django.templatetags.static import static
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stepwell.ground.web import charts, language
from stepwell.ground.web.back import came_from
from stepwell.ground.web.icons import ICONS, MARK
from stepwell.ground.web.widgets import Look

register = template.Library()

NOTICE_ICONS = {"ok": "check", "warn": "alert", "urgent": "alert", "": "info"}
#: The levels of django.contrib.messages, as our tones.
TONES = {"success": "ok", "warning": "warn", "error": "urgent", "info": "", "debug": ""}


# --- small marks -------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """One of our icons. Decorative: the word stands beside it."""
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        f"i {css}".strip(),
        mark_safe(ICONS[name]),  # noqa: S308 our own drawing
    )


@register.simple_tag
def mark(size: int = 26) -> SafeString:
    return format_html(
        '<svg width="{0}" height="{0}" viewBox="0 0 26 26" aria-hidden="true" focusable="false">'
        '<path d="{1}" fill="currentColor"/></svg>',
        size,
        MARK,
    )


@register.simple_tag
def kbd(keys: str) -> SafeString:
    """A key as it is printed on its button. Not read aloud: the button has a name."""
    shown = " ".join(
        part.title() if len(part) > 1 else part.upper() for part in keys.replace("+", " ").split()
    )
    return format_html('<span class="kbd" aria-hidden="true">{}</span>', shown)


@register.simple_tag(name="tag")
def tag_(label: str, kind: str = "", icon_name: str = "", css: str = "") -> SafeString:
    """A few words in a small box: ok, warn, urgent, accent, line, or plain."""
    return format_html(
        '<span class="{}">{}{}</span>',
        " ".join(part for part in ("tag", kind, css) if part),
        format_html("{} ", icon(icon_name)) if icon_name else "",
        label,
    )


@register.simple_tag
def button(
    label: str,
    kind: str = "",
    *,
    icon_name: str = "",
    key: str = "",
    href: str = "",
    name: str = "",
    value: str = "",
    about: str = "",
    off: bool = False,
) -> SafeString:
    """A button, or a link that looks like one. `about` says in a hidden word whom or what it is for."""
    attributes = [("class", f"btn {kind}".strip())]
    attributes += [
        (k, v) for k, v in (("href", href), ("name", name), ("value", value), ("data-key", key)) if v
    ]
    if off:
        attributes.append(("disabled", ""))
    inside = format_html(
        "{}{}{}{}",
        format_html("{} ", icon(icon_name)) if icon_name else "",
        label,
        format_html('<span class="vh"> {}</span>', about) if about else "",
        format_html(" {}", kbd(key)) if key else "",
    )
    element = "a" if href else "button"
    return format_html(
        "<{0}{1}>{2}</{0}>",
        mark_safe(element),  # noqa: S308 one of two words of ours
        format_html_join("", ' {}="{}"', attributes),
        inside,
    )


# --- feedback ----------------------------------------------------------------------------------


@register.simple_block_tag
def notice(content: str, kind: str = "", title: str = "", icon_name: str = "", role: str = "") -> SafeString:
    """Something to know: plain, ok, warn or urgent. With an icon and a title, never by color alone."""
    kind = TONES.get(kind, kind)
    return format_html(
        '<div class="{}"{}>{}<div>{}{}</div></div>',
        f"notice {kind}".strip(),
        format_html(' role="{}"', role) if role else "",
        icon(icon_name or NOTICE_ICONS.get(kind, "info")),
        format_html('<p class="strong">{}</p>', title) if title else "",
        content,
    )


@register.simple_block_tag
def nothing(content: str, title: str) -> SafeString:
    """An empty place that says why it is empty and what would fill it."""
    return format_html('<div class="empty"><p class="title">{}</p>{}</div>', title, content)


@register.simple_tag
def skeleton(label: str, lines: int = 4) -> SafeString:
    """The shape of what is loading, said aloud as well."""
    bars = mark_safe("<i></i>" * int(lines))  # noqa: S308 empty bars
    return format_html('<div class="skel" role="status" aria-label="{}">{}</div>', label, bars)


@register.simple_block_tag
def toast(content: str) -> SafeString:
    """What was just done, with its Undo inside."""
    return format_html('<span class="toast" role="status">{}</span>', content)


@register.simple_tag
def progress(done: int, of: int, label: str = "") -> SafeString:
    """How far along a known number of pages. The words stand beside it or in `label`."""
    bars = format_html_join(
        "", "<i{}></i>", ((mark_safe(' class="on"') if n < done else "",) for n in range(of))
    )
    return format_html(
        '<div class="progress" role="img" aria-label="{}">{}</div>',
        label or _("Question %(done)s of %(of)s") % {"done": done, "of": of},
        bars,
    )


# --- forms -------------------------------------------------------------------------------------


@register.inclusion_tag("web/components/error_summary.html")
def error_summary(*given: forms.BaseForm | None) -> dict[str, Any]:
    """Every error of these forms, each a link to its field. Nothing when there is none."""
    errors = []
    for form in given:
        if form is None or not form.is_bound:
            continue
        errors += [{"target": "", "message": message} for message in form.non_field_errors()]
        errors += [
            {
                "target": "" if form[name].is_hidden else first_control(form[name]),
                "message": _said_of(form[name], str(message)),
            }
            for name, messages in form.errors.items()
            if name in form.fields
            for message in messages
        ]
    return {"errors": errors}


def _said_of(bound: forms.BoundField, message: str) -> str:
    """A sentence that fits any field names its own here, where it stands apart from it."""
    general = {str(text) for kind in type(bound.field).__mro__ for text in _general_messages(kind)}
    if message not in general:
        return message
    label = str(bound.label)
    return f"{label} {message}" if label.endswith(("?", ".", ":")) else f"{label}: {message}"


def _general_messages(kind: type) -> Iterable[Any]:
    return getattr(kind, "default_error_messages", {}).values()


def first_control(bound: forms.BoundField) -> str:
    """The id that a link to the field must name."""
    if isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.MultiWidget):
        return f"{bound.auto_id}_0"
    return bound.id_for_label


@register.inclusion_tag("web/components/field.html")
def field(
    bound: forms.BoundField,
    css: str = "",
    *,
    look: str = "",
    label: str = "",
    hint: str = "",
    heading: bool = False,
    hidden_label: bool = False,
    full: bool = False,
) -> dict[str, Any]:
    """One field: label, hint, what went wrong, and the control with what was typed.

    `look` draws a choice as tiles, seg or scale; `heading` makes the label the page's h1.
    """
    widget = bound.field.widget
    shape = "plain"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        shape = "choices"
    elif isinstance(widget, forms.CheckboxInput):
        shape = "check"
    elif bound.use_fieldset:
        shape = "group"
    return {
        "bound": bound,
        "shape": shape,
        "css": css,
        "look": look or getattr(widget, "look", "") or getattr(widget, "layout", "") or Look.TILES,
        "label": label or bound.label,
        "hint": hint or bound.help_text,
        "errors": bound.errors,
        # A field that is wanted before the end may be left empty for now, and is not called optional.
        "optional": not (bound.field.required or getattr(bound.field, "wanted", False)) and shape != "check",
        "options": list(bound.subwidgets) if shape == "choices" else [],
        "described_by": bound.aria_describedby,
        "heading": heading,
        "hidden_label": hidden_label,
        "full": full,
    }


@register.inclusion_tag("web/components/form_fields.html")
def form_fields(form: forms.BaseForm, *names: str) -> dict[str, Any]:
    """The fields of a form, or those named, in that order; hidden ones with all."""
    if names:
        return {"hidden": [], "visible": [form[name] for name in names]}
    return {"hidden": form.hidden_fields(), "visible": form.visible_fields()}


@register.simple_block_tag(takes_context=True)
def page_title(context: Context, content: str) -> SafeString:
    """The title in the browser. It begins with "Error:" when a form on the page was not accepted."""
    title, prefix = content.strip(), _("Error:")
    if not title.startswith(prefix) and any(_has_errors(value) for value in context.flatten().values()):
        title = f"{prefix} {title}"
    return mark_safe(title)  # noqa: S308 escaped where it was written


def _has_errors(value: Any) -> bool:
    kind = type(
        value
    )  # isinstance would wake lazy values: the token, and so a cookie; the user, and so a query.
    if issubclass(kind, forms.BaseForm):
        return value.is_bound and bool(value.errors)
    return issubclass(kind, forms.BaseFormSet) and value.is_bound and not value.is_valid()


# --- data --------------------------------------------------------------------------------------


@register.simple_tag
def meter(
    value: float | None, of: float | None, tone: str = "", width: int = 0, label: str = ""
) -> SafeString:
    """A bar filled by a part of the whole. The figure stands beside it in words, so it is decoration unless named."""
    size = format_html(' width="{}"', int(width)) if width else ""
    name = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="{}"{} {} focusable="false"><rect width="{}%" height="100%" rx="4"/></svg>',
        f"meter {tone}{' short' if width else ''}".strip(),
        size,
        name,
        charts.percent(value, of),
    )


@register.simple_tag
def dots(marks: Iterable[str], sentence: str = "") -> SafeString:
    """Attendance, oldest first: full came, half came late, red outline did not come, gray outline excused."""
    came = [_came(name) for name in marks]
    return format_html(
        '<span class="dots" role="img" aria-label="{}">{}</span>',
        sentence or attendance_sentence(came),
        mark_safe("".join(_DOTS[one] for one in came)),  # noqa: S308 our own marks
    )


#: A list of people has a thousand of them.
_DOTS = {one: format_html('<b class="{}"></b>', one.value) for one in charts.Came}


def _came(name: str) -> charts.Came:
    return charts.Came.PRESENT if name in {"here", "video"} else charts.Came(name)


def attendance_sentence(came: Sequence[charts.Came]) -> str:
    counts = dict(charts.counted(came))
    parts = [
        words % {"n": counts[one]}
        for one, words in (
            (charts.Came.PRESENT, _("came to %(n)s")),
            (charts.Came.LATE, _("late to %(n)s")),
            (charts.Came.ABSENT, _("did not come to %(n)s")),
            (charts.Came.EXCUSED, _("excused from %(n)s")),
        )
        if one in counts
    ]
    if not parts:
        return _("No groups yet")
    total = ngettext("%(n)s group", "%(n)s groups", len(came)) % {"n": len(came)}
    return f"{total}: {', '.join(parts)}"


@register.simple_tag
def spark(
    values: Iterable[float | None],
    sentence: str,
    top: float | None = None,
    width: int = 86,
    tone: str = "",
    *,
    low: float | None = None,
    height: int = 30,
) -> SafeString:
    """A line small enough for a row, with gaps. `top` is the highest value there can be; then `low` is 0."""
    drawn = charts.spark(
        values,
        low=low if low is not None else (0 if top is not None else None),
        high=top,
        width=width,
        height=height,
    )
    end = (
        format_html(
            '<circle class="{}" cx="{}" cy="{}" r="3"/>', fill(tone), xy(drawn.end.x), xy(drawn.end.y)
        )
        if drawn.end
        else ""
    )
    return format_html(
        '<svg class="chart spark" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img" aria-label="{2}">'
        '<path class="grid" d="M0 {3}H{0}"/>{4}{5}</svg>',
        drawn.width,
        drawn.height,
        sentence,
        xy(drawn.baseline),
        format_html('<path class="ln" d="{}"/>', drawn.path) if drawn.path else "",
        end,
    )


@register.inclusion_tag("web/components/line_chart.html")
def line_chart(
    chart: charts.LineChart,
    css: str = "",
    *,
    width: int = 620,
    line_bottom: float = charts.LINE_BOTTOM,
    dotted: bool = True,
    table: bool = True,
    open_table: bool = False,
) -> dict[str, Any]:
    """A line with gaps, rows of marks below it, and the same as a table. For a phone: width 330, not dotted."""
    picture = charts.draw(chart, width=width, line_bottom=line_bottom)
    return {
        "chart": chart,
        "picture": picture,
        "css": css,
        "dotted": dotted,
        "table": table,
        "open": open_table,
    }


@register.inclusion_tag("web/components/week_strip.html")
def week_strip(days: Sequence[charts.StripDay], sentence: str) -> dict[str, Any]:
    """A person's own seven days. The sentence says the same in words."""
    return {"days": days, "sentence": sentence}


@register.inclusion_tag("web/components/week_picture.html")
def week_picture(
    days: Sequence[Sequence[charts.Stretch]], sentence: str, *, heads: bool = True
) -> dict[str, Any]:
    """How much of a week: seven boxes of 24 hours, the time in care filled in to scale."""
    picture = charts.week(days, heads=heads)
    letters = (str(WEEKDAYS[n])[:1].upper() for n in range(7))
    return {
        "picture": picture,
        "sentence": sentence,
        "heads": [{"x": x, "letter": letter} for x, letter in zip(picture.heads, letters, strict=False)],
    }


@register.inclusion_tag("web/components/timeline.html")
def timeline(events: Iterable[object]) -> dict[str, Any]:
    """What happened, newest first. An event has `day` (a heading), or when, icon, tone, title, url, detail."""
    return {"events": events}


@register.inclusion_tag("web/components/agenda.html")
def agenda(lines: Iterable[object]) -> dict[str, Any]:
    """A day by the clock. A line has when, title, detail, asks, state (past, now), and a button with url or a tag."""
    return {"lines": lines}


@register.inclusion_tag("web/components/need.html")
def need(need: object, place: int, *, chosen: bool = False) -> dict[str, Any]:
    """One row of who needs someone now, with the reason for its rank."""
    return {"need": need, "place": place, "chosen": chosen}


@register.inclusion_tag("web/components/tabs.html")
def tabs(tabs: Iterable[object], label: str, css: str = "") -> dict[str, Any]:
    """Addresses of the parts of one thing. Each Tab is a link; the open one is `current`."""
    return {"tabs": tabs, "label": label, "css": css}


@register.inclusion_tag("web/components/seg_links.html")
def seg_links(tabs: Iterable[object], label: str) -> dict[str, Any]:
    """Two to four views of the same list, side by side. Each is an address."""
    return {"tabs": tabs, "label": label}


@register.inclusion_tag("web/components/facts.html")
def facts(pairs: Iterable[tuple[str, object]], css: str = "") -> dict[str, Any]:
    """Names and values in two columns."""
    return {"pairs": pairs, "css": css}


@register.inclusion_tag("web/components/summary_list.html")
def summary_list(lines: Iterable[object]) -> dict[str, Any]:
    """Answers to check before sending. A line has name, value, and url to change it."""
    return {"lines": lines}


@register.simple_tag(takes_context=True)
def back_field(context: Context) -> SafeString:
    """In a form: where its reader came from, so that what they do there leads back. The view asks `came_from`."""
    back = came_from(context["request"])
    return format_html('<input type="hidden" name="back" value="{}">', back) if back else SafeString("")


@register.simple_tag(takes_context=True)
def csv_link(context: Context, about: str = "", which: str = "") -> SafeString:
    """This page's list as a file, narrowed as the page is. `about` names it unseen; `which` picks one of several."""
    asked = context["request"].GET.copy()
    asked["as"] = "csv"
    asked.pop("page", None)
    asked.pop("had", None)
    if which:
        asked["list"] = which
    return format_html(
        '<a class="btn quiet" href="?{}" data-csv>{} {}{}</a>',
        asked.urlencode(),
        icon("down"),
        _("Download as CSV"),
        format_html('<span class="vh">: {}</span>', about) if about else "",
    )


# --- for the base pages ------------------------------------------------------------------------


@register.simple_tag
def htmx() -> SafeString:
    """htmx and what it may do: no eval, no inline style, no page kept in the browser's storage, forms shown on 422."""
    config = (
        '{"includeIndicatorStyles":false,"allowEval":false,"allowScriptTags":false,"historyCacheSize":0,'
        '"refreshOnHistoryMiss":true,"responseHandling":[{"code":"204","swap":false},{"code":"[23]..","swap":true},'
        '{"code":"(409|422)","swap":true},{"code":"[45]..","swap":false,"error":true}]}'
    )
    return format_html(
        '<meta name="htmx-config" content="{}">\n<script src="{}" defer></script>',
        config,
        static("django_htmx/htmx-2.min.js"),
    )


@register.simple_tag(takes_context=True)
def alternates(context: Context) -> SafeString:
    """For search engines: the same page in the other language, when its address says the language."""
    request = context.get("request")
    if request is None or not language.speaks_by_address(request):
        return SafeString("")
    links = [
        (code, request.build_absolute_uri(language.twin(request.path, code)))
        for code in ("en", "es", "x-default")
    ]
    return format_html_join("\n", '<link rel="alternate" hreflang="{}" href="{}">', links)


@register.filter
def places(items: Any) -> Any:
    """The items of a rail or dock, whether it is a list or holds one."""
    held = getattr(items, "items", None)
    return held if held is not None and not callable(held) else (items or [])


@register.filter
def xy(value: float, more: float = 0) -> str:
    """A coordinate for SVG, the same in every language."""
    return charts.number(float(value) + float(more))


@register.filter
def fill(tone: str) -> str:
    """The class that fills a mark with what it means."""
    return {"warn": "warnf", "urgent": "urgf", "ok": "okf", "warnf": "warnf", "urgf": "urgf"}.get(
        tone, "fill"
    )
