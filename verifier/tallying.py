"""Checks on what comes after the close: which ballots count, intents, and the tally."""

from gmpy2 import mpz

from . import codec, counting, result
from .contests import Layout
from .context import Context, parts_of
from .counting import Count
from .election import Election
from .errors import CannotRun, Refused
from .tally import ContestTally, Header, Tally, parse_tally

TALLY_CHECKS = ("9 aggregates", "10 totals", "11 partials", "12 outcome")


def excuse_what_is_not_due(context: Context) -> bool:
    """Find out how far the record must go, and say whether it must hold a tally."""
    report, replay = context.report, context.replay
    tally_parts = ["1 encoding: tally", "3 log: tally", "8 intents: quorum", *parts_of(*TALLY_CHECKS)]
    if replay is not None and replay.annulled is not None:
        report.annulled = True
        report.notes.append(
            f"The election was ANNULLED by its official ({replay.annulled.reason}). Nothing is elected; "
            "the record is checked as far as it goes."
        )
        if replay.tally is None:
            report.excuse("the election was annulled", *tally_parts)
            if replay.close is None:
                report.excuse("the election was annulled", "7 counted: counted", "8 intents: signatures")
            return False
    if context.options.until_close:
        report.excuse("not asked for: --until close", *tally_parts)
        return False
    return True


def count_ballots(context: Context) -> None:
    """Find out which ballots count, and compare with what the close says."""
    with context.report.stage("7 counted: counted"):
        replay, manifest = context.need_replay(), context.need_manifest()
        context.count = counting.count(manifest, replay)
        context.report.looked("7 counted: counted", len(context.count.indices))
        if replay.close is None:
            if replay.annulled is None:
                raise CannotRun("the election was not closed")
        elif replay.close.counted != context.count.digest:
            reason = "the ballots that the close counts are not the last ones of the standing credentials"
            context.report.fail("7 counted: counted", reason, entry=replay.close_index)


def check_intents(context: Context, tally_due: bool) -> set[tuple[str, int]]:
    """Check intents, and that there are enough if there must be a tally; return who signed."""
    signers: set[tuple[str, int]] = set()
    with context.report.stage("8 intents: signatures"):
        replay = context.need_replay()
        if replay.close is None and replay.annulled is not None:
            return signers
        header = counting.closing_header(replay)
        signers = counting.check_intents(replay, header, context.report)
    if tally_due:
        with context.report.stage("8 intents: quorum"), context.report.checking("8 intents: quorum"):
            counting.check_quorum(context.need_replay(), signers)
    return signers


def check_tally(
    context: Context, signers: set[tuple[str, int]], products: dict[str, list[mpz]], missing: set[str]
) -> None:
    """Check tally.json against the counted ballots."""
    report = context.report
    tally: Tally | None = None
    with report.stage("1 encoding: tally"):
        data = context.folder.read("tally.json")
        with report.checking("1 encoding: tally", "tally.json"):
            tally = parse_tally(codec.parse(data), context.need_key())
    with report.stage(*parts_of(*TALLY_CHECKS)):
        if tally is None:
            raise CannotRun("tally.json cannot be used")
        count, election = context.need_count(), context.need_election()
        header = counting.closing_header(context.need_replay())
        with report.checking("9 aggregates: header", "tally.json"):
            result.check_header(tally.header, header)
        with report.checking("9 aggregates: contests", "tally.json"):
            _check_contest_ids(tally, election)
        for contest in tally.contests:
            if contest.id in count.contests:
                _check_contest(context, contest, products, missing)
        _check_partials(context, tally, header, signers)


def _check_contest_ids(tally: Tally, election: Election) -> None:
    found, wanted = [contest.id for contest in tally.contests], [contest.id for contest in election.manifest.contests]
    if found != wanted:
        raise Refused(f"it has the contests {found}; the manifest has {wanted}")


def _aggregate(
    election: Election, count: Count, contest: str, products: dict[str, list[mpz]], missing: set[str]
) -> tuple[mpz, ...]:
    """Return the ciphertexts that must have been decrypted."""
    layout = election.manifest.layouts[contest]
    if contest in missing:
        raise Refused("they cannot be recomputed, because a counted ballot cannot be used; see the other checks")
    if contest not in products and count.contests[contest].ballots:
        raise Refused("they cannot be recomputed, because the ballots were not gone through")
    return result.pack(products.get(contest, [mpz(1)] * layout.cells), layout, election.key.modulus)


def _check_contest(context: Context, contest: ContestTally, products: dict[str, list[mpz]], missing: set[str]) -> None:
    report, election, count = context.report, context.need_election(), context.need_count()
    facts, place = count.contests[contest.id], f'contest "{contest.id}"'
    layout: Layout = election.manifest.layouts[contest.id]
    with report.checking("9 aggregates: contests", place):
        result.check_facts(contest, facts)
    with report.checking("9 aggregates: withheld", place):
        result.check_withheld(contest, facts)
    if facts.withheld:
        report.notes.append(f"Contest {contest.id} stays closed: {facts.withheld}.")
        return
    with report.checking("9 aggregates: ciphertexts", place):
        result.check_ciphertexts(contest, _aggregate(election, count, contest.id, products, missing))
    result.check_decryption(contest, layout, election.key.modulus, report)
    question = election.manifest.by_id[contest.id]
    with report.checking("10 totals: ranges", place):
        result.check_possible(question, layout, contest.totals, facts.weight)
    with report.checking("12 outcome: outcome", place):
        result.check_outcome(election, question, layout, contest, facts.weight)
    report.results.append(
        {
            "contest": contest.id,
            "title": question.title,
            "ballots": facts.ballots,
            "weight": facts.weight,
            "options": list(question.options),
            "labels": list(question.labels),
            "names": result.names_of_totals(question),
            "totals": list(contest.totals),
            "elected": list(contest.elected),
            "tied": list(contest.tied),
        }
    )


def _check_partials(context: Context, tally: Tally, header: Header, signers: set[tuple[str, int]]) -> None:
    report, key, count = context.report, context.need_key(), context.need_count()
    with report.checking("11 partials: members", "tally.json"):
        result.check_members(tally.partials, context.need_manifest().threshold, signers)
    opened = [contest for contest in tally.contests if contest.id in count.contests]
    for partial in tally.partials:
        place = f"partial of trustee {partial.trustee}"
        with report.checking("11 partials: parts", place):
            result.check_parts(partial, header, opened)
        for number, part in enumerate(partial.parts):
            with report.checking("11 partials: proofs", f"{place}, ciphertext {number}"):
                result.check_part(part, partial, key)
