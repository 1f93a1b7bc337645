"""Somebody at a browser: what they can do, and what they can see."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

PICTURES = Path(__file__).resolve().parents[2] / "var" / "pictures"
PHONE, LAPTOP, DESK = 390, 1024, 1440
WIDTHS = (PHONE, LAPTOP, DESK)


class Person:
    """One signed-in person (or a visitor) with a browser of their own."""

    def __init__(
        self,
        browser: Browser,
        address: str,
        *,
        session: str | None = None,
        width: int = DESK,
        script: bool = True,
    ) -> None:
        self.address = address
        self.sign_in: Callable[[], str] = lambda: session or ""
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 900},
            base_url=address,
            locale="en-US",
            reduced_motion="reduce",
            java_script_enabled=script,
        )
        self.context.set_default_timeout(8_000)
        if session:
            self.context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        self.page: Page = self.context.new_page()
        self.trouble: list[str] = []
        self.page.on("pageerror", lambda error: self.trouble.append(f"script error: {error}"))
        self.page.on("console", self._heard)
        self.page.on("request", self._asked)

    def _heard(self, message: object) -> None:
        kind, text = message.type, message.text  # type: ignore[attr-defined]
        if kind == "error" and "the server responded with a status of" not in text:
            self.trouble.append(f"console: {text}")

    def _asked(self, request: object) -> None:
        url: str = request.url  # type: ignore[attr-defined]
        if not url.startswith((self.address, "data:", "blob:")):
            self.trouble.append(f"third-party request: {url}")

    def close(self) -> None:
        self.context.close()
        assert self.trouble == []

    # What a person does.

    def comes_back(self) -> "Person":
        """Hours later, by the clock of now: signed in anew, as staff must be after a day."""
        session = self.sign_in()
        self.context.add_cookies([{"name": "sessionid", "value": session, "url": self.address}])
        return self

    def goes_to(self, path: str) -> "Person":
        response = self.page.goto(path)
        assert response is not None and response.ok, f"{path}: {response and response.status}"
        return self

    def follows(self, words: str | re.Pattern[str], *, within: Locator | None = None) -> "Person":
        (within or self.page).get_by_role("link", name=words).first.click()
        return self

    def presses(self, words: str | re.Pattern[str], *, within: Locator | None = None) -> "Person":
        (within or self.page).get_by_role("button", name=words).first.click()
        return self

    def presses_or_follows(self, words: str | re.Pattern[str]) -> "Person":
        self.page.get_by_role("link", name=words).or_(
            self.page.get_by_role("button", name=words)
        ).first.click()
        return self

    def types(self, label: str | re.Pattern[str], words: str) -> "Person":
        self.page.get_by_label(label).first.fill(words)
        return self

    def chooses(self, label: str | re.Pattern[str], option: str | re.Pattern[str]) -> "Person":
        """Choose from a list by its label, or tick a radio that stands under a group of that name."""
        field = self.page.get_by_label(label).first
        if field.evaluate("node => node.tagName") == "SELECT":
            choice = field.locator("option").filter(has_text=option).first.get_attribute("value")
            field.select_option(choice)
        else:
            field.get_by_label(option).first.check(force=True)
        return self

    def ticks(self, label: str | re.Pattern[str]) -> "Person":
        self.page.get_by_label(label).first.check(force=True)
        return self

    # What a person sees.

    def sees(self, words: str | re.Pattern[str]) -> "Person":
        expect(self.page.locator("main")).to_contain_text(words)
        return self

    def does_not_see(self, words: str | re.Pattern[str]) -> "Person":
        expect(self.page.locator("main")).not_to_contain_text(words)
        return self

    def reads_as_heading(self, words: str | re.Pattern[str]) -> "Person":
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(words)
        return self

    def finds_no_barrier(self) -> "Person":
        """axe-core, WCAG 2.2 A and AA, on the page as it stands."""
        found = Axe().run(
            self.page,
            options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
        )
        assert found.violations_count == 0, found.generate_report()
        return self

    def scrolls_only_down(self) -> "Person":
        """No sideways scrolling of the page itself."""
        overflow = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, f"{self.page.url} is {overflow} px too wide"
        return self

    def leaves_pictures(self, name: str) -> "Person":
        """One picture at each width, in light and in dark, under var/pictures/, and the checks that go with looking."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            for theme in ("light", "dark"):
                self.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
                self.page.screenshot(path=PICTURES / f"{name}-{width}-{theme}.png", full_page=True)
                self.scrolls_only_down()
        return self


@contextmanager
def at_the_browser(person: Person) -> Iterator[Person]:
    try:
        yield person
    except BaseException:
        PICTURES.mkdir(parents=True, exist_ok=True)
        person.page.screenshot(path=PICTURES / "failed.png", full_page=True)
        person.context.close()
        raise
    else:
        person.close()
