"""The officials' pages: elections in preparation, frozen, and those of the gallery as their officials see them."""

from ballots.manifest import parse_manifest
from evote.admin.models import Passkey
from evote.admin.officials import add_official
from evote.admin.roles import Role
from tests.support.elections import OPENS_AT, make_key_document, make_voters
from tests.support.exhibition import Exhibition, Pages, seen, wrong
from tests.support.gallery import NOW
from tests.support.officials import Desk, freeze, make_official, save, upload, write
from tests.support.server import make_files

_DRAFT = "/admin/drafts/{written}/"
_EMPTY = "/admin/drafts/{empty}/"
ME = "official"


def _elections(rest: str, *names: str) -> tuple[str, ...]:
    return tuple(f"/admin/elections/{{{name}}}{rest}" for name in names)


PAGES: Pages = {
    "admin.home": seen("/admin/", by=ME),
    "admin.account": seen("/admin/account", by=ME),
    "admin.new_draft": seen("/admin/drafts/new", by=ME),
    "admin.draft_texts": seen(_DRAFT + "texts", _EMPTY + "texts?check=1", by=ME),
    "admin.draft_contests": seen(_DRAFT + "contests", _EMPTY + "contests?check=1", by=ME),
    "admin.draft_contest": seen(_DRAFT + "contests/0", _DRAFT + "contests/1", _EMPTY + "contests/0?check=1", by=ME),
    "admin.draft_styles": seen(_DRAFT + "styles", _EMPTY + "styles?check=1", by=ME),
    "admin.draft_times": seen(_DRAFT + "times", _EMPTY + "times?check=1", by=ME),
    "admin.draft_people": seen(_DRAFT + "people", _EMPTY + "people?check=1", by=ME),
    "admin.draft_check": seen(_DRAFT + "check", _EMPTY + "check", by=ME),
    "admin.conduct": seen(*_elections("", "made", "fixed", "open", "closed", "tallied", "annulled"), by=ME),
    "admin.files": seen(*_elections("/files", "made", "fixed"), by=ME),
    "admin.freeze": seen(*_elections("/freeze", "made"), by=ME),
    "admin.live": seen(*_elections("/live", "fixed", "open", "tallied"), by=ME),
    "admin.sign": seen(
        *_elections("/sign/open", "fixed", "open"),
        *_elections("/sign/close", "open", "closed"),
        *_elections("/sign/extend", "open"),
        *_elections("/sign/extend?until=tomorrow&reason=", "open"),
        *_elections("/sign/annul", "open"),
        by=ME,
    ),
    "admin.trustees_page": seen(*_elections("/trustees", "fixed", "open", "closed", "tallied"), by=ME),
    "admin.corrections": seen(*_elections("/corrections", "fixed", "open", "closed"), by=ME),
    "admin.site_log": seen("/admin/log", by=ME),
    "admin.draft_booth": seen(_DRAFT + "booth", _EMPTY + "booth", by=ME),
    "admin.draft_media": seen(_DRAFT + "contests/0/media", by=ME),
    "admin.change_password": seen("/admin/account/password", by=ME),
    "admin.change_authenticator": seen("/admin/account/authenticator", by=ME),
    "admin.new_passkey": seen("/admin/account/passkeys/new", by=ME),
    "admin.officials_page": seen("/admin/officials", by=ME),
    "admin.official_page": seen("/admin/officials/1", "/admin/officials/2", by=ME),
    "admin.sign_in": seen("/admin/sign-in"),
    "admin.enrol": seen("/admin/enrol"),
    "admin.choose_password": seen("/admin/enrol/password", by="newcomer"),
}
WRONG = (
    wrong("/admin/sign-in", official_name="", password="", code=""),
    wrong("/admin/enrol", enrolment_code="nonsense"),
    wrong("/admin/account/password", present="", password="short", again="", by=ME),
    wrong("/admin/account/authenticator", code="", by=ME),
    wrong("/admin/account/passkeys/new", passkey_name="", passkey="", by=ME),
    wrong("/admin/officials", official_name="", by=ME),
    wrong("/admin/drafts/new", begin="nothing", by=ME),
    wrong(_DRAFT + "times", opens_at="tomorrow", closes_at="", min_ballots="1.5", modulus_bits="99999999", by=ME),
    wrong(_DRAFT + "texts", languages="xx-nothing", by=ME),
    wrong("/admin/elections/{made}/freeze", action="freeze", by=ME),
    wrong("/admin/elections/{open}/trustees", action="hand-in", by=ME),
    wrong("/admin/elections/{open}/corrections", action="look", by=ME),
)
NOT_PAGES = {
    "admin.draft_file": "a picture or document",
    "admin.draft_definition": "a file",
    "admin.file_problems": "a file",
    "admin.draft_bundle": "a file",
    "admin.request_to_sign": "a file",
}


def hang(made: Exhibition) -> None:
    """Write elections with the use cases of the site, some weeks before the gallery's moment."""
    made.clock.now = OPENS_AT.replace(month=2)
    desk = make_official(made.app, made.services, made.clock, "Ada", *Role).sign_in()
    begun = desk.post("/admin/drafts/new", begin="budget", languages="en fa").location
    made.names |= {"written": _last(write(desk)), "empty": begun.split("/")[-2]}
    for name in ("made", "fixed"):
        made.names[name] = _prepare(made, desk, wrong=b"too,few\n" if name == "made" else b"")
    made.clock.now = NOW
    made.official, made.visitors["official"] = desk.sign_in(), desk.client
    with made.services.database.writing() as session:
        row = Passkey(official_id=1, credential_id="AAAA", public_key=b"", sign_count=0, name="office computer")
        row.synced, row.added_at, row.used_at = True, NOW, None
        session.add(row)
    add_official(made.services, "Reg", [Role.REGISTRAR], [made.names["made"]])
    code = add_official(made.services, "Newcomer", (Role.ELECTION_ADMIN,))
    made.visitors["newcomer"] = made.app.test_client()
    newcomer = Desk(made.app, made.clock, "Newcomer", desk.totp)
    newcomer.client = made.visitors["newcomer"]
    assert newcomer.post("/admin/enrol", enrolment_code=code).status_code == 303


def _prepare(made: Exhibition, desk: Desk, wrong: bytes) -> str:
    place = save(desk, f"{write(desk)}/check", sure="y")
    data = made.app.test_client().get(f"/elections/{_last(place)}/record/manifest.json").data
    manifest = parse_manifest(data, allow_test_keys=True)
    files, _, _ = make_files(manifest, make_voters(manifest, 3))
    key, _, _ = make_key_document(manifest, seed=1)  # the gallery's elections share the key of the seed 0
    upload(desk, f"{place}/files", roll_jsonl=files.roll, roll_json=files.roll_signature)
    upload(desk, f"{place}/files", key_json=key.encode(), voters_csv=files.voters + wrong)
    if not wrong:
        assert freeze(desk, place).status_code == 303
    return _last(place)


def _last(address: str) -> str:
    return address.rpartition("/")[2]
