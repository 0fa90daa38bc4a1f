import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from participation.opinions.comparison import compare, consensus
from participation.opinions.matrix import build_matrix
from participation.opinions.opinion_map import MOST_SHOWN, draw_map
from participation.opinions.plane import find_groups, place, placed
from participation.opinions.votes import AGREE, DISAGREE, SMALLEST_GROUP
from tests.participation.opinions.seattle import STATEMENTS, moderated_out, polis_groups, seattle_votes

Vote = tuple[int, int, int]


def camps(sizes: tuple[int, ...], statements: int = 10, seed: int = 1) -> list[Vote]:
    """People of each camp mostly agree with its own statements; statement 0 everybody likes."""
    draw, votes, person = random.Random(seed), [], 0
    for camp, size in enumerate(sizes):
        for _ in range(size):
            for statement in range(statements):
                likes = statement == 0 or statement % len(sizes) == camp
                answer = AGREE if likes else DISAGREE
                votes.append((person, statement, answer if draw.random() < 0.93 else -answer))
            person += 1
    return votes


def test_the_groups_of_seattle_are_those_polis_found() -> None:
    drawn = draw_map(build_matrix(seattle_votes(), STATEMENTS))
    theirs = polis_groups()
    ours = {point.participant: point.group for point in drawn.points if point.group is not None}
    assert set(ours) == set(theirs)
    assert [group.size for group in drawn.groups] == [90, 48]
    people = sorted(ours)
    assert adjusted_rand_score([ours[one] for one in people], [theirs[one] for one in people]) == pytest.approx(
        0.7504, abs=0.0001
    )


def test_without_the_refused_statements_the_groups_still_fit() -> None:
    drawn = draw_map(build_matrix(seattle_votes(), set(STATEMENTS) - moderated_out()))
    theirs = polis_groups()
    pairs = [(point.group, theirs[point.participant]) for point in drawn.points if point.participant in theirs]
    assert sum(ours == polis for ours, polis in pairs) == 122
    assert len(pairs) == 138
    assert all(statement not in moderated_out() for statement in drawn.split)


@pytest.mark.filterwarnings("ignore")  # the oracle's own libraries warn when they are imported
def test_places_and_comparisons_equal_those_of_red_dwarf() -> None:
    from reddwarf.implementations.base import run_pipeline

    votes = seattle_votes()
    theirs: Any = run_pipeline(
        votes=[
            {"participant_id": person, "statement_id": statement, "vote": vote, "modified": index}
            for index, (person, statement, vote) in enumerate(votes)
        ],
        random_state=0,
    )
    matrix = build_matrix(votes, STATEMENTS)
    expected = np.array([theirs.participant_projections[person] for person in matrix.participants])
    found = place(matrix)
    signs = np.sign((expected * found).sum(axis=0))
    assert np.allclose(found * signs, expected)
    # The same groups compared: every figure of every statement.
    labels = theirs.participants_df["cluster_id"].dropna().astype(int)
    members = matrix.rows(placed(matrix))
    assert list(members.participants) == labels.index.tolist()
    groups = labels.to_numpy(dtype=np.int64)
    for answer, letter in ((AGREE, "a"), (DISAGREE, "d")):
        ours = compare(members.votes, groups, answer)
        for group in range(int(groups.max()) + 1):
            figures = theirs.group_comment_stats.loc[group]
            assert np.array_equal(ours.count[group], figures[f"n{letter}"])
            for name, values in (
                (f"p{letter}", ours.share),
                (f"r{letter}", ours.ratio),
                (f"p{letter}t", ours.share_test),
                (f"r{letter}t", ours.ratio_test),
            ):
                assert np.allclose(values[group], figures[name]), name
        side = "agree" if answer == AGREE else "disagree"
        assert np.allclose(
            consensus(members.votes, groups, answer), theirs.statements_df[f"group-aware-consensus-{side}"]
        )


@pytest.mark.parametrize("sizes", [(20, 12), (15, 14, 13)])
def test_camps_are_found_and_told_apart(sizes: tuple[int, ...]) -> None:
    drawn = draw_map(build_matrix(camps(sizes, 12), range(12)))
    assert [group.size for group in drawn.groups] == sorted(sizes, reverse=True)
    assert any(stance.statement == 0 and stance.answer == AGREE for stance in drawn.together)
    for group in drawn.groups:
        assert group.apart
        assert all(stance.statement != 0 for stance in group.apart)
    assert 0 not in drawn.split


def test_the_order_of_votes_does_not_matter_and_the_last_one_counts() -> None:
    votes = camps((10, 10))
    shuffled = votes[:]
    random.Random(3).shuffle(shuffled)
    assert draw_map(build_matrix(shuffled, range(10))) == draw_map(build_matrix(votes, range(10)))
    changed = [(0, 1, 0), *votes]
    assert draw_map(build_matrix(changed, range(10))) == draw_map(build_matrix(votes, range(10)))


def test_few_votes_place_nobody() -> None:
    votes = [(person, statement, AGREE) for person in range(9) for statement in range(6)]
    drawn = draw_map(build_matrix(votes, range(30)))
    assert drawn.groups == ()
    assert all(point.group is None for point in drawn.points)


def test_a_group_so_small_that_it_is_a_person_is_not_shown() -> None:
    votes = camps((20, SMALLEST_GROUP - 1))
    assert draw_map(build_matrix(votes, range(10))).groups == ()


def test_the_best_parting_is_one_without_a_group_too_small_to_be_shown() -> None:
    places = [(0, 0)] * 4 + [(0, 1)] * 2 + [(9, 0)] * 4 + [(9, 1)] * 2  # four heaps part best, two are of two people
    labels, silhouette = find_groups(np.array(places, dtype=float))
    assert (labels.tolist(), 0 < silhouette < 1) == ([0] * 6 + [1] * 6, True)


@pytest.mark.parametrize("people", range(1, SMALLEST_GROUP))
def test_of_so_few_people_nothing_is_told(people: int) -> None:
    votes = [(person, one, AGREE) for person in range(people) for one in range(8)]
    drawn = draw_map(build_matrix(votes, range(8)))
    assert (drawn.groups, drawn.together, drawn.split) == ((), (), ())
    assert drawn.participants == people


def test_a_group_that_is_not_shown_has_no_say_in_what_all_agree_on() -> None:
    drawn = draw_map(build_matrix(camps((20, SMALLEST_GROUP - 1)), range(10)))
    assert len(drawn.together) == MOST_SHOWN  # with the two as a group it would be the one that they like too


def test_what_fewer_than_three_of_a_group_answered_is_not_told_of_it() -> None:
    votes = camps((12, 12))
    votes += [(person, 10, AGREE) for person in range(SMALLEST_GROUP - 1)]
    votes += [(person, 10, DISAGREE) for person in range(12, 24)]
    drawn = draw_map(build_matrix(votes, range(11)))
    assert [group.size for group in drawn.groups] == [12, 12]
    told = [stance for group in drawn.groups for stance in group.apart]
    assert min(stance.seen for stance in told) >= SMALLEST_GROUP


def test_all_of_one_mind() -> None:
    drawn = draw_map(build_matrix([(person, one, AGREE) for person in range(30) for one in range(8)], range(8)))
    assert drawn.groups == ()
    assert len(drawn.together) == 5
    assert {(point.x, point.y) for point in drawn.points} == {(0.0, 0.0)}


def test_nobody_voted() -> None:
    drawn = draw_map(build_matrix([], range(5)))
    assert (drawn.participants, drawn.votes, drawn.points, drawn.groups, drawn.together) == (0, 0, (), (), ())


def test_a_vote_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="A vote is 1, 0 or -1, not 2"):
        build_matrix([(1, 1, 2)], [1])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 9), st.sampled_from([1, 0, -1])), max_size=120),
    st.sets(st.integers(0, 9)),
)
def test_any_votes_make_a_map(votes: list[Vote], statements: set[int]) -> None:
    matrix = build_matrix(votes, statements)
    drawn = draw_map(matrix)
    assert len(drawn.points) == drawn.participants == len({one for one, where, _ in votes if where in statements})
    assert sum(group.size for group in drawn.groups) == sum(point.group is not None for point in drawn.points)
    assert np.isfinite([(point.x, point.y) for point in drawn.points] or [(0, 0)]).all()


def test_a_lone_point_makes_no_group() -> None:
    labels, silhouette = find_groups(np.zeros((1, 2)))
    assert (labels.tolist(), silhouette) == ([0], 0.0)
