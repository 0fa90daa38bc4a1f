"""The booth's sentences from sealing to the receipt, and for what may go wrong on the way."""

from flask_babel import gettext


def casting_words() -> dict[str, str]:
    """Return {key: sentence} in the page's language."""
    return {**_sealing(), **_audit(), **_signing(), **_casting(), **_done(), **_stopped(), **_problems()}


def _sealing() -> dict[str, str]:
    return {
        "sealing-title": gettext("Encrypting your ballot"),
        "sealing-text": gettext(
            "Your device also proves that the ballot is valid, without showing what it says. Encrypting is not voting: "
            "you cast the ballot on the next page."
        ),
        "sealing-key": gettext("The election's key is still on its way. This page goes on by itself."),
        "sealed-title": gettext("Encrypted, but not cast yet"),
        "sealed-text": gettext(
            "Your ballot is still on this device, and nobody has seen it. It counts only when you cast it below."
        ),
        "encrypted-what": gettext("What does “encrypted” mean?"),
        "encrypted-what-text": gettext(
            "Your device has turned your answers into numbers that nobody can read: not the server, and no trustee "
            "alone. Encrypted is like a closed envelope that you still hold in your hand: it is not in the ballot box."
        ),
        "tracker": gettext("Tracker"),
        "tracker-text": gettext(
            "This is the name of this one encrypted ballot. Write down its beginning, or take a picture: by it you "
            "find your ballot on the board. It does not show how you voted."
        ),
        "tracker-what": gettext("What is a tracker for?"),
        "tracker-what-text": gettext(
            "It is computed from your encrypted ballot, so no other ballot has the same one. If you find it on the "
            "board, your ballot was recorded as it left this device. The receipt will hold it too."
        ),
        "learn-more": gettext("Learn more (opens in a new tab)"),
        "cast-title": gettext("Cast this ballot"),
        "audit-instead-title": gettext("Or test this device first"),
        "audit-instead-text": gettext(
            "An audit shows whether this device encrypted what you chose. Do it with a made-up choice, not with your "
            "real one: whoever sees the audit file sees what is in that ballot."
        ),
        "audit": gettext("Audit it instead"),
        "audit-what": gettext("What is an audit?"),
        "audit-what-text": gettext(
            "The audit opens this encrypted ballot, and another device checks whether it holds what you chose. An "
            "opened ballot can never be cast; you then encrypt a fresh one. A device that cheats cannot know "
            "beforehand which ballots will be audited, so even a few audits find it out."
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
        "audit-share": gettext("Send it to another device"),
        "audit-step-carry": gettext("On another device, one that you trust more than this one, open this address:"),
        "audit-step-open": gettext(
            "Choose the audit file there. That device checks the encryption itself and says what the ballot really "
            "holds."
        ),
        "audit-commands": gettext("With the verifier, for experts"),
        "audit-commands-text": gettext(
            "The verifier is a program that does not come from this server. The second command shows what the ballot "
            "holds:"
        ),
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
        "code-replaced": gettext(
            "This code was replaced by a newer one and no longer works. Use your newest letter. If you know of no "
            "newer letter, tell the registrar at once."
        ),
        "code-struck": gettext("This code is struck, because its voter voted on paper. It casts no ballot any more."),
        "code-no-ballot": gettext("This ballot is gone. Go back and encrypt a fresh one."),
        "code-lost": gettext("I cannot find my code (opens in a new tab)"),
    }


def _casting() -> dict[str, str]:
    return {
        "casting-title": gettext("Casting your ballot"),
        "casting-sending": gettext("Sending the encrypted ballot…"),
        "casting-retrying": gettext(
            "The server did not answer. Trying again in %(seconds)s s. Your ballot is not lost."
        ),
        "casting-offline": gettext(
            "This device has no connection just now. Your ballot is not lost: it goes on by itself as soon as the "
            "connection is back."
        ),
        "casting-promised": gettext("The server has stored your ballot. Waiting for its place on the board…"),
        "casting-long": gettext(
            "Your ballot is stored, and the server has promised in writing to put it on the board. Many vote at this "
            "moment; it can take some minutes."
        ),
        "casting-stay": gettext(
            "Keep this page open until it says that your vote is cast. If it is reloaded, it goes on where it was."
        ),
    }


def _done() -> dict[str, str]:
    return {
        "done-title": gettext("Your vote is cast"),
        "done-text": gettext(
            "Your encrypted ballot stands on the public board. This device has checked the receipt and the proof that "
            "comes with it. Keep the receipt: with it you can prove that your ballot was accepted."
        ),
        "receipt": gettext("Receipt"),
        "receipt-place": gettext("Entry on the board"),
        "receipt-time": gettext("Accepted"),
        "receipt-qr": gettext("QR code that leads to the check of this ballot"),
        "receipt-qr-text": gettext("Scan with another device to check"),
        "receipt-check": gettext("Check it at"),
        "save-receipt": gettext("Save the receipt"),
        "share-receipt": gettext("Send it to another device"),
        "mail-receipt": gettext("Mail the tracker to myself"),
        "mail-subject": gettext("My tracker: %(title)s"),
        "mail-text": gettext(
            "%(title)s\n\nI have cast a ballot. Its tracker is\n\n%(tracker)s\n\nCheck it on any "
            "device:\n%(link)s\n\nThis mail does not say how I voted. Nothing that is published does."
        ),
        "print": gettext("Print it"),
        "find": gettext("Check it here (opens in a new tab)"),
        "done-number": gettext("The voter number must be the one printed beside your secret code."),
        "done-secret": gettext("The receipt does not show how you voted. You can show it to anybody."),
        "done-again": gettext("Until voting ends you can vote again."),
        "again-what": gettext("What if I change my mind, or somebody watched me?"),
        "again-what-text": gettext(
            "Vote again while voting is open, alone if somebody watched you. Only your latest ballot counts. The board "
            "shows that your voter number voted again, not how."
        ),
        "check-title": gettext("Check it on another device"),
        "check-text": gettext("This device says that all is well; let another one look."),
        "check-scan": gettext("Scan the QR code with another phone."),
        "check-open": gettext("Or open this address on any device:"),
        "check-type": gettext("Choose the election, and type the beginning of the tracker:"),
        "check-file": gettext(
            "Or take the saved receipt there: then that device also checks what the board has signed for you."
        ),
        "check-shows": gettext(
            "What this shows: the encrypted ballot with this tracker is recorded, unchanged, and counts."
        ),
        "check-shows-not": gettext(
            "What it cannot show: that this device encrypted what you chose. That is what an audit is for, before you "
            "cast."
        ),
        "done-shared": gettext(
            "Is this somebody else's device? Log out, so that nobody sees here that you voted. Your receipt is then "
            "forgotten here: save it first."
        ),
        "leave": gettext("Log out and leave"),
    }


def _stopped() -> dict[str, str]:
    return {
        "stopped-login-title": gettext("Your login has ended"),
        "stopped-login-text": gettext(
            "Your ballot is still here and not cast. Log in again in a new tab; this tab sees that by itself and goes "
            "on."
        ),
        "stopped-login-other": gettext("Somebody else is logged in now. Log in with the voter id of this ballot."),
        "login-new-tab": gettext("Log in (opens in a new tab)"),
        "try-again": gettext("Try again"),
        "stopped-stuck-title": gettext("The server does not answer"),
        "stopped-stuck-text": gettext(
            "It is not known whether your ballot arrived. This page tries again by itself, and you can press the "
            "button at any time: the same ballot is never counted twice."
        ),
        "stopped-stuck-promised": gettext(
            "The server has your ballot and promised in writing to put it on the board. This page asks again by "
            "itself. You can save the promise: it is proof."
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
            "once. To replace it, make a fresh ballot."
        ),
        "answers-here": gettext("Your answers are still here."),
        "stopped-late-title": gettext("Voting had ended"),
        "stopped-late-text": gettext(
            "Your ballot reached the server after the end of voting. It was not stored, and you have not voted with it."
        ),
        "stopped-late-earlier": gettext("If you cast a ballot earlier, that one counts."),
        "stopped-replaced-title": gettext("Your code was replaced"),
        "stopped-replaced-text": gettext(
            "The registrar has made a newer code for you, and the one that signed this ballot no longer works. The "
            "ballot was not stored. Log in again and vote with the code of your newest letter. If you asked for no new "
            "code, tell the registrar at once."
        ),
        "stopped-gone-title": gettext("Your ballot did not arrive"),
        "stopped-gone-text": gettext(
            "The server does not know this ballot, and after the reload this page has no copy of it. You have not "
            "voted with it. Fill in a fresh one."
        ),
        "stopped-rejected-title": gettext("Your ballot was not accepted"),
        "stopped-rejected-text": gettext("You have not voted with this ballot. The server says:"),
        "ended-title": gettext("Voting has ended"),
        "ended-text": gettext(
            "No ballot is taken any more. What you filled in here was not cast, and it is stored nowhere."
        ),
        "ended-at": gettext("Voting ended on"),
        "ended-none": gettext("You have not voted on this device. If you cast a ballot elsewhere, that one counts."),
        "ended-earlier": gettext("Your earlier ballot counts:"),
        "ended-annulled-title": gettext("This election was annulled"),
        "ended-annulled-text": gettext(
            "No ballots are taken, and those that were cast are not counted. The page of the election gives the reason."
        ),
        "look-again": gettext("Look again"),
    }


def _problems() -> dict[str, str]:
    return {
        "problem-title": gettext("You cannot vote here now"),
        "problem-unreachable": gettext("The server cannot be reached. Check your connection and reload the page."),
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
