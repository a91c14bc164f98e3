"""`person add`, `person list`, `person import`."""

from tests.integration.cli.desk import MANAGER, Desk


def test_a_person_is_added_with_name_and_address_in_any_order(desk: Desk) -> None:
    desk.type("person", "add", "kim@org.example", "Kim Low", "--can", "chief_executive")
    desk.type("person", "add", "--name=Max Day", "--email=max@org.example")
    people = {p["email"]: p for p in desk.read("person", "list")["people"]}
    assert people["kim@org.example"]["name"] == "Kim Low"
    assert people["kim@org.example"]["capabilities"] == ["chief_executive"]
    assert people["max@org.example"]["is_administrator"] is False


def test_what_is_missing_or_there_twice_is_said(desk: Desk) -> None:
    assert "the email of the person" in desk.type("person", "add", "Kim Low", code=2).stderr
    text = desk.type("person", "add", "A", "B", code=2).stderr
    assert "there are two of name: 'A' and 'B'; an e-mail address has an @ in it" in text
    result = desk.type("person", "add", "Again", MANAGER.upper(), code=2)
    assert "there is already a person with the e-mail address" in result.stderr


def test_only_administrators_make_administrators(desk: Desk) -> None:
    result = desk.type(
        "--as", MANAGER, "person", "add", "K", "k@o.example", "--administrator", code=4
    )
    assert "may not make administrators" in result.stderr


def test_a_dry_run_adds_nobody(desk: Desk) -> None:
    before = desk.read("person", "list")
    assert "would be added" in desk.type("person", "add", "K", "k@o.example", "-n").stdout
    assert desk.read("person", "list") == before


def test_people_come_from_a_file_all_of_them(desk: Desk) -> None:
    file = desk.folder / "people.csv"
    file.write_text(
        "name,email,organisation,phone,capabilities\n"
        'Kim Low,kim@o.example,"Low, Kim and partners",,chief_executive senior_officer\n'
        "\n"
        "Max Day,max@o.example,,01632 960002,\n"
    )
    assert desk.type("person", "import", str(file)).stdout.count(" added") == 2
    kim = next(p for p in desk.read("person", "list")["people"] if p["email"] == "kim@o.example")
    assert kim["organisation"] == "Low, Kim and partners"
    assert kim["capabilities"] == ["chief_executive", "senior_officer"]


def test_every_bad_row_of_a_file_is_named_and_nobody_is_added(desk: Desk) -> None:
    file = desk.folder / "people.csv"
    file.write_text(
        "name;email;capabilities\n"
        "Kim Low;kim@o.example;\n"
        ";max@o.example;\n"
        "Max Day;not an address;\n"
        "Kim Again;KIM@o.example;\n"
        "Odd;odd@o.example;Chief\n"
    )
    before = desk.read("person", "list")
    text = desk.type("person", "import", str(file), code=2).stderr
    assert "4 wrong; nothing was changed" in text
    assert "row 3, column name: the name is empty" in text
    assert "row 4, column email 'not an address'" in text
    assert "row 5, column email 'KIM@o.example': there is already a person" in text
    assert "row 6, column capabilities 'Chief'" in text
    assert desk.read("person", "list") == before


def test_a_file_that_cannot_be_used_is_explained(desk: Desk) -> None:
    assert desk.type("person", "import", "none.csv", code=5)
    file = desk.folder / "people.csv"
    file.write_text("name,mail\nKim,k@o.example\n")
    assert "there is no column email" in desk.type("person", "import", str(file), code=2).stderr
    file.write_text("name,email,organization\nKim,k@o.example,X\n")
    result = desk.type("person", "import", str(file), code=2)
    assert 'no column "organization"; did you mean "organisation"?' in result.stderr
