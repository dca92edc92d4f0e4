"""The general rules about relief money, as rows; caps stand ready but are off until an issuer adopts them."""

import datetime

from django.db import migrations

FINANCE = ["central", "province"]
NOTICE = "《通知》四（二）"
PURPOSES = ["living", "medical", "study", "legal_aid", "training", "placement"]
FIRST_DAY = datetime.date(2000, 1, 1)
BANNED_WORDS = [
    "购物卡", "购物券", "代金券", "代金卡", "提货券", "提货卡", "储值卡", "消费卡", "消费券", "预付卡", "礼品卡", "加油卡",
    "电子卡", "商品券", "香烟", "卷烟", "烟草", "烟酒", "名烟", "名酒", "白酒", "红酒", "黄酒", "啤酒", "洋酒", "葡萄酒",
    "酒水", "茅台", "五粮液",
]  # fmt: skip
RULES = [
    ("dossier_required", FINANCE, {}, "refuse", f"{NOTICE}先建档、后帮扶"),
    ("route_allowed", FINANCE, {"routes": ["card"]}, "refuse", f"{NOTICE}通过银行卡发放"),
    ("real_name", FINANCE, {"others_wrong": "warn", "others_missing": "hint"}, "refuse", f"{NOTICE}实名制"),
    ("purpose_allowed", FINANCE, {"purposes": PURPOSES}, "refuse", "总工办〔2015〕20号六项用途"),
    (
        "banned_goods",
        [],
        {"words": BANNED_WORDS, "whole": ["烟", "酒"]},
        "refuse",
        "《通知》四（一）不得购买明令禁止的物品",
    ),
    ("card_number", [], {"missing": "hint"}, "warn", "银行卡号校验规则"),
    ("funds_cover", [], {}, "warn", "资金足额使用要求"),
    ("same_household", [], {}, "warn", "防止重复救助"),
    ("sign_off", [], {}, "hint", "工会财务签收规定"),
]
OFF = [
    ("cap_per_contact", [], {"yuan": "3000.00"}, "warn", "省级工会标准（未启用）"),
    ("cap_per_year", [], {"yuan": "6000.00"}, "warn", "省级工会标准（未启用）"),
    ("cap_living", FINANCE, {"months": 12}, "refuse", "总工办〔2015〕20号（未启用）"),
]


def load(apps, schema_editor):
    rule = apps.get_model("beneficiaries", "FundRule")
    rows = [(*row, None) for row in RULES] + [(*row, FIRST_DAY) for row in OFF]
    rule.objects.bulk_create(
        rule(
            key=key, sources=sources, parameters=parameters, effect=effect, origin=origin, valid_from=FIRST_DAY,
            valid_to=until,
        )
        for key, sources, parameters, effect, origin, until in rows
    )  # fmt: skip


def unload(apps, schema_editor):
    apps.get_model("beneficiaries", "FundRule").objects.filter(campaign=None, version=1).delete()


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0002_class_2x")]
    operations = [migrations.RunPython(load, unload)]
