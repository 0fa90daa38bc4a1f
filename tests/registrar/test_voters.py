import pytest
from hypothesis import given
from hypothesis import strategies as st

from evote.registrar.errors import VoterListError
from evote.registrar.voters import Voter, parse_voters


def problems(text: str | bytes, *styles: str, shared_mail: bool = False) -> list[str]:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(VoterListError) as caught:
        parse_voters(data, styles or ("all",), shared_mail=shared_mail)
    return caught.value.problems


def test_reads_all_columns_in_any_order_and_trims() -> None:
    data = "weight,mail, id ,style\n3, a@x.org ,علی,s1\n,b@x.org,b,s2\n".encode()
    assert parse_voters(data, ("s1", "s2")) == [Voter("علی", "a@x.org", "s1", 3), Voter("b", "b@x.org", "s2", 1)]


def test_style_and_weight_may_be_left_out_when_there_is_one_style() -> None:
    assert parse_voters(b"\xef\xbb\xbfid,mail\r\na,a@x.org\r\n\r\n", ("all",)) == [Voter("a", "a@x.org", "all", 1)]


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
    )
    assert [problem.split(":")[0] for problem in problems(text)] == [f"Row {row}" for row in range(3, 14)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "Row 1: the column id and the column mail is missing"),
        ("id,mail\n", "There is no voter below the header."),
        ("id,name\n1,x\n", "Row 1: the column mail is missing"),
        ("id,mail,wieght\n1,a@x.org,2\n", "Row 1: unknown columns: 'wieght'"),
        ("id;mail\n1;a@x.org\n", "Row 1: the column id and the column mail is missing"),
        ("id,mail,id\n1,a@x.org,2\n", "Row 1: a column stands twice."),
        ('id,mail\n"a,a@x.org\n', "Row 2: not readable as CSV"),
        ("id,mail\na\tb\x07,a@x.org\n", "Row 2: the id is too long or holds control characters."),
        (b"id,mail\na,a@x.org\n\xff\xfe,b@x.org\n", "Row 3: not UTF-8."),
    ],
)
def test_refuses_a_malformed_list(text: str | bytes, expected: str) -> None:
    assert problems(text)[0].startswith(expected)


def test_semicolons_are_explained() -> None:
    assert "Row 1: the columns must be separated by commas, not semicolons." in problems("id;mail\n1;a@x.org\n")


def test_style_is_needed_when_there_are_several() -> None:
    assert "the column style is missing" in problems("id,mail\na,a@x.org\n", "s1", "s2")[0]
    assert "'' is unknown" in problems("id,mail,style\na,a@x.org,\n", "s1", "s2")[0]


def test_a_shared_mail_address_must_be_meant() -> None:
    text = "id,mail\na,x@x.org\nb,x@x.org\n"
    assert "--shared-mail" in problems(text)[0]
    assert len(parse_voters(text.encode(), ("all",), shared_mail=True)) == 2


@given(st.one_of(st.binary(max_size=200), st.text('id,mal"\n\r@x1;\x00', max_size=80).map(lambda text: text.encode())))
def test_whatever_comes_in_problems_come_out(data: bytes) -> None:
    found: list[str] = []
    voters: list[Voter] = []
    try:
        voters = parse_voters(b"id,mail\n" + data, ("all",))
    except VoterListError as error:
        found = error.problems
    assert bool(found) != bool(voters)
    assert all(voter.id and "@" in voter.mail for voter in voters)
