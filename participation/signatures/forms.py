"""What people write to sign a petition, in its normal form, with a sentence for each mistake."""

import unicodedata
from typing import Any, Self

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField, ValidationError

from participation.database import NAME_LENGTH
from participation.ports import current_ports
from participation.regions.places import Region, load_regions
from participation.regions.words import region_name
from participation.signatures.asking import Signer
from participation.signatures.statements import REASONS, WITHDRAWN
from participation.text import is_blank, one_line, parse_mail

_POSTCODE = range(3, 13)


def normal_postcode(typed: str | None) -> str:
    """Return a postcode's letters and digits, in capitals and with Latin digits, whatever the spaces and hyphens."""
    text = unicodedata.normalize("NFKC", typed or "").upper()
    return "".join(str(unicodedata.digit(one)) if one.isdigit() else one for one in text if one.isalnum())


class SignForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Sign by mail. It needs no token: it does nothing that a session could be abused for."""

    class Meta:
        """The form is the same for everybody, so the page can be kept."""

        csrf = False

    name = StringField(filters=[one_line])
    mail = StringField()
    region = SelectField(validate_choice=False)
    postcode = StringField(filters=[normal_postcode])
    consent = BooleanField()
    show_name = BooleanField()
    news = BooleanField()

    def __init__(self, **data: Any) -> None:
        """Leave the region out where the site has none."""
        super().__init__(**data)
        if not load_regions(current_ports().rules.signatures.regions).regions:
            del self.region

    def labelled(self) -> Self:
        """Name the fields in the page's language and offer the regions: only a form that is shown needs that."""
        labels = {
            "name": gettext("Your name"),
            "mail": gettext("Mail address"),
            "region": gettext("Where you live"),
            "postcode": gettext("Postcode"),
            "consent": gettext("I live here or am a citizen, and I sign this petition in my own name."),
            "show_name": gettext("Show my name among the signers"),
            "news": gettext("Write to me about what becomes of this petition"),
        }
        for field, text in labels.items():
            if field in self:
                self[field].label.text = text
        if "region" in self:
            regions = load_regions(current_ports().rules.signatures.regions).regions
            self.region.choices = region_choices(list(regions))
        return self

    def validate_name(self, field: StringField) -> None:
        """A name shows something, and fits."""
        if is_blank(field.data) or not any(one.isalpha() for one in field.data):
            raise ValidationError(gettext("Enter your name."))
        if len(field.data) > NAME_LENGTH:
            raise ValidationError(gettext("Your name must have %(most)s characters or fewer.", most=NAME_LENGTH))
        if "://" in field.data or "www." in field.data.casefold() or "@" in field.data:
            raise ValidationError(gettext("Enter a name, without any address."))

    def validate_mail(self, field: StringField) -> None:
        """An address that mail can reach."""
        if parse_mail(field.data) is None:
            raise ValidationError(gettext("Enter a mail address like name@example.org."))

    def validate_region(self, field: SelectField) -> None:
        """One of the list."""
        if load_regions(current_ports().rules.signatures.regions).get(field.data) is None:
            raise ValidationError(gettext("Choose where you live."))

    def validate_postcode(self, field: StringField) -> None:
        """Some letters and digits."""
        if len(field.data) not in _POSTCODE or not field.data.isascii():
            raise ValidationError(gettext("Enter your postcode."))

    def validate_consent(self, field: BooleanField) -> None:
        """Nobody signs without saying so."""
        if not field.data:
            raise ValidationError(gettext("Tick the box if you want to sign."))

    def signer(self, language: str) -> Signer:
        """Return what was written, after it was checked."""
        return Signer(
            name=self.name.data,
            mail=parse_mail(self.mail.data) or "",
            region=self.region.data if "region" in self else "",
            postcode=self.postcode.data,
            show_name=self.show_name.data,
            news=self.news.data,
            language=language,
        )


class AccountForm(SignForm):
    """Sign with an account: the provider has vouched for the person, the mail address is its own."""

    class Meta:
        """What is signed is in the power of the browser's session."""

        csrf = True

    def __init__(self, **data: Any) -> None:
        """Take out what the provider has answered."""
        super().__init__(**data)
        del self.mail

    def signer(self, language: str, mail: str = "") -> Signer:
        """Return what was written, after it was checked."""
        region = self.region.data if "region" in self else ""
        return Signer(
            name=self.name.data,
            mail=mail,
            region=region,
            postcode=self.postcode.data,
            show_name=self.show_name.data,
            language=language,
        )


def region_choices(regions: list[Region]) -> list[tuple[str, str]]:
    """Return (code, name) in the page's language, sorted by name, behind an empty one."""
    named = sorted(((region_name(region), region.code) for region in regions), key=lambda one: one[0])
    return [("", gettext("Choose")), *((code, name) for name, code in named)]


class ReviewForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What moderators do with many signatures at once."""

    signatures = HiddenField()
    reason = SelectField()
    entries = TextAreaField()

    def __init__(self) -> None:
        """Offer the reasons that are a moderator's."""
        super().__init__()
        self.reason.label.text = gettext("Reason")
        self.entries.label.text = gettext("Entries of the log, by their numbers")
        self.reason.choices = [(code, name) for code, name in reason_names().items() if code != WITHDRAWN]


def reason_names() -> dict[str, str]:
    """Return {code: what it says} of why signatures do not stand."""
    names = {
        "withdrawn": gettext("taken back by the signer"),
        "duplicate": gettext("a second signature of one person"),
        "fraud": gettext("false signature"),
        "not-a-person": gettext("not a person"),
        "not-eligible": gettext("not entitled to sign"),
        "order": gettext("order of a court or authority"),
        "struck": gettext("credential struck from the roll or replaced"),
    }
    assert set(REASONS) < set(names)
    return names
