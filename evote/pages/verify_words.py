"""The sentences of the page that checks in the browser. The script puts numbers and codes where ``%(name)s`` stands."""

from flask_babel import gettext

from evote.booth.words import booth_words


def verify_words() -> dict[str, str]:
    """Return {key: sentence} in the page's language."""
    return {**_frame(), **_input(), **_log(), **_election(), **_ballot(), **_audit(), **_counts(), **_result()}


def _frame() -> dict[str, str]:
    return {
        "time-utc": gettext("%(time)s UTC"),
        "time-zone": gettext("%(time)s (%(zone)s)"),
        "working": gettext("Checking…"),
        "state-pass": gettext("Right"),
        "state-fail": gettext("Wrong"),
        "state-note": gettext("To know"),
        "state-look": gettext("Please read"),
        "state-stopped": gettext("Not checked"),
        "detail": gettext("What the program found (in English)"),
        "unreachable": gettext(
            "The server did not send what this check needs. Are you offline? Check your connection and try again."
        ),
        "wrong": gettext("There is a problem"),
        "summary-pass": gettext("Everything that this browser could check is right."),
        "summary-pass-election": gettext(
            "Everything that this browser could check of the election is right. You gave no receipt, so no ballot was "
            "looked for."
        ),
        "summary-pass-tracker": gettext(
            "The encrypted ballot with this tracker is recorded as it was cast, and everything that this browser could "
            "check is right. What the ballot says, nobody can see: only an audit shows whether a device encrypts what "
            "was chosen."
        ),
        "summary-pass-audit": gettext(
            "The encryption is right: the ballot holds exactly what is written below. Compare it with what you chose, "
            "and tracker and voter number with those that you wrote down."
        ),
        "summary-fail-audit": gettext(
            "Something is wrong with this opened ballot. Read the points below. Do not vote on the device that made "
            "it; keep the file and show it to an observer."
        ),
        "summary-fail": gettext(
            "Something is wrong. Read the points below. Keep your receipt and show it to an observer."
        ),
        "summary-stopped": gettext(
            "Nothing that was checked is wrong, but not everything could be checked. Read the points below, and try "
            "again later."
        ),
        "summary-foreign": gettext(
            "This file belongs to another election, so it was not checked here. Open it on the page of its own "
            "election."
        ),
        "summary-look": gettext(
            "Nothing that was checked is wrong. But there is something that you should know about this ballot: see "
            "the points marked “Please read”."
        ),
        "summary-broken": gettext("This page stopped working. Reload it, or run the verifier."),
        "save-checkpoints": gettext("Save both checkpoints"),
        "forgotten": gettext("This browser has forgotten all checkpoints."),
    }


def _input() -> dict[str, str]:
    return {
        "file-empty": gettext("The file is empty. Choose the one that you saved in the booth."),
        "file-other": gettext(
            "This file is no receipt, and no opened ballot either. Choose the one that you saved in the booth: "
            "receipt-….json or audit-….json"
        ),
        "file-truncated": gettext("The end of this file is missing. Fetch or save it again from where you keep it."),
        "file-broken": gettext("This file was changed or damaged. Take the one that the booth saved, unedited."),
        "file-unreadable": gettext("This browser could not read the file. Choose it again."),
        "tracker-wrong": gettext("A tracker has five groups of five letters and digits. Check what you typed."),
        "tracker-short": gettext("Type at least the first two groups of the tracker."),
    }


def _log() -> dict[str, str]:
    return {
        "check-checkpoint": gettext("The board's signature"),
        "checkpoint-pass": gettext("The board has signed its newest state, of %(size)s entries."),
        "checkpoint-fail": gettext("The newest state of the board is not signed by the key that the election names."),
        "checkpoint-none": gettext("The board is empty: this election is not fixed yet. There is nothing to check."),
        "check-log": gettext("The whole log"),
        "log-pass": gettext(
            "This browser read all %(size)s entries and hashed them: together they give what the board signed. The "
            "server does not learn which ballot you look for."
        ),
        "log-part": gettext(
            "The log of %(size)s entries is long and was not read. The server was asked for single entries, and each "
            "is proved to stand on the log. So the server learns which ballot you look for, and could hide a later "
            "one. Choose “Read the whole log” to exclude that."
        ),
        "log-fail": gettext("The log that the server sends is not the one that the board signed."),
        "check-since": gettext("The log since your last visit"),
        "since-pass": gettext(
            "The log continues what this browser saw last: %(size)s entries, of which none was changed or removed; "
            "%(more)s were added."
        ),
        "since-first": gettext(
            "This browser checks this log for the first time. It keeps the signed state, and at the next check sees "
            "whether anything was changed or removed."
        ),
        "since-nothing": gettext("This browser keeps nothing, so it cannot compare the log with an earlier visit."),
        "since-fail": gettext(
            "The log does not continue the %(size)s entries that this browser saw signed. The board has changed what "
            "it published. Save both signed states and show them to an observer: they prove it."
        ),
        "since-shorter": gettext(
            "The server shows an older state than the %(size)s entries that this browser saw signed. Reload the page; "
            "if it stays, save both signed states and show them to an observer."
        ),
    }


def _election() -> dict[str, str]:
    return {
        "check-election": gettext("The election"),
        "election-pass": gettext(
            "Questions, key and roll fit together, and the official and all trustees signed this fingerprint. Compare "
            "it with your letter: %(fingerprint)s"
        ),
        "election-test": gettext(
            "Questions, key and roll fit together and are signed. But this is a test key of %(bits)s bits, which keeps "
            "nothing secret. The fingerprint is %(fingerprint)s"
        ),
        "election-fail": gettext(
            "The election that the server sent does not fit together, or was not signed by its official and trustees."
        ),
        "election-early": gettext("The election is fixed but not open yet. There are no ballots to check."),
        "foreign": gettext(
            "This file is from another election, with the fingerprint %(election)s. Open the page of that election "
            "and check it there."
        ),
    }


def _ballot() -> dict[str, str]:
    return {
        "check-receipt": gettext("Your receipt"),
        "receipt-pass": gettext("The board signed this receipt for the ballot %(tracker)s, accepted on %(time)s."),
        "receipt-fail": gettext("The board did not sign this receipt as it stands in the file."),
        "check-inclusion": gettext("The proof in your receipt"),
        "inclusion-pass": gettext(
            "It leads from your ballot to a state of %(size)s entries that the board signed, and the log of today "
            "continues that state."
        ),
        "inclusion-fail": gettext(
            "It does not lead to a state of the board that the log of today continues. Keep the receipt and show it to "
            "an observer: it is signed by the board."
        ),
        "check-entry": gettext("Your ballot on the log"),
        "entry-pass": gettext(
            "Entry %(index)s is the ballot of your receipt, accepted on %(time)s and signed with the voter's key. The "
            "voter number beside your code must be %(voter)s."
        ),
        "entry-fail": gettext(
            "The log does not hold the ballot of your receipt where the board confirmed it. Keep the receipt and show "
            "it to an observer: it is signed by the board."
        ),
        "check-find": gettext("The ballot with this tracker"),
        "find-pass": gettext(
            "Entry %(index)s is the ballot %(tracker)s, accepted on %(time)s and signed with the voter's key. The "
            "voter number beside your code must be %(voter)s."
        ),
        "find-fail": gettext("The entry with this tracker is not signed as a ballot must be."),
        "find-none": gettext("No ballot on the log has this tracker. Check what you typed."),
        "find-none-part": gettext("The server finds no ballot with this tracker. Check what you typed."),
        "find-several": gettext("%(count)s ballots begin like this. Type more of the tracker."),
        "find-audited": gettext(
            "Entry %(index)s says that the ballot %(tracker)s was opened in an audit. It was never cast and does not "
            "count."
        ),
        "check-promise": gettext("The board's promise"),
        "promise-pass": gettext("The board signed that it accepted the ballot %(tracker)s on %(time)s."),
        "promise-fail": gettext("The board did not sign this promise as it stands in the file."),
        "promise-waits": gettext(
            "The ballot is not on the log yet. It must be there when voting closes. Check again later."
        ),
        "promise-broken": gettext(
            "Voting is closed and the promised ballot is not on the log. Unless the board refused it in writing, it "
            "broke its promise: show the file to an observer."
        ),
        "check-refusal": gettext("The board's refusal"),
        "refusal-pass": gettext("The board signed that it refused the ballot %(tracker)s on %(time)s."),
        "refusal-fail": gettext("The board did not sign this refusal as it stands in the file."),
        "check-refused": gettext("The refused ballot"),
        "refused-not-on-log": gettext(
            "It is not on the log and does not count. You can vote again while voting is open."
        ),
        "refused-on-log": gettext("It is on the log all the same, as entry %(index)s. Show both to an observer."),
    }


def _audit() -> dict[str, str]:
    """Also the booth's own words for what a ballot says."""
    booth = booth_words()
    return {
        **{key: sentence for key, sentence in booth.items() if key.startswith("review-") or key == "list-comma"},
        "check-audit": gettext("The encryption"),
        "audit-pass": gettext(
            "This browser encrypted everything anew with the numbers in the file, and got the very same ballot, "
            "%(tracker)s. It carries the voter number %(voter)s."
        ),
        "audit-fail": gettext(
            "The ballot does not hold what the file says. The device that made it hides what it encrypted, or the file "
            "was changed on its way."
        ),
        "check-holds": gettext("What the ballot says"),
        "holds-this": gettext("If this is not what you chose, the device has changed your vote:"),
        "holds-fail": gettext("The ballot holds something that no voter can choose."),
        "check-validity": gettext("The proofs in the ballot"),
        "validity-pass": gettext("All of them hold: the board would have taken this ballot."),
        "validity-fail": gettext("A proof does not hold: the board would have refused this ballot."),
        "check-noted": gettext("This ballot on the board"),
        "noted-pass": gettext("Entry %(index)s says that it was opened in an audit. It can never be cast."),
        "noted-not": gettext(
            "The board does not know it. It was never signed, so nobody can cast it. Perhaps the device could not "
            "reach the server when it was opened."
        ),
        "noted-cast": gettext(
            "It was cast all the same, as entry %(index)s, although an opened ballot must never be. Everybody who has "
            "this file sees how that voter voted. Tell the registrar and an observer at once."
        ),
        "noted-fail": gettext("What the board says about it cannot be told: the log contradicts itself."),
    }


def _counts() -> dict[str, str]:
    return {
        "check-counts": gettext("Does it count?"),
        "counts-open": gettext("As things stand, yes: it is its voter's latest. A later ballot would replace it."),
        "counts-closed": gettext("Yes: it was its voter's latest when voting closed."),
        "counts-open-part": gettext("As things stand, yes, as far as the server tells: it names no later ballot."),
        "counts-closed-part": gettext("Yes, as far as the server tells: it names no later ballot of this voter."),
        "counts-superseded": gettext(
            "No: the same voter cast a later ballot, entry %(index)s, on %(time)s. If that was not you, tell the "
            "registrar and an observer at once."
        ),
        "counts-replaced": gettext("No: the registrar gave this voter a new code, see entry %(index)s."),
        "counts-struck": gettext("No: the registrar noted that this voter votes on paper, see entry %(index)s."),
        "counts-annulled": gettext("No ballot counts: the election was annulled."),
        "counts-fail": gettext("Whether it counts cannot be told: the log contradicts itself."),
    }


def _result() -> dict[str, str]:
    return {
        "check-close": gettext("Which ballots count"),
        "close-pass": gettext(
            "%(ballots)s ballots count: the latest of each voter. The closing entry, %(index)s, names exactly these."
        ),
        "close-part": gettext(
            "The closing entry, %(index)s, names the ballots that count. To compare, the whole log must be read."
        ),
        "close-fail": gettext("The closing entry does not name the ballots that count by the log."),
        "check-tally": gettext("The published result"),
        "tally-pass": gettext("It is the one that the log names, and it counts the first %(size)s entries of the log."),
        "tally-fail": gettext("It is not the one that the log names, or it counts something else."),
        "tally-open": gettext("There is none while voting is open."),
        "tally-counting": gettext("There is none yet: the trustees are counting."),
        "tally-annulled": gettext("There is none: the election was annulled."),
        "check-certificates": gettext("The certificates of the result"),
        "certificates-pass": gettext(
            "All certificates, %(count)s, open their encrypted sums, and to no other numbers than the published totals."
        ),
        "certificates-withheld": gettext(
            "All certificates, %(count)s, open their encrypted sums to the published totals. Contests that were not "
            "decrypted, to keep votes secret: %(withheld)s."
        ),
        "certificates-fail": gettext("The certificates do not prove the published totals."),
        "check-outcome": gettext("The outcome"),
        "outcome-pass": gettext("By the rule of this contest, the totals make exactly the published outcome."),
        "outcome-withheld": gettext("This contest was not decrypted: too few ballots. It has no outcome."),
        "outcome-fail": gettext("By the rule of this contest, the totals make another outcome than the published one."),
    }
