"""What was allocated before receipts were asked for is taken as received on its day: it counted until now."""

from django.db import migrations
from django.db.models import F


def confirm(apps, schema_editor):
    rows = apps.get_model("campaigns", "Allocation").objects.filter(confirmed_on=None)
    rows.update(confirmed_on=F("allocated_on"), confirmed_at=F("entered_at"))


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0003_allocation_receipts")]
    operations = [migrations.RunPython(confirm, migrations.RunPython.noop)]
