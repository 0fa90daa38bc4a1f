import random
from pathlib import Path

import pytest

from evote.simulation import demo
from evote.simulation.errors import SourceError
from evote.simulation.sources import count_plainly, read_source

DATA = Path(demo.DATA).parent
CHICAGO = DATA / "chicago-39th-ward-2021.pb"
MINNEAPOLIS = DATA / "minneapolis-2013-mayor-ward-1.csv"


def test_all_votes_of_chicago_give_the_file_s_own_totals() -> None:
    source = read_source(CHICAGO, 5)
    lines = CHICAGO.read_text().splitlines()
    projects = lines[lines.index("PROJECTS") + 2 : lines.index("VOTES")]
    stated = {line.split(";")[0]: int(line.split(";")[2]) for line in projects}
    assert count_plainly(source, source.sample(1536, random.Random(1))) == stated
    assert (source.contest["min"], source.contest["max"], len(source.option_ids)) == (0, 5, 22)


def test_minneapolis_keeps_the_leading_names_and_counts_every_ballot_once() -> None:
    source = read_source(MINNEAPOLIS, 3)
    rows = [line.rsplit(",", 4) for line in MINNEAPOLIS.read_text().splitlines()[1:]]
    total = sum(int(row[4]) for row in rows)
    blank = sum(int(row[4]) for row in rows if row[1] in ("undervote", "overvote"))
    totals = count_plainly(source, source.choices.elements())
    assert list(totals)[3:] == ["other", "blank"]
    assert sum(totals.values()) == total
    assert totals["blank"] == blank
    assert source.contest["abstain"] == "blank"


def test_the_same_seed_draws_the_same_ballots() -> None:
    source = read_source(MINNEAPOLIS, 5)
    assert source.sample(50, random.Random(3)) == source.sample(50, random.Random(3))
    assert source.sample(50, random.Random(3)) != source.sample(50, random.Random(4))


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.txt", "", "must end in .csv"),
        ("a.csv", "name,votes\nx,1\n", "needs the columns"),
        ("a.csv", "precinct,choice_1,ballots\np,x,many\n", "Line 2"),
        ("a.pb", "META\nkey;value\nbudget;9\n", "no section PROJECTS"),
        ("a.pb", "META\nbudget;9\nPROJECTS\nproject_id;cost\n1;x\nVOTES\nvoter_id;vote\na;1\n", "needs a budget"),
        ("a.pb", "META\nbudget;9\nPROJECTS\nproject_id;cost\n1;2\nVOTES\nvoter_id;vote\na;7\n", "does not list: 7"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, name: str, text: str, says: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(SourceError, match=says):
        read_source(path, 1)


def test_a_missing_file_and_too_many_ballots_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_source(tmp_path / "none.pb", 1)
    with pytest.raises(SourceError, match="holds 1,536 ballots"):
        read_source(CHICAGO, 1).sample(1537, random.Random(1))
