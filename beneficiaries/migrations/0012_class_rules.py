"""The class rules of domain.md 3.1 as rows: the national one with its exclusions, a city's, and those for reference."""

import datetime

from django.db import migrations

ORIGIN = "困难职工建档规定（不予建档情形）"
EXCLUSIONS = [
    {
        "key": "two_homes",
        "words": "有两套及以上住房",
        "hint": "有的省规定人均不足 15 平方米的除外，按当地规定办。",
        "origin": ORIGIN,
    },
    {"key": "business", "words": "有经营用房，或雇工两人及以上", "hint": "", "origin": ORIGIN},
    {
        "key": "costly_school",
        "words": "子女就读高收费私立学校或自费出国留学",
        "hint": "有的市以学费超过同类公办学校两倍为界。",
        "origin": ORIGIN,
    },
    {"key": "two_cars", "words": "有一辆以上家用轿车", "hint": "", "origin": ORIGIN},
]


def two_lines(operator):
    return {
        "months": 12,
        "deep": {"multiple": "1", "operator": "<"},
        "relative": {"multiple": "2", "operator": operator, "less_job_cost": True},
        "accidental_share": "80",
        "exclusions": EXCLUSIONS,
    }


def per_head(operator, standard, *terms):
    return {"terms": list(terms), "standard": standard, "operator": operator}


def share(operator, percent, *terms):
    return {"terms": list(terms), "income_share": percent, "operator": operator}


def tests(*results):
    return {"months": 12, "tests": [{"result": result, "all": list(all_of)} for result, *all_of in results]}


CLASS_150 = tests(
    ("低保户", per_head("<", "1", "income")),
    ("低保边缘户", per_head("<=", "1.5", "income"), per_head("<=", "1", "income", "-rigid")),
    ("意外致困户", per_head("<=", "3", "income"), per_head("<=", "1", "income", "-rigid")),
    ("意外致困户", per_head(">", "3", "income"), per_head("<=", "1", "income", "savings", "-rigid")),
)
STUDY = tests(
    (
        "可申请助学",
        per_head("<=", "3", "income"),
        {"terms": ["income", "-rigid"], "yuan": "996", "operator": "<="},
    )
)
BORDER = tests(
    ("低保边缘家庭（另查财产）", per_head("<", "1.5", "income")),
    ("扣除医疗、教育、康复、灾害支出后属低保边缘家庭", per_head("<", "1.5", "income", "-rigid")),
)

RULES = [
    ("class_2x", 2, "全国标准（2 倍线）", two_lines("<="), 2018, None, True, "全国总工会", "困难职工建档标准（现行）"),
    (
        "class_2x_below",
        1,
        "市级自测口径（低于 2 倍线）",
        two_lines("<"),
        2018,
        None,
        True,
        "一个市的自测标准",
        "困难职工家庭自测公式：相对困难须低于低保标准 2 倍",
    ),
    (
        "class_150",
        1,
        "2016—2018 年分类",
        CLASS_150,
        2016,
        2019,
        False,
        "旧版建档表",
        "低保户、低保边缘户、意外致困户",
    ),
    (
        "accident_50",
        1,
        "意外致困（损失超过年收入 50%）",
        tests(("意外致困", share(">", "50", "loss"))),
        2016,
        None,
        False,
        "地方口径",
        "医疗自付或事故损失超过全年收入 50%",
    ),
    ("study_3x", 1, "助学（3 倍线）", STUDY, 2016, None, False, "地方口径", "收入 3 倍线以内，扣除后人均月 996 元以内"),
    ("civil_border", 1, "民政低保边缘家庭", BORDER, 2016, None, False, "民政部门", "低保边缘家庭认定办法"),
    (
        "civil_rigid",
        1,
        "民政刚性支出困难家庭",
        tests(("刚性支出困难家庭", share(">=", "80", "rigid"))),
        2016,
        None,
        False,
        "民政部门",
        "刚性支出占收入 80% 以上",
    ),
]


def add_rules(apps, schema_editor):
    rules = apps.get_model("beneficiaries", "ClassRule").objects.using(schema_editor.connection.alias)
    for key, version, title, parameters, first, last, decides, issuer, origin in RULES:
        rules.get_or_create(
            key=key,
            version=version,
            defaults={
                "title": title,
                "parameters": parameters,
                "valid_from": datetime.date(first, 1, 1),
                "valid_to": datetime.date(last, 1, 1) if last else None,
                "decides": decides,
                "issuer": issuer,
                "origin": origin,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0011_more_fund_rules")]

    operations = [migrations.RunPython(add_rules, migrations.RunPython.noop)]
