"""The form of one contest: texts and options in each language, and the rule with its numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, SelectField

from evote.admin.checks import Problem
from evote.admin.fields import number_field
from evote.admin.forms import choices, make_form, read_texts, text_data, texts
from evote.admin.option_form import option_fields, read_options
from evote.admin.order_form import order_data, order_fields
from evote.admin.presets import RULES, Definition, free_id, new_option
from evote.pages.filters import localized, number
from participation.numbers import number_of

_RULE_FIELDS: Mapping[str, Sequence[str]] = {
    "plurality": ("seats",),
    "schulze": ("seats",),
    "borda": ("seats",),
    "majority": ("percent", "turnout_percent"),
    "budget": ("budget",),
}
_KIND_NUMBERS = {"choose": ("min", "max"), "score": ("top",), "points": ("points",)}
_NEW_RULES: Mapping[str, Definition] = {
    "plurality": {"seats": 1},
    "schulze": {"seats": 1},
    "borda": {"seats": 1},
    "majority": {"percent": 50, "turnout_percent": 0},
    "budget": {"budget": 0},
}


def kind_names() -> dict[str, str]:
    """Return {kind: what voters do}."""
    return {
        "choose": gettext("Choose options"),
        "score": gettext("Give every option a score"),
        "points": gettext("Share out points"),
        "rank": gettext("Put options in order"),
    }


def rule_names() -> dict[str, str]:
    """Return {rule: what decides}."""
    return {
        "plurality": gettext("The highest totals are elected"),
        "majority": gettext("Referendum: one option needs a majority and a turnout"),
        "budget": gettext("Budget: by totals, as long as costs fit"),
        "schulze": gettext("Schulze's method"),
        "borda": gettext("Borda's count"),
    }


def rules_of(kind: str) -> list[str]:
    """Return the rules that a kind of contest can have."""
    ranked = ("schulze", "borda")
    fitting = [rule for rule in RULES if (rule in ranked) == (kind == "rank")]
    return [rule for rule in fitting if rule != "majority" or kind == "choose"]


def contest_form(contest: Definition, orders: Sequence[Definition], languages: Sequence[str]) -> FlaskForm:
    """Return the form of a contest as it stands, filled; `orders` are the draft's."""
    names, rule = rule_names(), contest["rule"]
    fields: dict[str, Field] = texts("title", gettext("The question"), languages)
    data: dict[str, Any] = text_data("title", contest["title"])
    of_options, filled = option_fields(contest, languages)
    fields |= of_options | order_fields(orders, contest, languages) | _kind_fields(contest["kind"])
    data |= filled | order_data(orders, contest)
    rules = [(one, names[one]) for one in rules_of(contest["kind"])]
    fields["rule"] = SelectField(gettext("The rule"), choices=choices(rules))
    fields |= {name: number_field(_number_labels()[name]) for name in _RULE_FIELDS[rule["name"]]}
    options = [(one["id"], _option_name(place, one)) for place, one in enumerate(contest["options"])]
    if rule["name"] == "majority":
        fields["of"] = SelectField(gettext("Which option needs the majority"), choices=choices(options))
    none = ("", gettext("None of them"))
    fields["abstain"] = SelectField(gettext("Option that means abstaining"), choices=choices([none, *options]))
    data |= {name: contest[name] for name in ("min", "max", "top", "points", "ties", "abstain") if name in contest}
    data |= {"rule": rule["name"], **{name: rule[name] for name in ("of", *_NEW_RULES[rule["name"]]) if name in rule}}
    return make_form(fields, data)


def read_contest(form: FlaskForm, contest: Definition, languages: Sequence[str]) -> Definition:
    """Return the contest as the form has it; another rule begins with its own first numbers."""
    options = read_options(form, contest, languages)
    kind = {name: form[name].data for name in ("min", "max", "top", "points", "ties") if name in form}
    read = {**contest, **kind, "title": read_texts(form, "title", languages), "options": options}
    return {**read, "abstain": form.abstain.data, "rule": _read_rule(form, read)}


def change_options(contest: Definition, action: str) -> Definition:
    """Add an option, remove one or move one up, as the pressed button says: `add`, `remove-2`, `up-1`."""
    what, _, text = action.partition("-")
    options, rule = list(contest["options"]), dict(contest["rule"])
    costs = list(rule.get("costs", [0] * len(options)))
    number = number_of(text)
    place = number if number < len(options) else -1
    if what == "add":
        options.append(new_option(free_id("o", [one["id"] for one in options])))
        costs.append(0)
    elif what == "remove" and place >= 0:
        gone = options.pop(place)["id"]
        costs.pop(place)
        contest = {**contest, "abstain": "" if contest["abstain"] == gone else contest["abstain"]}
    elif what == "up" and place > 0:
        for row in (options, costs):
            row[place - 1], row[place] = row[place], row[place - 1]
    if "costs" in rule:
        rule["costs"] = costs
    return {**contest, "options": options, "rule": rule}


def field_of(problem: Problem, contest: Definition, languages: Sequence[str]) -> str:
    """Return the name of the form's field that a problem is about."""
    if problem.field == "label":
        place = next((place for place, option in enumerate(contest["options"]) if not option["label"]), 0)
        return f"option-{place}-label-{languages[0]}"
    return {"title": f"title-{languages[0]}", "kind": "rule", "options": "rule"}.get(problem.field, problem.field)


def _read_rule(form: FlaskForm, contest: Definition) -> Definition:
    name, old = form.rule.data, contest["rule"]
    options = contest["options"]
    if name != old["name"]:
        extra: Mapping[str, Definition] = {
            "majority": {"of": options[0]["id"] if options else ""},
            "budget": {"costs": [0] * len(options)},
        }
        return {"name": name, **_NEW_RULES[name], **extra.get(name, {})}
    rule = {"name": name, **{field: form[field].data for field in _RULE_FIELDS[name]}}
    if name == "majority":
        rule["of"] = form.of.data
    if name == "budget":
        rule["costs"] = [form[f"option-{place}-cost"].data for place in range(len(options))]
    return rule


def _kind_fields(kind: str) -> dict[str, Field]:
    labels = _number_labels()
    if kind == "rank":
        return {"ties": BooleanField(gettext("Equal places are allowed"))}
    return {name: number_field(labels[name]) for name in _KIND_NUMBERS[kind]}


def _number_labels() -> dict[str, str]:
    return {
        "min": gettext("At least so many"),
        "max": gettext("At most so many"),
        "top": gettext("Highest score"),
        "points": gettext("Points to share out"),
        "seats": gettext("How many are elected"),
        "percent": gettext("More than this per cent of the votes"),
        "turnout_percent": gettext("At least this per cent of the weight on the roll votes"),
        "budget": gettext("The budget"),
    }


def _option_name(place: int, option: Definition) -> str:
    return localized(option["label"]) or gettext("Option %(number)s", number=number(place + 1))
