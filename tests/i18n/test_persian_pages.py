"""Persian pages: digits, calendar, direction, and no English sentence left; on every page of the gallery."""

import re

from flask_babel import force_locale

from evote.mail.outbox import demo_outbox
from tests.pages.conftest import Gallery
from tests.support.persian import ENGLISH, said_on


def path_of(gallery: Gallery, place: str) -> str:
    state, _, rest = place.partition("/")
    if state in gallery.ids:
        return "/fa" + gallery.path(state, f"/{rest}" if rest else "")
    return f"/fa/{place}"


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
