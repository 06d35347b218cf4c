"""Made-up students. Names and towns are written by hand; the rest follows from a student's number.

Identity numbers have a right check digit and the lowest serial of their day; e-mails are at example.com.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from unicodedata import normalize

# First names, surname, gender, race, home language, town (an index), disability.
Person = tuple[str, str, str, str, str, int, str]
PEOPLE: tuple[Person, ...] = (
    ("Naledi Grace", "Mokoena", "female", "african", "Sesotho", 0, "no"),
    ("Sibusiso", "Dlamini", "male", "african", "isiZulu", 5, "no"),
    ("Zoë", "Adams", "female", "coloured", "Afrikaans", 13, "no"),
    ("Livhuwani", "Ṋetshiṱenzhe", "female", "african", "Tshivenḓa", 3, "no"),
    ("Lešego", "Mašishi", "male", "african", "Sepedi", 2, "no"),
    ("Priya", "Naidoo", "female", "indian", "English", 5, "no"),
    ("Siyabonga", "Mqhayi", "male", "african", "isiXhosa", 8, "no"),
    ("Anélle", "van der Merwe", "female", "white", "Afrikaans", 10, "no"),
    ("Kagiso", "Motlhabane", "male", "african", "Setswana", 15, "no"),
    ("Thandeka", "Mkhize", "female", "african", "isiZulu", 6, "yes"),
    ("Nyiko", "Chauke", "male", "african", "Xitsonga", 2, "no"),
    ("Chanté", "Jantjies", "female", "coloured", "Afrikaans", 11, "no"),
    ("Yusuf", "Patel", "male", "indian", "English", 0, "no"),
    ("Temakhosi", "Shongwe", "female", "african", "siSwati", 4, "no"),
    ("Jabulani", "Skosana", "male", "african", "isiNdebele", 17, "no"),
    ("Palesa", "Tšoeu", "female", "african", "Sesotho", 18, "no"),
    ("François", "Joubert", "male", "white", "Afrikaans", 14, "no"),
    ("Nomathemba Gcobisa", "Ngcobo-Buthelezi", "female", "african", "isiZulu", 6, "no"),
    ("Mulalo", "Ṱhovhele", "male", "african", "Tshivenḓa", 3, "no"),
    ("Ayesha", "Moosa", "female", "indian", "English", 1, "no"),
    ("Ayanda", "Mbeki", "other", "african", "isiXhosa", 7, "no"),
    ("Boitumelo", "Kgosi", "female", "african", "Setswana", 16, "no"),
    ("André", "Februarie", "male", "coloured", "Afrikaans", 13, "no"),
    ("Refilwe", "Sekgobela", "female", "african", "Sepedi", 2, "no"),
    ("Thabo", "Mofokeng", "male", "african", "Sesotho", 10, "no"),
    ("Tintswalo", "Maluleke", "female", "african", "Xitsonga", 4, "no"),
    ("Liam", "O’Connor", "male", "white", "English", 9, "no"),
    ("Nokuthula", "Zulu", "female", "african", "isiZulu", 5, "no"),
    ("Kavish", "Govender", "male", "indian", "English", 6, "no"),
    ("Zintle", "Sigcau", "female", "african", "isiXhosa", 8, "no"),
    ("Azwinndini", "Mudau", "male", "african", "Tshivenḓa", 3, "no"),
    ("Renée", "du Plessis", "female", "white", "Afrikaans", 19, "no"),
    ("Mfanafuthi", "Nkambule", "male", "african", "siSwati", 4, "yes"),
    ("Keamogetswe", "Seleka", "female", "african", "Setswana", 15, "no"),
    ("Jaydin", "Solomons", "male", "coloured", "English", 13, "no"),
    ("Nomvula", "Mahlangu", "female", "african", "isiNdebele", 17, "no"),
    ("Vutlhari", "Mabunda", "male", "african", "Xitsonga", 2, "no"),
    ("Itumeleng", "Ramaphakela", "female", "african", "Sesotho", 18, "no"),
    ("Luthando", "Ndamase", "male", "african", "isiXhosa", 9, "no"),
    ("Fatima", "Isaacs", "female", "coloured", "English", 13, "undisclosed"),
    ("Sandile", "Cele", "male", "african", "isiZulu", 5, "no"),
    ("Mmabatho", "Ledwaba", "female", "african", "Sepedi", 2, "no"),
    ("Jürgen", "Botha", "male", "white", "Afrikaans", 12, "no"),
    ("Hlengiwe", "Ximba", "female", "african", "isiZulu", 6, "no"),
    ("Tebogo", "Diale", "male", "african", "Setswana", 16, "no"),
    ("Unathi", "Gqoboka", "female", "african", "isiXhosa", 7, "no"),
    ("Rendani", "Raḓali", "male", "african", "Tshivenḓa", 3, "no"),
    ("Busisiwe", "Khoza", "female", "african", "isiZulu", 1, "no"),
    ("Marlin", "Cloete", "male", "coloured", "Afrikaans", 11, "no"),
    ("Lerato", "Nthite", "female", "african", "Sesotho", 0, "no"),
)
# Town, its province, a postal code.
TOWNS = (
    ("Johannesburg", "Gauteng", "2001"),
    ("Soweto", "Gauteng", "1804"),
    ("Polokwane", "Limpopo", "0700"),
    ("Thohoyandou", "Limpopo", "0950"),
    ("Mbombela", "Mpumalanga", "1200"),
    ("Durban", "KwaZulu-Natal", "4001"),
    ("Pietermaritzburg", "KwaZulu-Natal", "3201"),
    ("Gqeberha", "Eastern Cape", "6001"),
    ("Mthatha", "Eastern Cape", "5099"),
    ("East London", "Eastern Cape", "5201"),
    ("Bloemfontein", "Free State", "9301"),
    ("Kimberley", "Northern Cape", "8301"),
    ("Upington", "Northern Cape", "8801"),
    ("Cape Town", "Western Cape", "8001"),
    ("George", "Western Cape", "6529"),
    ("Mahikeng", "North West", "2745"),
    ("Rustenburg", "North West", "0299"),
    ("Soshanguve", "Gauteng", "0152"),
    ("Welkom", "Free State", "9459"),
    ("Stellenbosch", "Western Cape", "7600"),
)
STREETS = (
    "Umgeni Street",
    "Marula Avenue",
    "Church Street",
    "Protea Road",
    "Sisulu Drive",
    "Dam Street",
    "Kiaat Close",
)
FIRST_BIRTHDAY = date(1999, 1, 15)


@dataclass(frozen=True)
class Student:
    """What an institution knows of a student when it enrolls them, and what the student adds."""

    first_name: str
    last_name: str
    email: str
    phone: str
    identity_number: str
    birth_date: date
    gender: str
    race: str
    city: str
    disability: str
    province: str
    postal_code: str
    street_address: str
    home_language: str

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def enrollment(self) -> dict[str, object]:
        """The part that an enrollment stores, by the names of its columns."""
        own = ("province", "postal_code", "street_address", "home_language")
        return {name: value for name, value in asdict(self).items() if name not in own}


def students(count: int = 50, *, first: int = 0) -> list[Student]:
    """Students first, first + 1, ... The first fifty have names of their own; later ones mix them."""
    return [_student(number) for number in range(first, first + count)]


def _student(number: int) -> Student:
    names, _, gender, race, language, town, disability = PEOPLE[number % len(PEOPLE)]
    surname = PEOPLE[(number + number // len(PEOPLE) * 7) % len(PEOPLE)][1]
    birth_date = FIRST_BIRTHDAY + timedelta(days=number * 67 % 3001)
    city, province, postal_code = TOWNS[town]
    return Student(
        first_name=names,
        last_name=surname,
        email=f"{_plain(names.split()[0])}.{_plain(surname)}{number // len(PEOPLE) or ''}@example.com",
        phone=f"0605550{100 + number % 900}",
        identity_number=identity_number(birth_date, gender),
        birth_date=birth_date,
        gender=gender,
        race=race,
        city=city,
        disability=disability,
        province=province,
        postal_code=postal_code,
        street_address=f"{number * 13 % 97 + 2} {STREETS[number % len(STREETS)]}",
        home_language=language,
    )


def identity_number(birth_date: date, gender: str) -> str:
    """Thirteen digits: birth date, serial (from 5000 for men), citizen, 8, and the check digit."""
    serial = "5000" if gender == "male" else "0000"
    digits = f"{birth_date:%y%m%d}{serial}08"
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-1::-2])
    plain = sum(int(digit) for digit in digits[-2::-2])
    return f"{digits}{-(doubled + plain) % 10}"


def _plain(name: str) -> str:
    """Letters of a name as an e-mail address has them."""
    letters = normalize("NFD", name.lower())
    return "".join(letter for letter in letters if letter.isascii() and (letter.isalpha() or letter == "-"))
