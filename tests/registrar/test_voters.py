"""Lists of voters: every row that is wrong is named, with its place, and what to do."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots.manifest import Manifest, parse_manifest
from evote.registrar.columns import known_columns
from evote.registrar.errors import VoterListError
from evote.registrar.tables import parse_csv
from evote.registrar.voters import Checked, Voter, check_voters
from tests.registrar.conftest import manifest_bytes

ALL = parse_manifest(manifest_bytes(), allow_test_keys=True)
Manifests = Callable[..., Manifest]


def check(text: str | bytes, manifest: Manifest = ALL, *, shared_mail: bool = False) -> Checked:
    data = text if isinstance(text, bytes) else text.encode()
    return check_voters(parse_csv(data, known_columns), manifest, shared_mail=shared_mail)


def problems(text: str | bytes, manifest: Manifest = ALL) -> list[str]:
    checked = check(text, manifest)
    assert checked.problems
    return [str(one) for one in checked.problems]


def test_reads_all_columns_in_any_order_and_trims(make_manifest: Manifests) -> None:
    manifest = make_manifest("s1", "s2")
    data = (
        "weight,E-Mail, ID ,District,name,language,address\n"
        '۳, a@x.org ,علی,s1,علی رضایی,fa,"خ ۱\nتهران"\n'
        ",b@x.org,b,s2,,,\n"
    )
    assert check(data, manifest).voters == [
        Voter("علی", "a@x.org", "s1", 3, "علی رضایی", "fa", ("خ ۱", "تهران")),
        Voter("b", "b@x.org", "s2", 1),
    ]


def test_persian_headers_and_address_columns() -> None:
    [voter] = check("شناسه,رایانامه,نام,نشانی 1,نشانی 2\n۱۲,a@x.org,Ada,Main St 1,Town\n").voters
    assert voter == Voter("12", "a@x.org", "all", 1, "Ada", "", ("Main St 1", "Town"))


def test_style_and_weight_may_be_left_out_when_there_is_one_style() -> None:
    assert check(b"\xef\xbb\xbfid,mail\r\na,a@x.org\r\n\r\n").voters == [Voter("a", "a@x.org", "all", 1)]


def test_names_every_bad_row() -> None:
    text = (
        "id,mail,style,weight\n"
        "a,a@x.org,all,1\n"  # row 2 is good
        ",b@x.org,all,1\n"
        "c,nowhere,all,1\n"
        "d,d@x.org,other,1\n"
        "e,e@x.org,all,0\n"
        "f,f@x.org,all,1.5\n"
        "A,g@x.org,all,1\n"
        "h,A@x.org,all,1\n"
        "i,i@x.org,all\n"
        "=j,j@x.org,all,1\n"
        "k,k@x.org,all,-1\n"
        "l,l@x.org,all,99999999999\n"
        "m,,all,1\n"
        "n\x07,n@x.org,all,1\n"
        "\u202eo,o@x.org,all,1\n"
        f"{'p' * 101},p@x.org,all,1\n"
        "q\ufffd,q@x.org,all,1\n"
    )
    found = check(text).problems
    assert [one.row for one in found] == list(range(3, 19))
    assert [one.column for one in found] == (
        ["id", "mail", "style", "weight", "weight", "id", "mail", "", "id", "weight", "weight", "mail"] + ["id"] * 4
    )
    assert [one.row for one in check(text).problems] == [one.row for one in found], "reading twice gives the same"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("علي", "علی"),
        ("کاوه", "كاوه"),
        ("می‌رود", "میرود"),
        ("۱۲۳", "123"),
        ("١٢٣", "۱۲۳"),
        ("ada ", "Ada"),
        ("café", "cafe\u0301"),
        ("ＡＢ", "ab"),
    ],
)
def test_ids_that_people_take_for_the_same_are_the_same(first: str, second: str) -> None:
    [problem] = problems(f"id,mail\n{first},a@x.org\n{second},b@x.org\n")
    assert problem.startswith("Row 3, id: the id ")
    assert "stands in row 2 already" in problem


def test_ids_are_kept_in_one_form_and_it_says_so() -> None:
    checked = check("id,mail\n۰۰۱٢,a@x.org\nعلي  رضا,b@x.org\n")
    assert [voter.id for voter in checked.voters] == ["0012", "علی رضا"]
    assert "2 ids are written in one form" in " ".join(checked.notes)


def test_digits_without_zeros_are_noted() -> None:
    assert "zeros" in " ".join(check("id,mail\n7,a@x.org\n123,b@x.org\n").notes)
    assert check("id,mail\n007,a@x.org\n0123,b@x.org\n").notes == []
    assert check("id,mail\n777,a@x.org\n123,b@x.org\n").notes == []


def test_headers() -> None:
    assert "the column mail is missing" in problems("id,name\n1,Ada\n")[0]
    assert "unknown columns: 'wieght'" in problems("id,mail,wieght\n1,a@x.org,2\n")[0]
    assert "stands twice" in problems("id,mail,email\n1,a@x.org,a@x.org\n")[0]
    assert "no voter below" in problems("id,mail\n")[0]
    assert "is missing" in problems("\x00\x01nothing")[0]


def test_style_is_needed_when_there_are_several(make_manifest: Manifests) -> None:
    manifest = make_manifest("s1", "s2")
    assert "the column style is missing" in problems("id,mail\na,a@x.org\n", manifest)[0]
    assert "there is no ballot style" in problems("id,mail,style\na,a@x.org,\n", manifest)[0]


def test_weights_that_could_overflow_a_total() -> None:
    rows = "".join(f"v{number},v{number}@x.org,4294967295\n" for number in range(2))
    assert "overflow" in problems(f"id,mail,weight\n{rows}")[0]


def test_a_shared_mail_address_must_be_meant() -> None:
    text = "id,mail\na,x@x.org\nb,x@x.org\n"
    assert "--shared-mail" in problems(text)[0]
    assert len(check(text, shared_mail=True).voters) == 2


@given(st.one_of(st.binary(max_size=200), st.text('id,mal"\n\r@x1;\x00', max_size=80).map(lambda text: text.encode())))
def test_whatever_comes_in_problems_come_out(data: bytes) -> None:
    try:
        checked = check(b"id,mail\n" + data)
    except VoterListError as error:
        checked = Checked([], error.problems, [], 0)
    assert bool(checked.problems) or bool(checked.voters)
    assert all(str(problem) for problem in checked.problems)
    assert all(voter.id and "@" in voter.mail for voter in checked.voters)
