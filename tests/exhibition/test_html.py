"""Every page of the exhibition in both languages, and its wrong forms, is clean HTML: html-validate, run once."""

import subprocess
from pathlib import Path

from evote.languages import spoken_languages
from tests.support.browser import ROOT
from tests.support.exhibition import Exhibition, all_places, wrong_forms

CHECKER = ROOT / "tests" / "support" / "validate-html.mjs"


def check(folder: Path) -> list[str]:
    done = subprocess.run(["node", CHECKER, folder], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.splitlines()


def test_every_page_is_clean_html(exhibition: Exhibition, tmp_path: Path) -> None:
    places = [*all_places(), *wrong_forms()]
    assert len(places) > 80
    for number, place in enumerate(places):
        for language in spoken_languages():
            name = "".join(letter if letter.isalnum() else "-" for letter in str(place))[:150]
            (tmp_path / f"{number:03}-{language}{name}.html").write_text(
                exhibition.get(place, language), encoding="utf-8"
            )
    assert check(tmp_path) == []


def test_a_fault_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "wrong.html").write_text("<!doctype html><html><body><p><div></p><img src=x></body></html>")
    assert len(check(tmp_path)) > 3
