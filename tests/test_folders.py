"""`dupfind.folders`: folders of our own, and what looks like them."""

import os
import re

import pytest

from dupfind.errors import OutputError
from dupfind.folders import TAG, is_own, mark

OWN = re.compile("kept")


@pytest.mark.parametrize("name", [TAG, ".gitignore", ".dupfindignore", "kept"])
def test_no_link_is_followed(tmp_path, name):
    """A folder with a link where something of ours would be is refused: it leads elsewhere."""
    folder, precious = tmp_path / "folder", tmp_path / "precious"
    precious.write_text("x")
    folder.mkdir()
    mark(folder, "Things", "cache", OWN)
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(precious)
    with pytest.raises(OutputError, match="holds other things"):
        mark(folder, "Things", "cache", OWN)
    assert precious.read_text() == "x"


def test_links_of_others_stay(tmp_path):
    """A marked folder may itself be reached by a link, and hold links that are not ours."""
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    (tmp_path / "folder").mkdir()
    mark(tmp_path / "link", "Things", "cache", OWN)
    (tmp_path / "folder/mine").symlink_to(tmp_path)
    mark(tmp_path / "link", "Things", "cache", OWN)
    assert (tmp_path / "folder/mine").is_symlink()


def test_a_file_is_no_folder(tmp_path):
    """It is said so, also where it is asked to hold one."""
    (tmp_path / "file").write_text("x")
    for folder in (tmp_path / "file", tmp_path / "file" / "one" / "two"):
        with pytest.raises(OutputError, match="file' is no folder; name a new one for the cache"):
            mark(folder, "Things", "cache", OWN)


def test_a_tag_is_a_file(dupfind, tmp_path):
    """A pipe with the name of a tag is not waited for."""
    os.mkfifo(tmp_path / TAG)
    assert not is_own(tmp_path)
    assert dupfind("scan", ".", "-q", cwd=tmp_path).returncode == 0
