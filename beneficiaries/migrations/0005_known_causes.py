"""Give the files that are already there their coarse cause class and a certificate of the code list."""

from django.db import migrations

SUDDEN = {"illness", "disaster", "accident"}
WORDS = (("特困", "特困职工救助证"), ("低保", "低保证"), ("残疾", "残疾证"))
OTHER = "其他证件"


def known_certificate(text):
    """The word of the list for what was typed; empty for nothing."""
    return next((word for part, word in WORDS if part in text), OTHER if text.strip() else "")


def fill(apps, schema_editor):
    dossiers = apps.get_model("beneficiaries", "Dossier").objects.using(schema_editor.connection.alias)
    sudden = [
        row.pk
        for row in dossiers.only("pk", "row_key", "cause").order_by("pk").iterator(chunk_size=1000)
        if row.cause in SUDDEN
    ]
    for start in range(0, len(sudden), 500):
        dossiers.filter(pk__in=sudden[start : start + 500]).update(cause_class="sudden")
    for row in dossiers.exclude(certificate="").only("pk", "certificate", "note"):
        word = known_certificate(row.certificate)
        # words that the list does not know are kept in the note
        note = (
            row.note
            if word != OTHER or row.certificate == OTHER
            else f"{row.note}\n持有证件：{row.certificate}".strip()
        )
        if (word, note) != (row.certificate, row.note):
            dossiers.filter(pk=row.pk).update(certificate=word, note=note)


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0004_cause_class")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
