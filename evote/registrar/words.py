"""What letters and mails say to a voter, in any language that has a catalogue.

The sentences stand here in English and are collected like those of the site (docs/translators.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from babel import Locale

from evote.locales.catalogue import SOURCE, is_rtl, read_catalogue, spoken_languages
from evote.locales.writing import write_number, write_time, zone_name

ISOLATE, LTR, END = "\u2068", "\u2066", "\u2069"
"""Signs that set a text apart from the direction around it: by its own, from left to right, until here."""


@dataclass(frozen=True)
class Speech:
    """A language to speak to voters in; `code` is one of `spoken_languages`."""

    code: str

    @property
    def direction(self) -> str:
        """Return rtl or ltr."""
        return "rtl" if is_rtl(self.code) else "ltr"

    @property
    def locale(self) -> Locale:
        """Return what Babel calls the language."""
        return Locale.parse(self.code, sep="-")

    def gettext(self, sentence: str, **values: str) -> str:
        """Translate a sentence and fill it in."""
        said = str(read_catalogue(self.code).gettext(sentence))
        return said % values if values else said

    def number(self, value: int) -> str:
        """Write a number in the language's digits."""
        return write_number(value, self.locale)

    def pick(self, text: Mapping[str, str]) -> str:
        """Pick a manifest's text in this language, else in another one, set apart if that runs the other way."""
        for language in (self.code, self.locale.language, SOURCE, *text):
            if language in text:
                other = is_rtl(language) != is_rtl(self.code)
                return f"{ISOLATE}{text[language]}{END}" if other else text[language]
        return ""

    def apart(self, text: str) -> str:
        """Set a text apart whose direction is its own, like a name."""
        return f"{ISOLATE}{text}{END}" if text else ""

    def latin(self, text: str) -> str:
        """Set a code or an address of the web apart, so that it keeps its order in any sentence."""
        return f"{LTR}{text}{END}" if self.direction == "rtl" else text


@dataclass(frozen=True)
class Facts:
    """What is the same for all voters of an election.

    Attributes:
        title, description: {language: text}, as in the manifest.
        fingerprint, short_fingerprint: F, whole and as people compare it.
        site: The site's address, without a slash at the end.
        path: The election's page on it.
        contact: Who helps; may be empty.
    """

    title: Mapping[str, str]
    description: Mapping[str, str]
    opens_at: datetime
    closes_at: datetime
    zone: tzinfo
    fingerprint: str
    short_fingerprint: str
    site: str
    path: str
    contact: str = ""

    def page(self, speech: Speech) -> str:
        """Return the address of the election's login page in a language."""
        return f"{self.site}/{speech.code}{self.path}/login"


@dataclass(frozen=True)
class Words:
    """Every sentence of a letter or mail; those for one place have its name."""

    speech: Speech
    title: str
    subject: str
    greeting: str
    about: str
    when: str
    voter_id: str
    code: str
    number: str
    fingerprint: str
    how: str
    steps: Sequence[str]
    scan: str
    number_says: str
    fingerprint_says: str
    lost: str
    paper: str
    never: str
    contact: str


def choose_speech(wanted: str, title: Mapping[str, str]) -> Speech:
    """Return the language for a voter: the wanted one, else the first of the election's title that we speak."""
    for code in (wanted, wanted.split("-")[0], *title, SOURCE):
        if code in spoken_languages():
            return Speech(code)
    return Speech(SOURCE)


def hidden_mail(mail: str) -> str:
    """Return a mail address that its owner recognises, and nobody else can write to."""
    name, _, host = mail.rpartition("@")
    return f"{name[:2]}…@{host}" if len(name) > 3 else f"…@{host}"


def words_for(speech: Speech, facts: Facts, name: str, mail: str, *, by_mail: bool = False) -> Words:
    """Say everything.

    Args:
        speech: In which language.
        facts: About the election.
        name: The voter's, or empty.
        mail: Where one-time codes go.
        by_mail: Whether the secret code stands in a mail rather than in a letter.
    """
    _ = speech.gettext
    title = speech.pick(facts.title)
    moments = [_moment(speech, moment, facts.zone) for moment in (facts.opens_at, facts.closes_at)]
    return Words(
        speech=speech,
        title=title,
        subject=_("Your vote: %(title)s", title=title),
        greeting=_("Dear %(name)s,", name=speech.apart(name)) if name else _("Dear voter,"),
        about=speech.pick(facts.description),
        when=_("You can vote on the web from %(opens)s until %(closes)s.", opens=moments[0], closes=moments[1]),
        voter_id=_("Voter id"),
        code=_("Secret code"),
        number=_("Voter number"),
        fingerprint=_("Fingerprint of the election"),
        how=_("How to vote"),
        steps=_steps(speech, facts, mail, by_mail=by_mail),
        scan=_("Point your telephone's camera here: it opens the page and fills in your voter id."),
        number_says=_(
            "The voter number is no secret. Under it anybody can look up on the public board whether a ballot was cast "
            "with this code. If there is one and you did not vote, tell us and an observer at once."
        ),
        fingerprint_says=_("The site shows the same fingerprint. If it differs, do not vote there, and tell us."),
        lost=_(
            "Is the code lost, or has somebody else read it? Tell us: the old code stops counting; you get a new one."
        ),
        paper=_(
            "Would you rather vote on paper? Tell us as well; then nothing that is cast under your voter id counts."
        ),
        never=_("Nobody from the election will ever ask you for the secret code, neither by mail nor by telephone."),
        contact=speech.apart(facts.contact),
    )


def _steps(speech: Speech, facts: Facts, mail: str, *, by_mail: bool) -> Sequence[str]:
    _ = speech.gettext
    where = speech.latin(facts.site.split("://", 1)[1])
    to = speech.latin(hidden_mail(mail))
    typed = _("Type the secret code of this letter: with it you sign the ballot, and cast it.")
    if by_mail:
        typed = _("Type your secret code: with it you sign the ballot, and cast it.")
    return (
        _("Open %(address)s, choose this election, and log in with your voter id.", address=where),
        _("A one-time code comes by mail to %(mail)s. Enter it.", mail=to),
        _("Fill in your ballot. Your device encrypts it, and nobody can read it, not even the server."),
        f"{typed} " + _("Keep the receipt: until you have it you have not voted."),
    )


def _moment(speech: Speech, moment: datetime, zone: tzinfo) -> str:
    time = write_time(moment, speech.locale, zone)
    name = zone_name(moment, speech.locale, zone)
    return speech.gettext("%(time)s (%(zone)s)", time=time, zone=name)


def code_by_letter(speech: Speech) -> str:
    """Say where the secret code is, in a mail that does not hold it."""
    return speech.gettext("Your secret code comes by letter. You need both, this mail and the letter.")


def code_by_mail(speech: Speech) -> str:
    """Warn beside a secret code in a mail."""
    return speech.gettext(
        "Whoever reads this mail and your other mails can vote in your place. Delete this mail once you have voted."
    )


def mail_ending(speech: Speech) -> str:
    """Say why the mail came."""
    return speech.gettext("You get this mail because you are on the roll of this election.")
