"""One list of strategies: whoever offers or checks a name reads it."""

import subprocess
import sys

import pytest

from tests.unit.strategies.talk import Talk
from workbench.core.errors import WorkbenchError
from workbench.strategies import find_strategy, names, register
from workbench.strategies.strategy import BUILT_IN


@pytest.mark.parametrize("name", names())
def test_each_strategy_of_ours_is_a_module_of_its_name_and_says_what_it_does(name: str) -> None:
    strategy = find_strategy(name)
    assert strategy.name == name
    assert strategy.title
    assert strategy.help.endswith(".")
    assert Talk().draft(name).fates == {}


def test_a_name_is_taken_once() -> None:
    with pytest.raises(ValueError, match="mask"):
        register(find_strategy("mask"))
    assert names() == BUILT_IN


def test_an_unknown_name_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(WorkbenchError, match="no strategy 'fixed'"):
        find_strategy("fixed")


def test_the_names_cost_no_import_of_a_strategy() -> None:
    code = "import sys, workbench.strategies as s; s.names(); print([m for m in sys.modules if 'summarise' in m])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
