"""The order of a contest's options in a draft: the rule, the draw, and its lines in the officials' log."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, StringField
from wtforms.validators import Length

from ballots import codec
from evote.admin.forms import choices, read_texts, text_data, texts
from evote.admin.presets import Definition
from evote.elections.ordering import DRAWN, FIXED, MOST_SEED, ROTATED, Drawn, Order, Rotated
from evote.pages.filters import printable

DRAW = "draw"
"""The button."""
_BY_VOTER, _BY_STYLE = "rotated-voter", "rotated-style"
_SEED_BYTES = 16


def order_fields(orders: Sequence[Definition], contest: Definition, languages: Sequence[str]) -> dict[str, Field]:
    """Return the fields of a contest's order; those of the draw only where there is one."""
    rules = [
        (FIXED, gettext("As listed above, the same for everybody")),
        (DRAWN, gettext("Drawn by lot, the same for everybody")),
        (_BY_VOTER, gettext("Each ballot begins at another option")),
        (_BY_STYLE, gettext("Each ballot style begins at another option")),
    ]
    fields: dict[str, Field] = {"order": SelectField(gettext("Order of the options"), choices=choices(rules))}
    if _row(orders, contest).get("name") == DRAWN:
        long = Length(max=MOST_SEED, message=gettext("This text is too long."))
        fields["seed"] = StringField(gettext("Seed of the draw"), validators=[long], filters=[printable])
        fields |= texts("source", gettext("Where the seed comes from"), languages)
    return fields


def order_data(orders: Sequence[Definition], contest: Definition) -> dict[str, Any]:
    """Return what fills them."""
    row = _row(orders, contest)
    rule = f"{ROTATED}-{row['by']}" if row.get("name") == ROTATED else row.get("name", FIXED)
    return {"order": rule, "seed": row.get("seed", ""), **text_data("source", row.get("source", {}))}


def read_orders_form(
    form: FlaskForm, orders: Sequence[Definition], contest: Definition, languages: Sequence[str]
) -> list[Definition]:
    """Return the draft's orders with the rule that the form chose; a draw's seed stays until the next draw."""
    rule, old = form.order.data, _row(orders, contest)
    others = [one for one in orders if one["id"] != contest["id"]]
    if rule == FIXED:
        return others
    if rule in (_BY_VOTER, _BY_STYLE):
        return [*others, {"id": contest["id"], "name": ROTATED, "by": rule.rpartition("-")[2]}]
    made = {"id": contest["id"], "name": DRAWN, "seed": "", "source": {}, "listed": ""}
    if old.get("name") == DRAWN:
        made |= old | ({"source": read_texts(form, "source", languages)} if "seed" in form else {})
    return [*others, made]


def settle_draw(
    orders: Sequence[Definition], contest: Definition, seed: str | None, random: bytes
) -> tuple[list[Definition], list[tuple[str, dict[str, codec.Json]]]]:
    """Bring a contest's draw up to date with its list of options.

    Args:
        orders: Of the draft.
        contest: As it will be saved.
        seed: To draw with now, empty to draw at random; nothing when it is not drawn now.
        random: 16 fresh bytes, for a seed where none was given.

    Returns:
        The orders, and lines for the officials' log. Another list of options undoes a draw; a list is always logged
        before its draw, so that everybody can see which came first.
    """
    row = _row(orders, contest)
    if row.get("name") != DRAWN:
        return list(orders), []
    listed = list_hash(contest)
    lines: list[tuple[str, dict[str, codec.Json]]] = []
    if not all(one["label"] for one in contest["options"]):
        return [{**one, "listed": "", "seed": ""} if one == row else one for one in orders], []
    if row["listed"] != listed:
        row = {**row, "listed": listed, "seed": ""}
        lines.append(("options-listed", _details(contest, listed)))
    if seed is not None:
        row = {**row, "seed": seed or random[:_SEED_BYTES].hex()}
        lines.append(("order-drawn", {**_details(contest, listed), "seed": row["seed"]}))
    return [row if one["id"] == contest["id"] else one for one in orders], lines


def list_hash(contest: Definition) -> str:
    """Return the hash of a contest's list of options, their ids and names in the manifest's order, base64url."""
    options = [
        {"id": one["id"], "label": one["label"]} for one in contest["options"] if one["id"] != contest["abstain"]
    ]
    return codec.encode_bytes(codec.digest("options", {"contest": contest["id"], "options": options}))


def order_rows(orders: Sequence[Definition]) -> list[Definition]:
    """Return the orders as a definition has them: drawn ones that are not drawn yet with an empty seed."""
    return [{name: value for name, value in one.items() if name != "listed"} for one in orders]


def drafted_orders(orders: Sequence[Definition]) -> dict[str, Order]:
    """Return {contest id: order} for the preview; a draw that is still to come is shown as listed."""
    found: dict[str, Order] = {}
    for one in orders:
        if one["name"] == ROTATED:
            found[one["id"]] = Rotated(one["id"], one["by"])
        elif one["seed"]:
            found[one["id"]] = Drawn(one["id"], one["seed"], one["source"])
    return found


def _details(contest: Definition, listed: str) -> dict[str, codec.Json]:
    return {"contest": contest["id"], "options": listed}


def _row(orders: Sequence[Definition], contest: Mapping[str, Any]) -> Definition:
    return next((one for one in orders if one["id"] == contest["id"]), {})
