"""Forms of officials: referral, holidays, authorities, promises."""

from typing import Any

from babel import Locale
from flask_babel import get_locale, gettext
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField

from participation.answers.calendars_in_force import CALENDARS
from participation.answers.kinds import PROMISE_STATUSES
from participation.answers.models import Authority
from participation.forms import Form
from participation.ports import current_ports
from participation.text import one_line


class ReferForm(Form):
    """Hand a duty to another authority."""

    revision = HiddenField()
    authority = SelectField(coerce=int)
    reason = TextAreaField()

    def __init__(self, authorities: list[Authority], **data: Any) -> None:
        """Offer the other authorities."""
        super().__init__(data=data)
        self.label(authority=gettext("Hand over to"), reason=gettext("Reason, for everybody to read"))
        self.authority.choices = [(one.id, name_of(one)) for one in authorities]


class HolidayForm(Form):
    """Make a day a holiday, or a working day again."""

    calendar = SelectField()
    day = StringField()
    holiday = SelectField()
    name = StringField(filters=[one_line])
    reason = TextAreaField()

    def __init__(self) -> None:
        """Label the fields in the page's language."""
        super().__init__()
        self.label(
            calendar=gettext("Calendar"),
            day=gettext("Day"),
            holiday=gettext("The day is"),
            name=gettext("Name of the holiday"),
            reason=gettext("Reason, for everybody to read"),
        )
        self.calendar.choices = [(name, in_language(one.name)) for name, one in sorted(CALENDARS.items())]
        self.holiday.choices = [("yes", gettext("a holiday")), ("no", gettext("a working day again"))]


class AuthorityForm(Form):
    """Enter or change an authority."""

    name_en = StringField(filters=[one_line])
    name_fa = StringField(filters=[one_line])
    mail = StringField(filters=[one_line])
    superior_mail = StringField(filters=[one_line])
    calendar = SelectField()
    language = SelectField()
    retired = BooleanField()

    def __init__(self, **data: Any) -> None:
        """Label the fields in the page's language."""
        super().__init__(data=data)
        self.label(
            name_en=gettext("Name in English"),
            name_fa=gettext("Name in Persian"),
            mail=gettext("Mail address for reminders"),
            superior_mail=gettext("Mail address for what is overdue"),
            calendar=gettext("Working-day calendar"),
            language=gettext("Language in which it is written to"),
            retired=gettext("It does not exist any more"),
        )
        self.calendar.choices = [(name, in_language(one.name)) for name, one in sorted(CALENDARS.items())]
        self.language.choices = language_choices()


class PromiseForm(Form):
    """Enter a promise."""

    title = StringField(filters=[one_line])
    text = TextAreaField()
    authority = SelectField(coerce=int)
    promised_on = StringField()
    source = StringField(filters=[one_line])
    due_on = StringField()

    def __init__(self, authorities: list[Authority]) -> None:
        """Label the fields in the page's language."""
        super().__init__()
        self.label(
            title=gettext("What was promised, in one line"),
            text=gettext("The promise, in the words in which it was made"),
            authority=gettext("Who promised"),
            promised_on=gettext("Day of the promise"),
            source=gettext("Web address where it can be read"),
            due_on=gettext("Day for which it was promised, if one was named"),
        )
        self.authority.choices = [(one.id, name_of(one)) for one in authorities if not one.retired]


class StatusForm(Form):
    """Say how a promise stands."""

    revision = HiddenField()
    status = SelectField()
    note = TextAreaField()
    evidence = TextAreaField()

    def __init__(self, **data: Any) -> None:
        """Label the fields in the page's language."""
        super().__init__(data=data)
        self.label(
            status=gettext("How it stands now"),
            note=gettext("What happened, for everybody to read"),
            evidence=gettext("Web addresses of evidence, one a line"),
        )
        self.status.choices = [(status.value, str(name)) for status, name in PROMISE_STATUSES.items()]


def language_choices() -> list[tuple[str, str]]:
    """Return the languages of the site with their names, as a field offers them."""
    return [
        (one, str(Locale.parse(one, sep="-").get_display_name(get_locale()))) for one in current_ports().languages()
    ]


def name_of(authority: Authority) -> str:
    """Return an authority's name in the page's language."""
    return in_language(authority.name)


def in_language(texts: Any) -> str:
    """Return the text of the page's language, else of English, else any."""
    return str(texts.get(current_ports().language()) or texts.get("en") or next(iter(texts.values()), ""))
