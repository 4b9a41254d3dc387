"""What hostile or unlucky hands send: written here once, tried on every field of every form."""

#: Shapes that would run in a page if they were not inert. Each is known again by its mark.
MARK = "foreign-mark"
SCRIPTS = (
    f"<script>{MARK}</script>",
    f'"><script src=//e.example/{MARK}></script>',
    f"<img src=x onerror={MARK}>",
    f'"><svg/onload={MARK}>',
    f"' onfocus={MARK} autofocus='",
    f'" onmouseover="{MARK}',
    f"<a href=javascript:{MARK}>x</a>",
    f"javascript:{MARK}",
    f"</textarea><script>{MARK}</script>",
    f"</title><script>{MARK}</script>",
    f"<!--><img src=x onerror={MARK}>-->",
    f"<iframe srcdoc='<script>{MARK}</script>'>",
    f"<math><mi xlink:href='data:text/html,{MARK}'>",
    f"<style>@import '{MARK}'</style>",
    f"<form action=//e.example><input name={MARK}>",
    f"<base href=//e.example/{MARK}>",
    f"<meta http-equiv=refresh content='0;url=//e.example/{MARK}'>",
    f"<template><script>{MARK}</script></template>",
    f"\u2028<img src=x onerror={MARK}>",
    f"&lt;script&gt;{MARK}&lt;/script&gt;",
)
#: Words of templates, formats and queries, that must stay words.
FORMATS = (
    "{{ 7*7 }}",
    "{% raise %}",
    "%(nothing)s %s%n",
    "{0.__class__} {structure}",
    "]]><!--",
    "' OR '1'='1' --",
    "%_\\",
    "$(id) `id` ${HOME}",
)
#: Dates, hours, months and numbers that are none, or that no calendar of ours holds.
TIMES = (
    "0000-00-00",
    "2027-02-29",
    "2027-13-01",
    "2027-06-31",
    "2027-05-12T24:00",
    "2027-05-12T12:00:60",
    "2027-05-12T12:00+99:99",
    "12 mai 2027",
    "mai 2027",
    "-1",
    "NaN",
    "1e309",
    "٣",
    "10000-01-01T00:00",
    "\ud800",
)
#: Half a character: bytes that are no text at all. In words it becomes the sign of what cannot be read.
BROKEN = "\ud800"
#: Values no list of ours offers.
STRANGERS = ("nothing-of-the-kind", BROKEN, "__proto__", "0", "../../etc/passwd", SCRIPTS[0])
#: What no field takes, whatever it asks.
UNTYPED = ("\x00", "a\x07b", "x" * 100_000)
