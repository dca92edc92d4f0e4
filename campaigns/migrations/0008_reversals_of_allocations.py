"""The reversal of an allocation said in words which row it takes back; now it is a link."""

from django.db import migrations

MARK = "冲销 "


def link(apps, schema_editor):
    Allocation = apps.get_model("campaigns", "Allocation")
    for row in Allocation.objects.filter(payout_ref__startswith=MARK).iterator(chunk_size=2000):
        row.reverses_id, row.payout_ref = int(row.payout_ref.removeprefix(MARK)), ""
        row.save(update_fields=["reverses", "payout_ref"])


def say(apps, schema_editor):
    Allocation = apps.get_model("campaigns", "Allocation")
    for row in Allocation.objects.filter(reverses__isnull=False).iterator(chunk_size=2000):
        row.payout_ref, row.reverses = f"{MARK}{row.reverses_id}", None
        row.save(update_fields=["reverses", "payout_ref"])


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0007_allocation_reverses")]
    operations = [migrations.RunPython(link, say)]
