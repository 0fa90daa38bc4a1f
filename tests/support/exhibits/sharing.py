"""What other sites put into their pages: widgets of petitions in each state, and of a consultation."""

from tests.support.exhibition import Pages, seen

PAGES: Pages = {
    "sharing.petition_widget": seen(*(f"/petitions/{{petition{number}}}/widget" for number in (0, 1, 2, 3, 4, 6))),
    "sharing.consultation_widget": seen("/consultations/{consultation}/widget"),
}
NOT_PAGES: dict[str, str] = {}
