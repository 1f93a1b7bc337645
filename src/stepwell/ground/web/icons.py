"""Our icons, drawn by hand: a 24-unit grid, a stroke of 1.9, no fill. Add to them in the same stroke."""

ICONS: dict[str, str] = {
    "alert": '<path d="M12 4.2L21 19.5H3zM12 10v4.3M12 16.9v.1"/>',
    "arrow": '<path d="M5 12h14M13 6l6 6-6 6"/>',
    "back": '<path d="M14.5 5.5L8 12l6.5 6.5"/>',
    "bell": '<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10.3 20.5h3.4"/>',
    "board": (
        '<rect x="3.5" y="4.5" width="4.6" height="15" rx="1"/>'
        '<rect x="9.7" y="4.5" width="4.6" height="9" rx="1"/>'
        '<rect x="15.9" y="4.5" width="4.6" height="12" rx="1"/>'
    ),
    "bulb": (
        '<path d="M9.5 17.5h5M10 20.5h4M8.5 14.5a5.5 5.5 0 1 1 7 0c-.7.7-1 1.5-1 3h-5c0-1.5-.3-2.3-1-3z"/>'
    ),
    "cal": '<rect x="4" y="5.5" width="16" height="15" rx="2"/><path d="M4 10h16M8.5 3v4M15.5 3v4"/>',
    "chart": '<path d="M4 4v16h16M8 15.5l3.5-4.5 3 2.5L20 7"/>',
    "chat": '<path d="M4 5.5h16v11h-9L6.5 20v-3.5H4z"/>',
    "check": '<path d="M5 12.5l4.5 4.5L19 7.5"/>',
    "chev": '<path d="M9.5 5.5L16 12l-6.5 6.5"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>',
    "door": '<path d="M6 20.5V4.5l8-1.5v18zM14 5h4v15.5M4 20.5h16.5M11 12v.6"/>',
    "dots": '<path stroke-width="3" d="M5.5 12v.1M12 12v.1M18.5 12v.1"/>',
    "down": '<path d="M12 5v13.5M6 13l6 6 6-6"/>',
    "drop": '<path d="M12 3.5c3.5 4 5.5 7 5.5 10a5.5 5.5 0 0 1-11 0c0-3 2-6 5.5-10z"/>',
    "exit": '<path d="M10 4H5v16h5M14.5 8l4 4-4 4M9.5 12h9"/>',
    "eye": (
        '<path d="M2.5 12S6 5.8 12 5.8 21.5 12 21.5 12 18 18.2 12 18.2 2.5 12 2.5 12z"/>'
        '<circle cx="12" cy="12" r="2.8"/>'
    ),
    "filter": '<path d="M4 6h16M7 12h10M10 18h4"/>',
    "flask": (
        '<path d="M10 3.5h4M10.8 3.5v6L5.5 18.5a1.3 1.3 0 0 0 1.1 2h10.8a1.3 1.3 0 0 0 1.1-2L13.2 9.5v-6M8 '
        '15h8"/>'
    ),
    "gear": (
        '<circle cx="12" cy="12" r="3"/>'
        '<path d="M12 3.5v3M12 17.5v3M3.5 12h3M17.5 12h3M6 6l2.1 2.1M15.9 15.9L18 18M6 18l2.1-2.1M15.9 '
        '8.1L18 6"/>'
    ),
    "globe": (
        '<circle cx="12" cy="12" r="8.5"/>'
        '<path d="M3.5 12h17M12 3.5c2.4 2.5 3.5 5.3 3.5 8.5s-1.1 6-3.5 8.5c-2.4-2.5-3.5-5.3-3.5-8.5s1.1-6 '
        '3.5-8.5z"/>'
    ),
    "goal": '<circle cx="12" cy="12" r="8.5"/><circle cx="12" cy="12" r="4.2"/><path d="M12 12v.1"/>',
    "hand": (
        '<path d="M8 12.5V6.5a1.4 1.4 0 0 1 2.8 0v4.5V5a1.4 1.4 0 0 1 2.8 0v6V6.5a1.4 1.4 0 0 1 2.8 0V14c0 '
        '4-2 6.5-5.4 6.5-3 0-4.3-1.6-5.6-4.2l-1.6-3.2a1.3 1.3 0 0 1 2.2-1.3L8 14"/>'
    ),
    "heart": '<path d="M12 19.5C7 16 4 13 4 9.5A4 4 0 0 1 12 8a4 4 0 0 1 8 1.5C20 13 17 16 12 19.5z"/>',
    "help": (
        '<circle cx="12" cy="12" r="8.5"/>'
        '<path d="M9.6 9.6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.2.9-1.2 1.9M12 16.6v.1"/>'
    ),
    "home": '<path d="M4 11.2L12 4.5l8 6.7V20h-5.5v-5.5h-5V20H4z"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.6v.1"/>',
    "key": '<circle cx="8" cy="15.5" r="4"/><path d="M11 12.5l8-8M15.5 8l2.5 2.5M18 5.5l1.5 1.5"/>',
    "lock": ('<rect x="5" y="10.5" width="14" height="9.5" rx="2"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5"/>'),
    "note": '<path d="M6 3.5h8.5L18.5 7.5v13H6zM14 3.5V8h4.5M9 12h6.5M9 16h4.5"/>',
    "pencil": '<path d="M5 19l.9-3.9L16 5l3 3L8.9 18.1zM14 7l3 3"/>',
    "person": '<circle cx="12" cy="8" r="3.8"/><path d="M4.8 20c.9-4 3.7-6 7.2-6s6.3 2 7.2 6"/>',
    "phone": (
        '<path d="M6.5 4h3l1.5 4-2 1.6a11.5 11.5 0 0 0 5.4 5.4l1.6-2 4 1.5v3a1.6 1.6 0 0 1-1.7 1.6A16 16 0 '
        '0 1 4.9 5.7 1.6 1.6 0 0 1 6.5 4z"/>'
    ),
    "pill": (
        '<rect x="3" y="8" width="18" height="8" rx="4" transform="rotate(-40 12 12)"/><path d="M9.5 9l5 6"/>'
    ),
    "pin": (
        '<path d="M12 21s-6.5-5.6-6.5-10.8a6.5 6.5 0 0 1 13 0C18.5 15.4 12 21 12 21z"/>'
        '<circle cx="12" cy="10.2" r="2.3"/>'
    ),
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "print": '<path d="M7 8V4h10v4M7 16.5H4V8.5h16v8h-3M7 13.5h10V20H7z"/>',
    "pulse": '<path d="M3 12.5h4l2.5-6.5 4.5 12 2.5-5.5H21"/>',
    "receipt": '<path d="M6 3.5h12v17l-3-2-3 2-3-2-3 2zM9 8.5h6M9 12.5h6"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6"/><path d="M15 15l5 5"/>',
    "shield": (
        '<path d="M12 3.5l7.5 3V12c0 4.3-3 7-7.5 8.7C7.5 19 4.5 16.3 4.5 12V6.5zM8.7 12l2.5 2.5 4.2-4.7"/>'
    ),
    "sq": '<path d="M6 12h12"/>',
    "step": '<path d="M4 19.5h4.5V15H13v-4.5h4.5V6H20"/>',
    "sun": (
        '<circle cx="12" cy="12" r="3.8"/>'
        '<path d="M12 3v2.5M12 18.5V21M3 12h2.5M18.5 12H21M5.6 5.6l1.8 1.8M16.6 16.6l1.8 1.8M5.6 '
        '18.4l1.8-1.8M16.6 7.4l1.8-1.8"/>'
    ),
    "undo": '<path d="M8.5 5L4.5 9l4 4M4.5 9h9.5a5 5 0 0 1 0 10H9"/>',
    "up": '<path d="M12 19V5.5M6 11l6-6 6 6"/>',
    "users": (
        '<circle cx="9" cy="8.5" r="3.3"/>'
        '<path d="M2.8 19c.9-3.4 3.3-5 6.2-5s5.3 1.6 6.2 5M15.5 5.5a3.3 3.3 0 0 1 0 6M17.5 14.3c2 .7 3.2 '
        '2.3 3.8 4.7"/>'
    ),
    "video": '<rect x="3" y="6.5" width="12" height="11" rx="2"/><path d="M15 11l6-3.5v9L15 13"/>',
    "x": '<path d="M6.5 6.5l11 11M17.5 6.5l-11 11"/>',
}

#: Four steps up: the mark of the house, on a grid of 26.
MARK = "M2 22h5v-6h6v-6h6V4h5v20H2z"
