"""Explanations, and the demonstration's outbox."""

from flask import render_template

from evote.current import current_services
from evote.errors import NotFound
from evote.mail.outbox import demo_outbox
from evote.pages.blueprint import pages
from evote.pages.explanations import TOPICS, explanations


@pages.get("/how-it-works")
def how_it_works() -> str:
    """Explain the words, the count, the checks and the limits."""
    address = f"{current_services().settings.base_url}/elections/…"
    return render_template("pages/how_it_works.html", example_address=address)


@pages.get("/how-it-works/<topic>")
def explained(topic: str) -> str:
    """Explain one word at more length.

    Raises:
        NotFound: There is no such explanation.
    """
    if topic not in TOPICS:
        raise NotFound("There is no explanation of this word.")
    pages_of = explanations()
    others = [(name, pages_of[name].title) for name in TOPICS if name != topic]
    return render_template("pages/explained.html", view=pages_of[topic], others=others)


@pages.get("/outbox")
def outbox() -> str:
    """Show what would have been mailed; only in a demonstration."""
    services = current_services()
    with services.database.reading() as session:
        messages = demo_outbox(session, services)
    return render_template("pages/outbox.html", messages=messages)
