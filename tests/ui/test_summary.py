"""The table of districts as a file: titles, years, example marks, no formulas."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from layers.workspace import Workspace
from layers.write import csv_bytes
from ui.summary import file_name, summary_table


def test_the_download_says_what_stands_on_the_page(
    read_only: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEIMAP_WORKSPACE", str(read_only.root))
    table = summary_table(("0207", "0208"))
    read = pd.read_csv(io.BytesIO(csv_bytes(table)), dtype={"Code": str}, encoding="utf-8-sig")
    assert list(read["Code"]) == ["0207", "0208"]
    assert "Upland crops 2011, ha" in read
    assert any(name.startswith("Households (20") for name in read)
    assert any(name.startswith("Poor, % (20") for name in read)
    assert set(read["Example data"]) == {"example"}


def test_a_text_never_becomes_a_formula() -> None:
    written = csv_bytes(pd.DataFrame({"a": ["=1+1", "ត្រែង"]}, index=pd.Index([1, 2], name="i")))
    assert written.decode("utf-8-sig") == "i,a\r\n1,'=1+1\r\n2,ត្រែង\r\n"


def test_the_file_name_says_example() -> None:
    assert file_name(("0207", "13"), example=True) == "districts-0207-13-example.csv"
    assert file_name(("0207",), example=False) == "districts-0207.csv"
