"""Pages that follow what colleagues change: they ask every two seconds, with the version they have.

A page names its address for this in ``data-live``. What stands there still is answered with 304 and nothing else;
else with the parts that are new. ``live.js`` puts them in where nobody is writing. Asking is no use of a session.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


def version_of(*rows: "QuerySet[Any]") -> str:
    """One question for all of these rows: which there are, and the transaction that last wrote each."""
    first, *others = (
        each.order_by().annotate(_written=_written(each)).values_list("pk", "_written") for each in rows
    )
    written = first.union(*others, all=True) if others else first
    return digest(*sorted(f"{key} {by}" for key, by in written))


def _written(rows: "QuerySet[Any]") -> RawSQL:
    return RawSQL(f'"{rows.model._meta.db_table}"."xmin"::text', [])  # noqa: S611 - the name is the model's own


def digest(*parts: object) -> str:
    whole = "\x1f".join(map(str, parts))
    return hashlib.sha256(whole.encode()).hexdigest()[:20]


def is_same(request: HttpRequest, version: str) -> bool:
    """Whether the page that asks has this version already."""
    return request.headers.get("If-None-Match", "").strip('"') == version


def same() -> HttpResponse:
    return HttpResponse(status=304)


#: A form's token is another each time it is drawn.
_TOKEN = re.compile(r'<input type="hidden" name="csrfmiddlewaretoken" value="[^"]*">')


@dataclass(frozen=True)
class Part:
    """A part of a page that is drawn whole, known by what stands in it."""

    key: str
    html: SafeString

    @property
    def version(self) -> str:
        return digest(_TOKEN.sub("", self.html))


def drawn(request: HttpRequest, template: str, keys: Iterable[str], context: dict[str, Any]) -> list[Part]:
    """The partials of these names in the template."""
    return [
        Part(key, SafeString(render_to_string(f"{template}#{key}", context, request).strip())) for key in keys
    ]


def changed(request: HttpRequest, parts: Iterable[Part], version: str) -> HttpResponse:
    """Those parts that the page which asks has not, or has otherwise."""
    new = new_of(request, parts)
    return versioned(render(request, "web/components/parts.html", {"parts": new, "are_put": True}), version)


def new_of(request: HttpRequest, parts: Iterable[Part]) -> list[Part]:
    here = had(request)
    return [part for part in parts if here.get(part.key) != part.version]


def had(request: HttpRequest) -> dict[str, str]:
    """The parts that the page has, each with the version in which it has it: `?had=key~version,key~version`."""
    pairs = (each.partition("~") for each in request.GET.get("had", "")[:20_000].split(","))
    return {key: version for key, _tilde, version in pairs if version}


def versioned(response: HttpResponse, version: str) -> HttpResponse:
    response["X-Version"] = version
    response["Cache-Control"] = "no-store"
    return response
