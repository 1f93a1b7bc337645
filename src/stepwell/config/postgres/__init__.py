"""PostgreSQL for everyone: found, or brought; kept running; roles, databases and templates in it.

`find.server()` is the way in. A production installation names its own server in `DATABASE_URL`;
everything else here is for a laptop, a demonstration and the tests.
"""
