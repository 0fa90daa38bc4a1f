"""Widgets: what they say, that anybody may frame them, and that they can do nothing."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest

from participation.answers.authorities import AuthorityData, add_authority
from participation.consultations import acts
from participation.consultations.acts import ConsultationData
from participation.consultations.kinds import PhaseKind
from participation.petitions.checking import Act
from tests.support.participation import Town
from tests.support.petitions import act

_SHOWN = ("open", "awaiting", "debated", "closed", "rejected", "stopped")


def test_a_widget_may_be_framed_and_can_do_nothing(town: Town, petitions: dict[str, str]) -> None:
    for state in _SHOWN:
        check_harmless(town, petitions[state])


def check_harmless(town: Town, address: str) -> None:
    answer = town.visitor().client.get(address + "/widget")
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src" not in policy
    assert "form-action 'none'" in policy
    assert "X-Frame-Options" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    page = answer.get_data(as_text=True)
    assert "<script" not in page
    assert "<form" not in page
    assert f'href="{town.ports.base_url}{address}"' in page


def test_who_is_signed_in_sees_the_same_widget_under_the_same_headers(town: Town, petitions: dict[str, str]) -> None:
    visitor = town.visitor()
    visitor.get("/me/sign-in")
    assert visitor.client.get_cookie(town.app.config["SESSION_COOKIE_NAME"]) is not None
    ours, others = (one.client.get(petitions["open"] + "/widget") for one in (visitor, town.visitor()))
    assert ours.data == others.data
    assert ours.headers["Cache-Control"] == others.headers["Cache-Control"]


def test_only_the_widget_may_be_framed(town: Town, petitions: dict[str, str]) -> None:
    answer = town.visitor().client.get(petitions["open"])
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_it_says_title_count_with_its_moment_threshold_and_state(town: Town, petitions: dict[str, str]) -> None:
    page = town.visitor().get("/en" + petitions["open"] + "/widget")
    assert ">Build a footbridge over the river at the mill</a>" in page
    assert ">Taking signatures</span>" in page
    assert '<strong class="count-number">7</strong> signatures' in page
    assert re.search(r"Last added to: <time datetime=", page)
    assert "At 8, officials must answer." in page
    assert '<rect class="bar-part" width="875"' in page
    assert f'{petitions["open"]}/sign" target="_blank" rel="noopener">Sign this petition</a>' in page


def test_it_says_that_an_answer_is_owed_and_what_the_answer_is(town: Town, petitions: dict[str, str]) -> None:
    assert "Officials owe an answer since" in town.visitor().get("/en" + petitions["awaiting"] + "/widget")
    answered = town.visitor().get("/en" + petitions["debated"] + "/widget")
    assert ">With an answer</span>" in answered
    assert "مسیر دوچرخه در برنامهٔ سال آینده است." in answered
    persian = town.visitor().get("/fa" + petitions["debated"] + "/widget")
    assert '<html lang="fa" dir="rtl">' in persian
    assert "۱۵" in persian


def test_a_petition_that_is_not_public_has_none(town: Town, petitions: dict[str, str]) -> None:
    visitor = town.visitor()
    visitor.get(petitions["waiting"] + "/widget", 404)
    visitor.get(petitions["open"] + "/widget")
    act(town, petitions["open"].rpartition("/")[2], Act.HIDE, "court")
    answer = visitor.get(petitions["open"] + "/widget", 404)
    assert "footbridge" not in answer
    visitor.get("/petitions/00000000-0000-4000-8000-000000000000/widget", 404)


def test_the_line_to_copy_holds_a_title_with_quotation_marks(town: Town, petitions: dict[str, str]) -> None:
    page = town.visitor().client.get("/en" + petitions["open"]).get_data(as_text=True)
    address = f"{town.ports.base_url}/en{petitions['open']}/widget"
    line = unescape(re.search(r"<pre[^>]*>([^<]*)</pre>", page)[1])  # type: ignore[index]
    assert line.startswith(f'<iframe src="{address}" title="Build a footbridge')
    with town.app.test_request_context("/"):
        embed = town.app.jinja_env.get_template("macros/social.html").module.embed  # type: ignore[attr-defined]
        shown = re.search(r"<pre[^>]*>([^<]*)</pre>", str(embed(address, 'The "old" <mill>')))
    assert shown is not None
    assert 'title="The &#34;old&#34; &lt;mill&gt;" ' in unescape(shown[1])


@pytest.fixture
def consultation(town: Town) -> Callable[[], str]:
    """Publish a consultation of statements with seven days; returns its address."""

    def make() -> str:
        now = town.services.now()
        with town.services.database.writing() as session:
            add_authority(
                session, town.ports, AuthorityData({"en": "Transport Department"}, "a@example.org", "", "gb-eng", "en")
            )
            found = acts.begin_consultation(
                session, town.ports, ConsultationData("en", "How shall we travel?", "Buses.", "", 1), by="clerk"
            )
            data = acts.PhaseData(PhaseKind.STATEMENTS, "Say what you think", "", now, now + timedelta(days=7))
            acts.save_phase(session, town.ports, found.id, found.revision, data, by="clerk")
            acts.publish(session, town.ports, found.id, found.revision, by="clerk")
            return f"/consultations/{found.id}"

    return make


def test_a_consultation_has_one(town: Town, consultation: Callable[[], str]) -> None:
    address = consultation()
    answer = town.visitor().client.get("/en" + address + "/widget")
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    page = answer.get_data(as_text=True)
    assert ">How shall we travel?</a>" in page
    assert "Transport Department" in page
    assert "Say what you think" in page
    assert ">Open now</span>" in page
    assert f'href="{town.ports.base_url}/en{address}"' in page
    assert f"{town.ports.base_url}/en{address}/widget" in town.visitor().get("/en" + address)
