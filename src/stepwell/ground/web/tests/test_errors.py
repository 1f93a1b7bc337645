"""Error pages help, keep their door and their language, and ask no database."""

from datetime import timedelta

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from django.views.decorators.http import require_POST

from stepwell.config.urls import handler400, handler403, handler404, handler500  # noqa: F401 used by the test's urls
from stepwell.config.urls import urlpatterns as real_ones
from stepwell.ground.web import errors


def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault of ours")


def refuses(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def cannot_read(request: HttpRequest) -> HttpResponse:
    raise BadRequest


@require_POST
def acts(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


urlpatterns = [
    *real_ones,
    *(
        path(f"{door}{name}/", view)
        for door in ("", "me/", "staff/")
        for name, view in (
            ("breaks", breaks),
            ("refuses", refuses),
            ("cannot-read", cannot_read),
            ("acts", acts),
        )
    ),
]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


CASES = [
    ("breaks", 500, "Something went wrong on our side"),
    ("refuses", 403, "You cannot open this page"),
    ("cannot-read", 400, "We could not read that"),
    ("acts", 405, "That address does something, and shows nothing"),
    ("nothing-here", 404, "We cannot find that page"),
]


# No database is marked for these: a query would fail the test.
@pytest.mark.parametrize(("name", "status", "title"), CASES)
@pytest.mark.parametrize("door", ["", "me/", "staff/"])
def test_an_error_page_says_what_happened_and_what_to_do(
    visitor: Client, door: str, name: str, status: int, title: str
):
    answer = visitor.get(f"/{door}{name}/")
    page = answer.content.decode()
    assert answer.status_code == status
    assert f'<h1 class="page">{title}</h1>' in page
    assert "What you can do" in page
    assert f"Error {status}" in page
    assert ("988" in page) == (door != "staff/")
    assert page.count("<h1") == 1


@pytest.mark.parametrize(("name", "status"), [(name, status) for name, status, _title in CASES])
def test_an_error_page_speaks_spanish(visitor: Client, name: str, status: int):
    answer = visitor.get(f"/{name}/", HTTP_ACCEPT_LANGUAGE="es")
    assert answer.status_code == status
    assert '<html lang="es">' in answer.content.decode()
    assert "Qué puede hacer" in answer.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_key_is_refused_with_a_way_on(visitor: Client):
    answer = visitor.post("/acts/")
    assert answer.status_code == 403
    assert "We could not be sure that this came from you" in answer.content.decode()


def test_an_address_that_only_acts_says_how(visitor: Client):
    assert visitor.get("/acts/").headers["Allow"] == "POST"


def test_the_way_back_of_staff_and_patients_leads_home(visitor: Client):
    assert 'href="/home/">Go to Today' in visitor.get("/staff/nothing-here/").content.decode()
    assert 'href="/home/">Go to my day' in visitor.get("/me/nothing-here/").content.decode()
    assert 'href="/">Go to the start page' in visitor.get("/nothing-here/").content.decode()


@override_settings(AXES_COOLOFF_TIME=timedelta(minutes=15))
def test_a_locked_door_says_when_to_try_again():
    answer = errors.locked_out(RequestFactory().post("/sign-in/"))
    assert answer.status_code == 429
    assert "Wait 15 minutes, then try again." in answer.content.decode()
    assert answer.headers["Retry-After"] == "900"


def test_an_address_typed_wrong_cannot_write_into_the_page(visitor: Client):
    page = visitor.get('/"><script>x</script>/').content.decode()
    assert "<script>x" not in page
