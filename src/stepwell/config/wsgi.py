"""What each of the server's processes runs."""

import os
import signal
import sys

from django.core.wsgi import get_wsgi_application

from stepwell.config.postgres.cluster import die_with_parent
from stepwell.config.settling import settle

if parent := os.environ.get("STEPWELL_SERVER_PROCESS"):
    # A server that was killed leaves nobody behind who would go on holding its port.
    die_with_parent(signal.SIGKILL)()
    if os.getppid() != int(parent):
        sys.exit("The server that started this process is gone.")

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stepwell.config.settings")
application = get_wsgi_application()
settle()
