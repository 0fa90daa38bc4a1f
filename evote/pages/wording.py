"""Contests, rules and entries of the board said in plain sentences."""

from typing import assert_never

from flask_babel import gettext, ngettext

from ballots.definition import Borda, Budget, Choose, Contest, Majority, Plurality, Points, Rank, Rule, Schulze, Score
from evote.elections.ordering import Drawn, Order, Rotated
from evote.pages.filters import localized, number


def how_to_vote(contest: Contest) -> str:
    """Say what a voter does in a contest."""
    match contest:
        case Choose(min=1, max=1):
            return gettext("Choose one.")
        case Choose(min=least, max=most) if least == most:
            return gettext("Choose exactly %(count)s.", count=number(most))
        case Choose(min=0, max=most):
            return gettext("Choose up to %(count)s, or none.", count=number(most))
        case Choose(min=least, max=most):
            return gettext("Choose %(least)s to %(most)s.", least=number(least), most=number(most))
        case Score(top=top):
            return gettext("Give each option 0 to %(top)s.", top=number(top))
        case Points(points=points):
            return gettext("Share out up to %(points)s points among the options as you like.", points=number(points))
        case Rank(ties=True):
            return gettext(
                "Put the options in order, best first. Equal places are allowed; what you leave out comes last."
            )
        case Rank():
            return gettext("Put the options in order, best first.")
    assert_never(contest)


def how_it_is_decided(contest: Contest) -> str:
    """Say the rule that turns the totals into an outcome."""
    rule: Rule = contest.rule
    match rule:
        case Plurality(seats=seats):
            return ngettext(
                "The option with the highest total is elected.",
                "The %(num)s options with the highest totals are elected.",
                seats,
            )
        case Schulze(seats=seats):
            return ngettext(
                "Options are compared in pairs; Schulze's method elects the one that beats the others.",
                "Options are compared in pairs; Schulze's method elects the best %(num)s.",
                seats,
            )
        case Borda(seats=seats):
            return ngettext(
                "An option scores once for each option below it on each ballot; the highest score is elected.",
                "An option scores once for each option below it on each ballot; the %(num)s best scores are elected.",
                seats,
            )
        case Majority(percent=percent, turnout_percent=turnout, of=of):
            label = next(localized(option.label) for option in contest.options if option.id == of)
            sentence = gettext(
                "“%(option)s” needs more than %(percent)s%% of the votes.", option=label, percent=number(percent)
            )
            if contest.abstain:
                sentence += " " + gettext("Abstentions count as taking part, and for neither side.")
            if turnout:
                return f"{sentence} " + gettext(
                    "At least %(percent)s%% of the voters must take part.", percent=number(turnout)
                )
            return f"{sentence} " + gettext("It is valid however few take part.")
        case Budget(budget=budget):
            return gettext(
                "The options with the highest totals are taken as long as they fit the budget of %(budget)s.",
                budget=number(budget),
            )
    assert_never(rule)


def how_it_is_ordered(order: Order | None) -> str:
    """Say the rule by which the options of a contest are put in order on ballots."""
    match order:
        case None:
            return gettext("Everybody sees the options in the order of this page.")
        case Drawn():
            return gettext("The order of the options was drawn by lot. Everybody sees them in the order of this page.")
        case Rotated(by="voter"):
            return gettext(
                "Ballots begin at different options, so that each comes first about equally often: where yours begins "
                "follows from the election's fingerprint and your voter number."
            )
        case Rotated():
            return gettext(
                "Ballots of different styles begin at different options: where they begin follows from the election's "
                "fingerprint and the name of the ballot style."
            )
    assert_never(order)


def entry_name(entry_type: str) -> str:
    """Name a type of entry on the board."""
    return {
        "manifest": gettext("Election described"),
        "key": gettext("Election key"),
        "roll": gettext("Roll of voters"),
        "open": gettext("Voting opened"),
        "ballot": gettext("Ballot"),
        "audited": gettext("Audited ballot"),
        "replace": gettext("Lost code replaced"),
        "strike": gettext("Voter struck: votes on paper"),
        "extend": gettext("Voting extended"),
        "annul": gettext("Election annulled"),
        "close": gettext("Voting closed"),
        "intent": gettext("Agreement to count"),
        "tally": gettext("Result"),
    }[entry_type]


def entry_meaning(entry_type: str) -> str:
    """Say in a sentence or two what an entry is for."""
    return {
        "manifest": gettext("Everything about the election that was fixed before its key was made."),
        "key": gettext("The fingerprint of the public key that encrypts all ballots, and of its certificate."),
        "roll": gettext("The fingerprint of the list of voter numbers that may vote, signed by the registrar."),
        "open": gettext(
            "The official and every trustee signed the election's fingerprint: they see the same election as voters."
        ),
        "ballot": gettext("One encrypted ballot, signed with its voter's key."),
        "audited": gettext(
            "A voter opened this ballot to test the device that encrypted it. It was never cast and never counts."
        ),
        "replace": gettext("The registrar gave a voter a new code. Ballots made with the old one no longer count."),
        "strike": gettext("This voter votes on paper. Ballots cast here with this voter number do not count."),
        "extend": gettext("The official moved the closing time to a later one."),
        "annul": gettext("The official ended the election without a count."),
        "close": gettext("No ballot is taken after this entry. It fixes which ballots count."),
        "intent": gettext(
            "A trustee or observer signed which log will be counted. Trustees decrypt only when enough of them agree."
        ),
        "tally": gettext("The fingerprint of the published result, with the certificates that prove it."),
    }[entry_type]
