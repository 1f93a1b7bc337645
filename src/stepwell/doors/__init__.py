"""How people reach us: pages made of several rooms. The doors do not know each other."""
