"""For developers: write the calendars anew from the package `holidays`.

python -m participation.answers.calendars FIRST_YEAR LAST_YEAR
"""

import json
import sys
from datetime import date
from importlib.metadata import version

import holidays

from participation.answers.calendar import FOLDER

_CALENDARS = {
    "ir": ("IR", None, [5], {"en": "en_US", "fa": "fa_IR"}, {"en": "Iran", "fa": "ایران"}),
    "gb-eng": ("GB", "ENG", [6, 7], {"en": "en_GB"}, {"en": "England and Wales", "fa": "انگلستان و ولز"}),
    "gb-sct": ("GB", "SCT", [6, 7], {"en": "en_GB"}, {"en": "Scotland", "fa": "اسکاتلند"}),
    "gb-nir": ("GB", "NIR", [6, 7], {"en": "en_GB"}, {"en": "Northern Ireland", "fa": "ایرلند شمالی"}),
}


def main(first: int, last: int) -> None:
    """Write one file a calendar."""
    years = range(first, last + 1)
    for name, (country, part, weekend, languages, title) in _CALENDARS.items():
        days: dict[str, dict[str, str]] = {}
        for language, locale in languages.items():
            found = holidays.country_holidays(country, subdiv=part, years=years, language=locale)
            for day, text in found.items():
                days.setdefault(day.isoformat(), {})[language] = text
        calendar = {
            "id": name,
            "name": title,
            "source": f"Python package holidays {version('holidays')}",
            "weekend": weekend,
            "first": date(first, 1, 1).isoformat(),
            "last": date(last, 12, 31).isoformat(),
            "holidays": dict(sorted(days.items())),
        }
        text = json.dumps(calendar, ensure_ascii=False, indent=1)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
