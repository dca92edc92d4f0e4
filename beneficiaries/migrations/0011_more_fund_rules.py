"""Who issued the shipped rules and when; and the rules of domain.md that were missing (member, age, caps, one per purpose).

A cap whose amount differs from place to place stands ready but is off until an issuer adopts it.
"""

import datetime

from django.db import migrations

FINANCE = ["central", "province"]
FIRST_DAY = datetime.date(2000, 1, 1)
NATIONAL, YEAR = "中华全国总工会", 2015
DOCUMENT = "总工办〔2015〕20号"
SYSTEM = "本系统"
ISSUED = {
    "dossier_required": (NATIONAL, YEAR),
    "route_allowed": ("省总工会", 2024),
    "real_name": (NATIONAL, YEAR),
    "purpose_allowed": (NATIONAL, YEAR),
    "banned_goods": ("省总工会", 2024),
    "card_number": (SYSTEM, None),
    "funds_cover": (SYSTEM, None),
    "same_household": (SYSTEM, None),
    "sign_off": ("省总工会", 2024),
    "cap_per_contact": ("省总工会", 2019),
    "cap_per_year": ("省总工会", 2019),
    "cap_living": (NATIONAL, YEAR),
}
CAPS = {"purposes": {"living": "5000.00", "medical": "10000.00", "study": "5000.00"}}
# key, version, sources, parameters, effect, origin, issuer, year, whether it is in force
RULES = [
    ("member_required", 1, ["central"], {"unknown": "hint"}, "refuse", f"{DOCUMENT}农民工须为会员", NATIONAL, YEAR, True),
    ("dossier_age", 1, FINANCE, {"months": 12}, "hint", "困难职工档案动态管理：满一年须重新申报", NATIONAL, YEAR, True),
    ("one_per_purpose", 1, [], {}, "warn", "防止重复救助", SYSTEM, None, True),
    ("cap_living", 2, FINANCE, {"months": 12}, "refuse", f"{DOCUMENT}生活救助标准", NATIONAL, YEAR, True),
    ("cap_medical", 1, FINANCE, {"missing": "hint"}, "refuse", f"{DOCUMENT}医疗救助标准", NATIONAL, YEAR, True),
    ("cap_study", 1, FINANCE, {"months": 10}, "refuse", f"{DOCUMENT}助学救助标准", NATIONAL, YEAR, True),
    ("cap_per_household", 1, [], {"yuan": "10000.00"}, "warn", "每户每年限额（未启用）", "省总工会", 2019, False),
    ("cap_per_purpose", 1, [], CAPS, "warn", "按用途的每户每年限额（未启用）", "省总工会", 2019, False),
    ("case_decision", 1, [], {"yuan": "3000.00"}, "warn", "超过标准的一事一议（未启用）", "省总工会", 2018, False),
    ("procurement", 1, [], {}, "warn", "纳入采购目录的实物附采购文件（未启用）", "省总工会", 2024, False),
]  # fmt: skip


def load(apps, schema_editor):
    rule = apps.get_model("beneficiaries", "FundRule")
    for key, (issuer, year) in ISSUED.items():
        rule.objects.filter(key=key, campaign=None, version=1).update(issuer=issuer, issued_year=year)
    rule.objects.bulk_create(
        rule(
            key=key, version=version, sources=sources, parameters=parameters, effect=effect, origin=origin,
            issuer=issuer, issued_year=year, valid_from=FIRST_DAY, valid_to=None if on else FIRST_DAY,
        )
        for key, version, sources, parameters, effect, origin, issuer, year, on in RULES
    )  # fmt: skip


def unload(apps, schema_editor):
    rule = apps.get_model("beneficiaries", "FundRule")
    for key, version, *_ in RULES:
        rule.objects.filter(key=key, campaign=None, version=version).delete()


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0010_bank_files")]
    operations = [migrations.RunPython(load, unload)]
