from pathlib import Path

import pytest

from cli import given
from cli.settings import Settings, example, load, parse
from cli.settings_file import find_file, peek_language
from ingest.grants import Flow, SignIn
from ingest.passwords import FileSecret
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
        if not any(way in line for way in ("password_", "keyring", "client_secret_file"))
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


@pytest.mark.parametrize(
    "url",
    [
        "mysql://root:orchid-lantern@db/x",
        "postgresql+psycopg2://root:orchid-lantern@db/x",
        "postgres//root:orchid-lantern@db",
        "mysql://root:orchid/lan:tern@db/x",
    ],
)
def test_a_password_in_an_address_that_is_refused_is_not_repeated(url: str) -> None:
    given = str(refused(f'database = "{url}"').values["given"])
    assert "***@db" in given
    assert "orchid" not in given
    assert "tern" not in given


def test_an_example_of_what_is_allowed_can_be_copied() -> None:
    assert '{ "INBOX" = "inbox" }' in str(refused(FULL.replace('"sent" }', '"out" }')).values["allowed"])
    assert "{{" not in str(refused(FULL.replace('"sent" }', '"out" }')).values["allowed"])


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
        given.accounts(settings(FULL.replace('password_file = "secret"', "")), ["ida"])
    assert caught.value.code == "password-nowhere"


# --- OAuth 2 ------------------------------------------------------------------------------------------------------

ID = 'provider = "microsoft"\nclient_id = "x"'
GENERIC = 'provider = "generic"\nclient_id = "x"\nscopes = ["mail"]\ntoken_url = "https://login.kranich.example/token"'


def signed_in(table: str) -> SignIn:
    secret = given.accounts(settings(FULL.replace(ID, table)), ["log"])[0].secret
    assert isinstance(secret, SignIn)
    return secret


def test_microsoft_needs_no_more_than_an_app() -> None:
    found = signed_in(ID)
    assert (found.app.mailbox, found.user, found.file, found.app.flow) == ("log", "log", None, Flow.DEVICE)
    assert found.app.device_url == "https://login.microsoftonline.com/common/oauth2/v2.0/devicecode"
    assert found.app.scopes == ("https://outlook.office.com/IMAP.AccessAsUser.All", "offline_access")
    assert found.app.redirect_host == "localhost"
    own = signed_in(f'{ID}\ntenant = "kranich.example"\ntoken_file = "log.token"')
    assert own.app.token_url == "https://login.microsoftonline.com/kranich.example/oauth2/v2.0/token"
    assert own.file == HERE / "log.token"


def test_google_is_signed_in_in_a_browser_and_asked_for_a_refresh_token() -> None:
    found = signed_in('provider = "google"\nclient_id = "x"\nclient_secret_file = "g.secret"').app
    assert (found.flow, found.scopes) == (Flow.BROWSER, ("https://mail.google.com/",))
    assert dict(found.asks)["access_type"] == "offline"
    assert found.secret == FileSecret(HERE / "g.secret")


def test_an_app_of_its_own_asks_for_what_it_was_given() -> None:
    table = f'{ID}\nflow = "app"\ntenant = "kranich.example"\nclient_secret_env = "K"'
    assert signed_in(table).app.scopes == ("https://outlook.office365.com/.default",)


def test_a_generic_provider_is_used_the_way_it_has_an_address_for() -> None:
    assert signed_in(f'{GENERIC}\nauth_url = "https://login.kranich.example/authorize"').app.flow is Flow.BROWSER
    assert signed_in(f'{GENERIC}\ndevice_url = "http://127.0.0.1:8080/device"').app.flow is Flow.DEVICE


@pytest.mark.parametrize(
    ("table", "code", "about"),
    [
        (ID.replace("microsoft", "yahoo"), "wrong-value", "provider"),
        (f'{ID}\nflow = "password"', "wrong-value", "flow"),
        (f'{ID}\ntenant = "a/../b"', "wrong-value", "tenant"),
        (f'{ID}\ntoken_url = "http://login.kranich.example/token"', "wrong-value", "token_url"),
        (f'{ID}\ntoken_url = "https://user:word@login.kranich.example/"', "wrong-value", "token_url"),
        (f'{ID}\nclient_secret = "x"', "unknown-key-near", "client_secret"),
        (f'{ID}\nclient_secret_env = "A"\nclient_secret_file = "b"', "oauth2-secret-twice", ""),
        (f'{ID}\nflow = "app"\ntenant = "t"', "oauth2-needs", "client_secret_env"),
        (f'{ID}\nflow = "app"\nclient_secret_env = "A"', "oauth2-needs", "tenant"),
        (f'{ID}\nflow = "app"\nclient_secret_env = "A"\ntenant = "common"', "oauth2-needs", "tenant"),
        ('provider = "google"\nclient_id = "x"', "oauth2-needs", "client_secret_env"),
        ('provider = "google"\nclient_id = "x"\nclient_secret_env = "A"\nflow = "device"', "oauth2-flow", ""),
        ('provider = "google"\nclient_id = "x"\nclient_secret_env = "A"\ntenant = "t"', "oauth2-tenant", ""),
        ('provider = "generic"\nclient_id = "x"', "oauth2-needs", "token_url"),
        (GENERIC, "oauth2-needs", "auth_url"),
        (f'{GENERIC}\nflow = "device"', "oauth2-needs", "device_url"),
        (
            f"{GENERIC}\nscopes = []".replace('scopes = ["mail"]\n', "") + '\nauth_url = "https://a.example/"',
            "oauth2-needs",
            "scopes",
        ),
    ],
)
def test_what_of_oauth2_does_not_fit_is_refused_by_name(table: str, code: str, about: str) -> None:
    error = refused(FULL.replace(ID, table))
    assert error.code == code
    assert about in f"{error.values['key']} {error.values.get('needed')}"
    assert "mailbox" in str(error.values["key"])


def test_own_words_are_read_from_files_and_folders_beside_the_settings(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "trade.toml").write_text('[commit.trade]\nwords = ["下版します"]', "utf-8")
    (tmp_path / "more.toml").write_text('[never.more]\nwords = ["社内便"]', "utf-8")
    chosen = parse('phrases = ["own", "more.toml"]', "kawari.toml", {}, folder=tmp_path)
    found = given.phrases(chosen)
    assert found.find_own("commit", "明日下版します") is not None
    assert found.find_own("never", "社内便") is not None


@pytest.mark.parametrize(
    ("written", "code"),
    [(None, "phrases-missing"), ("[commit.trade]\nwords = ['(']", "phrases-pattern"), ("[nope.x]", "phrases-group")],
)
def test_own_words_that_cannot_be_read_name_their_file(tmp_path: Path, written: str | None, code: str) -> None:
    file = tmp_path / "trade.toml"
    if written:
        file.write_text(written, "utf-8")
    with pytest.raises(SettingsError) as refused:
        given.phrases(parse('phrases = ["trade.toml"]', "kawari.toml", {}, folder=tmp_path))
    assert (refused.value.code, refused.value.values["file"]) == (code, str(file))
