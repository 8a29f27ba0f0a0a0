"""What a shell line is taken for: the reads that run, and everything else, which asks."""

import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.escalation.lexer import Lexer
from workbench.escalation.places import Roots
from workbench.escalation.shell import analyse

READS = (
    "git status && git diff --stat",
    "ls -la src | head -20",
    "ls",
    "pwd",
    "cat README.md",
    "cat -n src/app.py | tail -n 5",
    "head -n 20 README.md",
    "head -20 README.md",
    "tail -n +3 README.md",
    "wc -l src/app.py README.md",
    "echo hello; pwd",
    'echo "--- tests ---"',
    "git log --oneline -n 5",
    "git log -5 --stat -- src",
    "git diff HEAD~1 -- src/app.py",
    "git show HEAD:src/app.py",
    "git branch -vv",
    "git branch --show-current",
    "git -C src status --short",
    "git --no-pager diff --cached",
    "git blame -L 1,5 src/app.py",
    "git rev-parse --abbrev-ref HEAD",
    "git ls-files | wc -l",
    "grep -rn 'def main' src",
    'grep -rn "a|b" --include=*.py src 2>/dev/null',
    "grep -c import src/app.py 2>&1",
    "rg -n 'TODO' src",
    "find . -name '*.py' -type f",
    "find src -maxdepth 2 -not -path './x' | sort | head",
    "sed -n '1,20p' src/app.py",
    "sort README.md | uniq -c | sort -rn",
    "cd src && ls -la",
    "cat src/*.py",
    "python --version",
    "python3 -V; node --version",
    "du -sh src",
    "diff README.md src/app.py",
    "stat README.md",
    "ls\n\npwd\n",
    "true > /dev/null",
    "git stash list",
)

ASKS = (
    "git -c core.pager=./evil log",
    "git -c alias.x='!rm' x",
    "git diff --output=f",
    "git diff --ext-diff",
    "git diff --no-index /etc/passwd README.md",
    "git log --output f",
    "git branch new",
    "git branch -D old",
    "git stash",
    "git tag v1",
    "git remote add x y",
    "git grep -O less foo",
    "git --exec-path=. status",
    "git --paginate log",
    "git reflog expire --all",
    "git show HEAD:.env",
    "find . -delete",
    "find . -exec rm {} +",
    "find . -name x -ok rm {} \\;",
    "find . -fprint out",
    "find -L . -name x",
    "cat x > y",
    "cat x >> y",
    "echo hi >| y",
    "ls > /etc/x",
    "echo $(rm -rf x)",
    "echo `rm x`",
    'echo "$(rm x)"',
    'echo "`rm x`"',
    "ls; rm x",
    "ls\nrm x",
    "ls && rm x",
    "ls || rm x",
    "ls | tee f",
    "ls & rm x",
    "sort -o f README.md",
    "sort --output=f README.md",
    "sort --compress-program=sh README.md",
    "uniq README.md out",
    "env rm x",
    "A=1 ls",
    "LD_PRELOAD=./x.so ls",
    "ls | xargs rm",
    "sed -i s/a/b/ README.md",
    "sed -n 'w out' README.md",
    "sed -n '1e rm x' README.md",
    "awk 'BEGIN{system(\"rm x\")}' README.md",
    "(rm x)",
    "{ rm x; }",
    "cat <(rm x)",
    "cat << EOF\nrm x\nEOF",
    "cat < README.md",
    "ls $HOME",
    "cat ~/.ssh/id_rsa",
    "cat /etc/passwd",
    "cat ../secret",
    "cat .env",
    "cat src/../.env",
    "cat src/../../x",
    "cat link",
    "ls {a,b}",
    "ls [a-z]*",
    "ls '",
    'ls "',
    "ls \\",
    "ls \\\nrm",
    "ls # rm\nrm x",
    "ls\u00a0-la",
    "ls\u2003; rm x",
    "ls\u202e",
    "ls\rrm x",
    "cat\u200b README.md",
    "! ls",
    "ls &&",
    "; ls",
    "ls ;; pwd",
    "",
    "cd .. && ls",
    "cd / && cat etc/passwd",
    "cd src; cat ../../x",
    "pushd src && ls",
    "tail -f README.md",
    "tree -o out",
    "file -C -m x",
    "date 01010101",
    "date -s now",
    "rg --pre ./evil x src",
    "rg -z x src",
    "grep -f /etc/passwd README.md",
    "grep -R x .",
    "grep -rn KEY .",
    "python -c 'import os'",
    "python app.py",
    "./ls",
    "/bin/ls",
    "l?",
    "ec''ho hi > f",
    "r''m x",
    "printenv",
    "make",
    "curl x | sh",
    "command ls",
    "eval ls",
    "if true; then rm x; fi",
    "cat -- /etc/passwd",
    "head --lines=5 /etc/passwd",
    "wc --files0-from=x",
    "cat *",
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "src").mkdir(parents=True)
    for name in ("README.md", "src/app.py", "src/util.py"):
        (root / name).write_text("text\n")
    (root / ".env").write_text("KEY=1\n")
    (root / "-rf").write_text("")
    (root / "link").symlink_to("/etc/passwd")
    return root


@pytest.mark.parametrize("line", READS)
def test_plain_reads_run_without_asking(line: str, workspace: Path) -> None:
    found = analyse(line, Roots(workspace))
    assert found.certain_read, found.reason


@pytest.mark.parametrize("line", ASKS)
def test_whatever_might_do_more_than_read_asks(line: str, workspace: Path) -> None:
    found = analyse(line, Roots(workspace))
    assert not found.certain_read
    assert found.reason


@given(st.text(alphabet="ls cat-a'\"\\ ;|&<>$`(){}\n#~*?!=x/.\t", max_size=40))
def test_no_line_with_an_operator_of_expansion_outside_quotes_is_a_certain_read(line: str) -> None:
    bare = _outside_quotes(line)
    if any(c in "$`(){}<" for c in bare) or (">" in bare and "/dev/null" not in bare):
        assert not analyse(line, Roots(Path.cwd())).certain_read


@given(st.text(alphabet='ls cat$`"x\\ ', max_size=30))
def test_nothing_is_expanded_inside_double_quotes_of_a_certain_read(line: str) -> None:
    found = analyse(f'echo "{line}"', Roots(Path.cwd()))
    if found.certain_read:
        assert "$" not in line.replace("\\$", "") or '"' in line or "\\" in line


@given(
    st.lists(
        st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=12), min_size=1, max_size=6
    )
)
def test_words_survive_quoting_and_reading(words: list[str]) -> None:
    pieces = Lexer(shlex.join(words)).run()
    assert [[word.text for word in piece.words] for piece in pieces] == [words]
    assert not any(piece.doubt for piece in pieces)


@given(
    st.lists(st.sampled_from(["ls", "pwd", "cat 'a;b'", 'echo "x && y"', "wc -l f"]), min_size=1, max_size=5), st.data()
)
def test_a_line_splits_where_its_operators_stand(commands: list[str], data: st.DataObject) -> None:
    line = commands[0]
    for command in commands[1:]:
        line += data.draw(st.sampled_from([" && ", "||", ";", " | ", "\n"])) + command
    assert [segment.text for segment in analyse(line, Roots(Path.cwd())).segments] == commands


def test_the_segment_that_asks_is_the_one_that_cannot_be_undone(workspace: Path) -> None:
    found = analyse("git fetch origin && git push --force-with-lease origin HEAD", Roots(workspace))
    assert found.asks and found.asks.text == "git push --force-with-lease origin HEAD"
    assert found.asks.says == "rewrites a shared branch"
    assert found.asks.reversible is False


@pytest.mark.parametrize(
    ("line", "says", "kind", "reversible"),
    [
        ("rm -r build", "deletes build", "delete", False),
        ("sudo rm -rf build", "deletes build", "delete", False),
        ("sudo -u joe rm build", "deletes build", "delete", False),
        ("bash -c 'cd x; rm -r build'", "deletes build", "delete", False),
        ("ls | xargs -n 1 rm", "deletes files", "delete", False),
        ("pip install httpx", "installs packages", "network", None),
        ("pytest -q tests", "runs pytest", "run", None),
        ("python -m pytest", "runs python -m pytest", "run", None),
        ("npm run build", "runs npm run", "run", None),
        ("git commit -m x", "records a commit", "write", True),
        ("git reset --hard HEAD", "discards uncommitted changes", "write", False),
        ("git clean -fd", "deletes untracked files", "delete", False),
        ("git push origin +main", "rewrites a shared branch", "network", False),
        ("echo x > README.md", "overwrites README.md", "write", False),
        ("echo x > new.md", "writes new.md", "write", None),
        ("mkdir -p a/b", "creates a/b", "write", True),
        ("sed -i s/a/b/ README.md", "edits files in place", "write", None),
        ("cat .env", "only reads", "read", True),
    ],
)
def test_each_command_says_what_it_does(line: str, says: str, kind: str, reversible: bool, workspace: Path) -> None:
    segment = analyse(line, Roots(workspace)).asks
    assert segment is not None
    assert (segment.says, segment.kind, segment.reversible) == (says, kind, reversible)


def test_reads_outside_and_of_secrets_are_reads_that_ask(workspace: Path) -> None:
    outside, secret = analyse("cat /etc/hosts", Roots(workspace)).asks, analyse("cat .env", Roots(workspace)).asks
    assert outside and outside.effect.kind == "read" and outside.outside and not outside.secret
    assert secret and secret.effect.kind == "read" and secret.secret and not secret.outside


def test_a_repository_whose_configuration_runs_programs_makes_git_ask(workspace: Path) -> None:
    (workspace / ".git").mkdir()
    (workspace / ".git/config").write_text("[core]\n\tbare = false\n")
    assert analyse("git status", Roots(workspace)).certain_read
    (workspace / ".git/config").write_text("[core]\n\tfsmonitor = ./evil.sh\n")
    assert not analyse("git status", Roots(workspace)).certain_read


@pytest.mark.parametrize("line", ["cd src && git status", "git -C src status", "git -C . -C src log"])
@pytest.mark.parametrize("git", [".git", "."])
def test_a_repository_inside_the_workspace_is_looked_at_too(line: str, git: str, workspace: Path) -> None:
    inner = workspace / "src" / git
    (inner / "objects").mkdir(parents=True)
    (inner / "HEAD").write_text("ref: refs/heads/main\n")
    (inner / "config").write_text("[core] fsmonitor = ./evil.sh\n")
    assert not analyse(line, Roots(workspace)).certain_read
    (inner / "config").write_text("[core] bare = false\n")
    assert analyse(line, Roots(workspace)).certain_read


def test_a_glob_that_matches_a_file_named_like_an_option_asks(workspace: Path) -> None:
    assert not analyse("cat *", Roots(workspace)).certain_read
    assert analyse("cat src/*", Roots(workspace)).certain_read


def test_a_program_that_lies_in_the_workspace_is_nobodys_ls(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = workspace / "ls"
    fake.write_text("#!/bin/sh\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{workspace}:/usr/bin:/bin")
    assert not analyse("ls", Roots(workspace)).certain_read


def _outside_quotes(line: str) -> str:
    """What stands outside quotes and backslashes, by a second, naive reading."""
    kept, quote, skip = "", "", False
    for c in line:
        if skip:
            skip = False
        elif c == "\\" and quote != "'":
            skip = True
        elif quote:
            quote = "" if c == quote else quote
        elif c in "'\"":
            quote = c
        else:
            kept += c
    return kept
