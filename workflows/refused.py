"""What a rule answers when it says no: a code and values, worded in both languages at the door."""


class Refused(Exception):
    """A rule refuses an act.

    Rules never speak a language: they raise a code (snake_case) with the values its sentence needs, and the catalogue
    of the application holds one sentence per code in each language.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return f"{self.code} {self.values}" if self.values else self.code
