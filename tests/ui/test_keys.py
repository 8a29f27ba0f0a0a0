"""Keys that a person chose: what a file may say, what it cannot, and that they work and are shown everywhere."""

import re
from pathlib import Path

import pytest
from dialog_stage import some_sessions
from fake_client import START, FakeClient, FakeOptions, measured, opened, turn
from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content
from textual.pilot import Pilot

from tests.ui.dialog_stage import text_of
from workbench.ui.app import WorkbenchApp
from workbench.ui.commands import EVERYWHERE, ScreenCommand
from workbench.ui.controllers.commands import load_keys, offer_everywhere
from workbench.ui.keymap.chosen import Keymap, load_keymap
from workbench.ui.keymap.places import Place, list_places
from workbench.ui.keymap.wishes import choose_keys
from workbench.ui.keymap.written import FIXED, UnusableKey, can_rebind, find_same, read_key
from workbench.ui.modals.command_table import draw_names, group_commands, group_names
from workbench.ui.modals.dialog import HelpModal
from workbench.ui.screens.main import MainScreen
from workbench.ui.screens.registry import SCREENS
from workbench.ui.screens.sessions import SessionsScreen
from workbench.ui.transcript.keys import TRANSCRIPT_KEYS
from workbench.ui.widgets.footer import draw_notice

PLACES = list_places(SCREENS, offer_everywhere(SCREENS))
NAMES = sorted({command.name for place in PLACES for command in place.commands})
WRITTEN = ["ctrl+k", "F6", "alt+x", "f8", "F9", "ctrl+p", "ctrl+o", "esc", "enter", "3", "n", "N", "j", "/", "+", ""]


def chosen(**wishes: object) -> dict[str, str]:
    """The keys that are granted; nothing is wrong."""
    keys, faults = choose_keys(wishes, PLACES)
    assert faults == {}
    return keys


def fault(**wishes: object) -> str:
    """The one sentence about what is wrong."""
    _, faults = choose_keys(wishes, PLACES)
    assert len(faults) == 1
    return next(iter(faults.values()))


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("ctrl+k", "ctrl+k"),
        ("Ctrl+K", "ctrl+k"),
        (" F6 ", "f6"),
        ("alt+x", "alt+x"),
        ("shift+F3", "shift+f3"),
        ("ctrl+alt+x", "alt+ctrl+x"),
        ("pgup", "pageup"),
        ("[", "left_square_bracket"),
        ("alt++", "alt+plus"),
        ("N", "N,shift+n"),
        ("shift+n", "N,shift+n"),
        (",", "comma"),
    ],
)
def test_a_key_is_read_as_people_write_it(written: str, key: str) -> None:
    assert read_key(written) == key


@pytest.mark.parametrize("written", ["", "  ", "x+y", "ctrl+", "ctrl+ctrl+k", "f30", "hyper+k", "any", "\n", "\x1b"])
def test_what_is_no_key_is_said_with_an_example(written: str) -> None:
    with pytest.raises(UnusableKey, match="write it like ctrl"):
        read_key(written)


@pytest.mark.parametrize("written", ["esc", "Escape", "enter", "return", "ctrl+c", "1", "9"])
def test_keys_that_must_stay_are_given_to_nothing(written: str) -> None:
    with pytest.raises(UnusableKey, match="does the same everywhere"):
        read_key(written)


@pytest.mark.parametrize("written", ["ctrl+m", "ctrl+i", "ctrl+h", "ctrl+[", "ctrl+shift+k", "alt+b", "alt+["])
def test_a_key_that_a_terminal_sends_for_another_is_not_taken(written: str) -> None:
    with pytest.raises(UnusableKey, match="a terminal sends the same"):
        read_key(written)


@given(st.text())
def test_any_text_is_a_key_or_is_refused(written: str) -> None:
    try:
        key = read_key(written)
    except UnusableKey as refused:
        assert str(refused)
    else:
        assert key
        assert not FIXED & set(key.split(","))
        assert not find_same(key)


def test_a_command_has_the_keys_that_were_chosen() -> None:
    assert chosen(compact="F6", find=["ctrl+k", "alt+x"], rename="F5") == {
        "compact": "f6",
        "find": "ctrl+k,alt+x",
        "rename": "f5",
    }


def test_two_commands_may_swap_their_keys() -> None:
    assert chosen(compact="F9", hand_off="F8") == {"compact": "f9", "hand_off": "f8"}


def test_an_empty_list_takes_the_key_away_where_the_palette_reaches_the_command() -> None:
    assert chosen(theme=[]) == {"theme": ""}
    for name in ("help", "details", "commands"):
        assert "nothing would reach it" in fault(**{name: []})


def test_two_commands_of_one_screen_on_one_key_keep_the_last_of_them_where_it_was() -> None:
    keys, faults = choose_keys({"compact": "F6", "hand_off": "F6"}, PLACES)
    assert keys == {"compact": "f6"}
    assert faults["hand_off"] == "`hand_off`: F6 is `compact` in Conversation; choose another key; it keeps F9."


def test_a_key_that_is_freed_in_vain_is_kept_by_its_owner() -> None:
    keys, faults = choose_keys({"compact": "F9", "hand_off": "ctrl+p"}, PLACES)
    assert keys == {}
    assert len(faults) == 2


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("nonsense", "F6", "there is no command `nonsense`"),
        ("back", "F6", "its key does the same everywhere"),
        ("send", "F6", "its key does the same everywhere"),
        ("section", "F6", "its key does the same everywhere"),
        ("compact", 3, "write a key"),
        ("compact", {"key": "F6"}, "write a key"),
        ("compact", ["F6", 3], "write a key"),
        ("compact", "k", "belongs to the prompt"),
        ("compact", "space", "belongs to the prompt"),
        ("compact", "backspace", "belongs to the prompt"),
        ("details", "j", "moves through lists"),
        ("details", "]", "is `next_hunk` in"),
        ("compact", "ctrl+j", "is `new_line` in"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(name: str, value: object, said: str) -> None:
    assert said in fault(**{name: value})


def list_keys(place: Place, keys: Keymap) -> dict[str, set[str]]:
    """The commands of a place by key."""
    found: dict[str, set[str]] = {}
    for command in keys.rebind_all(place.commands):
        for key in filter(None, command.keys.split(",")):
            found.setdefault(key, set()).add(command.name)
    return found


WISHES = st.dictionaries(
    st.sampled_from(NAMES) | st.text(max_size=4),
    st.sampled_from(WRITTEN) | st.lists(st.sampled_from(WRITTEN), max_size=3) | st.integers(),
    max_size=8,
)


@given(WISHES)
def test_every_command_stays_reachable_whatever_is_wished_for(wishes: dict[str, object]) -> None:
    keys, faults = choose_keys(wishes, PLACES)
    assert len(keys) + len(faults) == len(wishes)
    keymap = Keymap(keys=keys)
    for place in PLACES:
        before, after = list_keys(place, Keymap()), list_keys(place, keymap)
        assert all(len(names) == 1 or names == before.get(key) for key, names in after.items())
        for command in place.commands:
            assert keymap.rebind(command).keys or not command.keys or command.name in place.listed
            assert can_rebind(command) or keymap.rebind(command) == command


@given(st.binary(max_size=200) | st.text(max_size=60).map(str.encode))
def test_no_content_of_a_file_breaks_it(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any-keys.toml"
    file.write_bytes(content)
    keymap = load_keymap(file, lambda tree: choose_keys(tree, PLACES))
    assert all(said.startswith(file.name) for said in keymap.faults)


def test_a_broken_file_is_named_with_its_line_and_leaves_all_keys(tmp_path: Path) -> None:
    file = tmp_path / "keys.toml"
    file.write_text('compact = "F6"\nfind = \n')
    keymap = load_keymap(file, lambda tree: choose_keys(tree, PLACES))
    assert not keymap.keys
    assert keymap.faults[0].startswith(f"{file.name}:2: not valid TOML")


def test_without_a_file_no_screen_is_looked_at(tmp_path: Path) -> None:
    def look(tree: object) -> tuple[dict[str, str], dict[str, str]]:
        raise AssertionError("the screens were looked at")

    assert load_keymap(tmp_path / "keys.toml", look).keys == {}


def app_with_keys(tmp_path: Path, text: str) -> tuple[WorkbenchApp, FakeClient]:
    """The application with a file of keys."""
    file, client = tmp_path / "keys.toml", FakeClient()
    file.write_text(text)
    return WorkbenchApp(client, FakeOptions(), client.clock, keys=file), client


async def tell(app: WorkbenchApp, pilot: Pilot[None], client: FakeClient) -> None:
    """A turn was made."""
    client.say(opened(), *turn(1, "explain", "It does this."), *measured())
    for _ in range(2):
        await pilot.pause()
        if app.bridge:
            app.bridge.drain()
    await pilot.pause()


async def test_a_chosen_key_works_and_footer_and_help_say_so(tmp_path: Path) -> None:
    app, client = app_with_keys(tmp_path, 'sessions = "ctrl+k"\nhelp = "F7"\nfind = "alt+x"\ntheme = []\nrename = "F5"')
    async with app.run_test(size=(120, 40)) as pilot:
        await tell(app, pilot, client)
        footer = text_of(app.screen).splitlines()[-1]
        assert "ctrl+k sessions" in footer
        assert "F7 help" in footer
        assert "ctrl+t" not in footer
        theme = app.theme
        await pilot.press("ctrl+t", "f1", "ctrl+o")
        assert app.theme == theme
        assert app.screen is app.main
        await pilot.press("f7")
        assert isinstance(app.screen, HelpModal)
        table = "\n".join(row.plain for row in app.screen.rows(100))
        assert "alt+x" in table
        assert "ctrl+f" not in table
        await pilot.press("f7")
        assert app.screen is app.main
        await pilot.press("alt+x")
        assert app.main.find_bar
        assert app.main.find_bar.display
        await pilot.press("escape", *"words", "ctrl+k")  # which the editor would take
        await pilot.pause()
        assert isinstance(app.screen, SessionsScreen)
        assert app.main.prompt.text == "words"


@pytest.mark.parametrize("linear", [False, True])
async def test_a_command_without_a_key_leaves_nothing_in_the_footer(tmp_path: Path, linear: bool) -> None:
    (tmp_path / "keys.toml").write_text("theme = []\nsessions = []\nfolders = []\n")
    client = FakeClient(summaries=some_sessions(START))
    app = WorkbenchApp(client, FakeOptions(linear=linear), client.clock, keys=tmp_path / "keys.toml")
    async with app.run_test(size=(120, 40)) as pilot:
        await tell(app, pilot, client)
        footer = text_of(app.screen).splitlines()[-1]
        assert "new" in footer
        assert not re.search(r"theme|sessions|,  |    \w", footer)
        await pilot.press(*"/sessions", "enter")
        await pilot.pause()
        await pilot.pause()
        assert isinstance(app.screen, SessionsScreen)
        keys = text_of(app.screen).splitlines()[-1]
        assert "n new" in keys and "esc back" in keys
        assert not re.search(r"\ball\b|,  |    \w", keys.split("sorted by")[0])


async def test_a_key_of_a_dialog_is_shown_in_its_key_line(tmp_path: Path) -> None:
    app, client = app_with_keys(tmp_path, 'compact = "F6"\nhand_off = "F8"')
    async with app.run_test(size=(120, 40)) as pilot:
        await tell(app, pilot, client)
        assert "F6" in text_of(app.screen)
        await pilot.press("f6")
        await pilot.pause()
        assert [type(command).__name__ for command in client.emitted] == ["PlanCompaction"]


async def test_what_is_wrong_is_said_at_the_start_and_the_names_are_listed(tmp_path: Path) -> None:
    app, client = app_with_keys(tmp_path, 'back = "F6"\nnonsense = "F7"')
    async with app.run_test(size=(120, 40)) as pilot:
        await tell(app, pilot, client)
        notice = app.state.notice
        assert notice
        assert notice.message.startswith(
            "2 faults in what you set: keys.toml:1: `back`: its key does the same everywhere"
        )
        assert "there is no command `nonsense`" in notice.message
        assert notice.hint == "all of them: /keys"
        for width in (120, 80, 60):
            drawn = draw_notice(app.state, 0, width).plain
            assert drawn.startswith("▲ 2 faults in what you set") and drawn.rstrip().endswith("all of them: /keys")
        app.commands.run("keys")
        await pilot.pause()
        assert isinstance(app.screen, HelpModal)
        table = " ".join(row.plain for row in app.screen.rows(400))
        assert str(tmp_path / "keys.toml") in table
        assert "there is no command `nonsense`" in table
        assert "hand_off F9 Carry the essentials" in " ".join(table.split())


async def test_one_fault_is_said_whole(tmp_path: Path) -> None:
    app, client = app_with_keys(tmp_path, 'nonsense = "F7"')
    async with app.run_test(size=(120, 40)) as pilot:
        await tell(app, pilot, client)
        assert app.state.notice
        assert app.state.notice.message == "keys.toml:1: there is no command `nonsense`; /keys lists their names."


async def test_faults_of_several_files_say_where_each_can_be_seen(tmp_path: Path) -> None:
    (tmp_path / "keys.toml").write_text('nonsense = "F7"\n')
    (tmp_path / "dusk.toml").write_text("name = \n")
    client = FakeClient()
    options = FakeOptions(settings_faults=("config.toml:3: there is no setting `x`",))
    app = WorkbenchApp(client, options, client.clock, palettes=tmp_path, keys=tmp_path / "keys.toml")
    async with app.run_test(size=(120, 40)) as pilot:
        await tell(app, pilot, client)
        assert app.state.notice
        told = app.state.notice.message
        assert told.startswith(f"{told.count(' · ') + 1} faults in what you set: keys.toml:1: ")
        assert "dusk.toml" in told
        assert told.endswith("config.toml:3: there is no setting `x`")
        assert app.state.notice.hint == "all of them: /keys has 1, /theme has 2, the log has 1"


@pytest.mark.parametrize("width", [60, 72, 88, 200])
def test_names_keys_and_words_stand_in_columns_of_their_own(width: int) -> None:
    groups = group_names([("Conversation", (*MainScreen.OFFERS, *TRANSCRIPT_KEYS)), ("everywhere", EVERYWHERE)])
    rows = [row.plain for row in draw_names(groups, width)]
    assert all(Content(row).cell_length <= width for row in rows)
    named = {name: row for row in rows if (name := row.partition(" ")[0]) in NAMES}
    assert {"choose_previous", "compact", "fold", "model"} <= set(named)
    assert len({row.index(key) for row, key in ((named["compact"], "F8"), (named["theme"], "ctrl+t"))}) == 1
    assert len({row.index(told) for row, told in ((named["compact"], "Make"), (named["fold"], "Fold"))}) == 1
    assert {"CONVERSATION", "IN THE TRANSCRIPT", "EVERYWHERE"} <= set(rows)
    assert not [row for row in rows if "(" in row.partition(" ")[0]]


def test_help_and_names_stand_under_the_same_headings() -> None:
    offered = [("Conversation", (*MainScreen.OFFERS, *TRANSCRIPT_KEYS)), ("everywhere", EVERYWHERE)]
    assert set(group_names(offered)) <= set(group_commands(offered))


def test_the_declared_commands_are_all_that_is_bound(tmp_path: Path) -> None:
    keymap = load_keys(tmp_path / "none.toml", SCREENS)
    command = ScreenCommand("compact", "f8", "compact", "Make room")
    assert keymap.rebind(command) is command
    assert keymap.list_ids() == {}


def test_a_fault_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "keys.toml"
    file.write_text('compact = "F6"\n\n# mine\nnonsense = "F7"\n"find" = ["F12", 3]\n')
    keymap = load_keymap(file, lambda tree: choose_keys(tree, PLACES))
    assert [said.partition(": ")[0] for said in keymap.faults] == ["keys.toml:4", "keys.toml:5"]


@pytest.mark.parametrize("written", ["ctrl+space", "ctrl+@", "alt+ctrl+space", "ctrl+shift+space"])
def test_a_key_that_a_terminal_sends_as_something_without_a_name_is_not_taken(written: str) -> None:
    with pytest.raises(UnusableKey, match="choose another key"):
        read_key(written)


async def test_all_that_can_be_given_a_key_is_listed_and_nothing_else(tmp_path: Path) -> None:
    app, client = app_with_keys(tmp_path, "")
    async with app.run_test(size=(120, 40)) as pilot:
        await tell(app, pilot, client)
        await pilot.press(*"/keys", "enter")
        await pilot.pause()
        assert isinstance(app.screen, HelpModal)
        table = {row.plain.split(" ")[0] for row in app.screen.rows(100) if row.plain.strip()}
    known: dict[str, bool] = {}
    for command in (command for place in PLACES for command in place.commands):
        known[command.name] = known.get(command.name, True) and can_rebind(command)
    grantable = {name for name, free in known.items() if free}
    assert grantable - table == set()
    assert {"new", "details", "read"} <= grantable
    assert {name for name in table if not known.get(name, True)} <= {"next_part", "previous_part"}
