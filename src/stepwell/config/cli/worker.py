"""`./stepwell worker`: do the jobs that wait in the database, and the daily ones, as the app."""

import argparse
import logging

from stepwell.config.cli.installation import installation, set_up_django


def run(arguments: argparse.Namespace) -> int:
    with installation():
        set_up_django()
        from procrastinate.contrib.django import app
        from procrastinate.contrib.django.django_connector import DjangoConnector

        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
        assert isinstance(app.connector, DjangoConnector)
        with app.replace_connector(app.connector.get_worker_connector()) as at_work:
            at_work.run_worker(wait=not arguments.once)
    return 0
