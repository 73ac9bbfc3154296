"""Made-up tables that are wrong, doubtful or unusual, each with what has to come of it.

A case is a table of activity rows with the columns ``id, site, date, activity, quantity, unit`` and 0.5 kg CO2 a kWh.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

HEAD = "id,site,date,activity,quantity,unit"


@dataclass(frozen=True)
class Case:
    """A file and its outcome.

    Attributes:
        id: names the case.
        content: bytes of the file.
        outcome: ``accept``, ``leave out`` (bad rows listed, the rest computed when asked), or ``refuse``.
        rule: the rule that must be named; for ``accept`` the note, if any.
        lines: physical lines that must be named with the rule.
        places: further rules with the lines they must be named with.
        total: kg CO2 that come out, as decimal text.
        says: what the message must hold.
        file: name of the file.
        answer: what is declared, after which the file must give ``then`` kg CO2.
        then: kg CO2 after the answer.
    """

    id: str
    content: bytes
    outcome: str
    rule: str = ""
    lines: tuple[int, ...] = ()
    places: tuple[tuple[str, int], ...] = ()
    total: str = ""
    says: str = ""
    file: str = "activity.csv"
    answer: Mapping[str, object] = field(default_factory=dict)
    then: str = ""


def row(number: int = 1, **changes: str) -> str:
    """A sound row of 100 kWh, with some cells changed."""
    cells = {"id": str(number), "site": "A", "date": "2025-01-15", "activity": "purchased_electricity"}
    cells |= {"quantity": "100", "unit": "kWh"} | changes
    return ",".join(f'"{cell}"' if set(cell) & set(',\n"') else cell for cell in cells.values())


def table(*rows: str, head: str = HEAD, end: str = "\n") -> str:
    """A table of rows."""
    return "".join(f"{line}{end}" for line in (head, *rows))


def good(total: str, text: str | bytes, name: str, rule: str = "", file: str = "activity.csv") -> Case:
    content = text if isinstance(text, bytes) else text.encode()
    return Case(name, content, "accept", rule, total=total, file=file)


def refuse(rule: str, text: str | bytes, name: str, line: int = 1, says: str = "", **more: object) -> Case:
    content = text if isinstance(text, bytes) else text.encode()
    return Case(name, content, "refuse", rule, (line,), says=says, **more)  # type: ignore[arg-type]


def amounts(broken: Iterable[tuple[str, str]]) -> Case:
    """Bad amounts, each in a row with the rule it breaks, after a sound row."""
    found = list(broken)
    rows = table(row(0), *(row(number, quantity=text) for number, (text, _) in enumerate(found, start=1)))
    places = tuple((rule, line) for line, (_, rule) in enumerate(found, start=3))
    return Case(
        "amounts that are no numbers", rows.encode(), "leave out", places=places, total="50", says="U+2212 (minus sign)"
    )


def ask_amount(text: str, answer: Mapping[str, object], then: str, says: str = "") -> Case:
    """An amount with marks, the declaration that answers it, and the total then."""
    rows = table(row(1, quantity=text))
    name = f"amount {text!r}"
    return Case(name, rows.encode(), "refuse", "number-ambiguous", (2,), says=says, answer=answer, then=then)


def date_left_out(text: str, rule: str, says: str = "") -> Case:
    rows = table(row(1, date=text), row(2))
    return Case(f"date {text!r}", rows.encode(), "leave out", rule, (2,), total="50", says=says)


def encodings() -> Iterator[Case]:
    two = table(row(1, site="上海厂"), row(2, site="北京"))
    yield good("100", b"\xef\xbb\xbf" + two.encode(), "UTF-8 with a mark")
    yield good("100", two.encode("utf-16"), "UTF-16 with a mark")
    yield good("100", b"\xfe\xff" + two.encode("utf-16-be"), "UTF-16, big end first, with a mark")
    yield good("100", two.encode("utf-32"), "UTF-32 with a mark")
    for codec, declared in (("gb18030", "gb18030"), ("big5", "big5"), ("cp932", "shift_jis")):
        text = table(row(1, site="東京工場"), row(2, site="京都")) if codec == "cp932" else two.replace("厂", "工")
        yield refuse(
            "encoding-unknown", text.encode(codec), f"{codec} undeclared", 2, declared, answer={"encoding": declared},
            then="100",
        )  # fmt: skip
    latin = table(row(1, site="Köln"), row(2, site="Málaga")).encode("cp1252")
    yield refuse(
        "encoding-unknown", latin, "cp1252 undeclared", 2, "'1,Köln", answer={"encoding": "cp1252"}, then="100"
    )
    yield refuse("encoding-unknown", two.encode("utf-16-le"), "UTF-16 without a mark", 1, "utf-16-le")
    yield refuse("encoding-unknown", two.encode("utf-16-be"), "UTF-16-BE without a mark", 1, "utf-16-be")
    mixed = table(row(1, site="Köln")).encode() + (row(2, site="Málaga") + "\n").encode("cp1252")
    for codec, declared, name in (
        ("cp1251", "cp1251", "Москва"), ("cp1250", "cp1250", "Łódź"), ("koi8-r", "koi8-r", "Казань"),
        ("euc-jp", "euc-jp", "東京"), ("euc-kr", "euc-kr", "서울"), ("gb18030", "gb18030", "𠮷野"),
    ):  # fmt: skip
        yield refuse(
            "encoding-unknown", table(row(1, site=name)).encode(codec), f"{codec} undeclared, {name}", 2, name,
            answer={"encoding": declared}, then="50",
        )  # fmt: skip
    yield refuse("encoding-unknown", two.encode("cp037", "replace"), "EBCDIC", 1)
    yield refuse("encoding-unknown", table(row(1)).encode("utf-32-le"), "UTF-32 without a mark", 1, "utf-32")
    yield refuse("encoding-unknown", table(row(1)).encode().replace(b"A", b"\xed\xa0\x80"), "half a character", 2)
    yield refuse("file-encoding", b"\xff\xfe" + two.encode("utf-16-le")[:-1], "UTF-16 cut off", 3, "cut off")
    yield refuse(
        "file-encoding", (two + row(3, site="Kö")).encode().rpartition(b"\xb6")[0], "UTF-8 cut off", 4, "cut off"
    )
    yield good("50", table(row(1, site="K\ufffdln")), "a character lost before", "character-lost")
    yield refuse("encoding-mixed", mixed, "two encodings", 3, "offset 88")
    yield refuse("encoding-mixed", mixed + (row(3, site="Wrocław") + "\n").encode(), "one wrong line between", 3)


def dialects() -> Iterator[Case]:
    rows = [row(1), row(2)]
    semicolons = [line.replace(",", ";") for line in rows]
    head = HEAD.replace(",", ";")
    yield good("100", table(*semicolons, head=head), "semicolons, whole numbers", "dialect-detected")
    yield good("100", table(*rows).replace(",", "\t"), "tabs under the name of a CSV file", "dialect-detected")
    yield good("100", table(*rows).replace(",", "\t"), "tabs in a TSV file", file="activity.tsv")
    yield good("100", table(*rows).replace(",", "|"), "bars", "dialect-detected")
    for text, decimal, then in (("1234,5", ",", "617.25"), ("1234.5", ".", "617.25"), ("1.234", ".", "0.617")):
        yield refuse(
            "dialect-undeclared", table(semicolons[0].replace("100", text), head=head), f"semicolons and {text}", 2,
            "delimiter", answer={"delimiter": ";", "decimal": decimal}, then=then,
        )  # fmt: skip
    yield refuse(
        "dialect-undeclared", table(semicolons[0].replace("100", "1.234"), head=head), "semicolons, 1.234 as 1234", 2,
        answer={"delimiter": "semicolon", "decimal": ",", "thousands": "."}, then="617",
    )  # fmt: skip
    yield refuse(
        "dialect-undeclared", table(semicolons[0].replace("100", "1,5"), head=head), "semicolon declared, marks not", 2,
        answer={"delimiter": ";", "decimal": ","}, then="0.75",
    )  # fmt: skip
    for end, name in (("\n", "LF"), ("\r\n", "CRLF"), ("\r", "CR")):
        yield good("100", table(*rows, end=end), f"line ends {name}")
    yield good("100", f"{HEAD}\n{row(1)}\r\n{row(2)}\r", "mixed line ends")
    yield good("100", table(*rows).rstrip("\n"), "no line end at the end")
    yield good("100", table(row(1, site="A, B"), row(2, site='say "A"'.replace('"', '""'))), "quoted delimiter")
    yield good("100", table(row(1, site="two\nlines"), row(2)), "line break in a cell", "character-invisible")
    yield refuse("quote-open", table(row(1).replace("A", '"A'), row(2)), "quote never closed", 2)
    yield refuse("quote-open", table(row(1).replace("A", '"A"B'), row(2)), "text after a quote", 2)
    swallowed = table(f'{row(1)},"a', f'{row(2)},b"', head=f"{HEAD},note")
    yield refuse("quote-open", swallowed, "quote closed a row too late", 2)
    yield refuse(
        "column-missing", "Meter export\nprinted 2026-01-03\n\n" + table(*rows), "lines above the header", 1,
        "header_row: 4", answer={"header_row": 4}, then="100",
    )  # fmt: skip


def structure() -> Iterator[Case]:
    yield refuse("file-empty", "", "empty file")
    yield refuse("file-empty", " \n\n ", "blank file")
    yield refuse("file-empty", b"\xef\xbb\xbf", "byte order mark alone")
    yield refuse("file-empty", table(), "header alone")
    yield refuse("column-missing", "\n".join([row(1), row(2)]), "no header")
    yield refuse("column-missing", table("1,A,2025-01-15,x,100", head=HEAD.rpartition(",")[0]), "no unit", 1, "unit")
    yield refuse("column-duplicate", table("1,A,2025-01-15,x,100,1,kWh", head=HEAD.replace("unit", "quantity,unit")),
        "two amounts", 1, "5 and 6")  # fmt: skip
    yield refuse("column-unknown", table(f"{row(1)},x", head=f"{HEAD},colour"), "unknown column", 1, "colour")
    yield good("50", table(f"{row(1)},,", head=f"{HEAD},,"), "columns without a name and a cell", "column-blank")
    yield refuse("column-unknown", table(f"{row(1)},x", head=f"{HEAD},"), "column without a name", 1, "position 7")
    yield refuse("column-missing", table(row(1), head=HEAD.upper()), "header in capitals", 1, "amount: QUANTITY",
        answer={"columns": {"id": "ID", "start": "DATE", "end": "DATE", "activity": "ACTIVITY", "amount": "QUANTITY",
                            "unit": "UNIT", "site": "SITE"}}, then="50")  # fmt: skip
    yield good("50", table(row(1), head=HEAD.replace(",", " , ")), "spaces in the header")
    yield good("50", table(f"{row(1)},,", ",,,,,,,", head=f"{HEAD},note,derived_from"), "row of commas", "row-blank")
    for text, name in (
        (f"{row(2)},more", "a cell too many"),
        ("2,A,2025-01-15", "too few cells"),
        ("Source: x", "footer"),
    ):
        yield Case(name, table(row(1), text).encode(), "leave out", "row-ragged", (3,), total="50")
    yield Case(
        "header again", table(row(1), HEAD, row(2)).encode(), "leave out", "row-repeats-header", (3,), total="100"
    )
    for start, name in (
        ("<html><table>", "a web page"), ("<?xml version='1.0'?>", "XML"), ("%PDF-1.7", "PDF"), ("{\\rtf1", "RTF"),
        ("SQLite format 3\0", "SQLite"), ("PAR1", "Parquet"), ("ARROW1", "Arrow"), ("BZh91AY", "bzip2"),
    ):  # fmt: skip
        yield Case(f"{name} under the name of a table", start.encode(), "refuse", "file-kind")
    yield refuse("json-syntax", '{"id": "1"}\n{"id": "2"}\n', "JSON lines", 1, "without commas", file="activity.jsonl")
    all_wide = table(*(f"{row(number)},x" for number in range(1, 4)))
    yield Case("every row too wide", all_wide.encode(), "leave out", "row-ragged", (2, 3, 4), total="0", says="7 cells")
    yield Case("bell in a cell", table(row(1, site="A\a"), row(2)).encode(), "leave out", "cell-control-character",
        (2,), total="50")  # fmt: skip
    yield Case("null in a cell", table(row(1, site="A\0"), row(2)).encode(), "leave out", "cell-control-character",
        (2,), total="50")  # fmt: skip
    yield Case("text turned round", table(row(1, site="A\u202eB"), row(2)).encode(), "leave out",
        "cell-control-character", (2,), total="50")  # fmt: skip
    yield good("50", table(row(1, unit="kWh\u200b")), "zero-width space after a unit", "character-invisible")
    yield good("50", table(row(1, unit="kWh\u00a0")), "unbreakable space after a unit")
    yield good("50", table(row(1, quantity="\ufeff100")), "byte order mark before an amount", "character-invisible")
    yield good("100", table(row(1, site="Zürich"), row(2, site="Zu\u0308rich")), "one name, two compositions")
    yield good("50", table(row(1, site='=cmd|" /C calc"!A0'.replace('"', '""'))), "formula in a name")
    for text in (
        "=1+1",
        "+1",
        "-1",
        "@x",
        "\t=1",
        "＝1",
        "<script>",
        "http://x.example",
        "file:///etc/passwd",
        "${HOME}",
    ):
        yield good("50", table(row(1, site=text)), f"site {text!r}")


def numbers() -> Iterator[Case]:
    comma, point = {"decimal": ".", "thousands": ","}, {"decimal": ",", "thousands": "."}
    yield ask_amount("1,234", comma, "617", "1234 or 1.234")
    yield ask_amount("1,234", point, "0.617")
    yield ask_amount("1.234,5", point, "617.25")
    yield ask_amount("1,234.5", comma, "617.25")
    yield ask_amount("12,5", {"decimal": ","}, "6.25")
    yield ask_amount("1 234", {"thousands": "space"}, "617")
    yield ask_amount("1\u00a0234", {"thousands": "space"}, "617")
    yield ask_amount("1\u202f234,5", {"decimal": ",", "thousands": "space"}, "617.25")
    yield ask_amount("1'234.5", {"thousands": "'"}, "617.25")
    yield ask_amount("1’234.5", {"thousands": "'"}, "617.25")
    yield ask_amount("1,234,567", comma, "617283.5")
    yield ask_amount("1.234.567", point, "617283.5")
    yield good("50", table(row(1, quantity="100.0")), "one decimal")
    grouped = table(row(1, quantity="1.234"), row(2, quantity="12.500")).encode()
    yield Case("points that may be thousands marks", grouped, "accept", "number-grouping", total="6.867",
        answer={"decimal": ",", "thousands": "."}, then="6867")  # fmt: skip
    yield good("6.3", table(row(1, quantity="12.500"), row(2, quantity="0.100")), "a point that is a decimal mark")
    yield good("50", table(row(1, quantity="+100")), "plus sign")
    yield good("50", table(row(1, quantity="1e2")), "exponent", "number-scientific")
    yield good("60000", table(row(1, quantity="1.2E+05")), "exponent of a spreadsheet", "number-scientific")
    yield good("0", table(row(1, quantity="0")), "zero is an amount")
    yield good("0.0000005", table(row(1, quantity="0.000001")), "smallest amount")
    broken = dict.fromkeys(("-", "–", "n/a", "N/A", "TBC", "NULL", "none", "?", "missing"), "number-missing")
    broken |= dict.fromkeys(("NaN", "nan", "inf", "-inf", "Infinity", "∞", "+INF"), "number-not-finite")
    broken |= dict.fromkeys(("١٢٣", "１２３", "१२३", "1２3"), "number-not-ascii")
    broken |= dict.fromkeys(("#DIV/0!", "#REF!", "#VALUE!", "#NAME?"), "spreadsheet-error")
    invalid: tuple[str, ...] = (
        "(120.5)", "1_000", "0x1F", "25%", "$1200", "1200 kWh", "x", "1..2", "--5", "5-", "1e", "e5", "²", "½", "12 34",
        "~100", "<100", "100*", "TRUE", "1/2", "1e4000", "'100", "−120.5", "1 kWh", "a" * 3000,
    )  # fmt: skip
    invalid += ("1,23,456", "1 1/2", "120.5-", "CR 120.5", "5-10", "1x10^3", "1.5M", "100 (est.)", "=50+50")
    broken |= dict.fromkeys(("1.#IND", "-1.#INF", "nan(ind)"), "number-not-finite")
    broken |= dict.fromkeys(("#WERT!", "#¡DIV/0!", "Err:502", "#NV", "#BLOCKED!"), "spreadsheet-error")
    broken |= dict.fromkeys(("(null)", "<NA>", "\\N", "k.A.", "待定"), "number-missing")
    broken |= dict.fromkeys(invalid, "number-invalid") | {"-120.5": "number-negative", "": "value-missing"}
    broken |= {"9" * 5000: "number-too-large", "1e300": "number-too-large", "9" * 19: "number-too-large"}
    yield amounts(broken.items())


def dates() -> Iterator[Case]:
    slashes = table(row(1, date="01/02/2025"), row(2, date="03/04/2025"))
    yield refuse("date-ambiguous", slashes, "slashes without evidence", 2, "2025-02-01 as DD/MM/YYYY or 2025-01-02",
        answer={"dates": "DD/MM/YYYY"}, then="100")  # fmt: skip
    yield refuse("date-ambiguous", slashes, "slashes, month first", 2, answer={"dates": "MM/DD/YYYY"}, then="100")
    yield refuse("date-ambiguous", table(row(1, date="01.02.2025")), "points without evidence", 2, "DD.MM.YYYY")
    yield refuse("date-ambiguous", table(row(1, date="01-02-2025")), "hyphens without evidence", 2)
    yield refuse("date-ambiguous", table(row(1, date="1/2/25")), "two-digit year", 2, "DD/MM/YY",
        answer={"dates": "DD/MM/YY"}, then="50")  # fmt: skip
    yield refuse("date-ambiguous", table(row(1, date="25-01-02")), "two digits thrice", 2)
    yield refuse("date-mixed", table(row(1, date="13/02/2025"), row(2, date="02/13/2025")), "both orders", 2, "line 3")
    yield refuse("date-mixed", table(row(1, date="13/02/2025"), row(2, date="02.13.2025")), "both orders, two marks", 2)
    for text, form in (
        ("2025/01/15", "YYYY/MM/DD"), ("2025.1.15", "YYYY.MM.DD"), ("20250115", "YYYYMMDD"),
        ("15 Jan 2025", "DD MON YYYY"), ("15-Jan-2025", "DD-MON-YYYY"), ("January 15, 2025", "MON DD, YYYY"),
        ("13/02/2025", "DD/MM/YYYY"), ("02/13/2025", "MM/DD/YYYY"), ("2025年1月15日", "YYYY年MM月DD日"),
        ("2025-1-5", "YYYY-MM-DD"),
    ):  # fmt: skip
        yield good("50", table(row(1, date=text)), f"date {text!r} ({form})", "date-detected")
    for text in (
        "15/01/2025 10:00",
        "1/15/2025 12:00:00 AM",
        "15.01.2025, 10:30",
        "2025-01-15Z",
        "15JAN2025",
        "2025-Jan-15",
    ):
        yield good("50", table(row(1, date=text)), f"date {text!r} with more", "date-detected")
    yield refuse("date-ambiguous", table(row(1, date="01/02/2025 00:00:00")), "slashes with a clock", 2, "DD/MM/YYYY")
    evident = table(row(1, date="13/02/2025"), row(2, date="01/02/2025"))
    yield good("100", evident, "one date decides for the column", "date-detected")
    for text in ("2025-01-01T00:30:00+09:00", "2025-12-31 23:59:59", "2025-12-31T23:30:00Z", "2025-01-01T00:00"):
        yield good("50", table(row(1, date=text)), f"clock {text!r}", "date-detected")
    yield date_left_out("45672", "date-is-serial", "2025-01-15 in the 1900 system or 2029-01-16 in the 1904 system")
    yield Case("serial declared", table(row(1, date="45672")).encode(), "leave out", "date-is-serial", (2,), total="0",
        answer={"dates": "excel-1900"}, then="50")  # fmt: skip
    for text in (
        "Q1 2025",
        "2025-Q1",
        "2025-W05",
        "FY25",
        "FY2024/25",
        "2025",
        "2025-01",
        "Jan 2025",
        "Jan-25",
        "H1 2025",
    ):
        yield date_left_out(text, "date-is-period")
    for text in ("31/02/2025", "yesterday", "0", "2025-01-15x", "15", "--"):
        yield date_left_out(text, "date-invalid")
    for text, says in (
        ("2025-02-29", "February 2025 has 28 days"), ("2025-13-01", "no month 13"), ("2025-W03-3", "2025-01-15"),
        ("2025-015", "2025-01-15"), ("1736899200", "2025-01-15"), ("n/a", "missing date"), ("2025–01–15", "en dash"),
        ("15 janvier 2025", "in English"), ("2025-01-15 to 2025-02-14", "two days"), ("#REF!", "spreadsheet formula"),
        ("2025-01-15T24:00:00", "no time of day"), ("2025-01-15 25:10", "no time of day"),
    ):  # fmt: skip
        yield date_left_out(text, "date-invalid", says)
    yield date_left_out("1Q25", "date-is-period", "2025-01-01 and 2025-03-31")
    yield date_left_out("2025年2月", "date-is-period", "2025-02-01 and 2025-02-28")
    for text in ("2024-12-31", "2026-01-01", "0025-01-15"):
        yield date_left_out(text, "date-outside-period")


def ledger() -> Iterator[Case]:
    twice = table(row(1), row(1))
    yield Case("same id twice", twice.encode(), "leave out", "id-duplicate", (3,), total="50")
    yield Case("unknown activity", table(row(1), row(2, activity="unobtainium")).encode(), "leave out",
        "activity-unknown", (3,), total="50")  # fmt: skip
    yield Case("near activity", table(row(1), row(2, activity="Purchased electricity")).encode(), "leave out",
        "activity-unknown", (3,), total="50", says="Did you mean 'purchased_electricity'")  # fmt: skip
    totals = [row(n, id=name) for n, name in enumerate(("Total", "Grand total", "TOTAL 2025", "合計", "Gesamtsumme"))]
    yield Case("totals below the data", table(row(1), *totals).encode(), "leave out", "row-total", (3, 4, 5, 6, 7),
        total="50")  # fmt: skip
    yield good("50", table(row(1, site="Total Energies depot")), "a name that begins like a total")
    yield good("50", table(row(1, quantity="50"), row(2, quantity="50")), "rows alike but for the id", "row-repeated")
    months = [row(n, date=f"2025-{n:02}-15", quantity="100" if n < 12 else "100000") for n in range(1, 13)]
    yield good("50550", table(*months), "one amount a thousand times the others", "number-outlier")
    for place, said in (
        ("UK", "Write 'GB'"), ("Georgia", "Write 'GE' (Georgia); or, for the state"), ("Korea", "'KR'"),
    ):  # fmt: skip
        head, cells = f"{HEAD},region", f"{row(1)},{place}"
        yield Case(f"region {place}", table(cells, head=head).encode(), "leave out", "region-unknown", (2,), total="0",
            says=said)  # fmt: skip
    for unit, rule in (
        ("9**9**9", "unit-unknown"),
        ("mWh", "unit-ambiguous"),
        ("bananas", "unit-unknown"),
        ("", "value-missing"),
    ):
        yield Case(f"unit {unit!r}", table(row(1), row(2, unit=unit)).encode(), "leave out", rule, (3,), total="50")
    yield good("527.402", table(row(1, quantity="36", unit="therm")), "unit with a variant", "unit-variant")
    yield Case("unit of another dimension", table(row(1), row(2, unit="kg")).encode(), "leave out", "unit-dimension",
        (3,), total="50", says="measures mass")  # fmt: skip


CASES = [*encodings(), *dialects(), *structure(), *numbers(), *dates(), *ledger()]
