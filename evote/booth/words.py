"""The booth's sentences. The script knows them by their keys and puts numbers and names where ``%(name)s`` stands."""

from flask_babel import gettext


def booth_words() -> dict[str, str]:
    """Return {key: sentence} in the page's language."""
    return {
        **_frame(),
        **_questions(),
        **_faults(),
        **_ranking(),
        **_sealing(),
        **_audit(),
        **_signing(),
        **_casting(),
        **_problems(),
    }


def _frame() -> dict[str, str]:
    return {
        "standing-not": gettext("You have not voted yet."),
        "standing-again": gettext("This new ballot is not cast yet. Your earlier ballot still counts."),
        "standing-sending": gettext("Your ballot is not confirmed yet. Keep this page open."),
        "standing-cast": gettext("Your vote is cast. The receipt was checked on this device."),
        "login-title": gettext("Log in to vote"),
        "login-text": gettext("You are not logged in to this election, or your login has ended."),
        "login-go": gettext("Log in"),
        "intro-title": gettext("Your ballot is ready"),
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
            "the organisers and the trustees made public, in either spelling. This device has already checked that "
            "the official and all trustees signed it."
        ),
        "time-utc": gettext("%(time)s UTC"),
        "time-zone": gettext("%(time)s (%(zone)s)"),
        "voter-number": gettext("Voter number"),
        "fingerprint": gettext("Fingerprint of the election"),
        "start": gettext("Start"),
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


def _sealing() -> dict[str, str]:
    return {
        "sealing-title": gettext("Encrypting your ballot"),
        "sealing-text": gettext("Your device also proves that the ballot is valid, without showing what it says."),
        "sealed-title": gettext("Your ballot is encrypted"),
        "sealed-text": gettext("It is still on this device, and nobody has seen it."),
        "tracker": gettext("Tracker"),
        "tracker-text": gettext(
            "This is the name of this one encrypted ballot. Write down its beginning, or take a picture: by it you "
            "find your ballot on the board. It does not show how you voted."
        ),
        "sealed-question": gettext("Cast this ballot, or audit it first?"),
        "cast": gettext("Cast this ballot"),
        "audit": gettext("Audit it instead"),
        "audit-what": gettext("What is an audit?"),
        "audit-what-text": gettext(
            "An audit opens this encrypted ballot, so that another device can see whether this one encrypted what you "
            "chose. An opened ballot can never be cast; you then encrypt a fresh one. A device that cheats cannot "
            "know beforehand which ballots will be audited."
        ),
        "audit-what-choice": gettext(
            "Audit a made-up choice, not your real one: whoever sees the audit file sees what is in that ballot."
        ),
        "number-what": gettext("Is this ballot mine?"),
        "number-what-text": gettext(
            "The ballot carries your voter number. It must be the one printed beside your secret code."
        ),
        "back-review": gettext("Change my answers"),
    }


def _audit() -> dict[str, str]:
    return {
        "auditing-title": gettext("Opening the ballot"),
        "audit-title": gettext("Audit this ballot"),
        "audit-not-cast": gettext("This ballot is not cast and never will be. You have not voted with it."),
        "audit-not-noted": gettext(
            "The server could not be told that this ballot is audited. The audit works all the same: the ballot was "
            "never signed, so nobody can cast it."
        ),
        "audit-step-save": gettext("Save the audit file."),
        "audit-save": gettext("Save the audit file"),
        "audit-step-carry": gettext(
            "Take it to another device, one that you trust more than this one, and check it there with the verifier. "
            "The second command shows what the ballot really holds:"
        ),
        "audit-commands": gettext("Commands for the other device"),
        "audit-step-compare": gettext("Compare what it shows with this:"),
        "audit-step-differs": gettext(
            "If anything differs, do not vote on this device. Tell the official of the election and an observer, and "
            "keep the file."
        ),
        "audit-then": gettext("When you are done, encrypt a fresh ballot. You can change your answers before."),
        "encrypt-again": gettext("Make a fresh ballot"),
    }


def _signing() -> dict[str, str]:
    return {
        "sign-title": gettext("Cast your ballot"),
        "sign-text": gettext("You are about to cast the ballot with this tracker:"),
        "code-label": gettext("Secret code from your letter"),
        "code-hint": gettext("22 letters and digits. Capitals, spaces and hyphens do not matter."),
        "code-never": gettext("The code stays on this device: it signs your ballot and is never sent or stored."),
        "sign": gettext("Sign and cast"),
        "code-sign": gettext("A code never holds “%(sign)s”. Compare with your letter."),
        "code-length": gettext("A code has 22 letters and digits. Some are missing here, or there are too many."),
        "code-check": gettext("One of the letters or digits is wrong, or two are swapped. Compare with your letter."),
        "code-other": gettext(
            "This is a code, but not yours for this election. Use the letter for this election that carries the "
            "voter id you logged in with. If yours was replaced, use the newest letter."
        ),
        "code-no-ballot": gettext("This ballot is gone. Go back and encrypt a fresh one."),
    }


def _casting() -> dict[str, str]:
    return {
        "casting-title": gettext("Casting your ballot"),
        "casting-sending": gettext("Sending the encrypted ballot…"),
        "casting-retrying": gettext(
            "The server did not answer. Trying again in %(seconds)s s. Your ballot is not lost."
        ),
        "casting-promised": gettext("The server has stored your ballot. Waiting for its place on the board…"),
        "casting-long": gettext(
            "Your ballot is stored, and the server has promised in writing to put it on the board. Many vote at this "
            "moment; it can take some minutes."
        ),
        "casting-stay": gettext("Keep this page open until it says that your vote is cast."),
        "done-title": gettext("Your vote is cast"),
        "done-text": gettext(
            "Your encrypted ballot stands on the public board. This device has checked the receipt and the proof that "
            "comes with it. Keep the receipt: with it you can prove that your ballot was accepted."
        ),
        "receipt": gettext("Receipt"),
        "receipt-place": gettext("Entry on the board"),
        "receipt-time": gettext("Accepted"),
        "receipt-qr": gettext("QR code that leads to this ballot on the board"),
        "save-receipt": gettext("Save the receipt"),
        "print": gettext("Print it"),
        "find": gettext("Find my ballot on the board (opens in a new tab)"),
        "done-number": gettext("The voter number must be the one printed beside your secret code."),
        "done-secret": gettext("The receipt does not show how you voted. You can show it to anybody."),
        "done-check": gettext(
            "Check that the board keeps its word: here or, better, on another device with the saved receipt (opens in "
            "a new tab)"
        ),
        "done-again": gettext("Until voting ends you can vote again. Only your latest ballot counts."),
        "leave": gettext("Log out and leave"),
        "stopped-login-title": gettext("Your login has ended"),
        "stopped-login-text": gettext(
            "Your ballot is still here and not cast. Log in again in a new tab, come back to this one, and try again."
        ),
        "login-new-tab": gettext("Log in (opens in a new tab)"),
        "try-again": gettext("Try again"),
        "stopped-stuck-title": gettext("The server does not answer"),
        "stopped-stuck-text": gettext(
            "It is not known whether your ballot arrived. Keep this page open, check your connection, and try again: "
            "the same ballot is never counted twice."
        ),
        "stopped-stuck-promised": gettext(
            "The server has your ballot and promised in writing to put it on the board. Keep this page open and try "
            "again, or save the promise: it is proof."
        ),
        "save-answer": gettext("Save the server's answer"),
        "stopped-refused-title": gettext("Your ballot was refused"),
        "stopped-refused-text": gettext("You have not voted with this ballot. The board gives this reason:"),
        "stopped-broken-title": gettext("The board's answer is wrong"),
        "stopped-broken-text": gettext(
            "What the server answered does not prove that your ballot is on the board. Save the evidence and show it "
            "to the official of the election or an observer. Then try again."
        ),
        "save-evidence": gettext("Save the evidence"),
        "stopped-previous-title": gettext("Another ballot of yours came first"),
        "stopped-previous-text": gettext(
            "A ballot was cast with your code while you filled in this one. If that was not you, tell the registrar at "
            "once. To replace it, make a fresh ballot; your answers are still here."
        ),
        "stopped-rejected-title": gettext("Your ballot was not accepted"),
        "stopped-rejected-text": gettext("You have not voted with this ballot. The server says:"),
    }


def _problems() -> dict[str, str]:
    return {
        "problem-title": gettext("You cannot vote here now"),
        "problem-unreachable": gettext("The server cannot be reached. Check your connection and reload the page."),
        "problem-not-open": gettext("This election has not opened yet."),
        "problem-election": gettext(
            "The election that the server sent does not fit together, or was not signed by its official and all "
            "trustees. Do not vote, and tell the official of the election."
        ),
        "problem-sealing": gettext(
            "Your ballot could not be encrypted on this device. Reload the page, or use another browser."
        ),
        "problem-unknown": gettext("Something went wrong in the booth. Reload the page; you have not voted yet."),
        "reload": gettext("Reload the page"),
    }
