"""Persian pages: digits, calendar, direction, and no English sentence left; on every page of the gallery."""

import re
from html.parser import HTMLParser

import pytest
from flask_babel import force_locale

from evote.mail.outbox import demo_outbox
from tests.pages.conftest import Gallery

PLACES = (
    "",
    "how-it-works",
    "outbox",
    "nowhere",
    "draft",
    "frozen",
    "waiting",
    "open",
    "closing",
    "closed",
    "tallied",
    "annulled",
    "open/board",
    "open/board?q=ZZZZZ",
    "draft/board",
    "open/board/4",
    "open/board/61",
    "tallied/result",
    "refused/result",
    "closed/result",
    "tallied/verify",
    "tallied/widget",
    "open/officials-log",
    "open/record/",
    "tallied/record/",
    "open/login",
    "open/vote",
    "annulled/login",
)
NAMES = ("UTF-8", "SHA-256", "AGPL-3.0-or-later")
ENGLISH = re.compile(r"\b[A-Z]?[a-z]+ [a-z]+ [a-z]+\b")
"""Three English words in a row: a sentence that was not translated."""
REASONS = ("The letters of one street were never delivered", "Clerk of the court", "League of voters")
"""Texts of the gallery's manifests and logs that have one language only."""
SPARED = re.compile(
    "|".join((*map(re.escape, (*NAMES, *REASONS)), r"python -m [\w.]+(?: [\w-]+)?", r"\b[\w-]{43}(?![\w-])"))
)
CODE = {"code", "tracker", "mono"}


class Text(HTMLParser):
    """Collects what people read; leaves out code, which stays Latin, and scripts' data."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        classes = set((values.get("class") or "").split())
        latin = (
            tag in ("pre", "code", "script", "style", "svg", "textarea")
            or bool(classes & CODE)
            or values.get("lang") == "en"
        )
        if tag not in ("meta", "link", "input", "br", "img", "hr", "wbr", "rect", "path", "line", "circle"):
            self._open.append((tag, latin))
        self.said += [values[name] or "" for name in ("aria-label", "alt", "title") if name in values]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(latin for _, latin in self._open):
            self.said.append(data.strip())


def path_of(gallery: Gallery, place: str) -> str:
    state, _, rest = place.partition("/")
    if state in gallery.ids:
        return "/fa" + gallery.path(state, f"/{rest}" if rest else "")
    return f"/fa/{place}"


def said_on(page: str) -> list[str]:
    text = Text()
    text.feed(page)
    return [SPARED.sub("", one) for one in text.said]


@pytest.mark.parametrize("place", PLACES)
def test_people_read_persian_and_persian_digits(gallery: Gallery, place: str) -> None:
    page = gallery.client().get(path_of(gallery, place)).get_data(as_text=True)
    assert '<html lang="fa" dir="rtl"' in page
    assert "bootstrap.rtl.min.css" in page or place.endswith("/widget")
    assert "bootstrap.min.css" not in page
    said = said_on(page)
    assert len(said) > 10
    assert [one for one in said if re.search("[0-9]", one)] == []
    assert [one for one in said if ENGLISH.search(one)] == []
    assert "%(" not in " ".join(said)


def test_the_booths_words_are_persian(gallery: Gallery) -> None:
    page = gallery.get(path_of(gallery, "open/vote"))
    found = re.search(r'id="booth-words">(.*?)</script>', page, re.DOTALL)
    assert found
    assert "هنوز رأی نداده‌اید." in found[1].encode().decode("unicode-escape") or "هنوز رأی نداده‌اید." in found[1]


def test_what_programs_answer_follows_the_language_of_the_page(gallery: Gallery) -> None:
    path = f"/api{gallery.path('open')}/me"
    answer = gallery.client().get(path, headers={"Accept-Language": "fa"})
    assert answer.get_json()["message"].startswith("نخست با شناسهٔ رأی‌دهنده")
    missing = gallery.client().get(
        "/api/elections/00000000-0000-4000-8000-000000000000", headers={"Accept-Language": "fa-IR"}
    )
    assert missing.get_json()["message"] == "چنین انتخاباتی وجود ندارد."


def test_a_form_is_checked_in_persian(gallery: Gallery) -> None:
    client = gallery.client()
    path = path_of(gallery, "open/login")
    token = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', client.get(path).get_data(as_text=True))
    assert token
    page = client.post(path, data={"csrf_token": token[1], "voter_id": ""}).get_data(as_text=True)
    assert "شناسهٔ رأی‌دهنده را همان‌گونه که در نامه یا رایانامه‌تان آمده وارد کنید." in page
    stale = client.post(path, data={"voter_id": "V-001"})
    assert stale.status_code == 400
    assert not any(ENGLISH.search(one) for one in said_on(stale.get_data(as_text=True)))


def test_the_mail_with_the_code_is_persian_and_its_code_can_be_typed_anywhere(gallery: Gallery) -> None:
    client = gallery.client()
    path = path_of(gallery, "open/login")
    token = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', client.get(path).get_data(as_text=True))
    assert token
    answer = client.post(path, data={"csrf_token": token[1], "voter_id": "V-003"})
    assert (answer.status_code, answer.location) == (303, f"{path}/code")
    services = gallery.app.extensions["evote"]
    with gallery.app.test_request_context("/"), services.database.reading() as session:
        mail = demo_outbox(session, services)[0]
    assert mail.subject == "رمز یک‌بارمصرف شما"
    assert "رمز یک‌بارمصرف شما برای «نشان تازهٔ شهر»:" in mail.text
    assert re.search(r"\n[0-9]{4} [0-9]{4}\n", mail.text)
    assert "تا ۱۵ دقیقه" in mail.text
    assert mail.text.endswith("\nhttps://vote.example/fa/\n")


def test_a_persian_browser_gets_persian_without_asking(gallery: Gallery) -> None:
    page = gallery.client().get("/", headers={"Accept-Language": "fa-IR,fa;q=0.9,en;q=0.5"}).get_data(as_text=True)
    assert '<html lang="fa" dir="rtl"' in page
    assert '<a href="/en/" lang="en" hreflang="en" dir="ltr">English</a>' in page
    other = gallery.get("/en/")
    assert '<a href="/fa/" lang="fa" hreflang="fa" dir="rtl">فارسی</a>' in other


def test_constants_in_templates_are_written_in_each_readers_language(gallery: Gallery) -> None:
    with gallery.app.test_request_context("/"):
        template = gallery.app.jinja_env.from_string("{{ 1000|number }}")
        for language, text in (("en", "1,000"), ("fa", "۱٬۰۰۰"), ("en", "1,000")):
            with force_locale(language):
                assert template.render() == text
