"""The comparison with asv's sites: nothing it loads from elsewhere is forgotten."""

from importlib.resources import files
from pathlib import Path

from tests.evaluation.side_by_side.sites import ELSEWHERE, Site, bring_home


def test_every_foreign_file_of_asv_has_a_stand_in(tmp_path: Path) -> None:
    """No address of another host is left in the page, and each local copy is there."""
    stand_ins = tmp_path / "packages"
    for name in ELSEWHERE.values():
        (stand_ins / name).parent.mkdir(parents=True, exist_ok=True)
        (stand_ins / name).write_text(name, encoding="utf-8")
    folder = tmp_path / "html"
    folder.mkdir()
    page = (files("asv") / "www" / "index.html").read_text(encoding="utf-8")
    (folder / "index.html").write_text(page, encoding="utf-8")

    site = Site(name="asv publish", folder=folder, cpu_s=1.0, files=1, disk_bytes=len(page))
    home = bring_home(site, stand_ins)

    text = (folder / "index.html").read_text(encoding="utf-8")
    assert home.elsewhere == len(ELSEWHERE) == page.count("integrity=")
    assert "integrity=" not in text
    assert 'src="https://' not in text
    assert sorted(path.name for path in (folder / "elsewhere").iterdir()) == sorted(ELSEWHERE)
