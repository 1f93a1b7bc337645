"""No page asks anybody but us for anything, and none carries a style or a script in itself.

Each request to somebody else would tell them that a person looks for treatment; each inline style or script
would need the content security policy to be loosened.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

# A person in danger leaves for the weather: a plain link, followed only when it is pressed.
LINKS_THAT_MAY_LEAVE = ("https://www.weather.gov",)

LOADS = {
    "link": ("href",),
    "script": ("src",),
    "img": ("src", "srcset"),
    "iframe": ("src", "srcdoc"),
    "form": ("action",),
    "button": ("formaction",),
    "input": ("src", "formaction"),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "track": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
    "base": ("href",),
}
HTMX_LOADS = ("hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete")
ELSEWHERE = re.compile(r"(?:^|[\s,])\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
RUNS_SCRIPT = re.compile(r"^\s*(?:javascript|vbscript|js):", re.IGNORECASE)
TEMPLATE_PARTS = re.compile(
    r"\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL
)
IN_STYLES = re.compile(r"@import\s|url\(\s*['\"]?\s*(?:[a-z]+:)?//", re.IGNORECASE)
IN_SCRIPTS = re.compile(r"['\"`](?:https?:|wss?:)?//[a-z0-9]", re.IGNORECASE)


def faults(source: Path) -> Iterator[str]:
    """Everything in the templates, styles and scripts under that folder that breaks the rule."""
    for path in sorted(source.glob("**/templates/**/*")):
        if path.is_file():
            for line, fault in faults_in_template(path.read_text()):
                yield f"{path.relative_to(source)}:{line}: {fault}"
    for pattern, looked_for, what in (("*.css", IN_STYLES, "a style"), ("*.js", IN_SCRIPTS, "a script")):
        for path in sorted(source.glob(f"**/static/**/{pattern}")):
            for number, text in enumerate(path.read_text().splitlines(), 1):
                if looked_for.search(text):
                    yield f"{path.relative_to(source)}:{number}: {what} that loads from elsewhere: {text.strip()[:80]}"


def faults_in_template(text: str) -> list[tuple[int, str]]:
    """Line and fault of each."""
    reader = _Reader()
    reader.feed(TEMPLATE_PARTS.sub(_stand_in, text))
    reader.close()
    return reader.found


def _stand_in(part: re.Match[str]) -> str:
    """As many lines, and something where a value will be."""
    words = part.group()
    return ("x" if words.startswith("{{") else " ") + "\n" * words.count("\n")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        for fault in _faults_of(tag, values):
            self.found.append((self.getpos()[0], fault))


def _faults_of(tag: str, values: dict[str, str]) -> Iterator[str]:
    if tag == "style":
        yield "an inline style: <style>"
    if tag == "script" and "src" not in values and values.get("type") != "application/json":
        yield "an inline script: <script> without src"
    if (
        tag == "meta"
        and values.get("http-equiv", "").lower() == "refresh"
        and "//" in values.get("content", "")
    ):
        yield "a page that moves elsewhere by itself: <meta http-equiv=refresh>"
    for name, value in values.items():
        if name == "style":
            yield f'an inline style: style="{value}"'
        if re.fullmatch(r"on[a-z]+", name) or name.startswith(("hx-on", "data-hx-on")):
            yield f"an inline script: {name}="
        if RUNS_SCRIPT.match(value):
            yield f'an inline script: {name}="{value}"'
        if (name in LOADS.get(tag, ()) or name in HTMX_LOADS) and ELSEWHERE.search(value):
            yield f'a request to somebody else: <{tag} {name}="{value}">'
        leaves = tag in ("a", "area") and name in ("href", "ping") and ELSEWHERE.search(value)
        if leaves and not value.startswith(LINKS_THAT_MAY_LEAVE):
            yield f'a link to somebody else: <{tag} {name}="{value}">'
