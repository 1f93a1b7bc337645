"""The languages to choose from."""

#: What people speak at home in the United States, the most spoken first: ISO 639-1, its name here, and its own name.
_SPOKEN = (
    ("en", "English", "English"),
    ("es", "Spanish", "Español"),
    ("zh", "Chinese", "中文"),
    ("tl", "Tagalog", "Tagalog"),
    ("vi", "Vietnamese", "Tiếng Việt"),
    ("ar", "Arabic", "العربية"),
    ("fr", "French", "Français"),
    ("ko", "Korean", "한국어"),
    ("ru", "Russian", "Русский"),
    ("pt", "Portuguese", "Português"),
    ("ht", "Haitian Creole", "Kreyòl ayisyen"),
    ("hi", "Hindi", "हिन्दी"),
    ("de", "German", "Deutsch"),
    ("pl", "Polish", "Polski"),
    ("ur", "Urdu", "اردو"),
    ("fa", "Farsi", "فارسی"),
    ("so", "Somali", "Soomaali"),
    ("am", "Amharic", "አማርኛ"),
    ("ne", "Nepali", "नेपाली"),
    ("uk", "Ukrainian", "Українська"),
)
LANGUAGES = tuple((code, here if here == own else f"{here} ({own})") for code, here, own in _SPOKEN)
LANGUAGE_NAMES = {code: here for code, here, _own in _SPOKEN}
OWN_NAMES = {code: own for code, _here, own in _SPOKEN}
