"""The first class rule as a row: `class_2x` version 1 (domain.md 3.1)."""

import datetime

from django.db import migrations

PARAMETERS = {
    "months": 12,
    "deep": {"multiple": "1", "operator": "<"},
    "relative": {"multiple": "2", "operator": "<=", "less_job_cost": True},
    "accidental_share": "80",
}


def add_rule(apps, schema_editor):
    rules = apps.get_model("beneficiaries", "ClassRule").objects.using(schema_editor.connection.alias)
    rules.get_or_create(
        key="class_2x",
        version=1,
        defaults={
            "title": "全国标准（2 倍线）",
            "parameters": PARAMETERS,
            "valid_from": datetime.date(2018, 1, 1),
        },
    )


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0001_initial")]

    operations = [migrations.RunPython(add_rule, migrations.RunPython.noop)]
