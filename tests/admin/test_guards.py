"""No page of the officials' site opens without its guard."""

from typing import Any

from apiflask import APIFlask

OPEN = {"admin.sign_in", "admin.sign_in_with_passkey", "admin.passkey_options", "admin.enrol", "admin.choose_password"}
ZERO = "00000000-0000-4000-8000-000000000000"


def test_every_page_leads_strangers_to_the_sign_in(app: APIFlask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client, seen = app.test_client(), set()
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("admin.") or rule.endpoint in OPEN:
            continue
        values: dict[str, Any] = dict.fromkeys(rule.arguments, 1)
        values |= {name: ZERO for name in rule.arguments if name in ("election_id", "draft_id")}
        values |= {name: "pause" for name in rule.arguments if name == "what"}
        with app.test_request_context():
            address = app.url_for(rule.endpoint, **values)
        for method in (rule.methods or set()) & {"GET", "POST"}:
            answer = client.open(address, method=method)
            assert (answer.status_code, answer.location) == (303, "/admin/sign-in"), (method, rule)
            seen.add(rule.endpoint)
    assert len(seen) > 30
