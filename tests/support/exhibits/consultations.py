"""Consultations: one with a part of each kind, one that is being written; a participant; what moderators see."""

from sqlalchemy import select

from participation.contributions.models import Contribution
from participation.digests.subscribing import token_of
from participation.webhooks.events import Event
from participation.webhooks.models import WebhookMessage
from participation.webhooks.posting import Problem
from participation.webhooks.registering import register
from tests.support.exhibition import Exhibition, Pages, seen, wrong
from tests.support.officials import Desk
from tests.support.participation import Town, Visitor, hidden_fields

ME = "official"
_OFFICE = "/admin/participation/consultations/"
_HOOKS = "/admin/participation/webhooks/"
_OURS = "/consultations/{consultation}"
_TEXTS = {"summary": "Buses, trams and the bridge.", "text": "", "language": "en"}
_PART = {"text": "", "opens_at": "2026-03-01 09:00", "closes_at": "2026-03-11 09:00"}
_SEEDS = {
    "statements": "Trams at night.\n\nFares must not rise.",
    "proposals": "",
    "document": "The bridge is for everybody.\n\nIt opens at six in the morning.",
    "discussion": "",
    "survey": "How do you travel? [one]\n- By tram\n- On foot\nWhat is missing? [text]",
    "budget": "Trees along the avenue; 40,000\nNew benches; 60000",
    "poll": "",
}
TALK = ("How shall we travel?", "The last bus leaves too early.", "A later last bus", "Let it leave at one.")
WRITTEN = (
    "What shall the square look like?",
    "Buses, trams and the bridge.",
    *TALK,
    *(line for text in _SEEDS.values() for line in text.splitlines() if line),
    *(option.lstrip("- ").partition(" [")[0] for option in _SEEDS["survey"].splitlines()),
    *(project.partition(";")[0] for project in _SEEDS["budget"].splitlines()),
)
"""What people wrote, in English only."""

PAGES: Pages = {
    "consultations.index": seen("/consultations/"),
    "consultations.consultation": seen(_OURS),
    "statements.phase": seen(_OURS + "/statements/{statements}")
    + seen(_OURS + "/statements/{statements}", by="person"),
    "statements.all_statements": seen(_OURS + "/statements/{statements}/all"),
    "statements.write": seen(_OURS + "/statements/{statements}/write", by="person"),
    "proposals.phase": seen(_OURS + "/proposals/{proposals}"),
    "proposals.write": seen(_OURS + "/proposals/{proposals}/write", by="person"),
    "proposals.amend": seen(_OURS + "/proposals/{proposals}/amend/{proposal}", by="person"),
    "discussions.phase": seen(_OURS + "/discussion/{discussion}"),
    "discussions.write": seen(_OURS + "/discussion/{discussion}/write", by="person"),
    "documents.phase": seen(_OURS + "/document/{document}"),
    "documents.changes": seen(_OURS + "/document/{document}/changes"),
    "documents.paragraph": seen(_OURS + "/document/{document}/paragraph/1", by="person"),
    "surveys.phase": seen(_OURS + "/survey/{survey}", by="person"),
    "budgets.phase": seen(_OURS + "/budget/{budget}", by="person"),
    "polls.phase": seen(_OURS + "/poll/{poll}"),
    "contributions.contribution": seen("/contributions/{comment}"),
    "contributions.change": seen("/contributions/{comment}/edit", by="person"),
    "contributions.reply": seen("/contributions/{comment}/reply", by="person"),
    "people.me": seen("/me/", by="person"),
    "people.leave": seen("/me/leave", by="person"),
    "digests.digest": seen("/me/digest", by="person"),
    "digests.leave": seen("/digests/leave/1/{leave}"),
    "webhooks.index": seen(_HOOKS, by=ME),
    "webhooks.webhook": seen(_HOOKS + "1", _HOOKS + "2", by=ME),
    "people.sign_in": seen("/me/sign-in"),
    "people.code": seen("/me/sign-in/code", by="newcome"),
    "moderation.log": seen("/moderation/"),
    "moderation.report_contribution": seen("/moderation/report/{comment}", by="person"),
    "moderation_office.queue": seen("/admin/participation/moderation/", by=ME),
    "moderation_office.new_order": seen("/admin/participation/moderation/orders/new", by=ME),
    "moderation_office.bar_person": seen("/admin/participation/moderation/people/1/bar", by=ME),
    "pages.participation_log": seen("/participation/officials-log"),
    "consultations_office.desk": seen(_OFFICE, by=ME),
    "consultations_office.begin": seen(_OFFICE + "new", by=ME),
    "consultations_office.edit": seen(_OFFICE + "{consultation}", _OFFICE + "{begun}", by=ME),
    "consultations_office.texts": seen(_OFFICE + "{begun}/texts", by=ME),
    "consultations_office.new_phase": seen(
        _OFFICE + "{begun}/parts/new",
        *(_OFFICE + "{begun}/parts/new?kind=" + kind for kind in ("statements", "budget", "poll")),
        by=ME,
    ),
    "consultations_office.phase": seen(_OFFICE + "{consultation}/parts/{survey}", by=ME),
    "consultations_office.new_version": seen(_OFFICE + "{consultation}/parts/{document}/version", by=ME),
    "consultations_office.publish": seen(_OFFICE + "{begun}/publish", by=ME),
    "consultations_office.report": seen(_OFFICE + "{consultation}/report", by=ME),
    "consultations_office.stop": seen(_OFFICE + "{consultation}/stop", by=ME),
}
WRONG = (
    wrong("/me/sign-in", mail="no address"),
    wrong("/me/digest", by="person", period="hourly", kinds="promises"),
    wrong(_HOOKS, by=ME, target="nonsense", events="promise.entered"),
    wrong(_HOOKS + "1", by=ME, act="nothing"),
    wrong(_OFFICE + "new", by=ME, title="", summary="", authority="", language="en"),
)
NOT_PAGES = {
    "people.data": "a file",
    "people.sign_in_with_provider": "leads to the provider",
    "pages.participation_log_json": "programs",
    "moderation.appeal_contribution": "only the author of something hidden sees it; the form of a report",
    "moderation_office.look_again": "only while somebody appeals; the form of a decision",
}


def hang(made: Exhibition) -> None:
    """Let an official begin two consultations and publish one, and somebody take part."""
    desk, town = made.official, Town(made.app, made.services, made.clock)
    assert desk is not None
    made.names["begun"] = _begin(desk, made, WRITTEN[0])
    key = made.names["consultation"] = _begin(desk, made, TALK[0])
    for number, (kind, seeds) in enumerate(_SEEDS.items(), start=1):
        more = {"election": made.names["open"]} if kind == "poll" else {}
        more |= {"budget": "100,000", "currency": "EUR", "most": "2"} if kind == "budget" else {}
        fields = {**_PART, "kind": kind, "title": f"Part {'ABCDEFG'[number - 1]}", "seeds": seeds, **more}
        _send(desk, f"{_OFFICE}{key}/parts/new?kind={kind}", fields)
        made.names[kind] = str(number)
    _send(desk, f"{_OFFICE}{key}/publish", {})
    person = _sign_in(town, "person@example.org")
    here = f"/consultations/{key}"
    person.submit(f"{here}/discussion/{made.names['discussion']}/write", text=TALK[1])
    person.submit(f"{here}/proposals/{made.names['proposals']}/write", title=TALK[2], text=TALK[3])
    with made.services.database.reading() as session:
        found = session.execute(select(Contribution.kind, Contribution.id)).all()
    made.names |= {"comment": str(dict(found)["comment"]), "proposal": str(dict(found)["proposal"])}
    person.get("/me/")  # shows what was said about the last contribution, so that no picture does
    made.visitors["person"] = person.client
    made.names["leave"] = token_of(town.ports, 1)
    _register_webhooks(made)
    newcome = Visitor(made.app)
    newcome.submit("/me/sign-in", mail="newcome@example.org")
    made.visitors["newcome"] = newcome.client


def _register_webhooks(made: Exhibition) -> None:
    """One that works, and one that was paused, with a message in each state."""
    ports = Town(made.app, made.services, made.clock).ports
    with made.services.database.writing() as session:
        register(session, ports, "https://example.org/hook", list(Event), by="Ada")
        paused, _ = register(session, ports, "https://example.net/gone", [Event.PETITION_OPENED], by="Ada")
        paused.failures, paused.paused_at, paused.paused_because = 20, ports.now(), "failures"
        outcomes = {"waiting": "503", "delivered": "204", "given-up": Problem.TIMEOUT.value}
        for number, (state, outcome) in enumerate(outcomes.items()):
            message = WebhookMessage(webhook_id=paused.id, key=str(number), message_id=f"msg_{number:032x}", tries=3)
            message.event, message.body, message.state, message.outcome = "petition.opened", b"{}", state, outcome
            message.created_at = message.next_try_at = ports.now()
            session.add(message)


def _begin(desk: Desk, made: Exhibition, title: str) -> str:
    fields = {**_TEXTS, "title": title, "authority": made.names["authority"]}
    answer = desk.post(f"{_OFFICE}new", **fields)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location).rpartition("/")[2]


def _send(desk: Desk, address: str, fields: dict[str, str]) -> None:
    hidden = hidden_fields(desk.client.get(address).get_data(as_text=True))
    answer = desk.client.post(address, data={**hidden, **fields})
    assert answer.status_code == 303, answer.get_data(as_text=True)


def _sign_in(town: Town, mail: str) -> Visitor:
    visitor = town.visitor()
    visitor.submit("/me/sign-in", mail=mail)
    code = next(line for line in town.mails(mail)[0].text.splitlines() if line[:4].isdecimal())
    visitor.submit("/me/sign-in/code", code=code)
    return visitor
