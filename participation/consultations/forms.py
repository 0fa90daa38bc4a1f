"""Forms of who runs consultations."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField

from participation.answers.forms import language_choices, name_of
from participation.answers.models import Authority
from participation.consultations.acts import SUMMARY_LENGTH, TEXT_LENGTH
from participation.consultations.kinds import OUTCOMES
from participation.consultations.models import TITLE_LENGTH
from participation.forms import Form, longest, needed
from participation.text import one_line, paragraphs


class TextsForm(Form):
    """Title and texts of a consultation."""

    revision = HiddenField()
    title = StringField(filters=[one_line])
    summary = TextAreaField(filters=[paragraphs])
    text = TextAreaField(filters=[paragraphs])
    language = SelectField()
    authority = SelectField(coerce=int)

    def __init__(self, authorities: Iterable[Authority], **data: Any) -> None:
        """Label the fields, and offer authorities."""
        super().__init__(data=data)
        self.label(
            title=gettext("Title"),
            summary=gettext("What it is about, in one paragraph"),
            text=gettext("Everything people should know (may stay empty)"),
            language=gettext("Language"),
            authority=gettext("Who owes the report"),
        )
        self.language.choices = language_choices()
        self.authority.choices = [(one.id, name_of(one)) for one in authorities if not one.retired]
        self.rule("title", needed(gettext("Write a title.")), longest(TITLE_LENGTH))
        self.rule("summary", needed(gettext("Write what it is about.")), longest(SUMMARY_LENGTH))
        self.rule("text", longest(TEXT_LENGTH))


class PhaseForm(Form):
    """A part of a consultation."""

    revision = HiddenField()
    title = StringField(filters=[one_line])
    text = TextAreaField(filters=[paragraphs])
    opens_at = StringField(filters=[one_line])
    closes_at = StringField(filters=[one_line])
    sealed = BooleanField()
    premoderated = BooleanField()
    seeds = TextAreaField()
    election = StringField(filters=[one_line])
    budget = StringField(filters=[one_line])
    currency = StringField(filters=[one_line])
    most = StringField(filters=[one_line])
    reason = TextAreaField(filters=[paragraphs])

    def __init__(self, **data: Any) -> None:
        """Label the fields; each kind of part has some of them."""
        super().__init__(data=data)
        self.label(
            title=gettext("Title"),
            text=gettext("Explanation (may stay empty)"),
            opens_at=gettext("Opens"),
            closes_at=gettext("Closes"),
            sealed=gettext("Results are sealed until it closes, for officials too"),
            premoderated=gettext("A moderator looks at every contribution before it is public"),
            seeds=gettext("What stands in it at the beginning"),
            election=gettext("Election that holds the poll: its id, from its address"),
            budget=gettext("Budget, in whole units"),
            currency=gettext("Currency, like EUR"),
            most=gettext("Most projects that one person may choose (empty: as many as there are)"),
            reason=gettext("Reason of the change, for everybody to read"),
        )
        self.rule("currency", longest(10))
        self.rule("title", needed(gettext("Write a title.")), longest(TITLE_LENGTH))
        self.rule("text", longest(TEXT_LENGTH))


class ReasonForm(Form):
    """An act that needs a reason."""

    revision = HiddenField()
    reason = TextAreaField(filters=[paragraphs])

    def __init__(self, **data: Any) -> None:
        """Label the field."""
        super().__init__(data=data)
        self.label(reason=gettext("Reason, for everybody to read"))


class ReportForm(Form):
    """The closing report: its text, and one more line."""

    revision = HiddenField()
    text = TextAreaField(filters=[paragraphs])
    said = TextAreaField(filters=[paragraphs])
    outcome = SelectField()
    did = TextAreaField(filters=[paragraphs])
    contributions = StringField(filters=[one_line])

    def __init__(self, **data: Any) -> None:
        """Label the fields."""
        super().__init__(data=data)
        self.label(
            text=gettext("The report"),
            said=gettext("You said"),
            outcome=gettext("What becomes of it"),
            did=gettext("We did"),
            contributions=gettext("Numbers of the contributions it answers, with commas"),
        )
        self.outcome.choices = [(word.value, str(name)) for word, name in OUTCOMES.items()]


class VersionForm(Form):
    """A new version of a document that is discussed."""

    text = TextAreaField()
    note = TextAreaField(filters=[paragraphs])

    def __init__(self, **data: Any) -> None:
        """Label the fields."""
        super().__init__(data=data)
        self.label(text=gettext("The document"), note=gettext("What changed and why, for everybody to read"))
