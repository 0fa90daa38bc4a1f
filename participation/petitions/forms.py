"""The forms of petitions. What is typed is brought into the normal form before anything looks at it."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import (
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)

from participation.answers.forms import name_of
from participation.answers.models import Authority
from participation.database import NAME_LENGTH
from participation.forms import Form, longest, mail_address, needed
from participation.petitions.answering import MOST_TEXT
from participation.petitions.checking import MOST_NOTE, Act
from participation.petitions.life import Debate, State
from participation.petitions.wording import rejection_names, takedown_names
from participation.ports import current_ports
from participation.text import one_line, paragraphs

_NO_NAME = "<>@{}[]|\\"
_LEAST_TITLE = 8


class TitleForm(Form):
    """The first step: what shall be done, in one line."""

    title = StringField(filters=[one_line])

    def __init__(self, **data: Any) -> None:
        """Label the field."""
        super().__init__(data=data)
        most = current_ports().rules.petitions.title_length
        self.label(title=gettext("What should be done?"))
        self.rule("title", needed(gettext("Write in one sentence what should be done.")), longest(most), _telling)


class TextForm(Form):
    """The second step: background and details."""

    background = TextAreaField(filters=[paragraphs])
    details = TextAreaField(filters=[paragraphs])

    def __init__(self, **data: Any) -> None:
        """Label the fields."""
        super().__init__(data=data)
        rules = current_ports().rules.petitions
        self.label(background=gettext("What exactly, and by whom?"), details=gettext("Why? (may stay empty)"))
        self.rule("background", needed(gettext("Write what exactly should be done, and by whom.")))
        self.background.validators.append(longest(rules.background_length))
        self.rule("details", longest(rules.details_length))


class PersonForm(Form):
    """A name and a mail address: of who begins a petition, or supports one."""

    name = StringField(filters=[one_line])
    mail = StringField()

    def __init__(self, **data: Any) -> None:
        """Label the fields."""
        super().__init__(data=data)
        self.label(name=gettext("Your name"), mail=gettext("Your mail address"))
        self.rule("name", needed(gettext("Write your name.")), longest(NAME_LENGTH), _name)
        self.rule("mail", mail_address)


class UpdateForm(Form):
    """News."""

    title = StringField(filters=[one_line])
    text = TextAreaField(filters=[paragraphs])

    def __init__(self) -> None:
        """Label the fields."""
        super().__init__()
        self.label(title=gettext("Headline"), text=gettext("What is new?"))
        self.rule("title", needed(gettext("Write a headline.")), longest(120))
        self.rule("text", needed(gettext("Write what is new.")), longest(4000))


class DecisionForm(Form):
    """What a moderator decides."""

    revision = HiddenField()
    act = RadioField(validate_choice=False)  # another moderator may have acted: that is said by who decides
    reason = SelectField(validate_choice=False)
    note = TextAreaField(filters=[paragraphs])
    signing = SelectMultipleField()
    roll_election = StringField(filters=[one_line])
    authority = SelectField(validate_choice=False)  # it may be retired meanwhile: said by who decides

    def __init__(
        self,
        possible: Iterable[Act],
        state: State,
        revision: int,
        methods: Sequence[str],
        authorities: Sequence[Authority],
    ) -> None:
        """Offer what fits the state."""
        super().__init__(data={"revision": revision, "signing": methods[:1]})
        acts = {
            Act.APPROVE: gettext("Open it for signatures"),
            Act.REJECT: gettext("Do not accept it"),
            Act.STOP: gettext("Stop it: no more signatures, the text stays"),
            Act.HIDE: gettext("Hide its text"),
            Act.REMOVE: gettext("Remove its text for good"),
            Act.CHECK_AGAIN: gettext("Bring it before the moderators again (an appeal was granted)"),
        }
        ways = {
            "mail": gettext("by confirmed mail"),
            "oidc": gettext("by a sign-in elsewhere (OpenID Connect)"),
            "roll": gettext("by the voter roll of an election"),
        }
        self.label(
            act=gettext("Decision"),
            reason=gettext("Reason (not needed to open it)"),
            note=gettext("Note for everybody (may stay empty)"),
            signing=gettext("How people may sign"),
            roll_election=gettext("Election whose roll may sign: its id, from its address"),
            authority=gettext("Who owes the answer once enough people sign"),
        )
        self.authority.choices = [(str(one.id), name_of(one)) for one in authorities if not one.retired]
        self.act.choices = [(act.value, acts[act]) for act in possible]
        names = rejection_names() if state is State.MODERATION else {}
        names = {**names, **takedown_names()}
        self.reason.choices = [("", gettext("Choose")), *names.items()]
        self.signing.choices = [(name, ways[name]) for name in methods]
        self.rule("act", needed(gettext("Choose what shall be done.")))
        self.rule("note", longest(MOST_NOTE))
        self.rule("roll_election", longest(36))


class AnswerForm(Form):
    """An official response."""

    revision = HiddenField()
    office = StringField(filters=[one_line])
    summary = TextAreaField(filters=[paragraphs])
    text = TextAreaField(filters=[paragraphs])

    def __init__(self, revision: int) -> None:
        """Label the fields."""
        super().__init__(data={"revision": revision})
        self.label(
            office=gettext("Who answers (the office)"),
            summary=gettext("The answer in two sentences"),
            text=gettext("The whole answer"),
        )
        self.rule("office", needed(gettext("Write which office answers.")), longest(200))
        self.rule("summary", needed(gettext("Write the answer in two sentences.")), longest(500))
        self.rule("text", needed(gettext("Write the answer.")), longest(MOST_TEXT))


class DebateForm(Form):
    """What is to be said about a debate."""

    revision = HiddenField()
    outcome = RadioField()
    day = StringField(filters=[one_line])
    text = TextAreaField(filters=[paragraphs])
    transcript = StringField(filters=[one_line])
    video = StringField(filters=[one_line])

    def __init__(self, revision: int) -> None:
        """Label the fields."""
        super().__init__(data={"revision": revision})
        self.label(
            outcome=gettext("Debate"),
            day=gettext("Day of the debate"),
            text=gettext("What is to be said about it"),
            transcript=gettext("Web address of the transcript (may stay empty)"),
            video=gettext("Web address of the recording (may stay empty)"),
        )
        self.outcome.choices = [
            (Debate.SCHEDULED.value, gettext("It is scheduled")),
            (Debate.DEBATED.value, gettext("It was held")),
            (Debate.NOT_DEBATED.value, gettext("There will be none")),
        ]
        self.rule("outcome", needed(gettext("Choose one.")))
        self.rule("text", needed(gettext("Write what is to be said about it.")), longest(MOST_TEXT))
        self.rule("transcript", longest(500))
        self.rule("video", longest(500))


class OutageForm(Form):
    """A day on which signatures could not be given."""

    day = StringField(filters=[one_line])
    note = StringField(filters=[one_line])

    def __init__(self) -> None:
        """Label the fields."""
        super().__init__()
        self.label(day=gettext("Day"), note=gettext("What happened, for everybody to read"))
        self.rule("day", needed(gettext("Write a day, like 2026-03-01.")))
        self.rule("note", needed(gettext("Write what happened.")), longest(500))


def _telling(_form: FlaskForm, field: Field) -> None:
    if len([one for one in field.data if one.isalpha()]) < _LEAST_TITLE:
        raise ValidationError(gettext("This is too short to be understood."))


def _name(_form: FlaskForm, field: Field) -> None:
    name = field.data
    wrong = any(one in _NO_NAME for one in name) or "://" in name or "www." in name.lower()
    if wrong or not any(one.isalpha() for one in name):
        raise ValidationError(gettext("This does not look like a name. Use letters, without addresses and signs."))
