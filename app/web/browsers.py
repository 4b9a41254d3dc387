"""Which browser somebody uses, in two words: enough to tell her sessions apart, and nothing that singles her out."""

FAMILIES = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "Linux": "Linux",
}


def family(user_agent: str) -> str:
    """« Firefox, Windows »; nothing for what is not known."""
    known = (next((name for mark, name in names.items() if mark in user_agent), "") for names in (FAMILIES, SYSTEMS))
    return ", ".join(name for name in known if name)
