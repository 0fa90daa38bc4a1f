"""Forms of people: mail address, code, name."""

from typing import Any

from flask_babel import gettext
from wtforms import HiddenField, StringField

from participation.database import NAME_LENGTH
from participation.forms import Form, longest, needed
from participation.text import one_line


class CodeForm(Form):
    """The code from the mail."""

    back = HiddenField()
    code = StringField(filters=[one_line])

    def __init__(self, **data: Any) -> None:
        """Label the field."""
        super().__init__(data=data)
        self.label(code=gettext("One-time code"))
        self.rule("code", needed(gettext("Enter the one-time code from the mail.")), longest(40))


class NameForm(Form):
    """The name that everybody sees."""

    name = StringField(filters=[one_line])

    def __init__(self, **data: Any) -> None:
        """Label the field."""
        super().__init__(data=data)
        self.label(name=gettext("Name that is shown beside what you write"))
        self.rule("name", longest(NAME_LENGTH))
