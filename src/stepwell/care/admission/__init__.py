"""What an admission asks beside the level of care: naloxone, offered to everybody, and what came of it."""
