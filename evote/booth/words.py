"""The booth's sentences. The script knows them by their keys and puts numbers and names where ``%(name)s`` stands."""

from flask_babel import gettext

from evote.booth.words_of_casting import casting_words


def booth_words() -> dict[str, str]:
    """Return {key: sentence} in the page's language."""
    return {
        **_frame(),
        **_questions(),
        **_options(),
        **_faults(),
        **_ranking(),
        **casting_words(),
    }


def _frame() -> dict[str, str]:
    return {
        "standing-not": gettext("You have not voted yet."),
        "standing-again": gettext("This new ballot is not cast yet. Your earlier ballot still counts."),
        "standing-sending": gettext("Your ballot is not confirmed yet. Keep this page open."),
        "standing-cast": gettext("Your vote is cast. The receipt was checked on this device."),
        "standing-over": gettext("Voting has ended. You have not voted on this page."),
        "standing-annulled": gettext("This election was annulled. No ballot counts."),
        "standing-over-again": gettext("Voting has ended. Your earlier ballot counts."),
        "clock-left": gettext("Voting ends in %(span)s."),
        "clock-changed": gettext("The end of voting was moved. Look at the top of the page."),
        "clock-over": gettext("Voting has ended."),
        "load-line": gettext("The server cannot be reached. This page tries again by itself until it can."),
        "line-offline": gettext(
            "This device has no connection just now. As soon as it is back, this page goes on by itself."
        ),
        "login-title": gettext("Log in to vote"),
        "login-text": gettext("You are not logged in to this election, or your login has ended."),
        "login-go": gettext("Log in"),
        "to-help": gettext("Help for voters"),
        "struck-title": gettext("You vote on paper"),
        "struck-text": gettext(
            "The registrar has noted that you voted on paper. So no ballot is taken from you here, and one that you "
            "cast here before does not count. If you did not vote on paper, tell the registrar now."
        ),
        "intro-next": gettext("What happens next?"),
        "intro-test-key": gettext(
            "This election uses a test key of %(bits)s bits. Such a key keeps nothing secret: do not vote in earnest."
        ),
        "intro-again": gettext(
            "You have already voted. If you cast another ballot, it replaces this one; only your latest ballot counts:"
        ),
        "intro-answer": gettext("Answer the question. You can change your answer until you cast the ballot."),
        "intro-answer-many": gettext(
            "Answer %(count)s questions, one on each page. You can change your answers until you cast the ballot."
        ),
        "intro-encrypt": gettext(
            "This device encrypts your ballot. Nobody can read it alone, neither the server nor any trustee."
        ),
        "intro-cast": gettext("Cast it with the secret code from your letter. Have the letter at hand."),
        "intro-closes": gettext("Voting ends on"),
        "intro-weight": gettext("Your ballot weighs %(weight)s."),
        "intro-check": gettext("Is this the right election, and am I the right voter?"),
        "intro-check-text": gettext(
            "The voter number must be the one printed beside your secret code. The fingerprint must be the one that "
            "the organisers and the trustees made public, in either spelling. Before your ballot is encrypted, this "
            "device checks that the official and all trustees signed it."
        ),
        "fingerprint-waits": gettext("Being checked while you read…"),
        "time-utc": gettext("%(time)s UTC"),
        "time-zone": gettext("%(time)s (%(zone)s)"),
        "time-here": gettext("where this device is: %(time)s"),
        "voter-number": gettext("Voter number"),
        "fingerprint": gettext("Fingerprint of the election"),
        "back": gettext("Back"),
        "continue": gettext("Continue"),
        "continue-review": gettext("Save and return to the review"),
        "percent": gettext("Ready: %(percent)s of 100"),
        "list-comma": gettext(", "),
        "to-election": gettext("Page of the election"),
    }


def _questions() -> dict[str, str]:
    return {
        "question-of": gettext("Question %(index)s of %(total)s"),
        "costs": gettext("Costs %(cost)s"),
        "choose-one": gettext("Choose one."),
        "choose-one-or-none": gettext("Choose one, or none."),
        "choose-none": gettext("None of these"),
        "choose-exactly": gettext("Choose exactly %(count)s."),
        "choose-any": gettext("Choose as many as you like, or none."),
        "choose-at-most": gettext("Choose at most %(count)s, or none."),
        "choose-between": gettext("Choose at least %(min)s and at most %(max)s."),
        "chosen-more": gettext("Chosen: %(count)s. You can choose more: %(left)s."),
        "chosen-all": gettext("Chosen: %(count)s. That is as many as you can choose."),
        "chosen-too-many": gettext("Chosen: %(count)s. Too many by %(over)s."),
        "score-hint": gettext("Give each a number from 0 to %(top)s. Those you leave alone get 0."),
        "points-hint": gettext("You have %(points)s points to share out. Points that you do not give are left over."),
        "points-left": gettext("Points left: %(left)s"),
        "points-over": gettext("Too many points by %(over)s"),
        "points-less": gettext("One point less for %(name)s"),
        "points-more": gettext("One point more for %(name)s"),
        "review-title": gettext("Check your answers"),
        "review-text": gettext("Nothing has left this device yet."),
        "review-after-audit": gettext(
            "These are the answers of the ballot that you audited. If they were made up, change them now."
        ),
        "review-none": gettext("None chosen"),
        "review-missing": gettext("Not answered yet"),
        "review-place": gettext("%(place)s. %(names)s"),
        "review-last": gettext("Level in last place: %(names)s"),
        "review-score": gettext("%(name)s: %(count)s"),
        "review-points": gettext("%(name)s: %(count)s"),
        "review-points-left": gettext("Points not given: %(left)s"),
        "change": gettext("Change"),
        "change-named": gettext("Change: %(title)s"),
        "encrypt": gettext("Encrypt my ballot"),
        "answer-missing": gettext("Answer what is missing"),
    }


def _options() -> dict[str, str]:
    return {
        "compare": gettext("What they say about themselves, side by side"),
        "compare-region": gettext("%(title)s: the options side by side"),
        "compare-option": gettext("Option"),
        "compare-nothing": gettext("Nothing given"),
        "part-background": gettext("Background"),
        "part-aims": gettext("Aims"),
        "part-arguments": gettext("Arguments"),
        "part-sources": gettext("Sources"),
        "documents": gettext("Documents"),
        "document": gettext("Document"),
        "document-save": gettext("Save %(name)s (%(type)s)"),
        "document-differs": gettext("This document is not the one that the election names, and is not saved."),
        "picture-of": gettext("Picture of %(name)s"),
        "picture-differs": gettext("The picture is not the one that the election names. It is not shown."),
        "picture-missing": gettext("It could not be fetched."),
        "order-drawn": gettext("The order of the options was drawn by lot. How is said on the page of the election."),
        "order-rotated": gettext(
            "On other ballots another option comes first. The rule is on the page of the election."
        ),
    }


def _faults() -> dict[str, str]:
    return {
        "fault-title": gettext("There is a problem"),
        "fault-page": gettext("Error: %(title)s"),
        "fault-choose-one": gettext("Choose one of the answers."),
        "fault-too-few": gettext("Choose at least %(count)s."),
        "fault-too-many": gettext("You chose too many. Choose at most %(count)s."),
        "fault-number": gettext("The points for %(name)s are not a whole number. Use digits only."),
        "fault-points": gettext("You gave too many points. There are %(points)s; take away at least %(over)s."),
        "fault-rank": gettext("Every option needs a place. Still without one: %(left)s."),
    }


def _ranking() -> dict[str, str]:
    return {
        "rank-hint": gettext("Put all of them in your order, the best first."),
        "rank-hint-ties": gettext(
            "Put them in your order, the best first. Some may be level. Those you leave out are level in last place."
        ),
        "rank-yours": gettext("Your order"),
        "rank-waiting": gettext("Without a place"),
        "rank-nobody": gettext("Nothing yet. Choose your best one below."),
        "rank-all": gettext("All have a place."),
        "rank-add": gettext("Place %(place)s for %(name)s"),
        "rank-add-short": gettext("Place %(place)s"),
        "rank-up": gettext("Move %(name)s up"),
        "rank-down": gettext("Move %(name)s down"),
        "rank-join": gettext("Put %(name)s level with the one above"),
        "rank-remove": gettext("Take %(name)s out of the order"),
        "rank-now": gettext("%(name)s is now in place %(place)s of %(total)s."),
        "rank-level": gettext("%(name)s now shares place %(place)s of %(total)s."),
        "rank-out": gettext("%(name)s has no place now."),
        "rank-left": gettext("Still without a place: %(left)s"),
        "rank-left-ties": gettext("Without a place: %(left)s"),
    }
