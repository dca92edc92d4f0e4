"""The template words of the house look."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.html import strip_tags

from relief.lib import drawings
from unions.templatetags import ui

ROOT = Path(__file__).resolve().parents[2]
CHINA = timezone(timedelta(hours=8))
NOW = datetime(2024, 2, 20, 9, 42, tzinfo=CHINA)
DUE = datetime(2024, 2, 23, tzinfo=CHINA)  # 2月22日 24:00


def render(source, **context):
    return Template("{% load ui %}" + source).render(Context(context))


class Household(forms.Form):
    name = forms.CharField(label="姓名", help_text="与身份证一致")
    met = forms.ChoiceField(label="见到本人了吗", choices=[("a", "见到"), ("b", "没人在家")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="本人同意公示")


@pytest.mark.parametrize(
    ("source", "value", "said"),
    [
        ("{{ x|money }}", Decimal("1234567.89"), "1,234,567.89"),
        ("{{ x|money }}", Decimal("-100"), "−100.00"),
        ("{{ x|money }}", Decimal(0), "0.00"),
        ("{{ x|money }}", None, ""),
        ("{{ x|wan }}", 342_000, "0.34"),
        ("{{ x|wan }}", None, ""),
        ("{{ x|grouped }}", 12345, "12,345"),
        ("{{ x|grouped:2 }}", 5, "5.00"),
        ("{{ x|dash }}", None, "—"),
        ("{{ x|dash }}", 0, "0"),
        ("{{ x|day }}", date(2024, 2, 22), "2024年2月22日"),
        ("{{ x|day }}", datetime(2024, 2, 21, 16, 30, tzinfo=UTC), "2024年2月22日"),
        ("{{ x|short_day }}", date(2024, 2, 22), "2月22日（周四）"),
        ("{{ x|short_day }}", None, ""),
        ("{{ x|clock_time }}", datetime(2024, 2, 20, 1, 42, tzinfo=UTC), "09:42"),
        ("{{ x|mask_name }}", "唐志远", "唐*远"),
        ("{{ x|mask_id }}", "999901198001010021", "···0021"),
        ("{{ x|mask_id }}", "", ""),
    ],
)
def test_filters_say(source, value, said):
    assert render(source, x=value) == said


def test_instant_is_exact_in_its_attribute_and_24_hours_in_its_words():
    said = render("{{ due|instant:now }}", due=DUE, now=NOW)
    assert said == '<time datetime="2024-02-23T00:00:00+08:00">2月22日（星期四）24:00</time>'


def test_remaining_counts_from_the_given_now():
    assert render("{{ due|remaining:now }}", due=DUE, now=NOW) == "还有 2 天 14 小时"


def test_countdown_turns_red_after_the_due():
    assert strip_tags(ui.countdown(DUE, NOW)) == "还有 2 天 14 小时"
    assert strip_tags(ui.countdown(DUE, DUE + timedelta(hours=27))) == "已过 1 天 3 小时"
    assert ui.countdown(DUE, DUE + timedelta(hours=27)).startswith('<p class="countdown countdown-late">')


def test_badges_have_the_words_of_the_house():
    assert ui.state_badge("submitted") == '<span class="pill pill-info">已上报</span>'
    assert ui.state_badge("draft", label="草稿 48/49") == '<span class="pill pill-neutral">草稿 48/49</span>'
    assert ui.state_badge("something") == '<span class="pill pill-neutral">something</span>'
    assert ui.mark("迟报", "warn") == '<span class="pill pill-outline-warn">迟报</span>'
    assert ui.badge("深度困难", "no such tone") == '<span class="pill pill-neutral">深度困难</span>'


def test_every_state_has_a_known_tone():
    assert {tone for _, tone in ui.STATE_BADGES.values()} <= set(ui.BADGE_TONES)


def test_labels_are_escaped():
    assert ui.badge("<b>", "ok") == '<span class="pill pill-ok">&lt;b&gt;</span>'
    assert "<script>" not in render("{% card t %}x{% endcard %}", t="<script>")
    assert "<i>" not in drawings.stacked_bar([("<i>", 1, "ok")])


def test_crumbs_end_with_the_page_itself():
    said = ui.crumbs("统计报表", "/forms/", "填报")
    assert said == (
        '<nav class="crumbs" aria-label="位置"><ol><li><a href="/forms/">统计报表</a></li>'
        '<li aria-current="page">填报</li></ol></nav>'
    )


def test_card_keeps_its_content_and_names_its_link():
    said = render('{% card "待办" count=0 link="/x/" link_label="全部" flush=True %}<ul></ul>{% endcard %}')
    assert said == (
        '<section class="card card-flush"><div class="card-head"><h2>待办</h2> <span class="count">0</span>'
        '<a class="card-link" href="/x/">全部</a></div><div class="card-fill"><ul></ul></div></section>'
    )


def test_field_links_its_error_and_help_to_the_input():
    form = Household({"name": "", "met": "a", "agreed": "on"})
    said = render_to_string("components/_field.html", {"field": form["name"]})
    assert 'aria-describedby="id_name_helptext id_name_error"' in said
    assert 'id="id_name_helptext"' in said
    assert 'id="id_name_error"' in said
    assert 'class="form-control is-invalid"' in said
    assert 'for="id_name"' in said


def test_choices_are_a_fieldset_and_a_lone_box_keeps_its_label():
    form = Household()
    assert "<legend>见到本人了吗" in render_to_string("components/_field.html", {"field": form["met"]})
    said = render_to_string("components/_field.html", {"field": form["agreed"]})
    assert 'class="form-check-input"' in said
    assert '<label class="form-check-label" for="id_agreed">本人同意公示' in said


def test_error_summary_links_every_field():
    form = Household({})
    said = render_to_string("components/_errors.html", {"form": form})
    assert [f'<a href="#id_{name}">' in said for name in ("name", "met", "agreed")] == [True, True, True]
    assert render_to_string("components/_errors.html", {"form": Household()}).strip() == ""


def test_stacked_bar_says_its_figures_and_shares():
    said = drawings.stacked_bar([("按期", 3, "ok"), ("未报", 1, "missing"), ("迟报", 0, "orange")])
    assert 'aria-label="按期 3，未报 1，迟报 0，共 4"' in said
    assert said.count("bar-part") == 2
    assert '<rect x="75.00%" width="25.00%" height="10" class="bar-part fill-missing" fill="url(#hatch)"/>' in said
    assert 'aria-label="，共 0"' in drawings.stacked_bar([])


def test_timeline_says_the_day_that_ends_and_leaves_out_open_dates():
    opens = datetime(2023, 12, 28, tzinfo=CHINA)
    said = drawings.timeline([("截止", DUE, "due"), ("开放填报", opens, "opens"), ("迟报截止", None, "late")], NOW)
    assert 'aria-label="时间线：开放填报 12月28日；截止 2月22日"' in said
    assert said.count("<circle") == 2
    assert drawings.timeline([], NOW) == ""


def test_period_bar_puts_its_dates_on_the_common_axis():
    begin, opens = datetime(2024, 1, 1, tzinfo=CHINA), datetime(2024, 1, 11, tzinfo=CHINA)
    due, end = datetime(2024, 1, 31, tzinfo=CHINA), datetime(2024, 2, 10, tzinfo=CHINA)
    said = render("{% period_bar opens due begin end late=end %}", opens=opens, due=due, begin=begin, end=end)
    assert 'aria-label="开放填报 1月11日；截止 1月30日；迟报截止 2月9日"' in said
    assert '<rect class="open" x="25.00%" width="50.00%" y="6" height="13"/>' in said
    assert '<line class="due" x1="75.00%" x2="75.00%" y1="2" y2="23"/>' in said
    assert "edit" not in said


def test_ruler_marks_keep_their_distance_and_their_order():
    assert drawings.spread([0, 95, 97, 100], 22) == [0, 56, 78, 100]
    assert drawings.spread([0, 50, 100], 22) == [0, 50, 100]


def test_lines_and_scale_say_their_figures():
    assert 'aria-label="已报家数：由 1 到 9"' in drawings.spark([1, None, 9], "已报家数")
    assert drawings.spark([], "已报家数") == ""
    chart = drawings.line_chart([("本县区", [0, 97, None], "info")], "1/26", "2/27", due=80)
    assert 'aria-label="本县区 97，1/26 至 2/27"' in chart
    scale = drawings.scale(Decimal("730.83"), Decimal(780), Decimal(1560))
    assert 'aria-label="本户 730.83，低保标准 780，上限 1,560"' in scale


def test_the_404_page_is_the_same_bytes_but_for_the_request_id():
    def page(request_id, path):
        request = RequestFactory().get(path)
        request.request_id = request_id
        return render_to_string("404.html", {"request": request})

    one, other = page("a" * 16, "/dossiers/1/"), page("b" * 16, "/nowhere/")
    assert one.replace("a" * 16, "b" * 16) == other


def test_no_page_needs_inline_script_or_style():
    # These are printed by the PDF worker, they are never sent to a browser.
    printed = {
        "_sheet_document.html",
        "notice_pdf.html",
        "bundle_receipt.html",
        "dossier_sheet.html",
        "password_letters.html",
        "payout_list_sheet.html",
        "public_list_paper.html",
    }
    pages = [path for path in (ROOT / "templates").rglob("*.html") if path.name not in printed]
    sources = [path.read_text() for path in pages]
    found = [
        mark
        for source in sources
        for mark in ("style=", "<style", "onclick=", "onchange=", "javascript:")
        if mark in source
    ]
    assert found == []
