from pathlib import Path

import pytest

from cli import given
from cli.settings import Settings, example, load, parse
from cli.settings_file import find_file, peek_language
from notes.errors import SettingsError

HERE = Path("/somewhere")

PASSWORD = 'password_file = "secret"'

FULL = """
language = "en"
timezone = "Europe/Berlin"
holidays = "DE"
company_holidays = ["12-24..01-02", "2026-05-15"]
business_hours = "08:30-17:00"
database = "sqlite:///diary.db"

[organisation]
name = "Kranich GmbH"
domains = ["Kranich.example"]

[[staff]]
id = "ida"
name = "Ida Vogel"
addresses = ["Ida@kranich.example"]

[[mailbox]]
id = "ida"
owner = "ida"
host = "imap.kranich.example"
user = "ida"
password_file = "secret"
folders = { "INBOX" = "inbox", "Gesendet" = "sent" }

[[mailbox]]
id = "log"
host = "imap.kranich.example"
user = "log"
security = "starttls"
[mailbox.oauth2]
provider = "microsoft"
client_id = "x"

[[customer]]
name = "Specht AG"
domains = ["specht.example"]

[ignore]
domains = ["reklame.example"]
"""


def settings(text: str = FULL, environ: dict[str, str] | None = None) -> Settings:
    return parse(text, "kawari.toml", environ or {}, folder=HERE)


def refused(text: str, environ: dict[str, str] | None = None) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        settings(text, environ)
    return caught.value


def test_the_example_file_can_be_read_and_is_what_the_table_renders() -> None:
    file = Path(__file__).parents[2] / "config" / "kawari.example.toml"
    assert file.read_text("utf-8") == example()
    assert load(file, {}).staff[0].id == "sato"


def test_every_commented_key_of_the_example_is_a_valid_setting_too() -> None:
    # each table's comment mark is taken away; ways to a password exclude each other, so those stay
    lines = [
        line.removeprefix("# ") if line.startswith("# [") or (line.startswith("# ") and " = " in line) else line
        for line in example().splitlines()
        if "password_" not in line and "keyring" not in line
    ]
    text = "\n".join(line for line in lines if not line.startswith("or ") and "kawari.db in" not in line)
    text = text.replace("folder = role", "# folder = role")
    assert settings(text).mailboxes[0].oauth2


def test_defaults_fill_what_is_not_said() -> None:
    found = settings("")
    assert (found.business_hours, found.holidays, found.mailboxes, found.log.addresses) == ("09:00-18:00", "", (), ())
    assert found.language is None


def test_a_typo_in_a_key_names_the_key_the_file_and_what_was_meant() -> None:
    error = refused('timzone = "Asia/Tokyo"')
    assert error.code == "unknown-key-near"
    assert error.values["key"] == "timzone"
    assert error.values["near"] == "timezone"
    assert error.values["file"] == "kawari.toml"
    assert error.exit_code == 2


def test_a_typo_in_a_table_is_named_with_its_place() -> None:
    error = refused(FULL.replace('user = "ida"', 'usr = "ida"'))
    assert (error.code, error.values["key"], error.values["near"]) == ("unknown-key-near", "mailbox[1].usr", "user")


@pytest.mark.parametrize(
    ("text", "code", "key"),
    [
        ("language = 1", "wrong-type", "language"),
        ('language = "fr"', "wrong-value", "language"),
        ('timezone = "Asia/Tokio"', "wrong-value", "timezone"),
        ('business_hours = "18:00-09:00"', "wrong-value", "business_hours"),
        ('company_holidays = ["13-01"]', "wrong-value", "company_holidays"),
        ('company_holidays = "12-29"', "wrong-type", "company_holidays"),
        ('database = "mysql://x"', "wrong-value", "database"),
        ("interval = true", "wrong-type", "interval"),
        ("staff = 3", "wrong-type", "staff"),
        ("organisation = 3", "wrong-type", "organisation"),
        ("[[organisation]]", "wrong-type", "organisation"),
        ('[[staff]]\nid = "a"\nname = "A"', "missing-key", "staff[1].addresses"),
        ('[[staff]]\nid = "a"\nname = "A"\naddresses = ["a"]', "wrong-value", "staff[1].addresses"),
        (FULL.replace('"sent" }', '"out" }'), "wrong-value", "mailbox[1].folders"),
        (FULL.replace('owner = "ida"', 'owner = "udo"'), "wrong-value", "mailbox.ida.owner"),
        (FULL.replace('id = "log"', 'id = "ida"'), "id-twice", "mailbox.id"),
        (
            FULL.replace('password_file = "secret"', 'password_file = "a"\nkeyring = true'),
            "password-twice",
            "mailbox.ida",
        ),
    ],
)
def test_what_does_not_fit_is_refused_by_name(text: str, code: str, key: str) -> None:
    error = refused(text)
    assert (error.code, error.values["key"]) == (code, key)


def test_broken_toml_says_where() -> None:
    error = refused("language = \ntimezone = 3")
    assert error.code == "settings-not-toml"
    assert "line 1" in str(error.values["reason"])


def test_the_environment_overrides_scalars_and_is_checked_like_the_file() -> None:
    environ = {
        "KAWARI_TIMEZONE": "UTC",
        "KAWARI_INTERVAL": "60",
        "KAWARI_ORGANISATION_NAME": "Reiher",
        "KAWARI_SATO": "x",
    }
    found = settings(FULL, environ)
    assert (found.timezone, found.interval, found.organisation.name) == ("UTC", 60, "Reiher")
    error = refused(FULL, {"KAWARI_INTERVAL": "often"})
    assert (error.code, error.values["key"]) == ("wrong-type", "KAWARI_INTERVAL")


def test_a_relative_database_lies_beside_its_settings_file() -> None:
    assert settings().database == "sqlite:////somewhere/diary.db"
    assert settings('database = "sqlite:////var/x.db"').database == "sqlite:////var/x.db"


def test_the_settings_file_is_looked_for_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    home = tmp_path / "config" / "kawari" / "kawari.toml"
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    assert find_file(None, environ) is None
    home.parent.mkdir(parents=True)
    home.write_text("")
    assert find_file(None, environ) == home
    Path("kawari.toml").write_text('language = "ja"')
    assert find_file(None, environ) == Path("kawari.toml")
    assert find_file(None, environ | {"KAWARI_CONFIG": "/x.toml"}) == Path("/x.toml")
    assert find_file("y.toml", environ | {"KAWARI_CONFIG": "/x.toml"}) == Path("y.toml")
    assert peek_language(Path("kawari.toml")) == "ja"
    assert peek_language(home) is None


def test_no_settings_at_all_says_how_to_begin() -> None:
    with pytest.raises(SettingsError) as caught:
        load(None, {})
    assert caught.value.code == "no-settings"


def test_the_directory_is_lower_case_and_gives_customers_their_ids() -> None:
    found = given.directory(settings())
    assert found.is_ours("somebody@kranich.example")
    assert found.staff[0].addresses == ("ida@kranich.example",)
    assert found.log_senders == {"ida@kranich.example"}
    assert [customer.name for customer in found.customers] == ["Specht AG"]
    assert found.customers[0].id


def test_accounts_know_their_port_secret_and_roles() -> None:
    text = FULL.replace('[mailbox.oauth2]\nprovider = "microsoft"\nclient_id = "x"', 'password_env = "P"')
    ida, log = given.accounts(settings(text))
    assert (ida.port, log.port) == (993, 143)
    assert str(ida.secret) == "FileSecret(path=PosixPath('/somewhere/secret'))"
    assert {name: str(role) for name, role in (ida.folders or {}).items()} == {"INBOX": "inbox", "Gesendet": "sent"}
    assert log.folders is None
    assert [one.id for one in given.accounts(settings(text), ["log"])] == ["log"]


def test_a_mailbox_that_is_not_there_or_has_no_password_is_named() -> None:
    with pytest.raises(SettingsError) as caught:
        given.accounts(settings(), ["udo"])
    assert caught.value.code == "no-such-mailbox"
    with pytest.raises(SettingsError) as caught:
        given.accounts(settings(), ["log"])
    assert caught.value.code == "oauth2-unsupported"
    with pytest.raises(SettingsError) as caught:
        given.accounts(settings(FULL.replace('password_file = "secret"', "")), ["ida"])
    assert caught.value.code == "password-nowhere"
