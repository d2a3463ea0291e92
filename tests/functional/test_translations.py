"""Files of translations as a service meets them."""

PO = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "There are no scores to show."
msgstr "Nid oes sgoriau i'w dangos."

msgid "Fewer than %(n)s returns came: what they say is held back."
msgstr "Rhy ychydig."
"""


def test_a_report_is_in_the_language_of_the_workspace_and_doctor_tells_what_is_wrong(run, tmp_path):
    place = tmp_path / "service"
    run("init", place)
    sound = run("-w", place, "doctor")
    assert (sound.code, "translations: sound" in sound.out) == (0, True)
    (place / "locales").mkdir()
    (place / "locales" / "cy.po").write_text(PO, encoding="utf-8")
    with (place / "romframe.yaml").open("a", encoding="utf-8") as config:
        config.write("locale: cy\n")
    wrong = run("-w", place, "doctor")
    assert (wrong.code, "translations: 1 problems" in wrong.out) == (12, True)
    assert "cy.po:7: The placeholders of this translation are not those of its source" in wrong.err
    out = tmp_path / "report.html"
    period = ("--from", "2026-01-01", "--to", "2026-01-31")
    assert run("-w", place, "report", "service", *period, "--out", out).code == 0
    page = out.read_text(encoding="utf-8")
    assert '<html lang="cy">' in page
    assert "<p>Nid oes sgoriau i'w dangos.</p>" in page
    assert "1 Ionawr 2026" in page
