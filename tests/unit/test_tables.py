"""Tables in files: read as they stand or refused, written whole and privately."""

import stat
from pathlib import Path

import polars as pl
import pytest

from romframe.errors import DataError
from romframe.tables import collect, read_table, write_table


def written(tmp_path: Path, content: bytes, name: str = "table.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def refused(path: Path, delimiter: str = ",") -> str:
    with pytest.raises(DataError) as raised:
        read_table(path, delimiter)
    (problem,) = raised.value.problems
    assert problem.place.file == str(path)
    return problem.code


def test_cells_are_text_as_they_stand(tmp_path: Path) -> None:
    path = written(tmp_path, b"id,q1\n007, 2.50\n")
    assert read_table(path).collect().to_dicts() == [{"id": "007", "q1": " 2.50"}]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfa,b\n1,2\n3,4\n",
        b"a,b\r\n1,2\r\n3,4\r\n",
        b"a,b\n1,2\n3,4",
        b"\na,b\n1,2\n\n3,4\n\n",
        b'"a","b"\n"1","2"\n\n"3","4"\n',
        b'\xef\xbb\xbf"a","b"\r\n1,2\r\n,\r\n3,4\r\n',
    ],
)
def test_marks_line_ends_and_empty_rows_change_nothing(tmp_path: Path, content: bytes) -> None:
    frame = read_table(written(tmp_path, content)).collect()
    assert frame.to_dicts() == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]


def test_quoted_cells_may_hold_delimiters_quotes_and_lines(tmp_path: Path) -> None:
    path = written(tmp_path, b'a,b\n"x,y","say ""aah""\nagain"\n')
    assert read_table(path).collect().to_dicts() == [{"a": "x,y", "b": 'say "aah"\nagain'}]


def test_another_delimiter_is_used_when_it_is_given(tmp_path: Path) -> None:
    path = written(tmp_path, b"a;b\n1;2,5\n")
    assert read_table(path, ";").collect().to_dicts() == [{"a": "1", "b": "2,5"}]
    assert refused(written(tmp_path, b"a|b\n1|2\n"), ";") == "table-delimiter"


def test_a_table_of_one_column_needs_no_delimiter(tmp_path: Path) -> None:
    assert read_table(written(tmp_path, b"a\n1\n")).collect().to_dicts() == [{"a": "1"}]


def test_every_ragged_record_of_a_quoted_file_is_counted(tmp_path: Path) -> None:
    path = written(tmp_path, b'a,b\n"1"\n"2"\n"3",4\n')
    with pytest.raises(DataError, match="1 other lines have not 2 either") as raised:
        read_table(path)
    assert raised.value.problems[0].place.line == 2


def test_the_line_of_a_fault_far_into_the_file_is_right(tmp_path: Path) -> None:
    rows = b"a,b\n" + b"11,22\n" * 400_000
    nul = written(tmp_path, rows + b"1,\0\n", "nul.csv")
    with pytest.raises(DataError) as raised:
        read_table(nul)
    assert raised.value.problems[0].place.line == 400_002
    odd = written(tmp_path, rows + b"1,\xff\n", "odd.csv")
    with pytest.raises(DataError) as raised:
        read_table(odd)
    assert raised.value.problems[0].place.line == 400_002


def test_a_character_cut_by_the_end_of_a_block_is_whole(tmp_path: Path) -> None:
    path = written(tmp_path, b"a\n" + b"x" * ((1 << 20) - 3) + "é\n".encode())
    assert read_table(path).collect()["a"][0].endswith("xé")


def test_a_character_cut_by_the_end_of_the_file_is_refused(tmp_path: Path) -> None:
    assert refused(written(tmp_path, b"a\n1\n\xc3")) == "table-encoding"


def test_a_quote_that_merges_two_rows_is_refused(tmp_path: Path) -> None:
    assert refused(written(tmp_path, b'a,b\n1,5"2\n3,4"\n5,6\n')) == "table-quotes"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.csv") == "table-unreadable"
    assert refused(tmp_path / "none.parquet") == "table-unreadable"


def test_names_with_wildcards_are_plain_names(tmp_path: Path) -> None:
    written(tmp_path, b"a\n1\n", "x1.csv")
    path = written(tmp_path, b"a\n2\n", "x[1].csv")
    assert read_table(path).collect()["a"].to_list() == ["2"]


@pytest.mark.parametrize("name", ["out.csv", "OUT.CSV", "out.parquet"])
def test_a_table_comes_back_as_it_was_written(tmp_path: Path, name: str) -> None:
    frame = pl.DataFrame({"a": ["1", "x,y"], "b": ['"', None]})
    write_table(frame, tmp_path / name)
    assert read_table(tmp_path / name).collect().equals(frame)
    write_table(frame.lazy().head(1).with_columns(b=pl.lit("z")), tmp_path / name)
    assert read_table(tmp_path / name).collect().rows() == [("1", "z")]


def test_what_is_written_is_for_its_owner_only(tmp_path: Path) -> None:
    write_table(pl.DataFrame({"a": [1]}), tmp_path / "out.csv")
    assert stat.S_IMODE((tmp_path / "out.csv").stat().st_mode) == 0o600


def test_a_table_that_cannot_be_finished_leaves_the_old_one(tmp_path: Path) -> None:
    path = written(tmp_path, b"old\n", "out.csv")
    broken = pl.LazyFrame({"a": ["x"]}).with_columns(pl.col("a").cast(pl.Int64))
    with pytest.raises(pl.exceptions.PolarsError):
        write_table(broken, path)
    assert path.read_bytes() == b"old\n"
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]


def test_where_a_table_cannot_be_written_is_said(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": [1]})
    with pytest.raises(DataError, match="table-kind"):
        write_table(frame, tmp_path / "out.xlsx")
    with pytest.raises(DataError, match="table-unwritable"):
        write_table(frame, tmp_path / "none" / "out.csv")


def test_collecting_a_damaged_file_names_it(tmp_path: Path) -> None:
    write_table(pl.DataFrame({"a": list(range(1000))}), tmp_path / "t.parquet")
    frame = read_table(tmp_path / "t.parquet")
    content = (tmp_path / "t.parquet").read_bytes()
    (tmp_path / "t.parquet").write_bytes(content[:20] + b"\xff" * 40 + content[60:])
    with pytest.raises(DataError) as raised:
        collect(frame, "t.parquet")
    assert (raised.value.problems[0].code, raised.value.problems[0].place.file) == (
        "table-damaged",
        "t.parquet",
    )
