"""The words that voters mistake most, each explained on a page of its own: encryption, tracker, audit, voting again."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext

TOPICS = ("encryption", "tracker", "audit", "voting-again")


@dataclass(frozen=True)
class Part:
    """A question, and its answer in paragraphs."""

    question: str
    answer: Sequence[str]


@dataclass(frozen=True)
class Explanation:
    """A page that explains one word; `lede` says it in a sentence."""

    title: str
    lede: str
    parts: Sequence[Part]


def explanations() -> dict[str, Explanation]:
    """Return {topic: its page} in the page's language."""
    return {"encryption": _encryption(), "tracker": _tracker(), "audit": _audit(), "voting-again": _again()}


def _encryption() -> Explanation:
    return Explanation(
        gettext("Encrypted is not cast"),
        gettext("Your device locks your vote so that nobody can read it alone. Then it still has to be cast."),
        (
            Part(
                gettext("What happens when my ballot is encrypted?"),
                (
                    gettext(
                        "Your device turns your answers into very large numbers, with fresh random numbers mixed in. "
                        "Two ballots with the same answers look entirely different."
                    ),
                    gettext("It also adds a proof that the ballot is valid, which does not show what it says."),
                ),
            ),
            Part(
                gettext("Why is that not yet voting?"),
                (
                    gettext(
                        "An encrypted ballot is like a closed envelope in your hand. It lies on your device, and "
                        "nobody else has it. Only when you sign it with the secret code from your letter does it go "
                        "to the board; and you have voted when this page shows a receipt."
                    ),
                    gettext("Until then a line at the top of the booth says: you have not voted yet."),
                ),
            ),
            Part(
                gettext("Who could read it?"),
                (
                    gettext(
                        "Only enough trustees together, against their rules. They are chosen so that they watch each "
                        "other. What they decrypt is the sum of all votes, never a single ballot."
                    ),
                    gettext("And whoever has taken over your device, for that is where you type your answers."),
                ),
            ),
        ),
    )


def _tracker() -> Explanation:
    return Explanation(
        gettext("The tracker"),
        gettext("The name of one encrypted ballot, by which you find it again."),
        (
            Part(
                gettext("What is it?"),
                (
                    gettext(
                        "25 letters and digits, computed from your encrypted ballot. Change anything in the ballot, "
                        "and its tracker is another one. It does not show how you voted."
                    ),
                ),
            ),
            Part(
                gettext("What do I do with it?"),
                (
                    gettext(
                        "Keep it: write down the first ten, take a picture, or save the receipt, which holds it too. "
                        "Then look it up from another device, on “Check my ballot”."
                    ),
                    gettext(
                        "If it is there, the ballot was recorded as it left your device. That does not show that the "
                        "device encrypted what you chose: an audit shows that."
                    ),
                ),
            ),
            Part(
                gettext("I did not write it down. Does my vote count?"),
                (
                    gettext(
                        "Yes. You can also look up your voter number, which stands in your letter. The board shows "
                        "the ballots that were cast under it."
                    ),
                ),
            ),
        ),
    )


def _audit() -> Explanation:
    return Explanation(
        gettext("The audit"),
        gettext("A test whether a device encrypts what is chosen on it. Anybody can do it, in five minutes."),
        (
            Part(
                gettext("Why should I?"),
                (
                    gettext(
                        "Nobody can look into an encrypted ballot, you neither. A device that cheats could encrypt "
                        "another vote than yours and show you the right one. The audit opens a ballot and lets "
                        "another device look."
                    ),
                    gettext(
                        "The device must show the tracker before it knows whether you will audit. So it cannot behave "
                        "well only when it is tested. If one voter in a hundred tests, a booth that cheats many is "
                        "found out almost certainly."
                    ),
                ),
            ),
            Part(
                gettext("How is it done?"),
                (
                    gettext("Answer with something made up, and encrypt. Write down the beginning of the tracker."),
                    gettext("Choose “Audit it instead”, and save the audit file or send it to another device."),
                    gettext(
                        "On the other device open “Check my ballot” on the page of this election and choose the file. "
                        "It computes everything anew and says in words what the ballot holds. Compare it with what "
                        "you chose, and the tracker with the one you wrote down."
                    ),
                    gettext("Then go back to the booth, make a fresh ballot with your real answers, and cast it."),
                ),
            ),
            Part(
                gettext("Why must I not audit my real vote?"),
                (
                    gettext(
                        "Because the file shows what is in that ballot to whoever sees it. An opened ballot is "
                        "therefore never cast; the next one is encrypted afresh, and nobody can tell what it says."
                    ),
                ),
            ),
            Part(
                gettext("What if something differs?"),
                (
                    gettext(
                        "Do not vote on that device. Keep the file, and show it to the official of the election and to "
                        "an observer. They can check it too."
                    ),
                ),
            ),
        ),
    )


def _again() -> Explanation:
    return Explanation(
        gettext("Voting again"),
        gettext("While voting is open you can vote as often as you like. Only your latest ballot counts."),
        (
            Part(
                gettext("How?"),
                (
                    gettext(
                        "Log in again and go through the booth once more, with the same secret code. The booth says "
                        "that you have voted before, and that your earlier ballot counts until the new one is cast."
                    ),
                ),
            ),
            Part(
                gettext("When does that help?"),
                (
                    gettext("If you have changed your mind, or made a mistake."),
                    gettext(
                        "If somebody watched you vote, or told you how to. Vote again later, alone. Nobody can see "
                        "what the new ballot says."
                    ),
                ),
            ),
            Part(
                gettext("What do others see?"),
                (
                    gettext(
                        "The board shows that your voter number voted again, and when. No name stands there, but "
                        "somebody who knows your number can see it. If that is dangerous for you, ask the registrar "
                        "whether you can vote on paper."
                    ),
                ),
            ),
        ),
    )
