from decimal import Decimal

from django.template.loader import render_to_string

from reporting.layout import grid
from reporting.spec import load_spec


def test_the_2024_sheet_is_five_columns_and_fifty_lines(shaanxi):
    sheet = grid(shaanxi)
    assert (len(sheet.widths), len(sheet.rows), sheet.head_rows) == (5, 50, 1)
    assert sheet.total_width == Decimal(170)
    assert sheet.shares == ("6.47%", "7.06%", "52.94%", "18.24%", "15.29%")


def test_every_blank_stands_alone_in_the_last_column_in_printed_order(shaanxi):
    sheet = grid(shaanxi)
    assert [row.codes for row in sheet.rows_of_body] == [(item.code,) for item in shaanxi.items]
    assert {(placed.col, placed.is_single_blank) for placed in sheet.places.values()} == {(4, True)}


def test_blocks_and_pairs_are_merged_as_printed(shaanxi):
    merged = [
        (placed.row, placed.col, placed.last_row, placed.last_col)
        for row in grid(shaanxi).rows_of_body
        for placed in row.cells
        if placed.rowspan > 1
    ]
    blocks = [(2, 0, 8, 0), (9, 0, 32, 0), (33, 0, 38, 0), (39, 0, 42, 0), (43, 0, 45, 0), (46, 0, 47, 0)]
    blocks.append((48, 0, 49, 0))
    pairs = [(row, 2, row + 1, 2) for row in (*range(11, 33, 2), 46, 48)]
    assert sorted(merged) == sorted(blocks + pairs)


def test_a_blank_in_a_sentence_keeps_its_unit(mini):
    cell = grid(mini).rows[1].cells[2]
    assert [("".join(piece.text or "_" for piece in run.pieces), run.together) for run in cell.runs] == [
        ("建立档案的困难职工家庭 ", False),
        ("_ 户，", True),
        ("其中深度困难家庭 ", False),
        ("_ 户。", True),
    ]


def rendered(spec, **templates):
    cells = {item.code: {"text": f"[{item.code}]"} for item in spec.items}
    options = {"cell_template": "reporting/_sheet_text.html", "margin_template": ""} | templates
    return render_to_string("reporting/_sheet.html", {"grid": grid(spec), "cells": cells} | options)


def test_the_shared_table_holds_each_blank_once_and_no_style_attribute(shaanxi, mini):
    for spec in (shaanxi, mini):
        html = rendered(spec)
        assert [html.count(f"[{code}]") for code in spec.codes] == [1] * len(spec.codes)
        assert "style=" not in html


def test_nothing_stands_beside_the_paper_unless_a_page_asks(mini):
    html = rendered(mini)
    assert (html.count("sheet-margin"), html.count("sheet-value-within")) == (0, len(mini.codes))


def test_words_of_the_form_are_escaped(mini_raw):
    mini_raw["layout"]["rows"][0]["cells"][0]["content"] = ["<b>行号</b>"]
    assert rendered(load_spec(mini_raw)).count("&lt;b&gt;行号&lt;/b&gt;") == 1
