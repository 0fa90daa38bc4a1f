"""The public pages of elections, in each state."""

from tests.support.exhibition import Exhibition, Pages, seen, wrong

STATES = ("draft", "frozen", "waiting", "open", "closing", "closed", "tallied", "refused", "annulled")
_OF = "/elections/{%s}"


def _of(rest: str, *states: str) -> tuple[str, ...]:
    return tuple(_OF % state + rest for state in states)


PAGES: Pages = {
    "pages.home": seen("/"),
    "pages.how_it_works": seen("/how-it-works"),
    "pages.outbox": seen("/outbox"),
    "pages.election": seen(*_of("", *STATES)),
    "pages.board": seen(*_of("/board", "draft", "open", "tallied"), *_of("/board?q=ZZZZZ", "open")),
    "pages.entry": seen(*_of("/board/0", "open"), *_of("/board/4", "open"), *_of("/board/61", "open", "tallied"))[:3],
    "pages.record": seen(*_of("/record/", "draft", "open", "tallied", "annulled")),
    "pages.result": seen(*_of("/result", "open", "closed", "tallied", "refused", "annulled")),
    "pages.verify": seen(*_of("/verify", "open", "tallied")),
    "pages.widget": seen(*_of("/widget", "waiting", "open", "tallied", "refused")),
    "pages.officials_log": seen(*_of("/officials-log", "open", "made")),
    "pages.log_in": seen(*_of("/login", "open")) + seen(*_of("/login", "annulled", "waiting"), status=409),
    "pages.log_in_code": seen(*_of("/login/code", "open"), by="asked"),
    "pages.voters_help": seen(*_of("/help", "waiting", "open", "closed", "annulled")),
    "pages.explained": seen(
        *(f"/how-it-works/{topic}" for topic in ("encryption", "tracker", "audit", "voting-again"))
    ),
    "booth.booth": seen(*_of("/vote", "waiting", "open", "closed", "annulled")),
    "pages.check": seen("/check"),
    "error": seen("/nowhere", "/elections/00000000-0000-4000-8000-000000000000", status=404),
}
WRONG = (
    wrong("/elections/{open}/login", voter_id=""),
    wrong("/elections/{open}/login", status=400, csrf_token="x"),
    wrong("/elections/{open}/login/code", by="asked", code="12"),
)
NOT_PAGES = {
    "api.elections.index": "programs",
    "api.elections.show": "programs",
    "api.ballots.show": "programs",
    "api.log.consistency": "programs",
    "api.log.entries": "programs",
    "api.login.me": "programs",
    "api.trustees.partials": "programs",
    "api.results.result": "programs",
    "api.results.result_csv": "a table for spreadsheets",
    "api.results.turnout": "programs",
    "api.results.turnout_csv": "a table for spreadsheets",
    "api.outbox": "programs",
    "booth.beginning": "the booth's script",
    "booth.standing": "the booth's script",
    "booth.withdrawn": "the booth's script",
    "booth.qr": "a picture",
    "media.file": "a picture or document",
    "media.order": "programs",
    "openapi.spec": "programs",
    "pages.back_from_provider": "the way back from an identity provider",
    "pages.log_in_with_provider": "the way to an identity provider",
    "pages.officials_log_json": "programs",
    "record.file": "files of the record",
    "static": "styles, fonts and scripts",
    "status.health": "the operator's programs",
    "status.metrics": "the operator's programs",
}


def hang(made: Exhibition) -> None:
    """Let a voter ask for a one-time code."""
    client = made.app.test_client()
    address = f"/elections/{made.names['open']}/login"
    token = client.get(address).get_data(as_text=True).partition('name="csrf_token"')[2]
    token = token.partition('value="')[2].partition('"')[0]
    assert client.post(address, data={"csrf_token": token, "voter_id": "V-001"}).status_code == 303
    made.visitors["asked"] = client
