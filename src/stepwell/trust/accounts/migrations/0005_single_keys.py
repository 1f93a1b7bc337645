from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_offers_of_sign_ins")]

    operations = [
        migrations.AddField("user", "single_keys", models.BooleanField(default=True)),
    ]
