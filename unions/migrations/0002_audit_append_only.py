"""Make the audit record append-only in the database itself (R-14)."""

from django.db import migrations

from unions import triggers


def put_on(apps, schema_editor):
    triggers.put_on(schema_editor.connection)


def take_off(apps, schema_editor):
    triggers.take_off(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("unions", "0001_initial")]
    operations = [migrations.RunPython(put_on, take_off)]
