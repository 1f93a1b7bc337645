"""The forms of a page, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

NOT_SENT = {"submit", "button", "image", "reset"}


@dataclass
class Field:
    name: str
    kind: str
    value: str
    #: Whether somebody writes into it what they like.
    is_free: bool
    maxlength: int = 0


@dataclass
class Form:
    action: str
    method: str
    fields: list[Field] = field(default_factory=list)

    def filled(self, words: str) -> dict[str, list[str]]:
        """What is sent when somebody writes these words wherever they may, and leaves the rest as it is."""
        sent: dict[str, list[str]] = {}
        for one in self.fields:
            sent.setdefault(one.name, []).append(words if one.is_free else one.value)
        return sent


class Page(HTMLParser):
    """Reads the forms, and every tag and attribute name that the page really has."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.values: list[tuple[str, str, str]] = []
        self._form: Form | None = None
        self._select: Field | None = None
        self._textarea: Field | None = None
        self._has_choice: set[tuple[int, str]] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        self.attributes |= set(given)
        self.values += [(tag, name, value) for name, value in given.items()]
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
            self.by_id[given.get("id", "")] = self._form
            return
        form = self.by_id.get(given.get("form", ""), self._form) if "form" in given else self._form
        name = given.get("name", "")
        if form is None or not name or "disabled" in given:
            if tag == "option":
                self._choose(given)
            return
        if tag == "input":
            self._input(form, name, given)
        elif tag == "textarea":
            self._textarea = Field(name, "textarea", "", is_free=True)
            form.fields.append(self._textarea)
        elif tag == "select":
            self._select = Field(name, "select", "", is_free=False)
            form.fields.append(self._select)
        elif tag == "option":
            self._choose(given)

    def _input(self, form: Form, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in NOT_SENT:
            return
        if kind in ("checkbox", "radio"):
            first = (id(form), name) not in self._has_choice
            if "checked" in given or (kind == "radio" and first):
                self._has_choice.add((id(form), name))
                form.fields = [one for one in form.fields if not (kind == "radio" and one.name == name)]
                form.fields.append(Field(name, kind, given.get("value", "on"), is_free=False))
            return
        is_free = kind in ("text", "search", "tel", "url", "password")
        form.fields.append(
            Field(name, kind, given.get("value", ""), is_free, int(given.get("maxlength") or 0))
        )

    def _choose(self, given: dict[str, str]) -> None:
        if self._select is not None and ("selected" in given or not self._select.value):
            self._select.value = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._textarea = None
