"""What all forms share: labels and rules in the page's language, refusals, and the rules that many have."""

from typing import Any

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import Field, StringField, ValidationError
from wtforms.validators import Length

from participation.ports import current_ports
from participation.text import is_blank, parse_mail


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A form whose labels and rules are set for each request, in the page's language."""

    def label(self, **labels: str) -> None:
        """Name fields."""
        for name, text in labels.items():
            self[name].label.text = text

    def rule(self, name: str, *rules: Any) -> None:
        """Set a field's rules."""
        self[name].validators = list(rules)

    def refuse(self, error: Exception, field: str = "") -> None:
        """Show what was refused, at a field or above the form."""
        sentence = current_ports().say(error)
        if field:
            self[field].errors = [*self[field].errors, sentence]
        else:
            self.form_errors.append(sentence)


class EmptyForm(Form):
    """A button."""


class MailForm(Form):
    """A mail address alone."""

    mail = StringField()

    def __init__(self) -> None:
        """Label the field."""
        super().__init__()
        self.label(mail=gettext("Your mail address"))
        self.rule("mail", mail_address)


class _Needed:
    """Refuses an empty text, also one that only looks full; the field is marked as needed."""

    field_flags = {"required": True}  # noqa: RUF012 (WTForms reads it as it is)

    def __init__(self, message: str) -> None:
        self._message = message

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        if not field.data or is_blank(str(field.data)):
            raise ValidationError(self._message)


def needed(message: str) -> _Needed:
    """Return the rule that a field is filled."""
    return _Needed(message)


def longest(most: int) -> Length:
    """Return the rule that a text is no longer than so many characters."""
    message = gettext("This is too long: at most %(count)s characters.", count=most)
    return Length(max=most, message=message)


def mail_address(_form: FlaskForm, field: Field) -> None:
    """Refuse what is no mail address; keep it in its one spelling."""
    mail = parse_mail(field.data)
    if mail is None:
        raise ValidationError(gettext("Enter a mail address, like name@example.org."))
    field.data = mail
