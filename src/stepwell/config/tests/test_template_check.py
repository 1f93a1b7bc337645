"""A fault planted in a template, a style or a script is found; what is allowed is let be."""

from pathlib import Path

import pytest

from stepwell.config.checks import templates
from stepwell.config.checks.templates import faults_in_template


@pytest.mark.parametrize(
    ("planted", "named"),
    [
        ('<p style="color: red">', "an inline style"),
        ('<p class="a"\n   style="{{ colour }}">', "an inline style"),
        ("<style>p { color: red }</style>", "an inline style"),
        ("<script>alert(1)</script>", "an inline script"),
        ('<button onclick="go()">', "an inline script: onclick="),
        ('<button {% if a > b %}disabled{% endif %} ONCLICK="go()">', "an inline script: onclick="),
        ('<div hx-on:click="go()">', "an inline script: hx-on:click="),
        ('<a href="javascript:go()">', "an inline script"),
        ('<div hx-vals="js:{a: 1}">', "an inline script"),
        ('<link rel="stylesheet" href="https://fonts.example/a.css">', "a request to somebody else"),
        ('<script src="//cdn.example/htmx.js"></script>', "a request to somebody else"),
        ('<img src="https://example.org/pixel.gif">', "a request to somebody else"),
        ('<img srcset="/a.png 1x, https://example.org/b.png 2x">', "a request to somebody else"),
        ('<iframe src="http://example.org"></iframe>', "a request to somebody else"),
        ('<form action="https://example.org/" method="post">', "a request to somebody else"),
        ('<button formaction="https://example.org/">', "a request to somebody else"),
        ('<svg><use href="https://example.org/icons.svg#a"/></svg>', "a request to somebody else"),
        ('<div hx-get="https://example.org/">', "a request to somebody else"),
        ('<meta http-equiv="refresh" content="0; url=https://example.org/">', "moves elsewhere by itself"),
        ('<a href="https://example.org/">', "a link to somebody else"),
    ],
)
def test_a_planted_fault_is_found(planted: str, named: str):
    [(line, fault)] = faults_in_template(f"<main>\n{planted}\n</main>")
    assert named in fault
    assert line == 2


@pytest.mark.parametrize(
    "fine",
    [
        '<link rel="stylesheet" href="{% static "web/app.css" %}">',
        '<script src="{% static "web/app.js" %}" defer></script>',
        '<script type="application/json" id="facts">{"a": "https://example.org"}</script>',
        '<a href="https://www.weather.gov/" rel="noreferrer">Leave</a>',
        '<a href="/me/{{ thing.id }}/">Open</a>',
        '<a href="tel:988">Call 988</a>',
        "{# <p style='x'> #}{% comment %}<script>a</script>{% endcomment %}",
        "<p>Write https://example.org in a sentence.</p>",
        '<svg><use href="#icon"/></svg>',
        "{% if hours < 9 %}<p>Short week</p>{% endif %}",
    ],
)
def test_what_asks_nobody_is_let_be(fine: str):
    assert faults_in_template(fine) == []


def test_styles_and_scripts_are_read_too(tmp_path: Path):
    static = tmp_path / "room" / "static" / "room"
    static.mkdir(parents=True)
    (static / "a.css").write_text(
        "p { color: red }\n@import url('b.css');\nb { background: url(//example.org/x) }\n"
    )
    (static / "a.js").write_text("fetch('/here/');\nfetch('https://example.org/');\n")
    assert [fault.partition(": ")[0] for fault in templates.faults(tmp_path)] == [
        "room/static/room/a.css:2",
        "room/static/room/a.css:3",
        "room/static/room/a.js:2",
    ]


def test_every_template_under_the_source_is_read(tmp_path: Path):
    page = tmp_path / "doors" / "public" / "templates" / "public" / "home.html"
    page.parent.mkdir(parents=True)
    page.write_text("<main>\n\n<p style='x'></p></main>")
    assert list(templates.faults(tmp_path)) == [
        'doors/public/templates/public/home.html:3: an inline style: style="x"'
    ]
