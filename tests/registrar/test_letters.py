"""Letters: a page each, accessible, in both directions; batches that go on where they stopped."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pikepdf
import pytest

from ballots.manifest import Manifest
from evote.registrar import cli
from evote.registrar.errors import KeyProblem, LetterProblem, VoterListError
from evote.registrar.facts import make_facts
from evote.registrar.journal import Journal
from evote.registrar.letters import Batch, Look, Page, make_page, plan_batches, print_batches
from evote.registrar.lists import Letter
from evote.registrar.pdf import print_letters
from evote.registrar.words import Facts, Speech, choose_speech, hidden_mail, words_for
from tests.support.elections import simulate
from tests.support.letters import F, facts_of, letters_data, make_letters
from tests.support.pdf_text import page_texts


def pages_of(letters: list[Letter], facts: Facts, look: Look) -> list[Page]:
    return [make_page(number, letter, facts, look) for number, letter in enumerate(letters, start=1)]


def elements(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """Yield the elements of a structure tree."""
    if isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
    kids = node.get("/K") if isinstance(node, pikepdf.Dictionary) else None
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            yield from elements(kid)


@pytest.mark.parametrize("language", ["auto", "fa", "both"])
def test_letters_are_accessible_pdf_of_one_page_each(tmp_path: Path, manifest: Manifest, language: str) -> None:
    letters, facts, path = make_letters(manifest), facts_of(manifest), tmp_path / "letters.pdf"
    look = Look(language, "Election office, Town hall")
    path.write_bytes(print_letters(pages_of(letters, facts, look), look))
    texts = page_texts(path)
    assert len(texts) == len(letters)
    for text, letter in zip(texts, letters, strict=True):
        for part in (letter.code, letter.number, facts.fingerprint, facts.short_fingerprint, "vote.example.org"):
            assert part in text
        assert letter.code not in "".join(other for other in texts if other is not text)
    with pikepdf.open(path) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.Root.Lang) == ("fa" if language == "fa" else "en")
        assert "pdfuaid:part" in pdf.Root.Metadata.read_bytes().decode()
        found = list(elements(pdf.Root.StructTreeRoot))
        kinds = [str(one.S) for one in found]
        assert kinds.count("/Figure") == len(letters)
        assert all(str(one.Alt) for one in found if str(one.S) == "/Figure"), "the QR code says where it leads"
        assert {"/H1", "/H2", "/L", "/LI", "/Table", "/TH", "/TD", "/P"} <= set(kinds)
        languages = {str(one.Lang) for one in found if "/Lang" in one}
        assert languages >= ({"en", "fa"} if language in ("auto", "both") else {language})
        assert not [text for text in texts if "?" * 2 in text], "every glyph says which letter it is"


def test_codes_keep_their_order_among_persian(tmp_path: Path, manifest: Manifest) -> None:
    """A group of digits only has no direction of its own, and would change places with its neighbours."""
    [letter] = make_letters(manifest, 1)
    letter = replace(letter, code="12345-67890-ABCDE-98765-12", number="98765-43210-ABCDE-12345-67890")
    path = tmp_path / "letters.pdf"
    path.write_bytes(print_letters(pages_of([letter], facts_of(manifest), Look("fa")), Look("fa")))
    [text] = page_texts(path)
    assert letter.code in text
    assert letter.number in text


def test_the_qr_code_fills_in_the_voter_id_behind_the_hash_and_holds_no_code(manifest: Manifest) -> None:
    letters, facts = make_letters(manifest), facts_of(manifest)
    for page, letter in zip(pages_of(letters, facts, Look("fa")), letters, strict=True):
        address, _, fragment = page.link.partition("#")
        assert address == f"https://vote.example.org/fa/elections/{manifest.id}/login"
        assert fragment.isascii()
        assert unquote(fragment) == f"id={letter.id}"
        assert letter.code.replace("-", "")[:5] not in page.link.upper()


def test_each_voter_gets_the_language_of_the_list_or_of_the_election(manifest: Manifest) -> None:
    facts = facts_of(manifest)
    chosen = [page.words[0].speech.code for page in pages_of(make_letters(manifest), facts, Look())]
    assert chosen == ["en", "fa", "en", "fa", "en"]
    assert choose_speech("fa-IR", {"en": ""}).code == "fa"
    assert choose_speech("xx", {"fa": ""}).code == "fa"
    assert choose_speech("", {"xx": ""}).code == "en"
    both = pages_of(make_letters(manifest), facts, Look("both"))
    assert [[words.speech.code for words in page.words] for page in both][:2] == [["en", "fa"], ["fa", "en"]]


def test_persian_letters_have_persian_dates_and_digits(manifest: Manifest) -> None:
    words = words_for(Speech("fa"), facts_of(manifest), "Emmy Noether", "emmy@example.org")
    assert "۱۰ اسفند ۱۴۰۴" in words.when
    assert "۲۰:۰۰" in words.when
    assert words.greeting == "\u2068Emmy Noether\u2069 گرامی،"
    assert "\u2066em…@example.org\u2069" in words.steps[1]
    english = words_for(Speech("en"), facts_of(manifest), "پروین", "p@example.org")
    assert english.greeting == "Dear \u2068پروین\u2069,"
    assert "Mar 1, 2026, 11:30" in english.when
    assert hidden_mail("abc@x.org") == "…@x.org"


def test_long_titles_names_and_addresses_are_set_smaller_until_they_fit(tmp_path: Path, manifest: Manifest) -> None:
    name = "Maximilian Alexander Hubertus von und zu Oberniederhausen " * 3
    letters = make_letters(manifest, 2)
    letters[1] = replace(letters[1], name=name.strip(), address=tuple(f"line {number} " * 8 for number in range(6)))
    title = "A referendum on everything that anybody in this town has ever wanted to decide " * 4
    facts = replace(facts_of(manifest), title={"en": title}, description={"en": "It is about a lot. " * 100})
    path = tmp_path / "letters.pdf"
    look = Look("both")
    path.write_bytes(print_letters(pages_of(letters, facts, look), look))
    texts = page_texts(path)
    assert len(texts) == 2
    assert letters[1].code in texts[1]
    endless = replace(facts, contact="Ask the office. " * 2000)
    with pytest.raises(LetterProblem, match="1001, 1002"):
        print_letters(pages_of(letters, endless, Look("en")), Look("en"))


def test_a_template_of_ones_own(tmp_path: Path, manifest: Manifest) -> None:
    template = tmp_path / "mine.html"
    template.write_text(
        '<html lang="{{ language }}"><title>{{ title }}</title><style>article { break-after: page }</style>'
        '{% for one in letters %}<article id="{{ one.anchor }}"><p>{{ one.letter.name }}: {{ one.values.code[0] }}</p>'
        '<img src="{{ one.qr }}" alt="{{ one.link }}"><img src="https://example.org/picture.png" alt="x">'
        '<div id="end-{{ one.anchor }}"></div></article>'
        "{% endfor %}</html>"
    )
    letters, look = make_letters(manifest, 2), Look("en", template=template)
    letters[0] = replace(letters[0], name="<b>Ada</b>")
    path = tmp_path / "letters.pdf"
    path.write_bytes(print_letters(pages_of(letters, facts_of(manifest), look), look))
    assert [letter.code in text for letter, text in zip(letters, page_texts(path), strict=True)] == [True, True]
    assert "<b>Ada</b>" in page_texts(path)[0]
    template.write_text(template.read_text().replace("end-", ""))
    with pytest.raises(LetterProblem, match="do not fit"):
        print_letters(pages_of(letters, facts_of(manifest), look), look)
    template.write_text("{{ nothing }}")
    with pytest.raises(LetterProblem, match="cannot be used"):
        print_letters(pages_of(letters, facts_of(manifest), look), look)


def batches_of(tmp_path: Path, letters: list[Letter]) -> list[Batch]:
    return plan_batches(letters, tmp_path / "letters.pdf", 2)


def test_batches_go_on_where_they_stopped(tmp_path: Path, manifest: Manifest) -> None:
    letters, facts, look = make_letters(manifest), facts_of(manifest), Look("en")
    batches = batches_of(tmp_path, letters)
    assert [batch.path.name for batch in batches] == ["letters-001.pdf", "letters-002.pdf", "letters-003.pdf"]
    path = tmp_path / ".journal"
    with Journal(path) as journal, closing(print_batches(batches, facts, look, journal, 1)) as running:
        assert next(running) == batches[0]  # and then somebody stops it
    first = batches[0].path.read_bytes()
    with Journal(path) as journal:
        journal.append(
            {"file": "letters-002.pdf", "of": "half", "sha256": "written"}
        )  # stopped before the file was there
        assert list(print_batches(batches, facts, look, journal, 2)) == batches
    assert batches[0].path.read_bytes() == first
    assert batches[0].path.stat().st_mode & 0o777 == 0o600
    texts = [text for batch in batches for text in page_texts(batch.path)]
    assert [letter.code in text for letter, text in zip(letters, texts, strict=True)] == [True] * 5
    with Journal(path) as journal:
        for changed in ((facts, Look("fa")), (replace(facts, contact="Other"), look)):
            with pytest.raises(LetterProblem, match="another list or with other options"):
                list(print_batches(batches, *changed, journal, 1))
        batches[2].path.write_bytes(first)
        with pytest.raises(LetterProblem, match="changed or damaged"):
            list(print_batches(batches, facts, look, journal, 1))
    with Journal(tmp_path / "other") as journal, pytest.raises(LetterProblem, match="does not know it"):
        list(print_batches(batches, facts, look, journal, 1))


def test_the_command(tmp_path: Path, manifest: Manifest, manifest_path: Path) -> None:
    (tmp_path / "letters.csv").write_bytes(letters_data(manifest))
    out = tmp_path / "print" / "letters.pdf"
    common = ["letters", str(tmp_path / "letters.csv"), "--manifest", str(manifest_path), "--allow-test-keys"]
    common += ["--election", F, "--site", "https://vote.example.org/", "--time-zone", "Asia/Tehran", "--out", str(out)]
    cli.commands([*common, "--only", "1001", "--only", "1002"], standalone_mode=False)
    assert len(page_texts(out)) == 2
    out.unlink()
    with Journal(tmp_path / "send.journal") as journal:
        journal.append({"election": F})
        number = make_letters(manifest)[4].number
        journal.append({"event": "refused", "id": "1005", "number": number, "why": "550 No such user"})
    cli.commands([*common, "--refused", str(tmp_path / "send.journal")], standalone_mode=False)
    [text] = page_texts(out)
    assert make_letters(manifest)[4].code in text
    for wrong, said in (
        (["--only", "9"], "no voter 9"),
        (["--site", "vote.example.org"], "no address"),
        (["--time-zone", "Tehran/Asia"], "no time zone"),
        (["--out", "letters.txt"], "does not end in"),
    ):
        with pytest.raises(LetterProblem, match=said):
            cli.commands([*common, *wrong], standalone_mode=False)
    data = (tmp_path / "letters.csv").read_text()
    code = make_letters(manifest)[0].code
    for changed in (data.replace(code, make_letters(manifest)[1].code), data.replace(code, code[:-1]), "id,mail\n", ""):
        (tmp_path / "letters.csv").write_text(changed)
        with pytest.raises(VoterListError):
            cli.commands(common, standalone_mode=False)


def test_the_fingerprint_is_proved_with_key_and_roll(tmp_path: Path) -> None:
    made = simulate()
    manifest, key, roll = (tmp_path / name for name in ("manifest.json", "key.json", "roll.jsonl"))
    manifest.write_bytes(made.election.manifest.encode())
    key.write_bytes(made.election.key_document.encode())
    roll.write_bytes(b"".join(line.encode() for line in made.election.roll.values()))

    def facts(claimed: str) -> Facts:
        return make_facts(manifest, True, made.election.manifest, claimed, roll, key, "https://vote.example", "UTC", "")

    assert facts(made.fingerprint).fingerprint == made.fingerprint
    with pytest.raises(KeyProblem, match="Print nothing"):
        facts(F)
