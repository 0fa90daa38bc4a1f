"""What other sites show: widgets of petitions in each state, and of a consultation; pictures."""

from tests.support.exhibition import Pages, seen

PAGES: Pages = {
    "sharing.petition_widget": seen(*(f"/petitions/{{petition{number}}}/widget" for number in (0, 1, 2, 3, 4, 6))),
    "sharing.consultation_widget": seen("/consultations/{consultation}/widget"),
}
NOT_PAGES = {
    "pages.picture": "a picture",
    "sharing.petition_picture": "a picture",
    "sharing.consultation_picture": "a picture",
    "sharing.promise_picture": "a picture",
}
